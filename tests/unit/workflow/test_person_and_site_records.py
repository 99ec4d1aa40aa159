"""One record a person and a site: what joins them, what staff decide, and how they are counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.aws import dynamodb
from chalicelib.directory import contacts, same_records
from chalicelib.directory.contacts import Contact
from chalicelib.directory.same_records import APART, MOVED, SAME, UNDONE, Decision
from chalicelib.domain.calendar import typed
from chalicelib.domain.roles import EVERYWHERE, Scope
from chalicelib.workflow.lists import records
from chalicelib.workflow.lists.alike import EMAIL, LICENSE, NAME, PHONE, near, proposals
from chalicelib.workflow.lists.records import PERSON, SITE, Records
from chalicelib.workflow.lists.unduplicated import ALL, counted
from tests.world import World

NOW = typed("2026-10-20", "09:00")
ANA = Contact(
    "helpline", "c-1", NOW, "fresno", phone="559 555 0134", person="Ana Ruiz", program="Casa Azul"
)
MAILS = replace(ANA, service="open_door", id="s-1", email="ana@example.org", phone="")
_made: list[str] = []


@pytest.fixture(autouse=True)
def nothing_kept(table: object) -> None:
    records.forget()


def write(*found: Contact) -> Records:
    for one in found:
        dynamodb.transact(contacts.rows(one, NOW))
    return records.records()


def person(found: Records, key: str) -> str:
    return found.owner(PERSON, key)


def decide(act: str, one: str, other: str = "", at: int = NOW) -> Decision:
    _made.append(act)
    made = Decision(act, one, other, at, "staff:nina-north", "They said so.", f"p{len(_made)}")
    assert same_records.decide(made) and not same_records.decide(made), "one press, one decision"
    return made


@pytest.mark.promise("one-record")
def test_one_address_is_one_person_and_one_license_one_site_across_services() -> None:
    found = write(
        MAILS,
        replace(MAILS, service="community", id="g-1", email="ANA@example.org", license="101234567"),
        replace(ANA, id="c-2", license="101 234 567", program="Blue House"),
    )
    whole = found.record(PERSON, person(found, "open_door#s-1"))
    assert [one.key for one in whole] == ["community#g-1", "open_door#s-1"]
    site = found.record(SITE, found.owner(SITE, "community#g-1"))
    assert [one.key for one in site] == ["community#g-1", "helpline#c-2"]


@pytest.mark.promise("one-record")
def test_what_may_be_one_is_proposed_with_its_reasons_and_not_joined() -> None:
    found = write(ANA, replace(MAILS, phone="(559) 555-0134", person="Ana Ruíz"))
    (one,) = proposals(found, PERSON)
    assert one.reasons == (PHONE, NAME)
    other = replace(ANA, id="c-9", phone="559 555 0199", county="kern", program="")
    found = write(other, replace(other, id="c-8", phone="559 555 0188", person="Ruiz, Anna"))
    assert [one.reasons for one in proposals(found, PERSON)] == [(PHONE, NAME), (NAME,)]
    only = proposals(found, PERSON, person(found, "helpline#c-9"))
    assert [one.reasons for one in only] == [(NAME,)]


@pytest.mark.promise("one-record")
def test_sites_are_proposed_by_address_license_and_name() -> None:
    licensed = replace(ANA, id="c-2", license="101234567", program="Casa Azúl")
    found = write(replace(ANA, email="a@example.org"), replace(licensed, email="a@example.org"))
    (one,) = proposals(found, SITE)
    assert set(one.reasons) == {EMAIL, PHONE, NAME} and LICENSE not in one.reasons
    assert near("Ana Maria Lopez", "Lopez Ana María") and not near("Ana Ruiz", "Eva Cruz")


@pytest.mark.promise("one-record")
def test_staff_join_part_and_move_and_each_decision_can_be_undone() -> None:
    found = write(ANA, replace(MAILS, phone=ANA.phone), replace(ANA, id="c-2"))
    calls, mails = person(found, "helpline#c-1"), person(found, "open_door#s-1")
    assert calls != mails and len(found.record(PERSON, calls)) == 2
    joined = decide(SAME, calls, mails)
    found = records.records()
    assert len(found.record(PERSON, calls)) == len(found.record(PERSON, mails)) == 3
    assert proposals(found, PERSON) == []
    own = contacts.hashed("moved|helpline#c-2")
    moved = decide(MOVED, "person|helpline#c-2", own)
    found = records.records()
    assert [one.key for one in found.record(PERSON, own)] == ["helpline#c-2"]
    assert len(found.record(PERSON, calls)) == 2
    decide(UNDONE, moved.id)
    decide(UNDONE, joined.id)
    found = records.records()
    assert len(found.record(PERSON, calls)) == 2 and len(found.record(PERSON, mails)) == 1
    decide(APART, calls, mails)
    assert proposals(records.records(), PERSON) == []
    assert [one.by for one in same_records.decisions()] == ["staff:nina-north"] * 5


@pytest.mark.promise("counted-once")
def test_a_person_and_a_site_count_once_a_year_whatever_met_them() -> None:
    found = write(
        MAILS,
        replace(MAILS, service="community", id="g-1"),
        replace(MAILS, id="s-2", given=False, email="bea@example.org", program=""),
        replace(MAILS, id="s-3", at=typed("2025-12-31", "23:30"), email="eva@example.org"),
        replace(ANA, id="c-5", county="kern"),
    )
    counts = counted(found, {}, 2026, EVERYWHERE)
    assert {name: (one.contacts, len(one.people)) for name, one in counts.items()} == {
        "open_door": (1, 1), "community": (1, 1), "helpline": (1, 1), ALL: (3, 2),
    }  # fmt: skip
    assert len(counts[ALL].sites) == 2, "one name in two counties is two sites"
    assert len(counted(found, {}, 2025, EVERYWHERE)[ALL].people) == 1
    assert len(counted(found, {}, 2026, Scope.of(["kern"]))[ALL].people) == 1


@pytest.mark.promise("counted-once")
def test_what_staff_join_counts_as_one_also_before_and_an_earlier_count_is_found_again() -> None:
    found = write(ANA, replace(MAILS, phone=ANA.phone))
    assert len(counted(found, {}, 2026, EVERYWHERE)[ALL].people) == 2
    decide(SAME, person(found, "helpline#c-1"), person(found, "open_door#s-1"), at=NOW + 60)
    assert len(counted(records.records(), {}, 2026, EVERYWHERE)[ALL].people) == 1
    before = records.records(until=NOW)
    assert len(counted(before, {}, 2026, EVERYWHERE)[ALL].people) == 2


@pytest.mark.promise("counted-once")
def test_a_request_counts_from_the_day_it_was_sent_with_whoever_called_before(world: World) -> None:
    reference = world.submit(contact_email="ana@example.org", site_name="Casa Azul")
    found = write(MAILS)
    assert len(found.record(PERSON, person(found, "open_door#s-1"))) == 2
    counts = counted(found, {reference: NOW}, 2026, EVERYWHERE)
    assert (counts[ALL].contacts, len(counts[ALL].people)) == (2, 1)


@pytest.mark.promise("one-record")
def test_whoever_is_erased_leaves_the_record(world: World) -> None:
    found = write(MAILS)
    one = person(found, "open_door#s-1")
    gone = replace(MAILS, email="", phone="", license="")
    dynamodb.transact(contacts.rows(gone, NOW + 1, MAILS))
    found = records.records()
    assert "open_door#s-1" not in found.lines and not list(found.ids(PERSON))
    assert found.fitting("casa azul") == [] and one not in found.of[PERSON][one]
