"""The link at the foot of every letter, to the page where its reader chooses how we write to them.

It is derived, as a task's is, and names nobody: it carries what the address is in a key, and, in a letter to
the person of a case, which case that is.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import mail_choices
from chalicelib.directory.contacts import LENGTH
from chalicelib.domain.ids import normalize_reference
from chalicelib.web import links

PURPOSE = "choices"
GOOD_FOR = 400 * 86400


def address(email: str, lang: str, reference: str = "") -> str:
    """The whole address of the page, for a letter to an address that leaves now; ``reference``: of its own case."""
    about = mail_choices.mark_of(email) + reference.replace("-", "").lower()
    ticket = links.ticket(PURPOSE, about, now() + GOOD_FOR)
    return f"{settings().base_url}/letters/{ticket}?lang={lang}"


def leaving(address: str, kind: str) -> str:
    """The address to which a mail program posts that its reader wants no more of a kind (RFC 8058)."""
    return f"{address.partition('?')[0]}/leave/{kind}"


def reader_of(link: str) -> str:
    """The mark of whose choices a link is for; "" for an old one, and for what is no link of ours."""
    return (links.read_ticket(PURPOSE, link, now()) or "")[:LENGTH]


def case_of(link: str) -> str:
    """The reference of the case of which a link's letter was; "" where it was of none of the reader's own."""
    about = links.read_ticket(PURPOSE, link, now()) or ""
    return normalize_reference(about[LENGTH:]) or ""
