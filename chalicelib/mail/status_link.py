"""The link to the status page in letters. It opens nothing by itself: it shows that whoever asks for a
code read a letter of ours, so that strangers cannot use up what they need.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.web import links

PURPOSE = "letter"
GOOD_FOR = 400 * 86400


def _flat(reference: str) -> str:
    return reference.replace("-", "").lower()


def address(reference: str, at: int) -> str:
    """The whole address, for a letter about what happened at an instant (UTC seconds)."""
    ticket = links.ticket(PURPOSE, _flat(reference), at + GOOD_FOR)
    return f"{settings().base_url}/status?reference={reference}&{PURPOSE}={ticket}"


def shown(reference: str, ticket: str) -> str:
    """The ticket of a pressed link, if it is from a letter about ``reference``; "" for any other."""
    good = links.read_ticket(PURPOSE, ticket, now()) == _flat(reference)
    return links.mended(ticket) if good else ""
