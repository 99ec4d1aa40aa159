"""A provider takes the request back wherever it stands, and the place comes back once."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone
from chalicelib.referral.model import Referral
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.workflow import tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.task_tokens import fingerprint
from tests.episode import STAGES
from tests.world import STEPS, World


def held(world: World, reference: str) -> list[str]:
    """The consultants who hold a place for a referral."""
    return [c["id"] for c in people.consultants() if reference in c.get("held", [])]


def waiting(world: World, reference: str) -> set[str]:
    """The addresses of those who must hear that it is over."""
    state = world.state(reference)
    told = {people.staff_member(state.specialist)["email"]}
    if state.consultant:
        told.add(people.consultant(state.consultant)["email"])
    if state.task and state.task.role in ("specialist", "coordinator"):
        told.add(people.staff_member(state.task.assignee)["email"])
    return told


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("name", STAGES)
def test_withdrawing_ends_the_request_wherever_it_stands(name: str, world: World) -> None:
    reference = STAGES[name](world)
    world.relay()
    before, told = world.state(reference), waiting(world, reference)
    world.mails.clear()
    world.said.clear()

    withdraw(reference, "found_other_help", "w:1")
    world.relay()

    after = world.state(reference)
    assert (after.status, after.closure) == ("withdrawn", "provider_withdrew")
    assert after.reason == "found_other_help"
    assert after.task is None
    assert not after.open
    assert held(world, reference) == []
    if before.task is not None:
        assert [(fingerprint(t), said) for t, said in world.said] == [
            (before.task.token, "withdrawn")
        ]
    own = [m for m in world.mails if m.to == before.contact.email]
    assert [m.text.splitlines()[0] for m in own] == ["Your request is closed, as you asked."]
    assert {m.to for m in world.mails} - {before.contact.email} == told
    assert len(world.mails) == len(told) + 1
    assert same_story(fold(Referral, reference, store.log(after)), after)
    nothing_more_is_asked_or_mailed(world, after, before.task.number if before.task else 0)


def nothing_more_is_asked_or_mailed(world: World, state: Referral, n: int) -> None:
    """Whatever the engine calls, whoever answers late, and if the whole stream comes again."""
    world.mails.clear()
    for step in STEPS:
        if step in (
            "ask_survey",
            "ask_follow_up_rest",
            "ask_follow_up",
            "ask_late_follow_up_rest",
            "ask_late_follow_up",
            "ask_call_back",
        ):
            continue  # their run begins only when the work was closed
        settled = {"withdrawn", *state.done.values()}
        assert world.step(step, state.reference, token="t") in settled
    with pytest.raises(AlreadyDone):
        tasks.answer(state.reference, n, {}, "x", "late", world.at)
    world.relay(world.records(every=True))
    assert world.state(state.reference).version == state.version
    assert world.mails == []


def test_a_second_press_changes_nothing(world: World) -> None:
    reference = world.matched()
    for command in ("w:1", "w:1", "w:2"):
        withdraw(reference, "", command)
    world.relay()
    withdraw(reference, "not_needed", "w:3")
    world.relay()
    types = [e.event for e in store.log(world.state(reference))]
    assert types.count("withdrawn") == 1
    notices = [m for m in world.mails if m.subject.startswith("You canceled")]
    assert len(notices) == 1


def test_a_place_that_was_given_back_by_hand_does_not_hold_the_provider(world: World) -> None:
    reference = world.matched()
    who = world.state(reference).consultant
    world.table.update_item(
        Key={"pk": people.CONSULTANTS, "sk": who}, UpdateExpression="REMOVE held"
    )
    assert withdraw(reference, "", "w:1").status == "withdrawn"


def test_a_request_that_ended_in_another_way_stays_as_it_ended(world: World) -> None:
    reference = world.triaged()
    world.step("ask_coordinator", reference)
    world.answer(reference, {"decision": "cannot_be_served", "note": None})
    assert withdraw(reference, "", "w:1").status == "cannot_be_served"


def test_withdrawing_races_an_answer_and_one_of_them_wins(world: World) -> None:
    reference = world.offered()
    stale = world.state(reference)
    world.answer(reference, {"decision": "accept"})
    accepted = world.state(reference)
    assert accepted.version > stale.version
    assert withdraw(reference, "", "w:1").status == "withdrawn"
    assert held(world, reference) == []
    assert len([e for e in store.log(world.state(reference)) if e.event == "withdrawn"]) == 1
