"""Three tries over ten days by two ways, and nobody was reached: the run ends by its own name."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store

from .lifecycle import LifecycleHarness, Story, at

DAY = 86400


def tries(story: Story, *ways: str, days: float = 5.0) -> Story:
    """So many tries that reach nobody, some days apart."""
    for number, way in enumerate(ways):
        if number:
            story.harness.world.at += int(days * DAY)
        if story.state.task is not None and story.state.task.expires <= story.harness.world.at:
            story.harness.run_scheduler()
        story.says(talked=way)
    return story


def offers_to_give_up(story: Story) -> bool:
    assert story.state.task is not None
    form = kind_of(story.asks).page.form(story.state)
    (asked,) = [one for one in form.fields if one.name == "talked"]
    return "unresponsive" in [option[0] for option in asked.options]


@pytest.mark.promise("attempts-then-named-end", "ended-stays-ended")
def test_after_three_tries_the_run_ends_as_could_not_be_reached(harness: LifecycleHarness) -> None:
    story = tries(at(harness, "first_contact"), "no_answer", "sent_text", "no_answer", days=6)
    consultant = story.state.consultant
    assert offers_to_give_up(story)
    harness.world.at += 60
    story.says(talked="unresponsive")
    assert story.run("delivery").output == {"verdict": "unresponsive"}
    assert story.run().where == "Provider could not be reached"
    state = story.state
    assert (state.status, state.closure) == ("unresponsive", "unresponsive_after_3_attempts")
    assert not state.open and not harness.engine.waiting()
    held = next(c for c in people.consultants() if c["id"] == consultant).get("held", [])
    assert story.reference not in held, "the place is free again"
    letters = story.mails_to("ana@example.org")
    assert sum("We tried to reach you" in one for one in letters) == 3
    assert "could not reach you" in letters[-1]
    newest = next(m for m in reversed(harness.world.mails) if m.to == "ana@example.org")
    assert "90 days" in newest.text and "/status?letter=" in newest.text
    log = store.log(state)
    assert same_story(fold(Referral, story.reference, log), state)
    before = len(harness.world.mails)
    harness.world.at += 20 * DAY
    harness.run_scheduler()
    assert len(harness.world.mails) == before


@pytest.mark.promise("attempts-then-named-end")
def test_the_rule_wants_three_tries_ten_days_and_two_ways(harness: LifecycleHarness) -> None:
    story = at(harness, "first_contact")
    assert not offers_to_give_up(story)
    tries(story, "no_answer", "no_answer", "no_answer", days=6)
    assert not offers_to_give_up(story), "one way only"
    tries(story, "sent_text", days=0)
    assert offers_to_give_up(story)


@pytest.mark.promise("attempts-then-named-end")
def test_before_ten_days_nobody_is_given_up(harness: LifecycleHarness) -> None:
    story = tries(at(harness, "first_contact"), "no_answer", "sent_text", "sent_email", days=2)
    assert not offers_to_give_up(story)
    harness.world.at += 7 * DAY
    assert offers_to_give_up(story)


@pytest.mark.promise("attempts-then-named-end")
def test_tries_are_remembered_when_the_task_is_asked_again(harness: LifecycleHarness) -> None:
    story = tries(
        at(harness, "first_contact"), "no_answer", "sent_text", "no_answer", days=1
    ).falls_silent()
    assert story.asks == "first_contact"
    assert offers_to_give_up(story)
