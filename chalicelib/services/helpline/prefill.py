"""What a contact brings into a request: every answer that the request asks for too, and who gave it."""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.services.helpline import contacts
from chalicelib.services.helpline.contacts import NOT_SAID, HelplineContact
from chalicelib.services.helpline.events import CONTACT_LOGGED, REQUEST_OPENED, ContactPayload
from chalicelib.services.helpline.model import TALKED, PromisedCall
from chalicelib.web.forms import Values
from chalicelib.web.staff_auth import current_staff
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

# Field of the request -> field of the contact.
SAME: Final = {
    "county": "county",
    "setting": "setting",
    "requester_role": "role",
    "language": "language",
    "contact_name": "name",
    "contact_phone": "phone",
    "contact_email": "email",
}


def answers(key: str) -> Values:
    """The answers of a contact as the request form knows them. Raises NotFound, also for one that somebody
    else wrote down and that lies in no county of the reader's."""
    found, reader = contacts.find(key), current_staff()
    near = reader.scope.covers("" if found.county == NOT_SAID else found.county)
    if not near and found.by != reader.actor:
        raise NotFound(key)
    known: Values = {
        name: value
        for name, field in SAME.items()
        if (value := getattr(found, field)) not in ("", NOT_SAID)
    }
    concerns = [topic for topic in found.topics if topic in vocabulary.CONCERNS]
    return known | {
        "came_by": "in_person" if found.channel == "in_person" else "phone",
        "concerns": concerns,
        "letters_language": "es" if found.language == "es" else "en",
    }


def request_opened(key: str, reference: str, actor: str) -> None:
    """Say on all sides what came of it: the contact, the request's timeline, and the promised call, which
    ends where it was still open."""
    found, at = contacts.find(key), now()
    call = _promised_call(found)
    dynamodb.write(contacts.became(key, reference))

    def on_request(state: Case) -> Command:
        entry = Entry(
            event=CONTACT_LOGGED,
            at=at,
            actor=actor,
            command=f"contact:{key}",
            payload=contacts.told(found),
        )
        return entry, ()

    store.change(reference, on_request)
    if call is not None:
        store.change(call.reference, lambda state: ended(state, reference, actor, at), call)


def _promised_call(found: HelplineContact) -> PromisedCall | None:
    """The promised call that a contact belongs to, whether it was promised or made there."""
    for reference in (found.case, found.became):
        if not reference:
            continue
        try:
            state = store.load(reference, consistent=True)
        except NotFound:
            continue
        if isinstance(state, PromisedCall):
            return state
    return None


def ended(state: PromisedCall, request: str, actor: str, at: int) -> Command:
    """The promised call's entry: what was opened; it ends the call where that was still open."""
    told = ContactPayload(to=request)
    command = f"request:{request}"
    if not state.open:
        return Entry(event=REQUEST_OPENED, at=at, actor=actor, command=command, payload=told), ()
    changes, effects, rows = ending(
        state, status=TALKED, closure="converted_to_request", at=at, tell="withdrawn"
    )
    entry = Entry(
        event=REQUEST_OPENED,
        at=at,
        actor=actor,
        command=command,
        changes=changes,
        payload=told,
        effects=effects,
    )
    return entry, rows
