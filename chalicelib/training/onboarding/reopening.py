"""The approval that made somebody a consultant is undone, as long as nothing has followed from it: no offer was made
to them. A trainee in their practicum is one again, and their row says what it said; a new row of the directory is
gone. Their onboarding waits for a coordinator again, with all that they said and signed."""

from __future__ import annotations

from typing import Final, cast

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, Write, create, delete, field, update
from chalicelib.directory import mail_choices, people
from chalicelib.directory.holdings import CONSULTANT
from chalicelib.training.onboarding import approval, facts, model, opening
from chalicelib.training.onboarding.events import REOPENED
from chalicelib.training.onboarding.model import CANDIDATE, NAME, Onboarding, OnboardingChanges
from chalicelib.web.forms import Form, Values, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Command, Entry, valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.stage_change import ended_within, move
from chalicelib.workflow.storage import keys, store

FOLLOWED: Final = N_(
    "They have been offered a consultation, or hold something, so the approval stays. Let them go on the page of "
    "the consultant instead."
)
ASKED: Final = Form(textarea("note", N_("What was wrong?"), max_length=600))


def onboarded(trainee: str) -> bool:
    """Whether a trainee has become a consultant."""
    row = dynamodb.get(Key(keys.case_pk(trainee), opening.ONCE), consistent=True) or {}
    if not row.get("onboarding"):
        return False  # nothing began with it: they were one before
    return store.load(str(row["onboarding"]), consistent=True).status == model.ONBOARDED


def may(state: Onboarding, at: int) -> bool:
    """Whether it ended with an approval that can still be undone."""
    if state.status != model.ONBOARDED or not ended_within(state, at):
        return False
    row = people.consultant_now(state.consultant)
    used = row.get("offers", 0) != _offers_before(state) or row.get("held")
    return not (used or registry.still_held(f"{CONSULTANT}:{state.consultant}", at))


def reopen(reference: str, note: str, by: str, command: str, at: int) -> None:
    """Undo it. Raises Refused where something has followed from it at this very moment."""

    def decide(state: Onboarding) -> Command | None:
        if not may(state, at):
            return None
        changes, effects = move(state, NAME)
        over = OnboardingChanges(
            status=model.APPROVAL, closed=None, closure=None, reason=None, consultant=None
        )
        entry = Entry(
            event=REOPENED,
            at=at,
            actor=by,
            reason=note,
            command=command,
            changes=cast("OnboardingChanges", {**over, **changes}),
            effects=[*effects, SendLetter(letter="onboarding/again", to=CANDIDATE, always=True)],
        )
        only = create(opening.address_key(state.address), {"onboarding": reference})
        told = words(facts.known(reference), "email")
        return entry, [_row_back(state), only, *mail_choices.moved(told, state.contact.email, at)]

    store.change(reference, decide, press=command)
    people.forget()


def _offers_before(state: Onboarding) -> int:
    """How many offers their row had when it was approved: those of a practicum."""
    told = [model.told_in(one) for one in valid(store.log(state))]
    return next((one["offers"] for one in reversed(told) if "offers" in one), 0)


def _row_back(state: Onboarding) -> Write:
    """Their row of the directory as it was: of one in training, or none."""
    row, before = Key(people.CONSULTANTS, state.consultant), _offers_before(state)
    offers = field("offers").equals(before) if before else field("offers").absent()
    unused = (offers, field("held").absent())
    if state.consultant == approval.new_key(state):
        return delete(row).only_if(*unused)
    training = {**facts.before(state.reference), "trainee": True, "practicum_rests": True}
    return update(row).set_or_remove(training).only_if(field("pk").exists(), *unused)


def open_again(reference: str) -> Response:
    """Say what follows; then undo the approval."""
    state, home = (
        store.load(reference, Onboarding, consistent=True),
        f"/console/referrals/{reference}",
    )
    if state.status != model.ONBOARDED:
        return redirect(home)

    def act(values: Values, command: str) -> str:
        try:
            reopen(reference, words(values, "note"), current_staff().actor, command, now())
        except store.Refused:
            raise Hindered(FOLLOWED) from None
        return home

    possible = may(state, now())
    return FormPage(
        "onboarding/again.html",
        ASKED if possible else Form(),
        version=state.version,
        facts=lambda: {"state": state, "stays": "" if possible else FOLLOWED},
        draw=show,
    ).answer(act)
