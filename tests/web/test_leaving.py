"""Somebody leaves: what they lead, guide or have a place in goes to others in one press, and nothing is forgotten."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import rooms
from chalicelib.console.people import things_page
from chalicelib.directory import people
from chalicelib.domain.roles import ROLES
from chalicelib.meetings import hosts
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities import groups
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import of_cohort
from chalicelib.workflow import registry
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage.keys import LOG
from tests.call_ups.script import sent
from tests.call_ups.test_call_up import says
from tests.cohorts import endorsed, entered_cohort
from tests.communities.script import met_once, season
from tests.meetings import entered
from tests.source import LIB, MODULES, nodes
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.taskpages import rows
from tests.web.test_staff_pages import done
from tests.workflow.lifecycle import LifecycleHarness

pytestmark = pytest.mark.promise("nothing-left-behind")
ALMA, BEN = "consultant:alma-reyes", "consultant:ben-okafor"
THINGS, AWAY = "/console/consultants/alma-reyes/things", "/console/consultants/alma-reyes"
# How a row says that somebody is in charge of something.
PARTIES = {
    "facilitator",
    "facilitators",
    "host",
    "supervisor",
    "supervisors",
    "reviewer",
    "reviewers",
}
# What took place stays with who did it.
PAST = {"training.supervision.rows:Meeting.facilitator"}
# What only carries such a field from a form to its row, or is a change of it.
CARRIERS = re.compile("Changes$|Payload$|Whose$")


def holdings() -> list[Any]:
    return list(registry.held_by().values())


def test_each_type_of_case_that_asks_consultants_is_handed_over_by_somebody() -> None:
    known = frozenset().union(*(one.case_types for one in holdings()))
    for name in registry.kinds():
        kind = kind_of(name)
        types = [
            one for one in registry.case_types() if kind.stage in registry.case_type(one).stages
        ]
        if kind.role == "consultant":
            assert known.issuperset(types), (
                f"{name}: what becomes of it when its consultant leaves?"
            )


def test_each_role_of_a_task_is_of_who_applied_or_is_handed_over_by_somebody() -> None:
    applied = {registry.case_type(one).applicant for one in registry.case_types()}
    known = applied.union({"system", "consultant"}, ROLES, *(one.roles for one in holdings()))
    assert any(one.own_way and one.what == "Open tasks" for one in holdings()), "those of staff"
    assert {kind_of(name).role for name in registry.kinds()} <= known


def test_each_row_that_names_who_leads_or_guides_is_handed_over_by_somebody() -> None:
    known = frozenset().union(*(one.fields for one in holdings()))
    found = set()
    for file in MODULES:
        module = ".".join(file.relative_to(LIB).with_suffix("").parts)
        for one in nodes(file):
            if isinstance(one, ast.ClassDef) and not CARRIERS.search(one.name):
                names = {
                    n.target.id
                    for n in one.body
                    if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
                }
                found |= {f"{module}:{one.name}.{name}" for name in names & PARTIES}
    assert found - PAST == known and found >= PAST, found ^ known


@pytest.mark.parametrize("room", list(rooms.MEETINGS))
def test_a_meeting_of_any_room_is_among_what_its_host_hands_over(
    harness: LifecycleHarness, room: str
) -> None:
    if room == "community_groups":
        season(harness.world)
        (one,) = met_once(harness.world)
        wanted = [one.group]
    else:
        one = entered(harness.world, room=room)
        wanted = [led(harness, one, ALMA).id]
    keys = [
        thing.key for _, things in registry.still_held(ALMA, harness.world.at) for thing in things
    ]
    assert set(wanted) <= set(keys)


def led(harness: LifecycleHarness, one: Meeting, host: str) -> Meeting:
    from dataclasses import replace

    from chalicelib.meetings import changing

    after = replace(one, host=host)
    return changing.change(
        one,
        after,
        "staff:x",
        harness.world.at,
        hosts.rows_for(after, one.host, "staff:x", harness.world.at),
    )


@pytest.fixture
def alma(harness: LifecycleHarness) -> LifecycleHarness:
    """She leads groups, a meeting and a cohort, guides a consultant, and has a place in an emergency."""
    world = harness.world
    season(world)
    met_once(world, "martes", 3, 10)
    led(harness, entered(world), ALMA)
    entered_cohort(world)
    endorsed(world, BEN)
    people.set_fields("dana-kim", {"facilitator": "alma-reyes"})
    new = sent(world, asked=["alma-reyes"])
    harness.run_scheduler()
    says(harness, new, "alma-reyes", "yes")
    harness.settle()
    return harness


@pytest.fixture
def ada(alma: LifecycleHarness, client: Client) -> Browser:
    people.forget()
    return signed_in(alma.world, client, "admin")


def named(harness: LifecycleHarness) -> list[str]:
    """Every live row of the table that says that she is in charge of something."""

    def says_so(value: Any, key: str = "") -> bool:
        if isinstance(value, dict):
            return any(says_so(inner, name) for name, inner in value.items())
        if isinstance(value, list | set | tuple):
            return any(says_so(inner, key) for inner in value)
        return key in PARTIES | {"assignee"} and value in ("alma-reyes", ALMA)

    history = re.compile(f"{LOG}|DONE#")
    return [f"{row['pk']} {row['sk']}" for row in rows(harness.world)
            if not history.match(str(row["sk"])) and says_so(row)]  # fmt: skip


def test_nobody_is_let_go_before_all_that_they_lead_is_with_others(
    alma: LifecycleHarness, ada: Browser
) -> None:
    assert named(alma), "the look finds what there is"
    ada.get(AWAY)
    assert "They also lead or guide" in ada.page.text
    page = press(ada, f"{AWAY}/away", what="left")
    assert page.status == 422 and page.errors == ["what"]
    assert people.consultant_now("alma-reyes")["active"]

    page = ada.get(THINGS)
    fields = {name: "" for name in page.names if name.startswith("to_")}
    (place,) = page.root.xpath("//select[option/@value='end']/@name")
    assert set(press(ada, THINGS).errors) == set(fields), "each needs somebody"
    ada.get(THINGS)
    page = done(ada, THINGS, everything=BEN, **{place: "end"})
    assert "Not done" not in page.text, page.text
    assert "There is nothing that they lead" in page.text
    assert {one.facilitator for one in groups.groups()} == {BEN}
    assert [one.host for one in hosts.led_by(BEN)] == [BEN] * 3 and not hosts.led_by(ALMA)
    assert list(cohorts.cohorts()[0].facilitators) == [BEN]
    alma.settle()
    press(ada, f"{AWAY}/away", what="left") if ada.get(AWAY) else None
    row = people.consultant_now("alma-reyes")
    assert not row["active"] and not named(alma)


def test_the_page_names_each_thing_and_who_would_take_it_and_goes_on_where_it_broke_off(
    alma: LifecycleHarness, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ada.get(THINGS)
    (place,) = page.root.xpath("//select[option/@value='end']/@name")
    page = press(ada, THINGS, everything=BEN, **{place: "end"})
    for said in (
        "martes: goes to Ben Okafor",
        "When a day is hard",
        "Creek Fire",
        "next who was asked",
    ):
        assert said in page.text, said
    assert named(alma), "nothing was done yet"
    monkeypatch.setattr(things_page, "SECONDS", -1.0)
    page = press(ada, THINGS, seen=page.hidden["seen"], everything=BEN, **{place: "end"})
    assert "Not done" in page.text and named(alma)
    monkeypatch.setattr(things_page, "SECONDS", 15.0)
    (place,) = page.root.xpath("//select[option/@value='end']/@name")
    page = done(ada, THINGS, everything=BEN, **{place: "end"})
    assert "Not done" not in page.text and not registry.still_held(ALMA, alma.world.at)


def test_a_member_of_staff_is_not_let_go_while_they_lead_a_meeting(
    alma: LifecycleHarness, ada: Browser
) -> None:
    led(alma, entered(alma.world), "staff:sofia-south")
    people.set_fields("ben-okafor", {"supervisor": "sofia-south"})
    away = "/console/staff/sofia-south/away"
    ada.get(away)
    page = press(ada, away, what="left")
    assert page.errors == ["what"] and "They also lead or guide" in page.text
    things = "/console/staff/sofia-south/things"
    page = ada.get(things)
    (guided,) = page.root.xpath(
        "//select[option/@value='staff:sam-lead' and not(option/@value='consultant:ben-okafor')]/@name"
    )
    page = done(ada, things, everything=BEN, **{guided: "staff:sam-lead"})
    assert people.consultant_now("ben-okafor")["supervisor"] == "sam-lead"
    done(ada, away, what="left")
    assert not people.staff_now("sofia-south")["active"]


def test_who_reviewed_applications_is_given_no_more(alma: LifecycleHarness, ada: Browser) -> None:
    of_cohort.name("fall", "staff:sofia-south", True)
    things = "/console/staff/sofia-south/things"
    (review,) = ada.get(things).root.xpath("//select[option/@value='end']/@name")
    done(ada, things, **{str(review): "end"})
    assert not of_cohort.reviewers("fall")
