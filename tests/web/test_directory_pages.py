"""Consultants and local programs are entered in the console: one by one, from a table, from a directory."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import cast

import pytest
from chalice.test import Client

from chalicelib.directory import people, programs
from chalicelib.domain.calendar import local
from chalicelib.entries import consultant_form
from chalicelib.referral.matching.constraints import free
from chalicelib.referral.matching.match_request import Consultant
from infra import seed_data
from tests import episode
from tests.cohorts import endorsed
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.web.test_staff_pages import done
from tests.world import World

pytestmark = pytest.mark.promise("people-managed-in-the-console")


@pytest.fixture
def cora(world: World, client: Client) -> Browser:
    people.forget()
    return signed_in(world, client, "coordinator")


@pytest.fixture
def sam(world: World, client: Client) -> Browser:
    people.forget()
    return signed_in(world, client, "supervisor")


def new(world: World, **more: str | list[str]) -> dict[str, str | list[str]]:
    until = (local(world.at) + timedelta(days=300)).date().isoformat()
    usual: dict[str, str | list[str]] = {
        "name": "Inés Núñez", "email": "ines@example.org", "phone": "", "letters_language": "es",
        "agreement_until": until, "cap": "3", "languages": ["en", "es"], "modalities": ["virtual", "onsite"],
        "counties": ["fresno"], "travel_minutes": "60", "travels_in_region": "no", "settings": ["ffn", "fcch_small"],
        "age_bands": ["infant"], "concerns": ["trauma_grief"], "emergency_trained": "no", "emergency_roster": "no",
        "trainee": "no",
    }  # fmt: skip
    return usual | more


def by_email(email: str) -> people.Person:
    people.forget()
    return next((row for row in people.consultants() if row["email"] == email), people.Person())


def test_a_consultant_is_entered_and_gets_offers(world: World, cora: Browser) -> None:
    page = done(cora, "/console/consultants/new", **new(world))
    row = by_email("ines@example.org")
    assert page.path == f"/console/consultants/{row['id']}" and "nez" not in row["id"]
    assert free(Consultant.read(row), world.at)


def test_a_trainee_without_a_facilitator_is_asked_for_one(world: World, cora: Browser) -> None:
    cora.get("/console/consultants/new")
    page = press(cora, "/console/consultants/new", **new(world, trainee="yes"))
    assert page.status == 422 and page.errors == ["facilitator"]
    endorsed(world, "consultant:alma-reyes")
    done(cora, "/console/consultants/new", **new(world, trainee="yes", facilitator="alma-reyes"))
    who = Consultant.read(by_email("ines@example.org"))
    assert who.trainee and who.facilitator == "alma-reyes"


def test_who_may_guide_is_offered_and_who_does_stays(world: World) -> None:
    def guides(*had: str) -> set[str]:
        fields = {one.name: one for one in consultant_form.asked(*had).fields}
        return {str(one[0]) for one in fields["facilitator"].options}

    endorsed(world, "consultant:alma-reyes")
    assert "alma-reyes" in guides() and "dana-kim" not in guides()
    assert "dana-kim" in guides("dana-kim"), "who guides them now stays to be seen"


def test_a_change_says_what_it_does_to_the_work_they_have(world: World, cora: Browser) -> None:
    reference = episode.in_service(world)
    key = world.state(reference).consultant
    path = f"/console/consultants/{key}/details"
    page = cora.get(path)
    assert page.status == 200
    row = people.consultant_now(key)
    known = consultant_form.values_of(row)
    fields = {
        name: value if isinstance(value, list) else str(value or "")
        for name, value in known.items()
    }
    page = press(cora, path, **fields | {"cap": "1", "counties": ["san_diego"]})
    assert "get no new offer until they have less than 1" in page.text
    assert "Their 1 open consultations there go on" in page.text
    page = press(
        cora, path, **fields | {"cap": "1", "counties": ["san_diego"], "seen": page.hidden["seen"]}
    )
    changed = people.consultant_now(key)
    assert (changed["cap"], changed["counties"], changed["held"]) == (1, ["san_diego"], [reference])


def test_what_a_form_says_of_a_row_is_the_row(world: World) -> None:
    """Nothing of the demo's consultants is lost or changed by opening their form and sending it."""
    rows = [cast(people.Person, {**row, "held": []}) for row in seed_data.consultants()]
    for row in rows:
        values = consultant_form.values_of(row)
        asked = consultant_form.asked().asked(values)
        again = consultant_form.row_of({one.name: values.get(one.name) for one in asked})
        assert consultant_form.changed(row, again) == {}, row["id"]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("language=ko", {"dana-kim"}),
        ("language=es&county=ventura", {"alma-reyes"}),
        ("stands=trainee", {"yesenia-mora"}),
        ("stands=ends", set()),
        ("stands=nonsense", set()),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(
    cora: Browser, query: str, holds: set[str]
) -> None:
    page = cora.get(f"/console/consultants?{query}")
    shown = {
        row["id"]
        for row in people.consultants()
        if f"/console/consultants/{row['id']}" in page.body
    }
    assert shown == holds


def test_the_list_counts_offers_and_what_came_of_them(world: World, cora: Browser) -> None:
    reference = episode.offered(world)
    who = world.state(reference).consultant
    episode.post(world, reference, decision="decline", decline_reason="no_time")
    row = people.consultant_now(who)
    assert (row["offers"], row["declines"], row.get("silences", 0)) == (1, 1, 0)
    assert "1 / 1 / 0" in cora.get("/console/consultants").text


