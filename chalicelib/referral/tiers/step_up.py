"""A provider calls and says that a lighter support is not enough: the specialist looks at it again at once,
under the same number, and nobody waits for the day of the check-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.rests import before_check_in
from chalicelib.referral.tiers.check_in import CHECK_IN, REST, not_enough
from chalicelib.web.forms import NO_CHILD, Form, Values, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered

FORM: Final = Form(
    textarea(
        "note",
        N_("What did they tell you?"),
        hint=NO_CHILD,
        required=False,
        rows=4,
        max_length=2000,
    )
)
LATE: Final = N_("It does not stand where it stood anymore. Nothing was changed.")


def ask(reference: str) -> Response:
    """Ask what they said; then give it back to the specialist."""
    state = store.look_up(reference, Referral)

    def act(values: Values, press: str) -> str:
        at, actor = now(), current_staff().actor

        def decide(fresh: Referral) -> Command | None:
            if not before_check_in(fresh):
                return None
            outcome = not_enough(fresh, ReferralPayload(note=words(values, "note")))
            # It is what the check-in would have heard, and counts as that.
            outcome = replace(outcome, event=of_task(CHECK_IN.name, "answered"))
            return answered(fresh, kind_of(REST.name), outcome, actor, press, at), ()

        if store.change(state.reference, decide, press=press).command != press:
            raise Hindered(LATE)
        return f"/console/referrals/{state.reference}"

    return FormPage(
        "tiers/step_up.html", FORM, version=state.version, facts=lambda: {"state": state}, draw=show
    ).answer(act)
