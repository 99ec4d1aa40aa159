"""The row of a task beside the lifecycle is lost: it is noticed within a minute, and asked once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.mail.bad_addresses import flag as flag_address
from chalicelib.referral.safety.flag import flag as flag_concern
from chalicelib.workflow.attention import open_attention_task
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.events import CLOCK_STUCK
from chalicelib.workflow.reconciler.reconcile import play_round
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import keys, side_task_rows, store
from chalicelib.workflow.tasks import answer

from .lifecycle import LifecycleHarness, Story, at

pytestmark = pytest.mark.promise("side-task-lost")


def an_address(harness: LifecycleHarness, story: Story) -> None:
    flag_address(story.reference, "provider", story.state.contact.email, harness.world.at, "x")


def a_colleagues_address(harness: LifecycleHarness, story: Story) -> None:
    who = story.state.consultant
    flag_address(story.reference, f"consultant:{who}", f"{who}@example.org", harness.world.at, "x")


def a_concern(harness: LifecycleHarness, story: Story) -> None:
    values = {"protocol": "danger", "completed": "no"}
    flag_concern(story.reference, values, "consultant", "flag:1", harness.world.at)


def a_stuck_clock(harness: LifecycleHarness, story: Story) -> None:
    def decide(state: object) -> Command:
        begun = open_attention_task(story.state, harness.world.at, {"what": "clock", "why": "X"})
        entry = Entry(
            event=CLOCK_STUCK, at=harness.world.at, actor="clock", command="stuck",
            changes=begun.changes, payload=begun.payload, effects=begun.effects,
        )  # fmt: skip
        return entry, begun.same_transaction

    store.change(story.reference, decide)


BESIDE = [an_address, a_colleagues_address, a_concern, a_stuck_clock]


def lose(harness: LifecycleHarness, story: Story) -> side_task_rows.SideTask:
    """Its row goes, and nobody says so."""
    (task,) = open_rows(story.state)
    harness.settle()
    gone = keys.task(story.reference, task.number)._asdict()
    harness.world.table.delete_item(Key=gone)
    return task


@pytest.mark.parametrize("begin", BESIDE)
def test_the_reconciler_finds_it_and_the_same_person_is_asked_the_same(
    harness: LifecycleHarness, begin: Callable[[LifecycleHarness, Story], None]
) -> None:
    story = at(harness, "plan")
    begin(harness, story)
    before = lose(harness, story)
    harness.world.changes()  # the stream never tells of it
    mails = len(harness.world.mails)
    found = play_round(harness.world.at)["findings"]
    assert [(f["finding"], f["repair"]) for f in found] == [("lost_task", "asked_again")]
    harness.settle()
    (after,) = open_rows(story.state)
    same = {"number", "kind", "role", "assignee", "about"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert len(harness.world.mails) == mails + 1, "with a letter whose link works"
    assert play_round(harness.world.at + 200)["findings"] == []


def test_the_stream_tells_of_it_within_a_minute(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    an_address(harness, story)
    lose(harness, story)
    assert open_rows(story.state) == []
    harness.settle()
    harness.world.at += 60
    harness.run_scheduler()
    (after,) = open_rows(story.state)
    answered = {"decision": "new", "email": "ana.new@example.org"}
    answer(story.reference, after.number, answered, "staff:x", "fix", harness.world.at)
    assert story.state.contact.email == "ana.new@example.org" and story.state.pause is None


def test_of_what_the_log_does_not_know_the_coordinator_is_told(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    entry = Entry(
        event=CLOCK_STUCK, at=harness.world.at, actor="clock", command="x",
        changes={"tasks": 9, "side_tasks": [9]},
    )  # fmt: skip
    store.change(story.reference, lambda state: (entry, ()))
    found = play_round(harness.world.at)["findings"]
    assert [(f["finding"], f["repair"]) for f in found] == [("lost_task", "handed")]
    (asked,) = open_rows(story.state)
    assert (asked.kind, asked.about["what"]) == ("attention", "lost")
    assert story.state.side_tasks == [asked.number]
