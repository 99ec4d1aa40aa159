"""The coordinator asks the provider what they can do without, where the page says that they may."""

from __future__ import annotations

import pytest

from chalicelib.referral.matching.tasks import coordinator_form
from chalicelib.referral.rows import waitlist_rows
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from tests.web.kinds import nobody_can_come as far_away

from .lifecycle import LifecycleHarness, Story, coordinated

pytestmark = pytest.mark.promise("language-nobody-speaks")


def asks(story: Story) -> Story:
    """The coordinator passes the question on."""
    assert story.asks == "coordinator"
    return story.says(decision="ask_provider")


def offered(story: Story) -> set[str]:
    """What the coordinator may decide."""
    return {value for value, *_ in coordinator_form(story.state).fields[0].options}


def speechless(harness: LifecycleHarness) -> Story:
    """Nobody speaks the language, the provider did not say what to do, and a coordinator looks."""
    story = harness.submit(language="hmn", modality="onsite").triaged()
    return story.falls_silent().falls_silent()


def test_when_only_the_language_is_in_the_way_the_provider_is_asked_again(
    harness: LifecycleHarness,
) -> None:
    story = asks(speechless(harness))
    assert story.asks == "language_choice" and len(waitlist_rows.line()) == 1
    assert "Please choose how we go on" in story.mails_to("ana@example.org")[-1]
    story.says(choice="interpreter")
    assert story.asks == "offer" and waitlist_rows.line() == []


def test_when_only_the_place_is_in_the_way_they_may_meet_by_video(
    harness: LifecycleHarness,
) -> None:
    story = asks(far_away(harness))
    assert story.asks == "place_choice"
    assert "Please choose how we go on" in story.mails_to("ana@example.org")[-1]
    story.says(choice="online")
    assert story.asks == "offer" and story.state.modality == "virtual"


def test_who_said_no_before_does_not_keep_it_from_being_offered_in_the_new_way(
    harness: LifecycleHarness,
) -> None:
    story = far_away(harness)
    story.harness.world.table.update_item(
        Key={"pk": f"R#{story.reference}", "sk": "REFERRAL"},
        UpdateExpression="SET declined = :d",
        ExpressionAttributeValues={":d": ["a", "b", "c"]},
    )
    asks(story).says(choice="online")
    assert story.asks == "offer" and story.state.declined == []


def test_who_keeps_waiting_waits_in_line_and_a_silent_one_comes_back(
    harness: LifecycleHarness,
) -> None:
    story = asks(far_away(harness)).says(choice="wait")
    assert story.asks == "waitlist" and len(waitlist_rows.line()) == 1
    assert asks(story.falls_silent()).falls_silent().asks == "coordinator"


def test_a_run_that_is_lost_while_the_provider_chooses_asks_nobody_anew(
    harness: LifecycleHarness,
) -> None:
    story = asks(far_away(harness))
    before, mails = story.state.task, len(harness.world.mails)
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    after = story.state.task
    assert before is not None and after is not None
    assert (after.kind, after.number) == ("place_choice", before.number)
    assert len(harness.world.mails) == mails
    assert story.says(choice="online").asks == "offer"


@pytest.mark.parametrize("step", ["ask_place_choice"])
def test_a_question_that_cannot_be_asked_asks_a_person(
    harness: LifecycleHarness, step: str
) -> None:
    story = far_away(harness)
    harness.fail_step(step)
    asks(story)
    assert story.asks == "repair"
    assert story.says(decision="restart").asks in ("place_choice", "coordinator")


def test_where_nobody_fits_nobody_is_there_to_be_chosen(harness: LifecycleHarness) -> None:
    asked = [field.name for field in coordinator_form(far_away(harness).state).fields]
    assert asked == ["decision", "note"]


def test_it_is_offered_only_where_it_can_help(harness: LifecycleHarness) -> None:
    assert "ask_provider" not in offered(coordinated(harness))
