"""An application from the form to a place, with the real table, relay and scheduler."""

from __future__ import annotations

import pytest

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.training import cohort as cohorts
from chalicelib.training import seats
from chalicelib.training.applications import line, missing_scores, of_cohort
from chalicelib.training.applications.events import PROMOTED
from chalicelib.training.applications.model import Application, told_in
from chalicelib.training.trainees.opening import roster
from chalicelib.workflow import tasks, undo
from chalicelib.workflow.cases import Case, fold, same_story
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import lines, store
from tests.applications.script import (
    REVIEWERS,
    applies,
    decides,
    declares,
    program,
    reviews_of,
    scores_it,
    two_score,
    withdraws,
    wrong,
)
from tests.applications.script import state_of as plain_state
from tests.workflow.lifecycle import LifecycleHarness, Story

DAY = 86400


def state_of(reference: str) -> Application:
    state = plain_state(reference)
    assert same_story(fold(Application, reference, store.log(state)), state)
    return state


def asks(reference: str) -> str:
    task = state_of(reference).task
    return task.kind if task is not None else ""


def says(harness: LifecycleHarness, reference: str, decision: str) -> None:
    task = state_of(reference).task
    assert task is not None
    command = f"says:{task.number}:{decision}:{harness.world.at}"
    tasks.answer(
        reference, task.number, {"decision": decision}, "applicant", command, harness.world.at
    )
    harness.settle()


def passes(harness: LifecycleHarness, seconds: int = 61) -> None:
    harness.world.at += seconds
    harness.run_scheduler()
    harness.settle()
    assert not harness.world.broken
    assert wrong(of_cohort.applications("fall")) == []


def settled(harness: LifecycleHarness) -> None:
    """The minutes are over in which an answer can be changed, and what is free is offered."""
    passes(harness, undo.SECONDS + 1)
    passes(harness)


def received(harness: LifecycleHarness, number: int = 1, places: int = 2) -> list[str]:
    """So many who have applied, each a minute after the other."""
    program(harness.world, places)
    found = []
    for _ in range(number):
        found.append(applies(harness.world))
        harness.settle()
        harness.world.at += 60
    return found


def ranked(harness: LifecycleHarness, number: int, places: int = 2) -> list[str]:
    """So many who are scored alike, and so stand in the order in which they applied."""
    found = received(harness, number, places)
    for one in found:
        two_score(harness, Story(harness, one))
    assert [asks(one) for one in found] == ["application_ranked"] * number
    return found


