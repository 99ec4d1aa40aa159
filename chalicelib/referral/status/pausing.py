"""The provider pauses the request until a day of their choice, or goes on at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.referral import pauses
from chalicelib.referral.events import PAUSED
from chalicelib.referral.model import Referral
from chalicelib.referral.pauses import for_leave
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.events import RESUMED
from chalicelib.workflow.storage import store

Decide = Callable[[Referral], Command | None]

YES, NO = "yes", "no"
VIEW: Final = "/status/view"


def pause_form() -> Form:
    """Whether, and until when."""
    return Form(
        radios(
            "decision",
            N_("Do you want to pause your request?"),
            (YES, N_("Yes, pause it")),
            (NO, N_("No, go on as it is")),
        ),
        pauses.until_field(
            "until",
            N_("If yes: on which day should it go on?"),
            when=lambda values: values.get("decision") == YES,
        ),
    )


RESUME_FORM: Final = Form(
    radios(
        "decision",
        N_("Do you want to go on now?"),
        (YES, N_("Yes, go on now")),
        (NO, N_("No, stay paused")),
    )
)


def ask_pause(state: Referral) -> Response:
    """Ask whether to pause, and until when."""
    return _page(state, pause_form()).show() if _fits(state) else redirect(VIEW)


def do_pause(state: Referral) -> Response:
    """Pause it."""
    return _do(state, pause_form(), _paused) if _fits(state) else redirect(VIEW)


def ask_resume(state: Referral) -> Response:
    """Ask whether to go on now."""
    return _page(state, RESUME_FORM).show() if _paused_now(state) else redirect(VIEW)


def do_resume(state: Referral) -> Response:
    """Go on now."""
    return _do(state, RESUME_FORM, _resumed) if _paused_now(state) else redirect(VIEW)


def _paused(values: Values, command: str, at: int) -> Decide:
    until = pauses.until_of(str(values["until"]), at)

    def decide(state: Referral) -> Command | None:
        if not state.open or state.command == command:
            return None
        changes, letters = pauses.begin(
            state, "paused_by_site", "site_asked", at, until, "provider"
        )
        entry = Entry(
            event=PAUSED, at=at, actor="provider", reason="site_asked", command=command,
            changes=changes, payload={"until": until, "was": state.status}, effects=letters,
        )  # fmt: skip
        return entry, ()

    return decide


def _resumed(values: Values, command: str, at: int) -> Decide:
    def decide(state: Referral) -> Command | None:
        if not state.open or state.pause is None:
            return None
        changes, letters = pauses.end(state, at, "provider")
        entry = Entry(
            event=RESUMED, at=at, actor="provider", command=command, changes=changes,
            payload={"was": state.pause.reason, "lasted": at - state.pause.since}, effects=letters,
        )  # fmt: skip
        return entry, ()

    return decide


def _fits(state: Referral) -> bool:
    """Pausing is for what is open (a second time: longer). While their consultant is away, nobody is
    there to go on: the helpline finds another one."""
    return state.open and not for_leave(state)


def _paused_now(state: Referral) -> bool:
    """Going on is for what is paused."""
    return _fits(state) and state.pause is not None


def _page(state: Referral, asked: Form) -> FormPage:
    return FormPage(
        "status/pause.html",
        asked,
        subject=f"pause|{state.reference}",
        facts=lambda: {"state": state, "resumes": asked is RESUME_FORM},
    )


def _do(state: Referral, asked: Form, change: Callable[[Values, str, int], Decide]) -> Response:
    def act(values: Values, command: str) -> str:
        store.change(state.reference, change(values, command, now()))
        return VIEW

    return _page(state, asked).press(act, no=NO, back=VIEW)
