"""The mailed code that opens a status page.

Known and unknown references take the same path: the same counters, the same cookie, the same words,
after the same time.
"""

from __future__ import annotations

from chalicelib.domain.errors import NotFound
from chalicelib.mail import email_code, status_link
from chalicelib.referral.model import Referral
from chalicelib.workflow.storage import store


def person(reference: str) -> str:
    """Whoever may see a status page, as known browsers name people."""
    return f"status:{reference}"


def send_code(reference: str, source: str, ticket: str = "") -> None:
    """Mail a fresh code to the address on file. Nobody learns whether there was one.

    ``reference`` in its stored form; ``source`` is the caller's network address; ``ticket`` what the
    link of a letter carried. Raises TryAgain.
    """
    try:
        state = store.load(reference, Referral)
    except NotFound:
        state = None
    who = person(reference)
    own = status_link.shown(reference, ticket) or ("known" if email_code.known(who) else "")
    letter = email_code.Letter(
        "status/code",
        state.contact.email if state else "",
        state.language if state else "",
        reference,
    )
    email_code.ask(who, letter, own=own, source=source, anew=True)


def right(reference: str, code: str) -> bool:
    """True when this is a code of the reference that was mailed for this browser. Raises TryAgain."""
    return email_code.prove(person(reference), code)
