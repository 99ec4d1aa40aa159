"""A practicum begins: staff say who guides it. None begins without.

| what                               | pk           | sk                          |
|------------------------------------|--------------|-----------------------------|
| the practicum of a trainee         | (their case) | PRACTICUM                   |
| a practicum, by who guides it      | PRACTICUMS   | {facilitator}#{reference}   |
"""

from __future__ import annotations

import hashlib
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, create, delete, put
from chalicelib.directory import people
from chalicelib.domain.ids import new_reference
from chalicelib.training.practicum.events import GUIDED, OPENED
from chalicelib.training.practicum.model import NAME, Practicum, PracticumChanges
from chalicelib.workflow.cases import Case, Command, Contact, Entry
from chalicelib.workflow.effects import StartRun
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import keys, side_task_rows, store

PK: Final = "PRACTICUMS"


def of_trainee(trainee: str) -> Practicum | None:
    """The practicum of a trainee, if it has begun."""
    row = dynamodb.get(_of(trainee), consistent=True)
    return store.load(str(row["practicum"]), Practicum, consistent=True) if row else None


def practicums(facilitator: str = "") -> list[Practicum]:
    """All of them, or those that somebody guides; by the name of the trainee."""
    rows = dynamodb.query(PK, f"{facilitator}#" if facilitator else "", consistent=True)
    found = store.states([str(row["sk"]).rpartition("#")[2] for row in rows])
    mine = [one for one in found if isinstance(one, Practicum)]
    return sorted(mine, key=lambda one: (one.contact.name.casefold(), one.reference))


def cases_of(consultant: str, now: int) -> list[str]:
    """The practicums that somebody guides, for the list of all that they are asked."""
    return [one.reference for one in practicums(consultant)]


def open_practicum(
    trainee: Case, facilitator: str, until: int, actor: str, command: str, at: int
) -> None:
    """Begin the practicum of a trainee, once. Raises Refused where it has begun."""
    reference = new_reference()
    contact = trainee.contact
    changes = PracticumChanges(
        contact=Contact(name=contact.name, email=contact.email, phone=contact.phone, by=contact.by),
        county=trainee.county,
        language=trainee.language,
        submitted=at,
        trainee=trainee.reference,
        consultant=_row_of(contact.email, reference),
        facilitator=facilitator,
        until=until,
    )
    entry = Entry(
        event=OPENED, at=at, actor=actor, command=command, changes=changes,
        effects=[StartRun(machine=NAME, stage=NAME, generation=1)],
    )  # fmt: skip
    rows = [
        create(_of(trainee.reference), {"practicum": reference}),
        put(Key(PK, f"{facilitator}#{reference}"), {"at": at}),
    ]
    store.create(Practicum(reference=reference), entry, rows)


def guide(reference: str, facilitator: str, actor: str, command: str, at: int) -> None:
    """Let somebody else guide a practicum: what they are asked goes to them."""

    def decide(state: Practicum) -> Command | None:
        old = state.facilitator
        if old == facilitator:
            return None
        rows = [
            delete(Key(PK, f"{old}#{reference}")),
            put(Key(PK, f"{facilitator}#{reference}"), {"at": at}),
            *(
                side_task_rows.rewrite(reference, task.given_to(facilitator))
                for task in open_rows(state)
                if not task.over and (task.role, task.assignee) == ("consultant", old)
            ),
        ]
        changes = PracticumChanges(facilitator=facilitator)
        entry = Entry(event=GUIDED, at=at, actor=actor, command=command, changes=changes)
        return entry, rows

    state = store.change(reference, decide, press=command)
    if people.consultant_now(state.consultant):
        people.set_fields(state.consultant, {"facilitator": state.facilitator})


def _of(trainee: str) -> Key:
    return Key(keys.case_pk(trainee), "PRACTICUM")


def _row_of(email: str, reference: str) -> str:
    """The row of the directory that is the trainee's: by their address, else a new one."""
    same = (
        row["id"]
        for row in people.consultants()
        if email and str(row.get("email", "")).casefold() == email.casefold()
    )
    return next(same, "") or f"c-{hashlib.sha256(reference.encode()).hexdigest()[:10]}"
