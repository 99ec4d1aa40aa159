"""The provider pauses the request until a day of their choice, or goes on at once."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.referral import pauses
from chalicelib.referral.model import Referral
from chalicelib.referral.pauses import for_leave
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

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


def pause(state: Referral) -> Response:
    """Ask whether, and until when; then pause it."""
    if not _fits(state):
        return redirect(VIEW)

    def act(values: Values, command: str) -> str:
        at = now()
        until = pauses.until_of(str(values["until"]), at)

        def decide(state: Referral) -> Command | None:
            if not state.open:
                return None
            why = ("paused_by_site", "site_asked")
            return pauses.paused(state, *why, at, until, "provider", command)

        store.change(state.reference, decide, press=command)
        return VIEW

    return _page(state, pause_form()).answer(act, no=NO, back=VIEW)


def resume(state: Referral) -> Response:
    """Ask whether to go on now; then go on."""
    if not _fits(state) or state.pause is None:
        return redirect(VIEW)

    def act(values: Values, command: str) -> str:
        def decide(state: Referral) -> Command | None:
            return pauses.resumed(state, now(), "provider", command)

        store.change(state.reference, decide, press=command)
        return VIEW

    return _page(state, RESUME_FORM).answer(act, no=NO, back=VIEW)


def _fits(state: Referral) -> bool:
    """Pausing is for what is open (a second time: longer). While their consultant is away, nobody is
    there to go on: the helpline finds another one."""
    return state.open and not for_leave(state)


def _page(state: Referral, asked: Form) -> FormPage:
    return FormPage(
        "status/pause.html",
        asked,
        subject=f"pause|{state.reference}",
        version=state.version,
        facts=lambda: {"state": state, "resumes": asked is RESUME_FORM},
    )
