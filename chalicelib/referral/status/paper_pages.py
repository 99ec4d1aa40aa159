"""The provider's papers on the status page: to read, to print, and to have the way to them mailed."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone
from chalicelib.referral.events import PAPERS_MAILED
from chalicelib.referral.model import Referral
from chalicelib.referral.papers.document import Document
from chalicelib.referral.papers.shelf import document
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.pages import current, redirect, render
from chalicelib.web.press import command_id, shown_by_us
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store


def show(state: Referral, paper: str) -> Response:
    """One paper, with a way to save it. Raises NotFound."""
    return render("status/paper.html", document=found(state, paper), paper=paper)


def found(state: Referral, paper: str) -> Document:
    """A paper in the reader's language. Raises NotFound."""
    return document(state, store.log(state), paper, current().lang, answers)


def mailing(state: Referral) -> str:
    """What the nonce of the button is for; empty where there is no address that works."""
    contact = state.contact
    return f"papers|{state.reference}" if contact.email and not contact.bad else ""


def mail(state: Referral) -> Response:
    """Mail the link to the papers, once for each page that offered it: never a paper itself, which may
    speak of what is hard."""
    subject, email, at = mailing(state), state.contact.email, now()
    if not subject or not shown_by_us(subject):
        return redirect("/status/view")
    if not rate_limits.mail_to("papers", email, at, own="status page"):
        return redirect("/status/view?papers=enough#papers")

    def decide(fresh: Referral) -> Command | None:
        entry = Entry(
            event=PAPERS_MAILED,
            at=at,
            actor="provider",
            command=command_id(),
            effects=[SendLetter(letter="papers/mailed", to="provider", always=True)],
        )
        return (entry, ()) if mailing(fresh) else None

    try:
        store.change(state.reference, decide, press=command_id())
    except AlreadyDone:
        return redirect("/status/view")
    return redirect("/status/view?papers=mailed#papers")
