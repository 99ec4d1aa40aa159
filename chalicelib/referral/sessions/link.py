"""The link with which a provider says that they cannot make a session: signed, and good for that alone.

A session keeps its number for life, so its link stays right when it moves.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.web import links

PURPOSE = "session"
GOOD_FOR = 200 * 86400
_AND = "x"  # after the number, which has digits alone


def path(reference: str, number: int) -> str:
    """The page about one session of a case."""
    flat = reference.replace("-", "").lower()
    return f"/session/{links.ticket(PURPOSE, f'{number}{_AND}{flat}', now() + GOOD_FOR)}"


def session_of(text: str, at: int) -> tuple[int, str]:
    """The number of the session and the case that a link is about, as it is written in it; 0 and empty for
    a link that is not good (any more)."""
    number, _and, flat = (links.read_ticket(PURPOSE, text, at) or "").partition(_AND)
    return (int(number), flat) if number.isdecimal() else (0, "")
