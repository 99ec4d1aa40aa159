"""Staff say for a caller that they cannot make a session: the provider's own press, told by phone."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.referral.model import Referral
from chalicelib.referral.status.act import caller, case_of
from chalicelib.referral.status.session import ahead, declined
from chalicelib.tasks.on_behalf_page import HOW_TOLD, WHO
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_, moment_words
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

MOVED: Final = N_("Choose one of the sessions. If one has another time by now, look again.")
WISH: Final = (
    textarea(
        "wish",
        N_("When would suit them better?"),
        hint=NO_CHILD,
        required=False,
        max_length=500,
        readers=(STAFF, CONSULTANT),
    ),
    WHO,
    HOW_TOLD,
)


def _form(days: dict[int, int]) -> Form:
    """Which session, when would suit them, and who told it. Its time is part of what is chosen: a page that
    showed another one decides nothing."""
    lang = current().lang
    which = [(f"{number}.{at}", moment_words(at, lang)) for number, at in days.items()]
    asked = radios("session", N_("Which session can they not make?"), *which, missing=MOVED)
    return Form(asked, *WISH)


def cannot_make_it(reference: str) -> Response:
    """Ask which one, who told it, and when would suit them; then take the session's time away."""
    state = store.look_up(reference, Referral)
    days = ahead(state)
    if not days:
        return redirect(case_of(state))

    def act(values: Values, command: str) -> str:
        number, start = map(int, words(values, "session").split("."))
        at, acting = now(), caller(values)

        def decide(fresh: Referral) -> Command | None:
            return declined(fresh, number, start, values, command, at, acting)

        store.change(state.reference, decide, press=command)
        return case_of(state)

    return FormPage(
        "status/act_session.html",
        _form(days),
        version=state.version,
        facts=lambda: {"state": state},
        draw=show,
    ).answer(act)
