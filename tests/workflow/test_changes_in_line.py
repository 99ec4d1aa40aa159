"""What changes while a request waits in line: how soon help is needed, and the language."""

from __future__ import annotations

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.directory import people
from chalicelib.domain import service_standards
from chalicelib.referral.status.change import change
from chalicelib.referral.tiers import urgency
from infra import seed_data

from .lifecycle import LifecycleHarness
from .test_waitlist import fill, frees, speechless, waiting

WHY = "A child was hurt in the classroom."


@pytest.mark.promise("urgency-sets-clocks")
def test_a_request_that_became_urgent_comes_to_the_coordinator_sooner(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    story = waiting(harness)
    before = story.state.task
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 9")
    task = story.state.task
    assert before is not None and task is not None and task.remind == []
    assert (
        task.expires
        == service_standards.due("match_offered", "stat", harness.world.at)
        < before.expires
    )
    harness.world.at = task.expires
    harness.run_scheduler()
    assert story.asks == "coordinator"


@pytest.mark.promise("urgency-sets-clocks", "waitlist-in-order")
def test_a_request_that_became_urgent_still_gets_the_next_place(harness: LifecycleHarness) -> None:
    fill(harness.world)
    first, second = waiting(harness), waiting(harness, at=60)
    urgency.change(second.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 10")
    frees(harness)
    assert (first.asks, second.asks) == ("waitlist", "offer")


@pytest.mark.promise("language-nobody-speaks")
def test_the_wait_for_a_language_is_as_long_at_every_urgency(harness: LifecycleHarness) -> None:
    story = harness.submit(language="hmn", modality="onsite").triaged()
    before = story.state.task
    assert story.asks == "waitlist" and before is not None
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 11")
    assert story.state.task == before


@pytest.mark.promise("language-nobody-speaks")
def test_a_choice_about_one_language_does_not_count_for_another(harness: LifecycleHarness) -> None:
    story = speechless(harness).says(choice="wait")
    change(story.reference, {"language": "mix"}, "am:1")
    assert story.asks == "waitlist" and story.state.language_choice == ""
    assert story.state.task is not None
    harness.world.at = story.state.task.expires
    harness.run_scheduler()
    assert story.asks == "language_choice"


@pytest.mark.promise("language-nobody-speaks")
@pytest.mark.parametrize(
    ("values", "modality"), [({}, "onsite"), ({"modality": "hybrid"}, "hybrid")]
)
def test_who_chose_video_for_a_language_meets_as_they_asked_in_another(
    harness: LifecycleHarness, values: dict[str, str], modality: str
) -> None:
    mai = next(c for c in seed_data.consultants() if c["id"] == "mai-xiong")
    dynamodb.write(put(Key(people.CONSULTANTS, "mai-xiong"), mai))
    story = speechless(harness).says(choice="online")
    assert story.state.modality == "virtual"
    change(story.reference, {"language": "en", **values}, "am:1")
    assert (story.state.language_choice, story.state.modality) == ("", modality)
