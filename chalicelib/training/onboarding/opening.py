"""An onboarding begins: with a completed training, or by staff for somebody who was trained elsewhere. An
address, or the number of who has none, has one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, Write, create, delete, field, put
from chalicelib.directory import people
from chalicelib.directory.contacts import hashed
from chalicelib.domain.ids import new_reference
from chalicelib.training import reached
from chalicelib.training.graduate import graduate_of, opened_again
from chalicelib.training.onboarding import events, facts
from chalicelib.training.onboarding.events import OPENED
from chalicelib.training.onboarding.model import (
    NAME,
    ONBOARDED,
    STOPPED,
    Onboarding,
    OnboardingChanges,
)
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case, Command, Contact, Entry
from chalicelib.workflow.effects import StartRun, TellRoom
from chalicelib.workflow.storage import keys, store
from chalicelib.workflow.tasks import ending

# That a training led to an onboarding, beside its case.
ONCE: Final = "ONBOARDING"
# By which an address has one that is open.
ADDRESS: Final = "ONBOARDING-OF#"


def completed(state: Case, version: int, told: TellRoom) -> None:
    """Somebody has completed the training: they are asked to become a consultant, once, however often it is
    told; not who is one already."""
    once = Key(keys.case_pk(state.reference), ONCE)
    had = dynamodb.get(once, consistent=True)
    if opened_again(state.reference, version):
        _no_longer(once, str((had or {}).get("onboarding", "")), f"of:{state.reference}:{version}")
        return
    if had is not None:
        return
    who = graduate_of(state)
    new = Onboarding(
        reference=new_reference(),
        contact=who.contact,
        language=who.language,
        county=who.county,
        trainee=who.reference,
    )
    is_one = known_as(who.contact)
    if is_one and not is_one.get("trainee"):
        dynamodb.write(put(once, {"consultant": is_one["id"]}))
        return
    try:
        known = facts.with_practice(who.known, is_one)
        begin(new, f"of:{state.reference}", now(), known, "system",
              [create(once, {"onboarding": new.reference})])  # fmt: skip
    except store.Refused:
        return  # told at the same moment, or the address has an open one


def _no_longer(once: Key, reference: str, command: str) -> None:
    """The training goes on: what it led to ends, unless somebody is a consultant by now."""

    def decide(state: Onboarding) -> Command | None:
        if not state.open:
            return None
        changes, effects, rows = ending(
            state, status=STOPPED, closure=STOPPED, at=now(), tell="closed"
        )
        entry = Entry(
            event=events.STOPPED, at=now(), actor="system", command=command,
            changes=changes, effects=effects,
        )  # fmt: skip
        return entry, rows

    if reference and store.change(reference, decide, press=command).status == ONBOARDED:
        return
    dynamodb.write(delete(once))


def begin(
    new: Onboarding,
    command: str,
    at: int,
    told: Values,
    actor: str,
    same_transaction: Sequence[Write] = (),
) -> None:
    """Write the case of ``new``, whose fields are what is known; its run begins.

    Raises Conflict where the reference is taken, Refused where the address has an open one.
    """
    address = hashed(f"email|{reached.key(new.contact)}")
    changes = OnboardingChanges(
        contact=Contact(**new.contact.model_dump()),
        language=new.language,
        county=new.county,
        submitted=at,
        address=address,
    )
    if new.trainee:
        changes["trainee"] = new.trainee
    entry = Entry(
        event=OPENED,
        at=at,
        actor=actor,
        command=command,
        changes=changes,
        effects=[StartRun(machine=NAME, stage=NAME, generation=1)],
    )
    only = create(address_key(address), {"onboarding": new.reference})
    store.create(
        Onboarding(reference=new.reference),
        entry,
        [only, facts.begin(new, told), *same_transaction],
    )


def at_the_end(state: Onboarding) -> list[Write]:
    """The address may begin again."""
    if not state.address:
        return []
    return [delete(address_key(state.address)).only_if(field("onboarding").equals(state.reference))]


def consultant_of(email: str) -> people.Person:
    """The consultant who has an address; empty for nobody."""
    if not (plain := email.casefold()):
        return people.Person()
    theirs = (row for row in people.consultants() if str(row.get("email", "")).casefold() == plain)
    return next(theirs, people.Person())


def known_as(contact: Contact) -> people.Person:
    """The consultant whom we reach so: by their address; of those who practice without one, by their number."""
    if contact.email or not contact.phone:
        return consultant_of(contact.email)
    theirs = (
        row
        for row in people.consultants()
        if row.get("trainee") and not row.get("email") and row.get("phone") == contact.phone
    )
    return next(theirs, people.Person())


def address_key(address: str) -> Key:
    """The row by which an address has one that is open."""
    return Key(f"{ADDRESS}{address}", ADDRESS)
