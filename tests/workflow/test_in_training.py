"""A family child care home and somebody in training: who is offered, what the provider reads, and their no."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.domain.errors import Invalid
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.status.change import change
from infra.answers import example

from .lifecycle import LifecycleHarness, Story

pytestmark = pytest.mark.promise("trainee-practicum-only")
TRAINEE, GUIDE = "yesenia-mora", "Elena Vartan"
HOME = {
    "setting": "fcch_small", "requester_role": "owner_licensee", "county": "los_angeles",
    "focus": ["home"], "language": "es", "language_required": "yes", "modality": "onsite",
}  # fmt: skip


def asked(harness: LifecycleHarness, welcome: str = "yes") -> Story:
    """A home whose request was decided, with nobody free but the trainee."""
    people.set_fields(TRAINEE, {"facilitator": "elena-vartan"})
    for row in people.consultants():
        if row["id"] != TRAINEE:
            people.set_fields(row["id"], {"paused_offers": True})
    story = harness.submit(**HOME, trainee_welcome=welcome)
    return story.says(**example(story.state, harness.world.at))


def with_trainee(harness: LifecycleHarness, kind: str) -> Story:
    """The trainee has it, and a task of a kind is open."""
    story = asked(harness)
    assert (story.asks, story.state.consultant) == ("offer", TRAINEE)
    while story.asks != kind:
        story.says(**example(story.state, harness.world.at))
    return story


def others_are_free() -> None:
    for row in people.consultants():
        people.set_fields(row["id"], {"paused_offers": None})


def test_a_home_that_did_not_say_yes_is_never_offered_to_a_trainee(
    harness: LifecycleHarness,
) -> None:
    story = asked(harness, "no")
    assert story.asks != "offer"
    against = {one.id: one.reasons for one in ranking(story.state).excluded}[TRAINEE]
    assert against == ("Is in training, and the provider did not say yes to that.",)


def test_the_provider_reads_of_the_facilitator_before_they_agree(
    harness: LifecycleHarness,
) -> None:
    with_trainee(harness, "agreement")
    told = next(m for m in harness.world.mails if "found a consultant" in m.subject)
    assert GUIDE in told.text and "is in training, as you agreed" in told.text
    assert GUIDE in told.html


def test_a_no_at_the_agreement_finds_another_consultant_and_asks_no_trainee_again(
    harness: LifecycleHarness,
) -> None:
    story = with_trainee(harness, "agreement")
    others_are_free()
    story.says(decision="another_wanted")
    state = story.state
    assert state.stage == "match" and story.asks == "offer" and state.consultant != TRAINEE
    assert answers(story.reference).trainee_welcome == "no"
    assert story.reference not in people.consultant_now(TRAINEE).get("held", [])
    to_them = [m for m in harness.world.mails if m.to == "ana@example.org"]
    assert "You asked for another consultant." in to_them[-1].text
    assert people.in_training(TRAINEE) and not people.in_training(state.consultant)


@pytest.mark.parametrize("kind", ["offer", "first_contact"])
def test_a_changed_mind_takes_the_offer_or_the_work_from_the_trainee(
    harness: LifecycleHarness, kind: str
) -> None:
    story = with_trainee(harness, kind)
    others_are_free()
    change(story.reference, {"trainee_welcome": "no"}, "changed-my-mind")
    harness.settle()
    assert story.asks == "offer" and story.state.consultant not in ("", TRAINEE)
    assert people.consultant_now(TRAINEE).get("held", []) == []


def test_whose_consultant_is_not_in_training_gets_no_such_choice(
    harness: LifecycleHarness,
) -> None:
    story = harness.submit(**HOME, trainee_welcome="yes")
    story.says(**example(story.state, harness.world.at))
    people.set_fields(story.state.consultant, {"trainee": None})
    while story.asks != "agreement":
        story.says(**example(story.state, harness.world.at))
    with pytest.raises((Invalid, AssertionError)):
        story.says(decision="another_wanted")
