"""A trainee begins: staff enroll somebody, or an applicant has accepted the offer of a seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now, scaled
from chalicelib.aws.writes import Key, Write, create, put
from chalicelib.domain.calendar import end_of
from chalicelib.domain.ids import new_reference
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import met
from chalicelib.training.trainees.events import ENROLLED
from chalicelib.training.trainees.machines import PARENT
from chalicelib.training.trainees.model import STAGE, Trainee, TraineeChanges, TraineePayload
from chalicelib.workflow.cases import Case, Contact, Entry
from chalicelib.workflow.effects import StartRun, TellRoom
from chalicelib.workflow.storage import keys, store

# The name in ``rooms.TOLD`` of who puts a trainee on the lists of meetings.
ON_LISTS: Final = "trainee_meetings"


def enroll(
    new: Trainee,
    command: str,
    at: int,
    actor: str,
    same_transaction: Sequence[Write] = (),
) -> None:
    """Write the case of ``new``, whose fields are what is known; its run begins.

    Raises Conflict where the reference is taken; Refused where the cohort has no seat left, or from a row of
    ``same_transaction``.
    """
    cohort = cohorts.cohort(new.cohort)
    changes = TraineeChanges(
        contact=Contact(**new.contact.model_dump()),
        county=new.county,
        language=new.language,
        submitted=at,
        cohort=cohort.id,
        seat=new.seat if new.seat in cohort.held else new.reference,
        until=over(cohort, at),
    )
    if new.application:
        changes["application"] = new.application
    entry = Entry(
        event=ENROLLED,
        at=at,
        actor=actor,
        command=command,
        changes=changes,
        payload=TraineePayload(cohort=cohort.id),
        effects=[
            TellRoom(room=ON_LISTS, about={"groups": [cohort.id]}),
            StartRun(machine=PARENT, stage=STAGE, generation=1),
        ],
    )
    rows = [listed(cohort.id, new.reference, at), *met.enrolled(new, at), *same_transaction]
    if changes["seat"] == new.reference:
        rows.append(cohorts.take_seat(cohort.id, new.reference))
    store.create(Trainee(reference=new.reference), entry, rows)


def over(cohort: Cohort, at: int) -> int:
    """When the time of a cohort's program is over, in this deployment's time: after its last day."""
    return max(scaled(at, end_of(cohort.ends_on)), at + 60)


def place(state: Case, version: int, told: TellRoom) -> None:
    """Enroll who accepted the offer of a seat, once for an entry of the application, however often it is told.
    The seat stays in the name in which the application held it. ``about``: the cohort, and that name."""
    once = Key(keys.case_pk(state.reference), f"TRAINEE#{version:06d}")
    if dynamodb.get(once, consistent=True) is not None:
        return
    contact = state.contact
    new = Trainee(
        reference=new_reference(),
        contact=Contact(name=contact.name, email=contact.email, phone=contact.phone, by=contact.by),
        county=state.county,
        language=state.language,
        cohort=str(told.about["cohort"]),
        application=state.reference,
        seat=str(told.about.get("seat", "")),
    )
    command = f"of:{state.reference}:{version}"
    try:
        enroll(new, command, now(), "system", [create(once, {"trainee": new.reference})])
    except store.Refused:
        if dynamodb.get(once, consistent=True) is None:
            raise


def listed(cohort: str, reference: str, at: int) -> Write:
    """Somebody is, or was, in a cohort."""
    return put(Key(f"COHORT#{cohort}", reference), {"at": at})


def roster(cohort: str) -> list[Trainee]:
    """Everybody who is, or was, in a cohort, by name."""
    references = [str(row["sk"]) for row in dynamodb.query(f"COHORT#{cohort}", consistent=True)]
    found = [one for one in store.states(references) if isinstance(one, Trainee)]
    return sorted(found, key=lambda one: (one.contact.name.casefold(), one.reference))