def to(harness: LifecycleHarness, reference: str) -> list[str]:
    address = state_of(reference).contact.email
    return [mail.subject for mail in harness.world.mails if mail.to == address]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the room of trainees is told."""
    heard: list[dict[str, object]] = []

    def hear(state: Case, version: int, effect: TellRoom) -> None:
        heard.append({**effect.about, "contact": state.contact.email})

    monkeypatch.setitem(rooms.TOLD, "training_place", f"{__name__}:HEAR")
    globals()["HEAR"] = hear
    return heard


@pytest.mark.promise("application-scored-blind")
def test_two_reviewers_with_the_fewest_are_asked_and_with_their_scores_it_can_be_decided(
    harness: LifecycleHarness,
) -> None:
    first, second = received(harness, 2)
    assert sorted(reviews_of(first)) == sorted(REVIEWERS[:2])
    assert REVIEWERS[2] in reviews_of(second), "whoever has none yet"
    assert state_of(first).status == "in_review" and asks(first) == "application_review"
    scores_it(harness.world, first, REVIEWERS[0], 3, 4)
    harness.settle()
    assert asks(first) == "application_review"
    scores_it(harness.world, first, REVIEWERS[1], 3, 2)
    harness.settle()
    assert (state_of(first).status, asks(first)) == ("ranked", "application_ranked")
    assert not harness.world.broken


@pytest.mark.promise("application-third-score")
def test_scores_that_differ_by_more_than_the_threshold_ask_for_a_third(
    harness: LifecycleHarness,
) -> None:
    (one,) = received(harness)
    scores_it(harness.world, one, REVIEWERS[0], 4, 4)
    scores_it(harness.world, one, REVIEWERS[1], 3, 2)
    harness.settle()
    assert list(reviews_of(one)) == [REVIEWERS[2]] and asks(one) == "application_review"
    scores_it(harness.world, one, REVIEWERS[2], 4, 3)
    harness.settle()
    assert asks(one) == "application_ranked" and len(state_of(one).scores) == 3


def test_scores_that_differ_by_the_threshold_are_enough(harness: LifecycleHarness) -> None:
    (one,) = received(harness)
    scores_it(harness.world, one, REVIEWERS[0], 4, 4)
    scores_it(harness.world, one, REVIEWERS[1], 3, 3)
    harness.settle()
    assert asks(one) == "application_ranked"


@pytest.mark.promise("application-conflict")
def test_whoever_declares_a_conflict_scores_nothing_and_another_is_asked(
    harness: LifecycleHarness,
) -> None:
    (one,) = received(harness)
    declares(harness.world, one, REVIEWERS[0])
    harness.settle()
    state = state_of(one)
    assert state.reviews[REVIEWERS[0]] == "conflict" and not state.scores
    assert sorted(reviews_of(one)) == sorted(REVIEWERS[1:])
    declares(harness.world, one, REVIEWERS[1])
    harness.settle()
    assert list(reviews_of(one)) == [REVIEWERS[2]], "nobody is left to ask"
    of_cohort.name("fall", "staff:nina-north", True)
    missing_scores.look("fall", harness.world.at)
    passes(harness)
    assert sorted(reviews_of(one)) == ["staff:nina-north", REVIEWERS[2]]


def test_a_reviewer_who_is_silent_is_reminded_and_then_another_is_asked(
    harness: LifecycleHarness,
) -> None:
    (one,) = received(harness)
    passes(harness, 9 * DAY)
    assert any("Reminder" in mail.subject for mail in harness.world.mails)
    passes(harness, 9 * DAY)
    state = state_of(one)
    assert sorted(state.reviews.values()).count("silent") >= 1
    assert REVIEWERS[2] in reviews_of(one)


@pytest.mark.promise("application-offers")
def test_offers_go_to_the_first_and_never_to_more_than_there_are_seats(
    harness: LifecycleHarness, told: list[dict[str, object]]
) -> None:
    first, second, third, fourth = ranked(harness, 4)
    decides("fall", harness.world.at, waitlist=1)
    passes(harness)
    found = [asks(one) for one in (first, second, third)]
    assert found == ["application_offer", "application_offer", "application_wait"]
    assert state_of(fourth).status == "not_this_time"
    assert set(cohorts.cohort("fall").held) == {seats.seat_of(first), seats.seat_of(second)}
    assert len(to(harness, third)) == 2 and len(to(harness, fourth)) == 2
    says(harness, first, "accepted")
    settled(harness)
    assert state_of(first).status == "place_taken" and not state_of(first).open
    # Told at least once, and the same each time.
    assert told and all(one == told[0] for one in told)
    assert told[0] == {
        "cohort": "fall",
        "application": first,
        "seat": seats.seat_of(first),
        "contact": state_of(first).contact.email,
    }


@pytest.mark.promise("application-promotion")
def test_a_place_that_is_declined_or_lapses_goes_to_the_next_in_line(
    harness: LifecycleHarness,
) -> None:
    first, second, third, fourth = ranked(harness, 4)
    decides("fall", harness.world.at)
    passes(harness)
    says(harness, first, "declined")
    passes(harness)
    assert asks(third) == "application_wait", "the answer can still be changed"
    settled(harness)
    assert state_of(first).status == "place_declined" and asks(third) == "application_offer"
    promoted = next(e for e in store.log(state_of(third)) if e.event == PROMOTED)
    assert told_in(promoted).get("passed") == []
    task = state_of(second).task
    assert task is not None
    passes(harness, task.expires - harness.world.at)
    passes(harness)
    assert state_of(second).status == "place_lapsed" and asks(fourth) == "application_offer"
    assert len(lines.rows(line.line_of("fall"))) == 0


def test_an_answer_can_be_changed_for_some_minutes(
    harness: LifecycleHarness, told: list[dict[str, object]]
) -> None:
    first, *_ = ranked(harness, 1)
    decides("fall", harness.world.at)
    passes(harness)
    task = state_of(first).task
    assert task is not None
    says(harness, first, "declined")
    assert asks(first) == "application_settled"
    assert undo.take_back(first, task.number, "applicant", harness.world.at, "undo")
    harness.settle()
    assert (state_of(first).status, asks(first)) == ("place_offered", "application_offer")
    says(harness, first, "accepted")
    settled(harness)
    assert state_of(first).status == "place_taken" and told


@pytest.mark.promise("application-promotion")
def test_an_accepted_offer_becomes_a_trainee_who_holds_the_seat_and_whose_leaving_frees_it(
    harness: LifecycleHarness,
) -> None:
    first, second = ranked(harness, 2, places=1)
    decides("fall", harness.world.at)
    passes(harness)
    says(harness, first, "accepted")
    settled(harness)
    (trainee,) = roster("fall")
    assert (trainee.application, trainee.seat) == (first, seats.seat_of(first))
    assert cohorts.cohort("fall").held == [seats.seat_of(first)]
    for row in seats.give_back("fall", trainee.seat, harness.world.at):
        dynamodb.write(row)
    harness.world.at += 61
    harness.run_scheduler()
    assert asks(second) == "application_offer"


def test_whoever_withdraws_gives_the_seat_back_and_can_apply_again(
    harness: LifecycleHarness,
) -> None:
    first, second = ranked(harness, 2, places=1)
    decides("fall", harness.world.at)
    passes(harness)
    withdraws(first, "withdraw", harness.world.at)
    passes(harness)
    assert state_of(first).status == "application_withdrawn"
    assert asks(second) == "application_offer"
    again = applies(harness.world, email=state_of(first).contact.email)
    harness.settle()
    assert asks(again) == "application_review"
    with pytest.raises(store.Refused):
        applies(harness.world, email=state_of(first).contact.email)


@pytest.mark.promise("application-hears")
def test_who_is_not_placed_when_the_cohort_begins_hears_of_it(harness: LifecycleHarness) -> None:
    first, second = ranked(harness, 2, places=1)
    third = applies(harness.world)
    harness.settle()
    decides("fall", harness.world.at)
    passes(harness)
    says(harness, first, "accepted")
    settled(harness)
    fourth = applies(harness.world)
    harness.settle()
    two_score(harness, Story(harness, fourth))
    begins = cohorts.cohort("fall").begins
    while harness.world.at < begins:
        passes(harness, min(25 * DAY, begins - harness.world.at))
    passes(harness)
    passes(harness, 10 * 3600)  # letters wait for the morning
    assert state_of(second).status == "not_this_time"
    assert state_of(third).status == "not_this_time"
    assert state_of(fourth).status == "not_this_time"
    assert len(to(harness, third)) == 2


@pytest.mark.promise("restart-from-table")
def test_a_run_that_begins_again_asks_nobody_twice(harness: LifecycleHarness) -> None:
    first, second, third = ranked(harness, 3)
    decides("fall", harness.world.at)
    passes(harness)
    says(harness, first, "declined")
    before = {one: (asks(one), len(to(harness, one))) for one in (first, second, third)}
    for one in before:
        restart(state_of(one), harness.world.at, "system", "run lost")
    harness.settle()
    assert {one: (asks(one), len(to(harness, one))) for one in before} == before


@pytest.mark.parametrize(
    "step",
    [
        "ask_application_review",
        "ask_application_ranked",
        "ask_application_offer",
        "ask_application_settled",
        "ask_application_wait",
    ],
)
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    program(harness.world, places=1)
    found = [applies(harness.world), applies(harness.world)]
    harness.settle()
    for one in found:
        if asks(one) == "application_review":
            two_score(harness, Story(harness, one))
    if [asks(one) for one in found] == ["application_ranked"] * 2:
        decides("fall", harness.world.at)
        harness.run_scheduler()
        for one in found:
            if asks(one) == "application_offer":
                says(harness, one, "accepted")
    broken = next(one for one in found if asks(one) == "repair")
    story = Story(harness, broken)
    story.falls_silent()
    assert asks(broken) == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    assert f"ask_{asks(broken)}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_application_review", 15)
    harness.fail_step("ask_repair", 15)
    program(harness.world)
    reference = applies(harness.world)
    harness.settle()
    story = Story(harness, reference)
    assert story.run("application").where == "Left for the reconciler" and not story.asks
    for _ in range(9):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "application_review"
