"""A consultant cannot go on: another one is found, and nothing that is done is asked again."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from infra import answers
from tests import episode

from .lifecycle import LifecycleHarness, Story, act, at

NOTE = "Mornings are the hard part. They like short calls."


def handed_over(harness: LifecycleHarness, moment: str = "third session") -> tuple[Story, str]:
    story = at(harness, moment)
    before = story.state.consultant
    story.says(happened="hand_over", hand_over_note=NOTE)
    return story, before


def places(story: Story) -> list[str]:
    return [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]


def coordinators() -> list[str]:
    return [str(row["email"]) for row in people.staff() if row["role"] == "coordinator"]


@pytest.mark.promise("reassign-with-note", "ended-stays-ended")
def test_a_hand_over_goes_back_to_the_match_and_returns_the_place(
    harness: LifecycleHarness,
) -> None:
    story, before = handed_over(harness)
    state = story.state
    assert story.run("referral", 1).where == "A newer run took over"
    assert story.run("delivery", 1).output == {"verdict": "moved"}
    assert story.asks == "offer" and state.generation == 2
    assert state.previous == before and before in state.declined
    assert state.consultant != before and places(story) == [state.consultant]
    assert state.sessions is not None and state.sessions.held == 2 and state.sessions.next is None
    assert "looking for another consultant" in story.mails_to("ana@example.org")[-1]
    told = [m for m in harness.world.mails if "cannot go on" in m.subject]
    assert len(told) == 1 and told[0].to in coordinators()
    assert not any(NOTE in m.text + m.html for m in harness.world.mails)
    assert same_story(fold(Referral, story.reference, store.log(state)), state)


@pytest.mark.promise("reassign-with-note")
@pytest.mark.parametrize("moment", ["first_contact", "plan", "summary"])
def test_a_consultant_can_hand_over_from_any_task_of_theirs(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, plans = (
        story.state.consultant,
        len(episode.record(harness.world, story.reference).plans),
    )
    story.says(hand_over="hand_over", hand_over_note=NOTE)
    state = story.state
    assert story.asks == "offer" and state.generation == 2
    assert state.previous == before and before in state.declined
    assert places(story) == [state.consultant] and state.consultant != before
    assert "looking for another consultant" in story.mails_to("ana@example.org")[-1]
    assert not any(NOTE in m.text + m.html for m in harness.world.mails)
    found = episode.record(harness.world, story.reference)
    assert [one.note for one in found.hand_overs] == [NOTE]
    assert len(found.plans) == plans and found.summary is None, "nothing was told but the note"
    assert same_story(fold(Referral, story.reference, store.log(state)), state)
    story.says(decision="accept")
    assert story.asks == "first_contact"


@pytest.mark.promise("reassign-with-note")
def test_a_hand_over_asks_for_its_note_and_for_nothing_else(harness: LifecycleHarness) -> None:
    from chalicelib.web.forms import clean
    from chalicelib.workflow.kinds import kind_of

    asked = kind_of("plan").page.form(at(harness, "plan").state)
    assert list(clean(asked, {"hand_over": ["hand_over"]}, "en").errors) == ["hand_over_note"]
    assert "hand_over_note" not in clean(asked, {}, "en").errors


@pytest.mark.promise("reassign-with-note")
def test_the_next_consultant_is_asked_for_the_first_contact_and_goes_on_with_the_counts(
    harness: LifecycleHarness,
) -> None:
    story, before = handed_over(harness)
    story.says(decision="accept")
    assert story.asks == "first_contact" and story.state.consultant != before
    assert story.state.task is not None and story.state.task.assignee == story.state.consultant
    from chalicelib.referral.delivery.first_contact import details

    assert details(story.state)["hand_over"].note == NOTE
    told = harness.world.mails[-2:]
    (found,) = [mail for mail in told if mail.to == "ana@example.org"]
    assert found.subject.startswith("You have a new consultant")
    assert "plan and the sessions that you had all stay" in found.text
    assert "We found" not in found.text and "you make a plan" not in found.text
    asked = len(harness.world.mails)
    story.says(**(answers.TALKED | {"day": answers.day(harness.world.at, 0)}))
    assert story.asks == "service", "agreement and plan stand"
    assert story.state.status == "in_service"
    later = [m.subject for m in harness.world.mails[asked:]]
    assert not any("agreement" in one or "action plan" in one for one in later)
    sessions = story.state.sessions
    assert sessions is not None and (sessions.held, sessions.planned) == (2, 6)
    day = answers.day(harness.world.at, 3)
    story.says(happened="move", next_day=day, next_time="10:00")
    assert store.log(story.state)[-1].payload["verdict"] == "planned"
    for _ in range(2):
        act(story)
    assert story.asks == "summary"
    assert story.run("delivery").output == {"verdict": "completed"}
    found = episode.record(harness.world, story.reference)
    assert len(found.held) == 4 and len(found.plans) == 1


def test_before_the_agreement_a_new_run_asks_for_it(harness: LifecycleHarness) -> None:
    """A move of its own: the log has no agreement, so nothing is skipped."""
    from tests.workflow.test_stage_change import moved

    story = at(harness, "agreement")
    moved(story, "delivery")
    assert story.asks == "first_contact"
    story.says(**(answers.TALKED | {"day": answers.day(harness.world.at, 0)}))
    assert story.asks == "agreement"
    story.says(**answers.AGREED)
    assert story.asks == "plan"


@pytest.mark.promise("answer-taken-back")
def test_a_hand_over_taken_back_leaves_the_plan_as_it_was(harness: LifecycleHarness) -> None:
    from chalicelib.referral.rows import plan_rows
    from chalicelib.workflow.undo import take_back

    story = at(harness, "plan_agreement")
    story.says(decision="changes_asked", wish="Shorter, please")
    task = story.state.task
    assert task is not None and task.kind == "plan"
    story.says(hand_over="hand_over", hand_over_note=NOTE)
    newest = next(e for e in store.log(story.state)[::-1] if e.event == "plan_answered")
    assert take_back(story.reference, task.number, newest.actor, harness.world.at, "back")
    assert story.asks == "plan" and len(plan_rows.versions(story.reference)) == 1
    assert places(story) == [story.state.consultant]
