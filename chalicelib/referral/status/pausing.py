"""The provider pauses the request until a day of their choice, or goes on at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import Invalid
from chalicelib.referral import pauses
from chalicelib.referral.status.who import state_here
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Field, Form, blank, clean
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow import store
from chalicelib.workflow.cases import Entry, Referral
from chalicelib.workflow.pause import for_leave

Decide = Callable[[Referral], tuple[Entry, Sequence[Any]] | None]

YES, NO = "yes", "no"
STALE: Final = N_("This page was open for a long time. Please choose again.")


def pause_form() -> Form:
    """Whether, and until when."""
    return Form(
        (
            Field(
                "decision",
                "radios",
                N_("Do you want to pause your request?"),
                options=((YES, N_("Yes, pause it")), (NO, N_("No, go on as it is"))),
            ),
            pauses.until_field(
                "until",
                N_("If yes: on which day should it go on?"),
                when=lambda values: values.get("decision") == YES,
            ),
        )
    )


RESUME_FORM: Final = Form(
    (
        Field(
            "decision",
            "radios",
            N_("Do you want to go on now?"),
            options=((YES, N_("Yes, go on now")), (NO, N_("No, stay paused"))),
        ),
    )
)


def ask_pause() -> Response:
    """Ask whether to pause, and until when."""
    return _ask(state_here(), pause_form())


def do_pause() -> Response:
    """Pause: a chosen option, a press and a nonce (law 5)."""
    return _do(state_here(), pause_form(), _paused)


def ask_resume() -> Response:
    """Ask whether to go on now."""
    return _ask(state_here(), RESUME_FORM)


def do_resume() -> Response:
    """Go on now."""
    return _do(state_here(), RESUME_FORM, _resumed)


def _paused(values: dict[str, Any], command: str, at: int) -> Decide:
    until = pauses.until_of(str(values["until"]), at)

    def decide(state: Referral) -> tuple[Entry, Sequence[Any]] | None:
        if not state.open or state.command == command:
            return None
        changes, letters = pauses.begin(
            state, "paused_by_site", "site_asked", at, until, "provider"
        )
        entry = Entry(
            event="paused", at=at, actor="provider", reason="site_asked", command=command,
            changes=changes, payload={"until": until, "was": state.status}, effects=letters,
        )  # fmt: skip
        return entry, ()

    return decide


def _resumed(values: dict[str, Any], command: str, at: int) -> Decide:
    def decide(state: Referral) -> tuple[Entry, Sequence[Any]] | None:
        if not state.open or state.pause is None:
            return None
        changes, letters = pauses.end(state, at, "provider")
        entry = Entry(
            event="resumed", at=at, actor="provider", command=command, changes=changes,
            payload={"was": state.pause.reason, "lasted": at - state.pause.since}, effects=letters,
        )  # fmt: skip
        return entry, ()

    return decide


def _fits(state: Referral, asked: Form) -> bool:
    """Pausing is for what is open (a second time: longer), going on for what is paused. While their
    consultant is away, nobody is there to go on: the helpline finds another one."""
    return (
        state.open
        and not for_leave(state)
        and (asked is not RESUME_FORM or state.pause is not None)
    )


def _ask(
    state: Referral | None, asked: Form, cleaned: Cleaned | None = None, notice: str = ""
) -> Response:
    if state is None:
        return redirect("/status")
    if not _fits(state, asked):
        return redirect("/status/view")
    cleaned = cleaned or blank(asked)
    return render(
        "status/pause.html",
        422 if notice else cleaned.status,
        state=state,
        form=asked,
        cleaned=cleaned,
        notice=notice,
        resumes=asked is RESUME_FORM,
        nonce=links.nonce(_subject(state), now()),
    )


def _do(
    state: Referral | None, asked: Form, change: Callable[[dict[str, Any], str, int], Decide]
) -> Response:
    if state is None:
        return redirect("/status")
    cleaned = clean(asked, form(), current().lang)
    if not cleaned.ok:
        return _ask(state, asked, cleaned)
    if cleaned.values["decision"] == NO or not _fits(state, asked):
        return redirect("/status/view")
    nonce = (form().get("_nonce") or [""])[0]
    if not links.nonce_ok(nonce, _subject(state), now()):
        return _ask(state, asked, cleaned, notice=STALE)
    command = "h:" + hashlib.sha256(nonce.encode()).hexdigest()[:20]
    try:
        decide = change(cleaned.values, command, now())
    except Invalid as error:
        _ = translator(current().lang)
        cleaned.errors |= {name: _(text) for name, text in error.errors.items()}
        return _ask(state, asked, cleaned)
    store.change(state.reference, decide)
    return redirect("/status/view")


def _subject(state: Referral) -> str:
    return f"pause|{state.reference}"
