"""Contacts of every service are found again by license number, phone and email, and no key tells whose."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.aws import dynamodb, secrets
from chalicelib.directory import contacts
from chalicelib.directory.contacts import Contact
from tests.conftest import ENVIRONMENT, LINK_KEYS
from tests.faults.fake_table import Rows
from tests.faults.fault_injector import FaultInjector

pytestmark = pytest.mark.promise("contacts-found")
NOW = 1_792_512_000
CALL = Contact(
    "helpline",
    "c-1",
    NOW,
    "fresno",
    license="101 234 567",
    phone="(559) 555-0134",
    email="Ana@Example.org",
    person="Ana",
    program="Casa Azul",
)
NOTHING = dict.fromkeys(("license", "phone", "email"), "")


def write(contact: Contact, before: Contact | None = None) -> None:
    dynamodb.transact(contacts.rows(contact, NOW, before))


def ids(**by: str) -> list[str]:
    return [one.id for one in contacts.found(**by)]


def test_a_contact_is_found_by_each_of_its_addresses_however_it_is_written(table: Rows) -> None:
    write(CALL)
    assert ids(license="101234567") == ids(phone="559.555.0134 x2") == ["c-1"]
    (met,) = contacts.found(email=" ana@example.ORG", phone="5595550134")
    assert (met.service, met.at, met.county, met.given) == ("helpline", NOW, "fresno", True)
    assert ids(phone="559 555 0135") == ids(email="bea@example.org") == ids() == []
    assert contacts.of("helpline", "c-1") == CALL


def test_services_meet_under_one_address_the_newest_first(table: Rows) -> None:
    write(CALL)
    write(Contact("open_door", "s-1.4", NOW + 60, "kern", email="ana@example.org", given=False))
    found = contacts.found(email="ana@example.org", phone="559 555 0134")
    assert [(one.service, one.given) for one in found] == [("open_door", False), ("helpline", True)]


def test_who_gave_no_address_leaves_nothing(table: Rows) -> None:
    anonymous = replace(CALL, **NOTHING)
    assert contacts.rows(anonymous, NOW) == []
    assert contacts.rows(replace(anonymous, phone="my sister's"), NOW) == []


def test_no_key_holds_what_it_was_made_of_and_each_deployment_makes_others(
    aws: FaultInjector, table: Rows
) -> None:
    write(CALL)
    told = " ".join(str(one.key) for one in contacts.rows(CALL, NOW)).casefold()
    assert not [one for one in ("101234567", "5595550134", "ana", "azul") if one in told]
    aws.secrets[ENVIRONMENT["LINK_KEYS_SECRET"]] = json.dumps({"current": "a", "a": "11" * 32})
    secrets.forget_keys()
    assert ids(phone="5595550134") == []


def test_people_are_still_found_when_the_keys_of_links_are_rotated(
    aws: FaultInjector, table: Rows
) -> None:
    write(CALL)
    after = {"current": "b", "b": "7c" * 32, "contacts": LINK_KEYS["a"]}
    aws.secrets[ENVIRONMENT["LINK_KEYS_SECRET"]] = json.dumps(after)
    secrets.forget_keys()
    assert ids(phone="5595550134") == ["c-1"]
    assert secrets.link_keys() == ("b", {"b": b"7c" * 32}), "it signs no link"


def test_a_corrected_address_is_found_and_the_old_one_no_more(table: Rows) -> None:
    write(CALL)
    moved = replace(CALL, phone="559 555 0199", license="")
    write(moved, CALL)
    assert ids(phone="5595550199") == ids(email="ana@example.org") == ["c-1"]
    assert ids(phone="5595550134") == ids(license="101234567") == []
    write(replace(moved, phone="", email=""), moved)
    assert ids(phone="5595550199") == [] and contacts.of("helpline", "c-1") is None


def test_whoever_is_erased_is_in_no_list_anymore(table: Rows) -> None:
    write(CALL)
    write(replace(CALL, id="c-2"))
    dynamodb.transact(contacts.rows(replace(CALL, **NOTHING), NOW + 5, CALL))
    assert ids(email="ana@example.org", license="101234567") == ["c-2"]
    listed = {one.key: one.contact for one in contacts.every(NOW - 600)}
    assert listed["helpline#c-1"] is None and listed["helpline#c-2"] is not None
    gone = [
        row
        for row in table.scan()["Items"]
        if row["pk"].endswith("c-1") or row["sk"].endswith("c-1")
    ]
    assert gone and not [row for row in gone if "found_by" in row or "expires_at" not in row]
