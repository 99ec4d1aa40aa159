"""What goes on beside an answer that is taken back, and links and answers of a paused referral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.mail.bad_addresses import flag
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral import pauses
from chalicelib.referral.model import Referral
from chalicelib.tasks.link_status import standing
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.on_behalf import may_record
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.undo import take_back

from .lifecycle import LifecycleHarness, Story, act, at

DAY = 86400


@pytest.mark.promise("bounce-repaired")
def test_taking_an_answer_back_keeps_the_search_for_an_address_open(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan")
    task = story.state.task
    assert task is not None
    act(story)
    (who,) = [e.actor for e in store.log(story.state) if e.event == "plan_answered"]
    assert flag(story.reference, "provider", story.state.contact.email, harness.world.at, "bounced")
    fix = story.state.contact.fix
    assert take_back(story.reference, task.number, who, harness.world.at, "back")
    row = side_task_rows.get(story.reference, fix)
    assert story.asks == "plan" and story.state.contact.blocked
    assert row is not None and not row.over, "no letter leaves, so somebody must look"
    assert fix in story.state.side_tasks


def paused_past_its_task(harness: LifecycleHarness) -> Story:
    """The provider pauses for longer than the first contact may take."""
    story = at(harness, "first_contact")
    task, now = story.state.task, harness.world.at
    assert task is not None
    until = now + 85 * DAY

    def decide(state: Referral) -> tuple[Entry, Sequence[Any]]:
        changes, letters = pauses.begin(
            state, "paused_by_site", "site_asked", now, until, "provider"
        )
        entry = Entry(
            event="paused", at=now, actor="provider", reason="site_asked", command="pause:1",
            changes=changes, payload={"until": until}, effects=letters,
        )  # fmt: skip
        return entry, ()

    store.change(story.reference, decide)
    harness.settle()
    harness.world.at = task.expires + DAY
    return story


@pytest.mark.promise("fresh-link")
def test_a_task_on_hold_gets_a_fresh_link_that_opens_it(harness: LifecycleHarness) -> None:
    story = paused_past_its_task(harness)
    task = story.state.task
    assert task is not None and send_fresh(story.reference, task.number)
    harness.settle()
    link = harness.world.mails[-1].link
    assert standing(link, harness.world.at).stand == "open"
    assert standing(link, harness.world.at + 13 * DAY).stand == "open"


@pytest.mark.promise("answered-for-somebody")
def test_staff_record_an_answer_to_a_task_on_hold(harness: LifecycleHarness) -> None:
    story = paused_past_its_task(harness)
    state = story.state
    assert may_record("coordinator", state, state.task, harness.world.at)
    assert state.task is not None
    running = state.model_copy(update={"pause": None})
    assert not may_record("coordinator", running, state.task, harness.world.at)