# -- a table ------------------------------------------------------------------------------------------
def table(*rows: dict[str, str | list[str]]) -> str:
    text = io.StringIO()
    made = csv.DictWriter(text, list(rows[0]))
    made.writeheader()
    made.writerows(
        [{k: ";".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows]
    )
    return text.getvalue()


def test_a_table_is_looked_at_row_by_row_before_it_is_written(world: World, sam: Browser) -> None:
    good, bad = new(world), new(world, email="bad@example.org", counties=["atlantis"], cap="many")
    twice = new(world, name="Same address")
    pasted = table(good, bad, twice)
    sam.get("/console/consultants/import")
    page = press(sam, "/console/consultants/import", table=pasted)
    assert "Row 2, ines@example.org: a new consultant." in page.text
    assert "Row 3" in page.text and "counties:" in page.text and "cap:" in page.text
    assert "Row 4, ines@example.org: refused." in page.text and "twice" in page.text
    assert not by_email("ines@example.org")
    press(sam, "/console/consultants/import", table=pasted, seen=page.hidden["seen"])
    assert by_email("ines@example.org")["name"] == "Inés Núñez" and not by_email("bad@example.org")
    changed = table(new(world, cap="9"))
    page = done(sam, "/console/consultants/import", table=changed)
    assert by_email("ines@example.org")["cap"] == 9
    sam.get("/console/consultants/import")
    assert "nothing changes" in press(sam, "/console/consultants/import", table=changed).text


def test_a_column_that_is_left_out_changes_nothing(world: World, sam: Browser) -> None:
    """Who is in training, who guides whom, who is endorsed, who leads them, and their ties stay."""
    kept = {
        "supervisor": "sam-lead", "phone": "555-555-0123", "conflicts": ["Demo Casita"],
        "trainee": True, "facilitator": "alma-reyes", "emergency_trained": True,
    }  # fmt: skip
    endorsed(world, "consultant:alma-reyes")
    key = str(by_email("yesenia-mora@example.org")["id"])
    people.set_fields(key, kept)
    few = new(world, email="yesenia-mora@example.org", name="Yesenia Mora", cap="1")
    for name in ("phone", "travels_in_region", "emergency_trained", "emergency_roster", "trainee"):
        del few[name]
    done(sam, "/console/consultants/import", table=table(few))
    row = {**by_email("yesenia-mora@example.org")}
    assert row["counties"] == ["fresno"] and {name: row.get(name) for name in kept} == kept
    done(sam, "/console/consultants/import", table=table(few | {"phone": "", "trainee": "no"}))
    row = {**by_email("yesenia-mora@example.org")}
    assert not row.get("phone") and not row.get("trainee"), "an empty cell takes away"


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("name,email", "columns are missing"),
        ("hello", "columns are missing"),
        ("", "answer this question"),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(sam: Browser, pasted: str, says: str) -> None:
    sam.get("/console/consultants/import")
    page = press(sam, "/console/consultants/import", table=pasted)
    assert page.status == 422 and page.errors == ["table"] and says in page.text


# -- local programs -----------------------------------------------------------------------------------
SERVICE = {
    "id": "e3b0c442",
    "name": "Valley early childhood consultation",
    "status": "active",
    "organization": {"id": "1", "name": "Valley Families"},
    "phones": [{"number": "555-555-0199"}],
    "service_areas": [{"name": "Fresno County"}, {"name": "Madera"}],
}


def paste(browser: Browser, *services: object) -> Page:
    browser.get("/console/programs")
    return press(browser, "/console/programs", services=json.dumps({"contents": services}))


def test_services_of_a_directory_become_local_programs(sam: Browser) -> None:
    strange = [
        {**SERVICE, "id": "2", "status": "resting"},
        {**SERVICE, "id": "3", "service_areas": []},
        7,
        {"id": 1},
    ]
    page = paste(sam, SERVICE, *strange)
    assert "Service 1, Valley early childhood consultation: a new program." in page.text
    for number in range(2, 6):
        assert f"Service {number}" in page.text
    assert page.text.count("refused") == 4 and not programs.serves("fresno")
    text = json.dumps({"contents": [SERVICE, *strange]})
    press(sam, "/console/programs", services=text, seen=page.hidden["seen"])
    assert programs.serves("fresno") and programs.serves("madera") and not programs.serves("kern")
    assert "555-555-0199" in sam.get("/console/programs").text
    closed = {**SERVICE, "status": "temporarily closed"}
    page = paste(sam, closed)
    press(
        sam,
        "/console/programs",
        services=json.dumps({"contents": [closed]}),
        seen=page.hidden["seen"],
    )
    assert not programs.serves("fresno")


def test_an_id_that_stands_there_twice_is_named(sam: Browser) -> None:
    page = paste(sam, SERVICE, {**SERVICE, "name": "Another name"}, {**SERVICE, "id": ""})
    assert "Service 2, Another name: refused. Its id stands in the list twice." in page.text
    assert "Service 3" in page.text and "It has no id" in page.text


def test_half_a_character_is_no_harm(sam: Browser) -> None:
    sam.get("/console/programs")
    text = json.dumps([SERVICE]).replace("Valley early", "Valley\\ud800 early")
    page = press(sam, "/console/programs", services=text)
    assert page.status == 200 and "Valley? early" in page.text


@pytest.mark.parametrize(
    "pasted", ["no json", "[]", "{}", "3", '"x"', "null", "[[]]", "[" * 20_000]
)
def test_what_is_no_directory_is_refused_without_harm(sam: Browser, pasted: str) -> None:
    sam.get("/console/programs")
    page = press(sam, "/console/programs", services=pasted)
    assert page.status in (200, 422) and ("refused" in page.text or page.errors == ["services"])
