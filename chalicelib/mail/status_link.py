"""The link to the status page in letters. It opens nothing by itself: it shows that whoever asks for a
code read a letter of ours, so that strangers cannot use up what they need.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.web import links

PURPOSE = "letter"
GOOD_FOR = 400 * 86400
# A case numbers its tasks from one: as a task's link it would lead nowhere.
_NO_TASK = 0


def address(reference: str, at: int) -> str:
    """The whole address, for a letter about what happened at an instant (UTC seconds)."""
    ticket = links.mint(reference, _NO_TASK, _NO_TASK, at + GOOD_FOR)
    return f"{settings().base_url}/status?{PURPOSE}={ticket}"


def reference_of(ticket: str) -> str:
    """The reference that a letter was about; "" for what is no ticket of ours."""
    link = links.read(ticket)
    return link.reference if link is not None and link.n == _NO_TASK else ""


def shown(reference: str, ticket: str) -> str:
    """The ticket of a pressed link, if it is from a letter about ``reference``; "" for any other."""
    link = links.read(ticket) if reference_of(ticket) == reference else None
    return link.text if link is not None and now() < link.expires else ""
