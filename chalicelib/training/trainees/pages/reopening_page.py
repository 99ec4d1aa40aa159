"""Staff open a training again that ended by mistake, and see first what follows."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.training.trainees import reopening
from chalicelib.training.trainees.pages.cohort_pages import trainee_page
from chalicelib.training.trainees.pages.trainee_pages import FULL, facts_of, load
from chalicelib.web.forms import Form, Values, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage import store

ASKED: Final = Form(
    textarea("note", N_("What was wrong?"), max_length=600,
             hint=N_("For staff. Please write nothing about health.")),
)  # fmt: skip


def open_again(reference: str) -> Response:
    """Say what follows; then open it again."""
    state, by = load(reference), current_staff().actor
    if state.open or reopening.why_not(state, now()):
        return redirect(trainee_page(reference))

    def act(values: Values, command: str) -> str:
        try:
            reopening.reopen(reference, words(values, "note"), by, command, now())
        except store.Refused:
            raise Hindered(FULL) from None
        return trainee_page(reference)

    return FormPage(
        "trainees/trainee_again.html",
        ASKED,
        version=state.version,
        facts=lambda: {**facts_of(state), "full": not reopening.has_place(state)},
        draw=show,
    ).answer(act)
