"""A consultation gets another consultant in mid-case: links, places, letters and the run."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, update
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone
from chalicelib.mail.resend import OVER, send_again
from chalicelib.mail.send_letter import still_needed
from chalicelib.referral.matching import reassign
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.model import Referral
from chalicelib.tasks.link_status import standing
from chalicelib.web import links
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.effects import SendLetter, letters
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer

from .lifecycle import LifecycleHarness, Story, act, at, usual

NOTE = "Mornings are the hard part."
ACCEPTED = ["first_contact", "agreement", "plan", "plan_agreement", "service", "summary"]
THEIRS = ["first_contact", "plan", "service", "summary"]


def places(story: Story) -> list[str]:
    return [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]


def somebody(story: Story) -> str:
    """The best who could go on."""
    found = ranking(story.state).candidates
    return next(one.id for one in found if one.id != story.state.consultant)


def hand(story: Story, new: str, reason: str = "leave", command: str = "hand:1") -> bool:
    """Staff press; what follows has not left yet."""
    old, when = story.state.consultant, story.harness.world.at
    return reassign.hand_on(
        story.reference, old, new, NOTE, reason, "staff:olga-office", command, when
    )


def link_of(story: Story) -> str:
    task = story.state.task
    assert task is not None
    when = story.harness.world.at + 86400
    return links.mint(story.reference, task.number, task.link_number, min(when, task.expires))


def whole(story: Story) -> None:
    """The log tells the state, and one place is held by whoever has it."""
    state = story.state
    assert same_story(fold(Referral, story.reference, store.log(state)), state)
    assert places(story) == ([state.consultant] if state.consultant and state.open else [])


@pytest.mark.promise("reassign-with-note")
@pytest.mark.parametrize("moment", ACCEPTED)
def test_somebody_else_has_it_at_once_at_every_stage(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    old, new, before = story.state.consultant, somebody(story), link_of(story)
    sent = len(harness.world.mails)
    assert hand(story, new)
    whole(story)
    state = story.state
    assert (state.consultant, state.previous, story.asks) == (new, old, moment)
    harness.settle()
    mails = harness.world.mails[sent:]
    if moment == "service":
        off = mails.pop()
        assert off.to == "ana@example.org" and [f.method for f in off.files] == ["CANCEL"]
        assert state.sessions is not None and not state.sessions.days()
    told = {m.to: m for m in mails}
    assert len(mails) == 3
    assert set(told) == {f"{new}@example.org", f"{old}@example.org", "ana@example.org"}
    assert not any(NOTE in m.text + m.html for m in mails)
    name = people.consultant(new)["name"]
    assert "away" in told["ana@example.org"].text
    assert told["ana@example.org"].text.strip().startswith(f"{name} goes on with you"), (
        "first things first"
    )
    if moment in THEIRS:
        assert state.task is not None and state.task.assignee == new
        assert standing(before, harness.world.at).stand == "elsewhere"
        fresh = standing(told[f"{new}@example.org"].link, harness.world.at)
        assert fresh.stand == "open" and fresh.may_see_details
        assert not standing(before, harness.world.at).may_see_details
    else:
        letter = told[f"{new}@example.org"]
        assert letter.link == "" and story.reference in letter.subject
        assert "The provider has the" in letter.text, "what it waits for"
        assert letter.text.count("/mine/") == 1, "the page with the note, once"
        assert standing(before, harness.world.at).stand == "open", "the provider's link lives"
    assert len(harness.engine.waiting("delivery") + harness.engine.waiting("closure")) == 1
    act(story)
    whole(story)
    if moment in THEIRS:
        later = standing(before, harness.world.at)
        assert later.stand == "elsewhere" and not later.may_see_details


@pytest.mark.promise("reassign-with-note")
@pytest.mark.parametrize("moment", THEIRS)
def test_the_note_is_in_the_details_of_the_new_consultant(
    harness: LifecycleHarness, moment: str
) -> None:
    from chalicelib.workflow.kinds import kind_of

    story = at(harness, moment)
    hand(story, somebody(story))
    details = kind_of(moment).page.details(story.state)
    found = details.get("hand_over") or details["episode"].hand_overs[-1]
    assert found.note == NOTE


@pytest.mark.promise("reassign-with-note")
@pytest.mark.parametrize("moment", ["agreement", "plan_agreement"])
def test_while_it_is_the_providers_turn_the_old_links_have_ended_too(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    old, state = story.state.consultant, story.state
    end = harness.world.at + 86400
    theirs = [
        links.mint(story.reference, e.changes["task"].number, 1, end)
        for e in store.log(state)
        if getattr(e.changes.get("task"), "assignee", "") == old
    ]
    assert [standing(link, harness.world.at).stand for link in theirs] == ["answered"] * len(theirs)
    hand(story, somebody(story))
    assert theirs and {standing(link, harness.world.at).stand for link in theirs} == {"elsewhere"}
    assert standing(link_of(story), harness.world.at).stand == "open", "the provider's own lives"


@pytest.mark.promise("reassign-with-note")
def test_before_an_answer_it_is_a_new_offer_with_its_own_time(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    old, new, before = story.state.consultant, somebody(story), story.state.task
    dead = link_of(story)
    sent = len(harness.world.mails)
    harness.world.at += 3600
    assert hand(story, new)
    harness.settle()
    state = story.state
    assert before is not None and state.task is not None
    assert (story.asks, state.task.assignee, state.task.number) == ("offer", new, before.number + 1)
    assert state.task.expires >= before.expires and old in state.declined and not state.previous
    found = standing(dead, harness.world.at)
    assert found.stand == "elsewhere" and not found.may_see_details
    assert {m.to for m in harness.world.mails[sent:]} == {
        f"{new}@example.org",
        f"{old}@example.org",
    }
    whole(story)
    story.says(decision="accept")
    assert story.asks == "first_contact" and story.state.consultant == new
    found = standing(dead, harness.world.at)
    assert found.stand == "elsewhere" and not found.may_see_details


@pytest.mark.promise("reassign-with-note")
@pytest.mark.parametrize("moment", ["first_contact", "plan_agreement", "service", "summary"])
def test_when_nobody_can_take_it_the_match_looks_again(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    old, before = story.state.consultant, link_of(story)
    assert hand(story, "")
    harness.settle()
    assert story.asks == "offer" and story.state.consultant not in ("", old)
    assert story.state.previous == old and story.state.generation == 2
    assert story.run("referral", 1).where == "A newer run took over"
    assert standing(before, harness.world.at).stand != "open"
    whole(story)
    shown = {one.id: one.reasons for one in ranking(story.state).excluded}[old]
    assert any("somebody else took over" in words for words in shown)


@pytest.mark.promise("leave-needs-destinations")
def test_an_offer_that_is_taken_back_goes_to_the_next_candidate_at_once(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "offer")
    old = story.state.consultant
    assert hand(story, "")
    harness.settle()
    assert story.asks == "offer" and story.state.consultant not in ("", old)
    assert story.state.generation == 1 and story.state.declined == [old]
    whole(story)


@pytest.mark.promise("places-match-work")
def test_somebody_without_a_free_place_refuses_the_whole_of_it(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    new = somebody(story)
    people.set_fields(new, {"cap": 0})
    dynamodb.write(update(Key(people.CONSULTANTS, new)).set(held={"AAAA-AAAA-A"}))
    before = story.state
    with pytest.raises(store.Refused):
        hand(story, new)
    assert story.state == before
    whole(story)


@pytest.mark.promise("double-press")
def test_pressed_twice_it_is_done_once(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    old, new = story.state.consultant, somebody(story)
    assert hand(story, new)
    state = story.state
    when = harness.world.at
    reassign.hand_on(story.reference, old, new, NOTE, "leave", "staff:x", "hand:2", when)
    assert story.state == state


def values(story: Story, **raw: Any) -> dict[str, Any]:
    from tests import episode

    return episode.fill(story.state, story.asks, **raw)


@pytest.mark.promise("staff-race-answer")
def test_an_answer_that_comes_after_the_hand_over_is_too_late(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    old, task = story.state.consultant, story.state.task
    assert task is not None
    known = story.state

    said = values(story, **usual(story))
    hand(story, somebody(story))
    with pytest.raises(AlreadyDone):
        answer(story.reference, task.number, said, f"consultant:{old}", "late", harness.world.at,
               known, link=task.link_number)  # fmt: skip
    assert story.asks == "plan" and story.state.consultant != old
    whole(story)


@pytest.mark.promise("staff-race-answer")
def test_an_answer_that_comes_first_stands_and_the_hand_over_goes_on(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan")
    old, new = story.state.consultant, somebody(story)
    act(story)
    assert story.asks == "plan_agreement"
    reassign.hand_on(story.reference, old, new, NOTE, "leave", "staff:x", "h", harness.world.at)
    harness.settle()
    assert story.state.consultant == new
    act(story)
    assert story.asks == "service" and story.state.task is not None
    assert story.state.task.assignee == new
    whole(story)


@pytest.mark.promise("staff-race-answer")
def test_an_offer_accepted_in_the_same_second_stays_accepted(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    old, new = story.state.consultant, somebody(story)
    story.says(decision="accept")
    reassign.hand_on(story.reference, old, new, NOTE, "leave", "staff:x", "h", harness.world.at)
    harness.settle()
    assert story.asks == "first_contact" and story.state.consultant == new
    whole(story)


@pytest.mark.promise("one-letter-per-reason")
@pytest.mark.parametrize("looked_for", [False, True])
def test_a_letter_that_names_a_consultant_is_not_sent_once_another_has_it(
    harness: LifecycleHarness, looked_for: bool
) -> None:
    story = at(harness, "first_contact")
    log = store.log(story.state)
    found = next(e for e in log if any(x.letter == "matching/found" for x in letters(e.effects)))
    number = next(
        i
        for i, x in enumerate(found.effects)
        if isinstance(x, SendLetter) and x.letter == "matching/found"
    )
    assert still_needed(story.state, found, found.effects[number])
    assert hand(story, "" if looked_for else somebody(story))
    assert not still_needed(story.state, found, found.effects[number])
    effects = store.log(story.state)[-1].effects
    named = [x.names for x in letters(effects) if x.letter == "matching/new_consultant"]
    assert named == ([] if looked_for else [story.state.consultant])
    sent = len(harness.world.mails)
    assert send_again(story.reference, found.version, number, "staff:s", "press") == OVER
    harness.settle()
    assert not [m for m in harness.world.mails[sent:] if "found a consultant" in m.subject]
