"""Staff pause a referral with a reason, or let it go on (from the case page)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from chalice.app import Response

from chalicelib.web.staff_auth import Staff, current_staff

PAUSE, RESUME = "pause", "resume"
DISASTER: Final = ("coordinator", "admin")
"""Who may pause for a disaster."""


def ask_pause(reference: str) -> Response:
    """Ask why and until when, or whether to go on."""
    return _show(_state(reference))


def do_pause(reference: str) -> Response:
    """Pause or go on: one command; the page's nonce was looked at by the door."""
    from chalicelib.aws.now import now
    from chalicelib.domain.errors import Invalid
    from chalicelib.web.forms import clean
    from chalicelib.web.http_input import one
    from chalicelib.web.languages import translator
    from chalicelib.web.pages import current, form, redirect
    from chalicelib.workflow import store

    state, who, at = _state(reference), current_staff(), now()
    cleaned = clean(_form(state, who), form(), current().lang)
    if not cleaned.ok:
        return _show(state, cleaned)
    command = "h:" + hashlib.sha256(one(form(), "_nonce").encode()).hexdigest()[:12]
    try:
        decide = _decide(cleaned.values, who, f"{command}:{state.version}", at)
    except Invalid as error:
        _ = translator(current().lang)
        cleaned.errors |= {name: _(text) for name, text in error.errors.items()}
        return _show(state, cleaned)
    store.change(state.reference, decide)
    return redirect(f"/console/referrals/{state.reference}")


def _state(reference: str) -> Any:
    """The referral behind a typed reference. Raises NotFound, for a mistyped one too (S22)."""
    from chalicelib.domain.errors import NotFound
    from chalicelib.domain.ids import normalize_reference
    from chalicelib.workflow import store

    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    return store.load(stored, consistent=True)


def _reasons(who: Staff) -> dict[str, str]:
    """``status:reason`` -> label (msgid), as far as this member of staff may choose it."""
    from chalicelib.domain.vocabulary import STATUS_REASONS

    statuses = ["paused_by_site", "awaiting_provider", "awaiting_consent"]
    if who.role in DISASTER:
        statuses.append("disaster_pause")
    return {
        f"{status}:{reason}": label
        for status in statuses
        for reason, label in STATUS_REASONS[status].items()
    }


def _form(state: Any, who: Staff) -> Any:
    from chalicelib.referral import pauses
    from chalicelib.web.forms import Field, Form
    from chalicelib.web.languages import N_

    def pausing(values: dict[str, Any]) -> bool:
        return values.get("decision") == PAUSE

    choices = [(PAUSE, N_("Pause it") if state.pause is None else N_("Pause it longer"))]
    if state.pause is not None:
        choices.insert(0, (RESUME, N_("Go on now")))
    return Form(
        (
            Field("decision", "radios", N_("What should happen?"), options=tuple(choices)),
            Field(
                "why",
                "select",
                N_("If it pauses: why?"),
                options=tuple(_reasons(who).items()),
                when=pausing,
            ),
            pauses.until_field("until", N_("If it pauses: until which day?"), when=pausing),
        )
    )


def _decide(values: dict[str, Any], who: Staff, command: str, at: int) -> Any:
    from chalicelib.referral import pauses
    from chalicelib.workflow.cases import Entry, Referral

    until = pauses.until_of(str(values["until"]), at) if values["decision"] == PAUSE else 0

    def decide(state: Referral) -> tuple[Entry, Sequence[Any]] | None:
        if not state.open or state.command == command:
            return None
        if values["decision"] == PAUSE:
            status, _colon, reason = str(values["why"]).partition(":")
            changes, letters = pauses.begin(state, status, reason, at, until, who.actor)
            kind, data = "paused", {"until": until, "was": state.status}
        elif state.pause is not None:
            changes, letters = pauses.end(state, at, who.actor)
            reason = ""
            kind = "resumed"
            data = {"was": state.pause.reason, "lasted": at - state.pause.since}
        else:
            return None
        entry = Entry(
            event=kind, at=at, actor=who.actor, reason=reason, command=command, changes=changes,
            payload=data, effects=letters,
        )  # fmt: skip
        return entry, ()

    return decide


def _show(state: Any, cleaned: Any = None) -> Response:
    from chalicelib.web.forms import blank
    from chalicelib.web.pages import redirect
    from chalicelib.web.staff_auth import show

    if not state.open:
        return redirect(f"/console/referrals/{state.reference}")
    asked = _form(state, current_staff())
    cleaned = cleaned or blank(asked)
    return show("delivery/pause.html", cleaned.status, state=state, form=asked, cleaned=cleaned)
