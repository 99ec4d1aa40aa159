"""Staff write a note about a request, and say who else may read it.

The consultant finds it where the specialist's note stands, the provider on their status page; nothing of
it is mailed.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory.people import name_of
from chalicelib.referral.events import NOTE_WRITTEN, ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.records import SHARED, TEAM
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.storage import store

STAFF: Final = "staff"
FORM: Final = Form(
    textarea("note", N_("Your note"), hint=NO_CHILD, max_length=2000),
    radios(
        "readers",
        N_("Who may read it?"),
        (STAFF, N_("Only the Network's staff")),
        (TEAM, N_("The consultant too"), N_("Before they have accepted, only if it names nobody.")),
        (SHARED, N_("The consultant and the provider too"), N_("It is never mailed.")),
    ),
)


def write(reference: str) -> Response:
    """Ask for the note and its readers; then keep it."""
    state = store.look_up(reference, Referral)
    case = f"/console/referrals/{state.reference}"

    def act(values: Values, press: str) -> str:
        told = ReferralPayload(verdict=words(values, "readers"), note=words(values, "note"))
        at, actor = now(), current_staff().actor

        def decide(fresh: Referral) -> Command | None:
            entry = Entry(event=NOTE_WRITTEN, at=at, actor=actor, command=press, payload=told)
            return entry, ()

        store.change(state.reference, decide, press=press)
        return case

    whose = name_of(f"consultant:{state.consultant}") if state.consultant else ""
    return FormPage(
        "status/act_note.html",
        FORM,
        version=state.version,
        facts=lambda: {"state": state, "consultant": whose},
        draw=show,
    ).answer(act)
