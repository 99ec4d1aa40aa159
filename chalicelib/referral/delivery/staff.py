"""Staff pause a referral with a reason, or let it go on (from the case page)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.roles import ADMIN, COORDINATOR
from chalicelib.domain.vocabulary import STATUS_REASONS
from chalicelib.referral import pauses
from chalicelib.referral.model import Referral
from chalicelib.tasks.on_behalf_page import HOW_TOLD, WHO
from chalicelib.web.forms import Form, Values, radios, select, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import Staff, current_staff, show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.on_behalf import told
from chalicelib.workflow.storage import store

Decide = Callable[[Referral], Command | None]
PAUSE, RESUME = "pause", "resume"
ASKED: Final = "paused_by_site:site_asked"
DISASTER: Final = (COORDINATOR, ADMIN)
"""Who may pause for a disaster."""


def pause(reference: str) -> Response:
    """Ask why and until when, or whether to go on; then do it in one command."""
    state, who = store.look_up(reference, Referral), current_staff()
    if not state.open:
        return redirect(_case(state))

    def act(values: Values, command: str) -> str:
        store.change(state.reference, _decide(values, who, command, now()), press=command)
        return _case(state)

    page = FormPage(
        "delivery/pause.html",
        _form(state, who),
        version=state.version,
        facts=lambda: {"state": state},
        draw=show,
    )
    return page.answer(act)


def _case(state: Referral) -> str:
    return f"/console/referrals/{state.reference}"


def _reasons(who: Staff) -> dict[str, str]:
    """``status:reason`` -> label (msgid), as far as this member of staff may choose it."""
    statuses = ["paused_by_site", "awaiting_provider", "awaiting_consent"]
    if who.role in DISASTER:
        statuses.append("disaster_pause")
    return {
        f"{status}:{reason}": label
        for status in statuses
        for reason, label in STATUS_REASONS[status].items()
    }


def _form(state: Referral, who: Staff) -> Form:
    def pausing(values: Values) -> bool:
        return values.get("decision") == PAUSE

    choices = [(PAUSE, N_("Pause it") if state.pause is None else N_("Pause it longer"))]
    if state.pause is not None:
        choices.insert(0, (RESUME, N_("Go on now")))
    return Form(
        radios("decision", N_("What should happen?"), *choices),
        select("why", N_("If it pauses: why?"), *_reasons(who).items(), when=pausing),
        pauses.until_field("until", N_("If it pauses: until which day?"), when=pausing),
        *(
            replace(one, when=lambda v: pausing(v) and v.get("why") == ASKED)
            for one in (WHO, HOW_TOLD)
        ),
    )


def _decide(values: Values, who: Staff, command: str, at: int) -> Decide:
    until = pauses.until_of(str(values["until"]), at) if values["decision"] == PAUSE else 0

    def decide(state: Referral) -> Command | None:
        if not state.open:
            return None
        if values["decision"] == PAUSE:
            status, _colon, reason = str(values["why"]).partition(":")
            by, how = words(values, "told_by"), words(values, "told_how")
            said = told("provider", by, how) if by else None
            return pauses.paused(state, status, reason, at, until, who.actor, command, said)
        return pauses.resumed(state, at, who.actor, command)

    return decide
