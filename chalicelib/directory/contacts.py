"""Every contact of a service with somebody: a call, a session, a seat in a group, and when.

A contact is found again by the license number of its site, and by the phone number and the email address
of its person. No key holds any of them: it holds what they become under a key of this deployment. What
the person and the site are called stands in one row, from which the console's record is made. Who gave
none of the three stays anonymous: nothing is written.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.secrets import contacts_key
from chalicelib.aws.writes import Key, Write, field, put
from chalicelib.domain import addresses, vocabulary
from chalicelib.domain.ids import typeable

ROW: Final = "CONTACT"
# The board's partition of all contacts, in the order in which they were written.
LISTED: Final = "contacts"
LENGTH: Final = 24
_TWO_DAYS: Final = 2 * 86400


@dataclass(frozen=True, slots=True)
class Contact:
    """``service``: an id of ``vocabulary.SERVICES``; ``id``: what the service calls it (``[A-Za-z0-9_.-]``);
    ``at``: when it is, UTC seconds; ``given``: support that they had, not only asked for: a sign-up is
    none until they came."""

    service: str
    id: str
    at: int
    county: str = ""
    license: str = ""
    phone: str = ""
    email: str = ""
    person: str = ""
    program: str = ""
    city: str = ""
    given: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A contact as a key finds it; ``by``: license, phone or email."""

    service: str
    id: str
    at: int
    county: str
    given: bool
    by: str


@dataclass(frozen=True, slots=True)
class Written:
    """A contact as the list of all has it: ``at``: when it was written; ``key``: ``service#id``; None for
    one that is gone."""

    at: int
    key: str
    contact: Contact | None


def rows(contact: Contact, now: int, before: Contact | None = None) -> list[Write]:
    """What a service writes beside its own row, in the same transaction: none for who is anonymous.

    Written again, a row is the same. ``before``: the contact as it was written until now, where it has
    another number or address since; without any, as of whoever is erased, it is in no record anymore.
    Raises TryAgain.
    """
    if contact.service not in vocabulary.SERVICES:
        raise ValueError(contact.service)
    keys = set(_keys(contact).values())
    gone = (set(_keys(before).values()) if before else set()) - keys
    made: list[Write] = [put(Key(pk, _sk(contact)), _found(contact)) for pk in sorted(keys)]
    if keys:
        made.append(put(_own(contact), _row(contact, now)))
    elif gone:
        gone.add(_own(contact).pk)
    return [*made, *_emptied(contact, gone, now)]


def found(*, license: str = "", phone: str = "", email: str = "") -> list[Found]:
    """The contacts of a site or a person, the newest first. Raises TryAgain."""
    seen: dict[tuple[str, str], Found] = {}
    for by, pk in keys_of(license, phone, email).items():
        for row in dynamodb.each(pk):
            service, _, key = str(row["sk"]).partition("#")
            if not row.get("gone"):
                told = Found(
                    service, key, int(row["at"]), str(row["county"]), bool(row["given"]), by
                )
                seen.setdefault((service, key), told)
    return sorted(seen.values(), key=lambda one: (-one.at, one.service, one.id))


def of(service: str, key: str) -> Contact | None:
    """A contact as it was written; None for an anonymous one."""
    row = dynamodb.get(Key(f"{ROW}#{service}#{key}", ROW), consistent=True)
    return None if row is None or row.get("gone") else _contact_of(str(row["found_by"]))


def every(written_since: int = 0) -> Iterator[Written]:
    """Every contact that was written since, in the order of writing. An index may be late."""
    order = field(dynamodb.BOARD.order).at_least(f"{written_since:011d}")
    for row in dynamodb.each(LISTED, order, index=dynamodb.BOARD):
        written, _, key = str(row[dynamodb.BOARD.order]).partition("#")
        text = str(row.get("found_by", ""))
        yield Written(int(written), key, _contact_of(text) if text else None)


def keys_of(license: str = "", phone: str = "", email: str = "") -> dict[str, str]:
    """By what a site or a person is found -> the partition of their contacts."""
    number = addresses.phone(phone) if phone else None
    plain = {
        "license": "".join(filter(str.isalnum, typeable(license))).casefold(),
        "phone": number.national if number else "",
        "email": email.strip().casefold(),
    }
    return {by: f"MET#{hashed(f'{by}|{text}')}" for by, text in plain.items() if text}


def hashed(text: str) -> str:
    """What a text becomes in a key; only this deployment can make it."""
    return hmac.new(contacts_key(), text.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def _contact_of(text: str) -> Contact:
    told = json.loads(text)
    return Contact(**{one.name: told[one.name] for one in fields(Contact) if one.name in told})


def _keys(contact: Contact) -> dict[str, str]:
    return keys_of(contact.license, contact.phone, contact.email)


def _sk(contact: Contact) -> str:
    return f"{contact.service}#{contact.id}"


def _own(contact: Contact) -> Key:
    return Key(f"{ROW}#{_sk(contact)}", ROW)


def _found(contact: Contact) -> Item:
    return {"at": contact.at, "county": contact.county, "given": contact.given}


def _row(contact: Contact, now: int) -> Item:
    told = {name: value for name, value in asdict(contact).items() if value != ""}
    return _listed(contact, now) | {"found_by": json.dumps(told, ensure_ascii=False)}


def _listed(contact: Contact, now: int) -> Item:
    return {dynamodb.BOARD.partition: LISTED, dynamodb.BOARD.order: f"{now:011d}#{_sk(contact)}"}


def _emptied(contact: Contact, partitions: set[str], now: int) -> list[Write]:
    """Rows that say nothing anymore and go by themselves: not every role may delete one."""
    row, own = {"gone": True, "expires_at": now + _TWO_DAYS}, _own(contact)
    return [
        put(own, row | _listed(contact, now)) if pk == own.pk else put(Key(pk, _sk(contact)), row)
        for pk in sorted(partitions)
    ]
