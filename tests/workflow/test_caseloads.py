"""Caseloads: what was planned and held, what went quiet and who heard of it, and how evenly the work lies."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.directory import people
from chalicelib.referral.delivery import service
from chalicelib.referral.delivery.caseload import count, rows, rule
from chalicelib.referral.delivery.caseload.rule import DAY
from tests.unit.delivery.test_more_sessions import with_sessions
from tests.workflow.lifecycle import LifecycleHarness, Story, act, at
from tests.world import START

pytestmark = pytest.mark.promise("caseloads-counted")
LEE = {
    "id": "lee-lead", "name": "Lee Lead", "email": "lee-lead@example.org", "role": "supervisor",
    "counties": "all", "active": True,
}  # fmt: skip


def under_lee(story: Story) -> str:
    """The story's consultant, with a supervisor of their own; their id."""
    who = story.state.consultant
    dynamodb.write(put(Key(people.STAFF, "lee-lead"), LEE))
    people.set_fields(who, {"supervisor": "lee-lead"})
    story.harness.world.at = morning(story.harness.world.at)
    return who


def morning(after: int) -> int:
    """Ten in the morning, when no letter waits: tests begin at nine."""
    return START + -(-(after - START) // DAY) * DAY + 3600


def row_of(who: str, lead: str = "lee-lead") -> dict[str, Any]:
    return dynamodb.get(Key(rows.partition(lead), who)) or {}


def said() -> dict[str, Any]:
    return dynamodb.get(rows.NOW) or {}


def days_pass(harness: LifecycleHarness, days: int) -> None:
    for _ in range(days):
        harness.world.at = morning(harness.world.at)
        harness.run_scheduler()


@pytest.mark.promise("sessions-watched")
def test_a_plan_of_eight_with_three_held_that_is_quiet_for_30_days_is_told_once_to_its_own_supervisor(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "service")
    who = under_lee(story)
    act(story)  # one was held, and the next is planned
    with_sessions(harness.world, story.reference, planned=8, held=3)
    count.look(harness.world.at)
    before = row_of(who)
    assert (before["planned"], before["held"], before["quiet"]) == (8, 3, [])
    days_pass(harness, 45)
    count.look(harness.world.at)
    told = [m for m in harness.world.mails if "overdue" in m.subject]
    assert [m.to for m in told] == ["lee-lead@example.org"]
    assert row_of(who)["quiet"] == [story.reference] == row_of(who)["notes"]
    assert said()["leads"]["lee-lead"]["quiet"] == 1
    late = service.example(story.state, harness.world.at)
    review = {"review": "Mornings are calmer", "course": "continue"}
    story.says(**late, **review)
    count.look(harness.world.at)
    assert row_of(who)["quiet"] == [] == row_of(who)["notes"] and row_of(who)["held"] == 4


def test_who_has_no_supervisor_or_one_who_is_away_is_told_of_to_whoever_is_in_charge(
    harness: LifecycleHarness,
) -> None:
    who = under_lee(at(harness, "service"))
    assert people.in_charge_of("supervisor", "los_angeles", who) == "lee-lead"
    assert people.in_charge_of("coordinator", "los_angeles", who) == "cora-match"
    dynamodb.write(put(Key(people.STAFF, "lee-lead"), {**LEE, "active": False}))
    people.forget()
    assert people.in_charge_of("supervisor", "los_angeles", who) == "sam-lead"
    assert people.in_charge_of("supervisor", "los_angeles", "") == "sam-lead"


def test_what_ended_is_counted_once_by_kind_of_support_and_not_while_it_is_open_again(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "over")
    world = harness.world
    world.at = max(world.at, story.state.closed or 0) + DAY
    for _ in range(2):
        count.look(world.at)
    tier = said()["tiers"][story.state.tier]
    held = story.state.sessions.held if story.state.sessions else 0
    assert (tier["few"] + tier["within"], tier["ended_held"], tier["cases"]) == (1, held, 0)
    assert held and (tier["within"] == 1) is (held >= 4)
    board = Key(f"R#{story.reference}", "REFERRAL")
    row = dynamodb.get(board) or {}
    dynamodb.write(put(board, {**row, "gsi1pk": "open"}))
    count.look(world.at)
    assert said()["tiers"] == {}
    dynamodb.write(put(board, row))
    count.look(world.at)
    assert said()["tiers"][story.state.tier]["ended_held"] == held


def test_who_is_no_longer_with_a_supervisor_leaves_their_page(harness: LifecycleHarness) -> None:
    who = under_lee(at(harness, "service"))
    count.look(harness.world.at)
    assert row_of(who) and not row_of(who, "sam-lead")
    people.set_fields(who, {"supervisor": "sam-lead"})
    count.look(harness.world.at)
    assert row_of(who, "sam-lead") and not row_of(who)
    assert "lee-lead" not in said()["leads"]


def test_the_minute_counts_once_a_day(harness: LifecycleHarness, monkeypatch: Any) -> None:
    at(harness, "service")
    count.each_minute(harness.world.at)
    first = said()["at"]
    count.each_minute(harness.world.at + 3600)
    assert said()["at"] == first
    count.each_minute(harness.world.at + DAY)
    assert said()["at"] == first + DAY


def test_how_even_the_work_lies_is_the_distance_of_the_quarters() -> None:
    assert rule.quarters([50] * 8) == (50, 50, 50)
    assert rule.quarters([0, 0, 25, 50, 75, 100, 100, 100, 100]) == (25, 75, 100)
    assert rule.quarters([]) == (0, 0, 0)
    assert rule.grouped([0, 1, 25, 26, 99, 100, 120], rule.GROUPS) == [1, 2, 1, 0, 1, 2]


def test_offers_are_counted_since_a_day_and_who_got_none_with_room_is_named(
    harness: LifecycleHarness,
) -> None:
    at(harness, "service")
    world = harness.world
    for row in people.consultants():
        people.set_fields(row["id"], {"offers": 5, "last_offered_at": world.at})
    count.look(world.at)
    people.set_fields("alma-reyes", {"offers": 8})
    people.set_fields("ben-okafor", {"last_offered_at": world.at - 91 * DAY})
    count.look(world.at + DAY)
    assert row_of("alma-reyes", "sam-lead")["offers"] == 3
    assert row_of("ben-okafor", "sam-lead")["unoffered"] and said()["roster"]["unoffered"] == 1
    assert said()["roster"]["offers"][2] == 1
