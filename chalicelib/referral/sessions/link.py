"""The link with which a provider says that they cannot make a session: signed, and good for that alone."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.web import links

PURPOSE = "session"
GOOD_FOR = 200 * 86400


def path(reference: str) -> str:
    """The page about the next session of a case."""
    flat = reference.replace("-", "").lower()
    return f"/session/{links.ticket(PURPOSE, flat, now() + GOOD_FOR)}"


def reference_of(text: str, at: int) -> str:
    """The case that a link is about, as it is written in it; empty for a link that is not good (any more)."""
    return links.read_ticket(PURPOSE, text, at) or ""
