"""The page behind an invitation: the session, and one press that ends the invitations. A look changes
nothing."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key
from chalicelib.directory import mail_choices
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.meetings import rows as meetings
from chalicelib.meetings.owners import owner_of
from chalicelib.referral.model import Referral
from chalicelib.web import links
from chalicelib.web.forms import Form, Values
from chalicelib.web.pages import render
from chalicelib.web.press import FormPage
from chalicelib.workflow.storage import keys, store

# What a request keeps of its invitation.
ROW: Final = "INVITED"
PURPOSE: Final = "invitations"
GOOD_FOR: Final = 400 * 86400


def path(reference: str, at: int) -> str:
    """The page for whoever had an invitation at an instant (UTC seconds)."""
    flat = reference.replace("-", "").lower()
    return f"/invitations/{links.ticket(PURPOSE, flat, at + GOOD_FOR)}"


def _session(reference: str) -> str:
    """The path of the session's own page; "" once it is over or off."""
    row = dynamodb.get(Key(keys.case_pk(reference), ROW)) or {}
    meeting = meetings.find(str(row.get("meeting", "")))
    if meeting is None or not meeting.open_at(now()):
        return ""
    return owner_of(meeting).page(meeting)


def ask(link: str) -> Response:
    """Ask, and with the press send no more invitations to the address of the request."""
    flat = links.read_ticket(PURPOSE, link, now())
    reference = normalize_reference(flat) if flat else None
    if reference is None:
        raise NotFound(link)

    def act(values: Values, command: str) -> Response:
        email = store.load(reference, Referral).contact.email
        if email:
            mail_choices.leave(email, mail_choices.INVITATIONS, now())
        return render("waits/no_more.html", done=True, session="")

    facts = {"done": False, "link": link, "session": _session(reference)}
    page = FormPage("waits/no_more.html", Form(), subject=f"no more|{flat}", facts=lambda: facts)
    return page.answer(act)
