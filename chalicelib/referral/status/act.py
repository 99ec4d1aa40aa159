"""Staff act for whoever called: one page with what fits now, and the pages behind it.

The acts are the provider's own, with staff as the actor (``acting.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.vocabulary import WITHDRAW_REASONS
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import may_reopen
from chalicelib.referral.rests import before_check_in
from chalicelib.referral.status import change_pages
from chalicelib.referral.status.acting import Acting
from chalicelib.referral.status.change_pages import Place
from chalicelib.referral.status.session import ahead
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.tasks.on_behalf_page import HOW_TOLD, WHO
from chalicelib.web.forms import Form, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, note_look, show
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.on_behalf import may_record, told
from chalicelib.workflow.storage.store import load, look_up


@dataclass(frozen=True)
class Choice:
    """One thing to do: where (below the case's page), its words and what comes of it (msgids)."""

    path: str
    words: str
    hint: str


CANCEL: Final = Form(
    radios("reason", N_("Why do they cancel it?"), *WITHDRAW_REASONS.items()), WHO, HOW_TOLD
)


def menu(reference: str) -> Response:
    """What staff can do for the provider of this request now."""
    state = look_up(reference, Referral)
    return show("status/act.html", version=state.version, state=state, choices=choices(state))


def choices(state: Referral) -> list[Choice]:
    """What fits: most while it is open, little once it has ended."""
    at, task = now(), state.task
    found = []
    if task is not None and may_record(current_staff().role, state, task, at):
        whose = N_("Record an answer for the provider")
        if task.role != applicant_of(state):
            whose = N_("Record an answer for the consultant")
        hint = N_("What we wait for, as they told you. It counts as theirs.")
        found.append(Choice(f"behalf/{task.number}", whose, hint))
    found.append(Choice("act/change/contact", N_("Change their email or phone"),
        N_("Also name, language of letters, and how they like to be reached.")))  # fmt: skip
    if state.open:
        found += _while_open(state)
    elif may_reopen(state, at, current_staff().actor):
        found.append(Choice("reopen", N_("Open it again"), N_("It keeps its number.")))
    found.append(Choice("papers", N_("Print their papers"),
        N_("What they sent, signed and planned, and the closing summary: to mail, or to read aloud.")))  # fmt: skip
    found.append(Choice("act/note", N_("Write a note"), N_("You choose who may read it.")))
    return found


def _while_open(state: Referral) -> list[Choice]:
    found = []
    if before_check_in(state):
        found.append(Choice("act/step-up", N_("The support is not enough"),
            N_("The specialist decides again which support they get. It keeps its number.")))  # fmt: skip
    if ahead(state):
        found.append(Choice("act/session", N_("They cannot make a session"),
            N_("It loses its time, and the consultant is asked for a new one.")))  # fmt: skip
    pauses = N_("Pause this request") if state.pause is None else N_("Go on, or pause longer")
    return [
        *found,
        Choice("act/change", N_("Correct an answer of the request"),
            N_("Early on, the rules and the specialist look again. Later, who works on it is told.")),
        Choice("pause", pauses, N_("Nobody is reminded meanwhile, and nothing is lost.")),
        Choice("act/cancel", N_("Cancel the request"),
            N_("Everybody who works on it is told. It can be opened again for 90 days.")),
        Choice("act/end", N_("End the request"),
            N_("It is the same as another one, belongs elsewhere, or nobody can be reached.")),
    ]  # fmt: skip


def caller(values: Values) -> Acting:
    """The member of staff who writes down what somebody told them."""
    by, how = words(values, "told_by"), words(values, "told_how")
    return Acting(current_staff().actor, told("provider", by, how))


def case_of(state: Referral) -> str:
    """The path of the page of a case."""
    return f"/console/referrals/{state.reference}"


def _place(state: Referral) -> Place:
    case = case_of(state)
    return Place(
        f"{case}/act/change", case, "status/act_change", show, (WHO, HOW_TOLD), caller, staff=True
    )


def choose_section(reference: str) -> Response:
    """Which part of the request they want to correct."""
    state = look_up(reference, Referral)
    return change_pages.choose(state, _place(state))


def show_section(reference: str, slug: str) -> Response:
    """A part of the request with today's answers. Looking at how to reach them is written down."""
    state = look_up(reference, Referral)
    page = change_pages.ask(state, slug, _place(state))
    if slug == "contact":
        note_look(state.reference)
    return page


def change_section(reference: str, slug: str) -> Response:
    """The corrected answers. A request that moved to a county of others is theirs from then on."""
    state = look_up(reference, Referral)
    page = change_pages.take(state, slug, _place(state))
    mine = current_staff().scope
    if page.status_code != 303 or mine.counties is None:  # all of California: nothing to look up
        return page
    near = mine.covers(load(state.reference, consistent=True).county)
    return page if near else redirect("/console")


def cancel(reference: str) -> Response:
    """Ask why, who told it and how; then cancel the request."""
    state = look_up(reference, Referral)
    if not state.open:
        return redirect(case_of(state))

    def act(values: Values, command: str) -> str:
        withdraw(state.reference, words(values, "reason"), command, caller(values))
        return case_of(state)

    return page_of(state, "status/act_cancel.html", CANCEL).answer(act)


def page_of(state: Referral, template: str, asked: Form) -> FormPage:
    """A page of the console with one form about a case."""
    return FormPage(
        template, asked, version=state.version, facts=lambda: {"state": state}, draw=show
    )
