"""The log of contacts: a row each, by the Pacific day, and what is kept of one.

Nobody has to say who they are. Name, phone number and email address stand in a row only where somebody
gave them, so that a contact that was anonymous stays so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final, cast

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.log import logger
from chalicelib.aws.writes import Key, Write, create, update
from chalicelib.directory import contacts as directory
from chalicelib.directory.contacts import Contact
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.services.helpline.events import ContactPayload
from chalicelib.services.helpline.words import CONTACT_TOPICS, NOBODY_SPOKE
from chalicelib.web.languages import N_, translator
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import store

CALLED: Final = N_("A contact with the helpline")
_ID: Final = re.compile(r"([0-9]{10,11})-([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class HelplineContact:
    """One contact. ``at``: UTC seconds; ``by``: the actor who wrote it down. Most fields are ids of
    ``services/helpline/words.py``. ``case``: the reference of what it was about; ``became``: of what came of it.
    ``role_of_staff``: of who went through the steps of ``protocol``. ``follow_up``: the promised day (ISO).
    """

    at: int
    id: str
    by: str = ""
    county: str = ""
    language: str = "en"
    role: str = ""
    setting: str = ""
    topics: tuple[str, ...] = ()
    disposition: str = ""
    channel: str = "phone"
    interpreter: str = ""
    repeat: str = "not_asked"
    hand_over_to: str = ""
    unmet: tuple[str, ...] = ()
    unmet_note: str = ""
    follow_up: str = ""
    protocol: str = ""
    protocol_done: str = ""
    role_of_staff: str = ""
    resources: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    case: str = ""
    became: str = ""

    @property
    def key(self) -> str:
        """What its address names it by."""
        return f"{self.at}-{self.id}"


def id_of(press: str) -> str:
    """The id of the contact that a press writes down: the same for the same press."""
    return hashlib.sha256(press.encode()).hexdigest()[:16]


def written(one: HelplineContact) -> Write:
    """Its row, which must not be there yet."""
    return create(_row(one.at, one.id), {k: v for k, v in asdict(one).items() if v not in ("", ())})


def rows(one: HelplineContact) -> list[Write]:
    """Its row, and those by which the record of its person has it: none of these for who is anonymous."""
    county = "" if one.county == NOT_SAID else one.county
    met = Contact(
        "helpline",
        one.key,
        one.at,
        county,
        phone=one.phone,
        email=one.email,
        person=one.name,
        given=one.disposition not in NOBODY_SPOKE,
    )
    return [written(one), *directory.rows(met, one.at)]


def write(one: HelplineContact) -> None:
    """Write it down; nothing where this very press did so before."""
    try:
        dynamodb.transact(rows(one))
    except ConditionFailed:
        logger().info("contact was there already", extra={"contact": one.key})


def tell(keys: Sequence[str], lang: str) -> dict[str, tuple[str, str]]:
    """What contacts were about and what came of them, for the record of a person; and their pages."""
    _ = translator(lang)
    topics = {**vocabulary.CONCERNS, **CONTACT_TOPICS}
    said: dict[str, tuple[str, str]] = {}
    for key in keys:
        try:
            one = find(key)
        except NotFound:  # taken out since
            continue
        labels = [topics.get(topic, "") for topic in one.topics]
        labels.append(vocabulary.DISPOSITIONS.get(one.disposition, ""))
        words = "; ".join(_(label) for label in labels if label)
        said[key] = (words, f"/console/helpline/contacts/{key}")
    return said


def typed_about(state: Case) -> list[tuple[Key, str]]:
    """The rows of the calls of the person of a case, and of those that its log tells of."""
    met = directory.found(email=state.contact.email, phone=state.contact.phone)
    keys = [one.id for one in met if one.service == "helpline"]
    keys += [str(entry.payload.get("contact", "")) for entry in store.log(state)]
    found = (_ID.fullmatch(key) for key in dict.fromkeys(keys))
    return [(_row(int(one[1]), one[2]), CALLED) for one in found if one]


def told(one: HelplineContact) -> ContactPayload:
    """What an entry on a case says of it; not who they are."""
    said = ContactPayload(contact=one.key, channel=one.channel, spoken=one.language)
    if one.topics:
        said["topics"] = list(one.topics)
    if one.unmet:
        said["unmet"] = list(one.unmet)
    named: ContactPayload = {
        "interpreter": one.interpreter,
        "repeat": one.repeat,
        "disposition": one.disposition,
        "hand_over_to": one.hand_over_to,
        "unmet_note": one.unmet_note,
        "protocol": one.protocol,
        "completed": one.protocol_done,
    }
    return cast("ContactPayload", {**said, **{k: v for k, v in named.items() if v}})


def find(key: str) -> HelplineContact:
    """The contact of that key, as it stands this moment. Raises NotFound."""
    match = _ID.fullmatch(key)
    row = dynamodb.get(_row(int(match[1]), match[2]), consistent=True) if match else None
    if row is None:
        raise NotFound(key)
    return _of(row)


def counties_of(key: str) -> list[str]:
    """The county of one; its caller's. Raises NotFound."""
    found = find(key).county
    return ["" if found == NOT_SAID else found]


NOT_SAID: Final = "not_said"


def became(key: str, reference: str) -> Write:
    """Note in its row what came of it."""
    one = find(key)
    return update(_row(one.at, one.id)).set(became=reference)


def of_day(day: date) -> list[HelplineContact]:
    """Those of a Pacific day, the oldest first."""
    return [_of(row) for row in dynamodb.query(_day(day))]


def of_press(press: str, at: int) -> HelplineContact | None:
    """The contact that a press wrote down on the Pacific day of ``at``, or on the day before."""
    today = pacific_date(at)
    days = (today, today - timedelta(days=1))
    return next((one for day in days for one in of_day(day) if one.id == id_of(press)), None)


def newest(found: Iterable[HelplineContact]) -> list[HelplineContact]:
    """The same, the newest first."""
    return sorted(found, key=lambda one: one.at, reverse=True)


def _of(row: Mapping[str, object]) -> HelplineContact:
    known = known_fields(HelplineContact, row)
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return HelplineContact(**(known | lists))


def _day(day: date) -> str:
    return f"HELPLINE#{day.isoformat()}"


def _row(at: int, id_: str) -> Key:
    return Key(_day(pacific_date(at)), f"{at:011d}#{id_}")
