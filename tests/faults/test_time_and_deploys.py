"""Clocks that are wrong, days that are odd, releases that overlap, a table that was set back, a surge."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.aws import settings
from chalicelib.domain.calendar import local
from chalicelib.domain.ids import new_reference
from chalicelib.referral.intake.create_referral import submit
from chalicelib.referral.request import Request
from chalicelib.workflow.storage import keys, store
from infra.machines import definitions
from tests.workflow.lifecycle import WAY, Story, act, usual
from tests.world import CENTER

from .harness import FaultHarness
from .invariants import InvariantChecker

MOMENTS = list(WAY)
# Around the nights when the clocks change, a leap day, and the end of a year (Pacific time).
ODD = {
    "spring forward": datetime(2027, 3, 14, 9, 30, tzinfo=UTC),
    "fall back": datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    "leap day": datetime(2028, 2, 29, 18, 0, tzinfo=UTC),
    "year end": datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    "new year": datetime(2027, 1, 1, 7, 59, tzinfo=UTC),
}


@pytest.mark.promise("clocks-and-calendar", "times-are-instants")
@pytest.mark.parametrize("day", ODD)
def test_a_whole_way_over_an_odd_day(harness: FaultHarness, day: str) -> None:
    harness.at("triage")
    harness.world.at = int(ODD[day].timestamp())
    story = harness.submit(contact_email="odd@example.org")
    for moment in WAY:
        task = story.state.task
        assert task is not None and task.opened <= task.due <= task.expires
        if moment not in ("service", "second session", "third session", "last session"):
            due = local(task.due)
            assert due.weekday() < 5 and 8 <= due.hour <= 17, (moment, due)
        act(story)
        InvariantChecker(harness).at_rest()
    assert story.state.status == "followed_up"


@pytest.mark.promise("clocks-and-calendar", "always-wakes-up")
@pytest.mark.parametrize("skew", [-600, 600])
@pytest.mark.parametrize("moment", ["triage", "offer", "plan", "summary"])
def test_machines_whose_clocks_differ_by_ten_minutes(
    harness: FaultHarness, moment: str, skew: int
) -> None:
    story = harness.at(moment)
    world, begun = harness.world, len(harness.world.mails)
    raw = usual(story)
    world.at += skew
    harness.answer_by(story, raw)
    world.at -= skew
    harness.settle()
    world.at += skew
    harness.clock()
    harness.settle()
    world.at -= skew
    harness.minutes(14)
    asked = Counter((m.to, m.subject) for m in world.mails[begun:])
    assert set(asked.values()) == {1} and story.asks not in ("", moment)
    state = story.state
    assert state.wake_at is not None and state.swept == state.version


def old_runs_keep_their_definition(harness: FaultHarness) -> None:
    """As on AWS: a deployment changes no run that lives."""
    old = {f"{name}@old": machine for name, machine in harness.engine.machines.items()}
    for run in harness.engine.runs.values():
        run.machine = f"{run.machine}@old"
    harness.engine.machines = old | {name: renamed(d) for name, d in definitions().items()}


def renamed(definition: dict[str, Any]) -> dict[str, Any]:
    """The same machine, every state under another name."""
    made = copy.deepcopy(definition)
    made["States"] = {f"{name} II": state for name, state in made["States"].items()}
    made["StartAt"] += " II"
    for state in made["States"].values():
        for place in (state, *state.get("Choices", ()), *state.get("Catch", ())):
            if "Next" in place:
                place["Next"] += " II"
        if "Default" in state:
            state["Default"] += " II"
    return made


@pytest.mark.promise("deploy-with-open-runs", "restart-from-table")
@pytest.mark.parametrize("moment", MOMENTS)
def test_new_machines_are_deployed_while_runs_wait_and_all_finish(
    harness: FaultHarness, moment: str
) -> None:
    try:
        story = harness.at(moment)
        old_runs_keep_their_definition(harness)
        for _ in MOMENTS[MOMENTS.index(moment) :]:
            act(story)
        assert story.state.status == "followed_up" and not harness.engine.waiting()
        story = harness.at(moment)
        old_runs_keep_their_definition(harness)
        InvariantChecker(harness).rehydrates()
        assert all(run.state.endswith(" II") for run in harness.engine.waiting())
        for _ in MOMENTS[MOMENTS.index(moment) :]:
            act(story)
        assert story.state.status == "followed_up"
    finally:
        harness.engine.machines = definitions()


@pytest.mark.promise("older-and-newer-data")
@pytest.mark.parametrize("moment", MOMENTS)
def test_rows_of_a_newer_release_and_of_an_older_one_are_worked_on(
    harness: FaultHarness, moment: str
) -> None:
    story = harness.at(moment)
    pk = keys.case_pk(story.reference)
    rows = harness.world.fake_table.items[pk]
    newer = {"future": "x", "counts": Decimal(3), "later": {"deep": ["y"]}}
    optional = ("paused", "side_tasks", "pause", "previous", "swept")
    older = {k: v for k, v in rows[keys.STATE].items() if k not in optional}
    for state in ({**rows[keys.STATE], **newer}, older):
        story = harness.at(moment)
        changed = {
            sk: row | ({"future": "x"} if sk.startswith("LOG") else {}) for sk, row in rows.items()
        }
        harness.world.fake_table.items[pk] = changed | {keys.STATE: state}
        act(story)
        InvariantChecker(harness).at_rest()
        kept = harness.world.fake_table.items[pk][keys.STATE]
        assert ("future" in state) == ("future" in kept), "a roll-back loses nothing"


@pytest.mark.promise("one-year-limit")
def test_no_wait_is_longer_than_a_year_and_its_end_rolls_over() -> None:
    for machine, definition in definitions().items():
        for name, state in definition["States"].items():
            if "waitForTaskToken" in state.get("Resource", ""):
                assert state["TimeoutSeconds"] < 330 * 86400 + 1, (machine, name)
                assert state["Catch"], (machine, name)


@pytest.mark.promise("one-year-limit", "always-wakes-up")
def test_a_run_that_is_a_year_old_starts_anew_at_its_stage(harness: FaultHarness) -> None:
    for moment in MOMENTS:
        story = harness.at(moment)
        for run in list(harness.engine.runs.values()):
            if run.status == "RUNNING":
                harness.engine._waits.pop(run.token, None)
                run.status = "TIMED_OUT"
        harness.hour()
        harness.settle()
        harness.minutes(3)
        InvariantChecker(harness).at_rest()
        assert story.asks == ("service" if "session" in moment else moment)


@pytest.mark.promise("history-limit", "bounded-sizes")
def test_a_run_cannot_reach_its_limit_of_events(harness: FaultHarness) -> None:
    """Six events a state at most: enough for years of asking again."""
    harness.at("over")
    story = harness.at("offer")
    for _ in range(15):
        story.falls_silent()
        if story.asks == "coordinator":
            story.says(decision="look_again")
    longest = max(harness.engine.runs.values(), key=lambda run: len(run.trail))
    rounds = sum(state == "Ask a consultant" for state in longest.trail) or 15
    assert len(longest.trail) * 6 < 2500
    assert len(longest.trail) / rounds <= 6


@pytest.mark.promise("settings-missing")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("TABLE_NAME", "", "TABLE_NAME"), ("SENDER_EMAIL", "", "SENDER_EMAIL"), ("LINK_KEYS_SECRET", "", "LINK_KEYS_SECRET"), ("TIME_SCALE", "fast", "TIME_SCALE"), ("TIME_SCALE", "0.5", "TIME_SCALE"), ("TIME_SCALE", "nan", "TIME_SCALE"), ("TIME_SCALE", "inf", "TIME_SCALE")],
)  # fmt: skip
def test_missing_or_misspelt_configuration_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    settings.settings.cache_clear()
    with pytest.raises(RuntimeError, match=said):
        settings.settings()


@pytest.mark.promise("surge", "one-referral-one-run")
def test_a_surge_with_a_storm_of_retries_is_one_referral_each(harness: FaultHarness) -> None:
    harness.at("triage")
    references = [new_reference() for _ in range(40)]
    for number, reference in enumerate(references):
        answers = CENTER | {"contact_email": f"p{number}@example.org"}
        for _ in range(4):
            submit(reference, Request.from_answers(answers), "en")
    for _ in range(3):
        harness.gather()
        for start in range(0, len(harness.queue), 25):
            harness.deliver(harness.queue[start : start + 25])
            harness.deliver(harness.queue[start : start + 25])
        harness.queue = []
        while harness.engine.ready:
            harness.engine.move(harness.engine.ready[0])
    harness.settle()
    assert {len(store.log(harness.world.state(ref))) >= 3 for ref in references} == {True}
    runs = Counter(r.name for r in harness.engine.runs.values() if r.machine == "referral")
    assert all(runs[f"{ref}-referral-1"] == 1 for ref in references)
    mails = Counter((m.tags["ref"], m.tags["v"], m.tags["i"]) for m in harness.world.mails)
    assert set(mails.values()) == {1}
    assert isinstance(Story(harness, references[0]).asks, str)


@pytest.mark.promise("table-restored", "always-wakes-up")
def test_a_table_set_back_by_two_hours_asks_the_same_people_again(harness: FaultHarness) -> None:
    for moment in ("triage", "offer", "first_contact", "plan", "summary"):
        story = harness.at(moment)
        then = dict(harness.world.fake_table.items)
        act(story)
        harness.world.at += 7200
        harness.run_scheduler()
        harness.world.fake_table.items = dict(then)
        harness.world.fake_table.stream.clear()
        harness.world._seen = 0
        assert harness.hour(deep=True) is not None, "as the runbook says after a restore"
        harness.settle()
        harness.minutes(5)
        assert story.asks == moment
        act(story)
        harness.minutes(5)
        harness.hour()
        harness.settle()
        assert story.asks not in ("", moment), "and goes on from there"
