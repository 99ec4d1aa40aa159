"""An application begins: one write with what was said, and its run."""

from __future__ import annotations

from chalicelib.aws.writes import create
from chalicelib.training import application_rows
from chalicelib.training.application_rows import Said
from chalicelib.training.applications import of_cohort, one_application
from chalicelib.training.applications.events import OPENED, OPENED_FOR
from chalicelib.training.applications.machines import PARENT
from chalicelib.training.applications.model import (
    APPLICANT,
    CONFLICT,
    STAGE,
    Application,
    ApplicationChanges,
)
from chalicelib.workflow.cases import Command, Contact, Entry
from chalicelib.workflow.effects import SendLetter, StartRun
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.storage.indexes import FoundBy

RECEIVED: str = "applications/received"


def open_application(
    new: Application, said: Said, command: str, at: int, actor: str = APPLICANT
) -> None:
    """Write the case of ``new``, whose fields are what was told; its run begins. ``actor``: who typed it, the
    applicant or staff to whom they told it.

    Raises Conflict where the reference is taken, Refused where the person has an open application for the
    cohort.
    """
    who = new.contact
    name = one_application.name_of(new.cohort, who)
    entry = Entry(
        event=OPENED if actor == APPLICANT else OPENED_FOR,
        at=at,
        actor=actor,
        command=command,
        changes=ApplicationChanges(
            contact=Contact(**who.model_dump()),
            cohort=new.cohort,
            county=new.county,
            language=new.language,
            submitted=at,
            status="received",
            address=name,
            reviews=_knows(new.cohort, actor),
        ),
        effects=[
            StartRun(machine=PARENT, stage=STAGE, generation=1),
            SendLetter(letter=RECEIVED, to=APPLICANT),
        ],
    )
    found = FoundBy(county=new.county, person=who.name, phone=who.phone, email=who.email)
    rows = [
        *one_application.taken(name, new.reference),
        of_cohort.listed(new.cohort, new.reference),
        application_rows.write(new.reference, said),
        create(keys.found_by(new.reference), indexes.findable(new.reference, found, at)),
    ]
    store.create(Application(reference=new.reference), entry, rows)


def _knows(cohort: str, actor: str) -> dict[str, str] | None:
    """A reviewer who typed it for the applicant knows whose it is, and is not asked to score it."""
    reviews = any(one.who == actor for one in of_cohort.reviewers(cohort))
    return {actor: CONFLICT} if reviews else None


def told_again(reference: str, command: str, at: int, actor: str = APPLICANT) -> None:
    """Whoever applies twice for a cohort gets the letter about the application that they have."""

    def decide(state: Application) -> Command | None:
        if not state.open:
            return None
        letter = SendLetter(letter=RECEIVED, to=APPLICANT, again=True)
        entry = Entry(event=OPENED, at=at, actor=actor, command=command, effects=[letter])
        return entry, ()

    store.change(reference, decide, press=command)
