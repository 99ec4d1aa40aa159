"""Promising a call: the case that will not let it be forgotten, written with the contact itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws.writes import Write, create
from chalicelib.directory.people import in_charge
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.domain.ids import new_reference
from chalicelib.services.helpline import contacts, slots
from chalicelib.services.helpline.contacts import NOT_SAID, HelplineContact
from chalicelib.services.helpline.events import CALL_PROMISED, ContactPayload
from chalicelib.services.helpline.model import (
    APPLICANT,
    CALL_BACK,
    FOLLOW_UP,
    NAME,
    PROMISED,
    CallChanges,
    PromisedCall,
)
from chalicelib.services.helpline.words import CALLS_BACK
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Contact, Entry
from chalicelib.workflow.effects import SendLetter, StartRun
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.storage.indexes import FoundBy

# When a follow-up is due on its day, where nobody said a time.
USUAL_TIME: Final = "10:00"
PAST: Final = N_("Choose a day and time that is still to come.")
SHUT: Final = N_("Choose a time when the helpline is open: Monday to Friday, 8 to 5, no holidays.")


def promise(made: HelplineContact, day: str, time: str, at: int) -> HelplineContact:
    """Promise the call that a contact asks for, and write both down. An hour that was named takes its place.

    Raises Invalid.
    """
    moment = calendar.typed(day, time or USUAL_TIME)
    if moment <= at:
        raise Invalid({"call_time" if time else "call_day": PAST})
    if calendar.into_business_time(moment) != moment:
        raise Invalid({"call_time" if time else "call_day": SHUT})
    reference = new_reference()
    place = [slots.taken(moment, reference)] if time else []
    return promised_at(made, moment, at, *place, reference=reference)


def promised_at(
    made: HelplineContact, moment: int, at: int, *rows: Write, reference: str = ""
) -> HelplineContact:
    """Promise a call at an instant (UTC seconds), with further ``rows`` of the same transaction.

    Raises store.Refused when one of them says no.
    """
    reference = reference or new_reference()
    made = replace(made, became=reference)
    call = PromisedCall(
        reference=reference,
        purpose=CALL_BACK if made.disposition == CALLS_BACK else FOLLOW_UP,
        promised=moment,
        contact=Contact(name=made.name, phone=made.phone, email=made.email, by="phone"),
        county="" if made.county == NOT_SAID else made.county,
        language=made.language if made.language in ("en", "es") else "en",
        contact_key=made.key,
    )
    opened(call, made.by, at, contacts.told(made), [*contacts.rows(made), *rows])
    return made


def opened(
    call: PromisedCall, by: str, at: int, told: ContactPayload, rows: Sequence[Write]
) -> None:
    """Open the case of a promised call, as it is to be, with further ``rows`` of the same transaction.

    Raises store.Refused when one of them says no.
    """
    who, reference = call.contact, call.reference
    changes = CallChanges(
        purpose=call.purpose,
        promised=call.promised,
        contact=who,
        county=call.county,
        language=call.language,
        specialist=in_charge("specialist", call.county),
        contact_key=call.contact_key,
        about=call.about,
        submitted=at,
        status=PROMISED,
    )
    letters = [SendLetter(letter="helpline/promised", to=APPLICANT)] if who.email else []
    entry = Entry(
        event=CALL_PROMISED,
        at=at,
        actor=by,
        command=f"promise:{reference}",
        changes=changes,
        payload=told | {"promised": call.promised},
        effects=[StartRun(machine=NAME, stage=NAME, generation=1), *letters],
    )
    found = FoundBy(county=call.county, person=who.name, phone=who.phone, email=who.email)
    found_by = create(keys.found_by(reference), indexes.findable(reference, found, at))
    store.create(PromisedCall(reference=reference), entry, [found_by, *rows])
