"""A pause keeps the task and the time that it had left; nobody is pressed meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.referral.model import Referral
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.pause import pause, resume
from chalicelib.workflow.storage import store
from tests.world import World

DAY = 86400


def put_on_hold(world: World, reference: str, days: int = 10) -> None:
    at = world.at

    def decide(state: Referral) -> Any:
        changes = pause(state, "paused_by_site", "site_asked", at, at + days * DAY, "provider")
        return Entry(event="paused", at=at, actor="provider", command="p", changes=changes), ()

    store.change(reference, decide)


@pytest.mark.promise("times-are-instants")
def test_a_held_task_is_not_pressed_and_keeps_its_time(world: World) -> None:
    reference = world.offered()
    before = world.state(reference)
    put_on_hold(world, reference)
    held = world.state(reference)
    assert held.status == "paused_by_site" and held.task == before.task
    world.at += 5 * DAY
    scheduler.look(reference, world.at)
    assert world.state(reference).version == held.version, (
        "nobody is reminded, and the offer does not expire"
    )
    assert before.task is not None
    world.at += 5 * DAY
    scheduler.look(reference, world.at)
    after = world.state(reference)
    assert after.pause is None and after.status == before.status and after.task is not None
    assert after.task.expires == before.task.expires + 10 * DAY
    assert after.paused == 0, "only waiting for the provider stops the clock of the standards"
    assert same_story(fold(Referral, reference, store.log(after)), after)


def test_an_answer_ends_the_pause(world: World) -> None:
    reference = world.offered()
    put_on_hold(world, reference)
    world.at += DAY
    world.answer(reference, {"decision": "accept"})
    state = world.state(reference)
    assert state.pause is None and state.status == "matched"


def test_resuming_what_is_not_on_hold_changes_nothing(world: World) -> None:
    assert resume(world.state(world.offered()), world.at) == {}
