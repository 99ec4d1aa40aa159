"""A call-up from the press to the end of the emergency, with the real table, relay and scheduler."""

from __future__ import annotations

import pytest
from chalice.test import Client
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.aws import dynamodb
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import pacific_date
from chalicelib.services.emergency import call_up, moved
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import PLACED, CalledUp
from chalicelib.workflow import tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import store
from tests.call_ups.script import DAY, ROSTER, fire, sent, wrong
from tests.conftest import fake_aws
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import World


def case(one: CallUp, who: str) -> CalledUp:
    state = store.load(one.asked[who], CalledUp, consistent=True)
    assert same_story(fold(CalledUp, state.reference, store.log(state)), state)
    return state


def asks(one: CallUp, who: str) -> str:
    task = case(one, who).task
    return task.kind if task is not None else ""


def says(harness: LifecycleHarness, one: CallUp, who: str, decision: str) -> None:
    state = case(one, who)
    assert state.task is not None
    number, at = state.task.number, harness.world.at
    press = f"says:{number}:{decision}:{at}"
    tasks.answer(
        state.reference, number, {"decision": decision}, f"consultant:{who}", press, at
    )  # fmt: skip


def passes(harness: LifecycleHarness, seconds: int = 60) -> None:
    harness.world.at += seconds
    harness.run_scheduler()


def subjects(harness: LifecycleHarness, who: str) -> list[str]:
    address = str(people.consultant(who)["email"])
    return [mail.subject for mail in harness.world.mails if mail.to == address]


@pytest.fixture
def called(harness: LifecycleHarness) -> CallUp:
    """Three who are asked for one place."""
    new = sent(harness.world)
    harness.run_scheduler()
    assert [asks(new, who) for who in ROSTER] == ["call_up"] * 3
    return new


@pytest.mark.promise("restart-from-table")
def test_a_run_that_begins_again_asks_nobody_twice_and_costs_nobody_their_place(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    passes(harness)
    before = {who: (asks(called, who), len(subjects(harness, who))) for who in ROSTER}
    for who in ROSTER:
        restart(case(called, who), harness.world.at, "system", "run lost")
    passes(harness)
    assert {who: (asks(called, who), len(subjects(harness, who))) for who in ROSTER} == before
    assert case(called, "ben-okafor").status == PLACED


@pytest.mark.parametrize("step", ["ask_call_up", "ask_call_up_wait", "ask_call_up_place"])
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    one = sent(harness.world)
    harness.run_scheduler()
    if step != "ask_call_up":
        says(harness, one, "ben-okafor", "yes")
    passes(harness)
    (who,) = [who for who in ROSTER if asks(one, who) == "repair"][:1]
    story = Story(harness, one.asked[who])
    story.falls_silent()
    assert asks(one, who) == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    assert f"ask_{asks(one, who)}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_call_up", 15)
    harness.fail_step("ask_repair", 15)
    one = sent(harness.world)
    harness.run_scheduler()
    story = Story(harness, one.asked[ROSTER[0]])
    assert story.run("call_up").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        passes(harness, 61)
    assert story.asks == "call_up"


@pytest.mark.promise("call-up-first-yes")
def test_who_says_yes_first_has_the_place_and_the_others_are_thanked(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    harness.settle()
    passes(harness)
    assert asks(called, "ben-okafor") == "call_up_place"
    assert [asks(called, who) for who in ("alma-reyes", "dana-kim")] == ["call_up_wait"] * 2
    assert "You have a place" in subjects(harness, "ben-okafor")[-1]
    assert "All places are taken" in subjects(harness, "dana-kim")[-1]
    assert not harness.world.broken


@pytest.mark.promise("call-up-first-yes")
def test_two_who_say_yes_at_once_do_not_have_one_place_both(
    harness: LifecycleHarness, called: CallUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dynamodb.transact

    def in_between(members: object) -> None:
        monkeypatch.setattr(dynamodb, "transact", real)
        says(harness, called, "dana-kim", "yes")
        real(members)  # type: ignore[arg-type]

    monkeypatch.setattr(dynamodb, "transact", in_between)
    with pytest.raises(store.Refused):
        says(harness, called, "ben-okafor", "yes")
    assert call_up.find(called.emergency, called.id).held == [called.asked["dana-kim"]]


@pytest.mark.promise("call-up-given-back")
def test_a_place_that_is_given_back_is_offered_to_who_came_too_late(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "alma-reyes", "no")
    says(harness, called, "ben-okafor", "yes")
    harness.settle()
    passes(harness)
    says(harness, called, "ben-okafor", "give_back")
    harness.settle()
    passes(harness)
    assert (case(called, "ben-okafor").status, asks(called, "dana-kim")) == (
        "place_returned",
        "call_up",
    )
    assert not case(called, "alma-reyes").open
    says(harness, called, "dana-kim", "yes")
    harness.settle()
    assert call_up.find(called.emergency, called.id).held == [called.asked["dana-kim"]]


def test_it_all_ends_with_the_emergency_and_who_had_a_place_is_thanked(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    harness.settle()
    passes(harness)
    emergencies.end(called.emergency, harness.world.at, "staff:ada-admin", "It is over")
    call_up.look(called.emergency, harness.world.at)
    passes(harness)
    assert [case(called, who).open for who in ROSTER] == [False] * 3
    assert "The emergency is over" in subjects(harness, "ben-okafor")[-1]
    assert not call_up.find(called.emergency, called.id).held
    passes(harness)
    row = dynamodb.get(call_up.key_of(called.emergency, called.id))
    assert row is not None and "wake_at" not in row


@pytest.mark.promise("call-up-given-back")
def test_who_says_yes_when_all_places_are_taken_waits_at_once_and_is_written_to_when_one_is_free(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    says(harness, called, "dana-kim", "yes")
    harness.settle()
    assert asks(called, "dana-kim") == "call_up_wait", "before the clock has looked"
    assert "All places are taken" in subjects(harness, "dana-kim")[-1]
    says(harness, called, "ben-okafor", "give_back")
    harness.settle()
    passes(harness)
    assert asks(called, "dana-kim") == "call_up"


def later_last_day(harness: LifecycleHarness, called: CallUp) -> Emergency:
    one = emergencies.one_of(called.emergency)
    until = pacific_date(one.over + 5 * DAY).isoformat()
    assert emergencies.extend(
        one, until, "staff:ada-admin", "It goes on", moved.follows(one.id, harness.world.at)
    )
    return one


@pytest.mark.promise("call-up-lasts-longer")
def test_with_a_later_last_day_places_and_waits_last_longer_and_who_has_one_is_told(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    harness.settle()
    passes(harness)
    one, letters = later_last_day(harness, called), len(subjects(harness, "ben-okafor"))
    passes(harness)  # the clock sees that the end has moved
    passes(harness)  # and then to all who were asked
    harness.settle()
    assert [asks(called, who) for who in ROSTER] == [
        "call_up_wait",
        "call_up_place",
        "call_up_wait",
    ]
    assert "You have a place" in subjects(harness, "ben-okafor")[letters]
    ends = emergencies.one_of(one.id).over
    for who in ROSTER:
        task = case(called, who).task
        assert task is not None and task.expires == ends > one.over
    harness.world.at = one.over
    harness.run_scheduler()
    assert case(called, "ben-okafor").status == PLACED
    harness.world.at = ends
    harness.run_scheduler()
    harness.settle()
    assert not any(case(called, who).open for who in ROSTER)


@pytest.mark.promise("call-up-lasts-longer")
def test_a_place_whose_time_is_over_first_goes_on_where_the_emergency_does(
    harness: LifecycleHarness, called: CallUp
) -> None:
    says(harness, called, "ben-okafor", "yes")
    harness.settle()
    passes(harness)
    one = emergencies.one_of(called.emergency)
    until = pacific_date(one.over + DAY).isoformat()
    harness.world.at = one.over  # in the very minute in which it would end
    emergencies.extend(one, until, "staff:ada-admin", "It goes on")
    call_up.seen(
        call_up.find(one.id, called.id), one.over + DAY
    )  # and the call-up is not looked at
    harness.run_scheduler()
    harness.settle()
    assert asks(called, "ben-okafor") == "call_up_place" and case(called, "ben-okafor").open


@pytest.mark.promise("crash-anywhere")
def test_a_look_that_began_before_the_end_does_not_put_it_off_to_the_planned_one(
    harness: LifecycleHarness, called: CallUp
) -> None:
    before = call_up.find(called.emergency, called.id)
    emergencies.end(called.emergency, harness.world.at, "staff:ada-admin", "over")
    call_up.look(called.emergency, harness.world.at)
    call_up.seen(before, harness.world.at + 20 * DAY)
    passes(harness)
    assert not any(case(called, who).open for who in ROSTER)


@pytest.mark.promise("call-up-page")
def test_who_has_a_place_in_another_emergency_is_not_asked(harness: LifecycleHarness) -> None:
    other = sent(harness.world, 2)
    harness.run_scheduler()
    says(harness, other, "ben-okafor", "yes")
    harness.world.at += 60
    one = Emergency(("kern",), harness.world.at, "2099-01-01", "flood", "staff:ada-admin")
    emergencies.declare(one)
    for who in ROSTER:
        people.set_fields(who, {"emergency_trained": True, "emergency_roster": True})
    found = call_up.candidates(one, "", "", call_up.VIRTUAL, harness.world.at)
    reasons = {row["id"]: against for row, against in found}
    assert reasons["ben-okafor"] == [call_up.ELSEWHERE] and not reasons["dana-kim"]
    emergencies.end(other.emergency, harness.world.at, "staff:ada-admin", "over")
    harness.world.at += 1
    found = call_up.candidates(one, "", "", call_up.VIRTUAL, harness.world.at)
    assert {row["id"]: against for row, against in found}["ben-okafor"] == []


@pytest.mark.promise("call-up-page")
def test_one_press_asks_all_who_fit_and_the_page_says_who_said_yes(
    harness: LifecycleHarness, client: Client
) -> None:
    one = fire(harness.world)
    for who in ROSTER:
        people.set_fields(who, {"emergency_trained": True, "emergency_roster": True})
    browser = signed_in(harness.world, client, "supervisor")
    path = f"/console/emergencies/{one.id}/call-up"
    page = browser.get(f"{path}?way=virtual&language=es")
    assert "1 would be asked" in page.text and "Does not speak the language" in page.text
    page = browser.get(path)
    assert "3 would be asked" in page.text and "Is not on the emergency list." in page.text
    assert browser.answer({"places": "9"}).status == 422
    page = browser.answer({"places": "1", "note": "Nights, from Friday on"})
    assert page.status == 200 and "Asked in a moment" in page.text
    harness.run_scheduler()
    (new,) = call_up.of_emergency(one.id)
    says(harness, new, "dana-kim", "yes")
    harness.settle()
    passes(harness)
    page = browser.get(path)
    assert "1 of 1 places are taken" in page.text and "Said yes, has a place" in page.text
    assert "0 would be asked" not in page.text


class Acceptance(RuleBasedStateMachine):
    """Five people say yes, say no, and give back, in any order; the clock looks when it likes."""

    FIVE = (*ROSTER, "elena-vartan", "yesenia-mora")

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.harness = LifecycleHarness(World(fake_aws(self.patch), self.patch))
        self.one = sent(self.harness.world, 2, self.FIVE)
        self.harness.run_scheduler()

    def teardown(self) -> None:
        self.patch.undo()

    @rule(who=st.sampled_from(FIVE), decision=st.sampled_from(["yes", "yes", "yes", "no"]))
    def answers(self, who: str, decision: str) -> None:
        if asks(self.one, who) == "call_up":
            full = not call_up.find(self.one.emergency, self.one.id).free
            try:
                says(self.harness, self.one, who, decision)
            except store.Refused:
                assert full and decision == "yes"
            else:
                placed = case(self.one, who).status == PLACED
                assert placed == (decision == "yes" and not full)
            self.harness.settle()

    @rule(who=st.sampled_from(FIVE))
    def gives_back(self, who: str) -> None:
        if asks(self.one, who) == "call_up_place":
            says(self.harness, self.one, who, "give_back")
            self.harness.settle()

    @rule()
    def the_clock_looks(self) -> None:
        passes(self.harness)
        passes(self.harness)
        free = call_up.find(self.one.emergency, self.one.id).free
        standing = {asks(self.one, who) for who in self.FIVE}
        assert ("call_up_wait" if free else "call_up") not in standing

    @invariant()
    def nobody_is_one_too_many(self) -> None:
        assert wrong([case(self.one, who) for who in self.FIVE]) == []


TestAcceptance = Acceptance.TestCase
TestAcceptance.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
TestAcceptance.pytestmark = [pytest.mark.promise("call-up-places")]


@pytest.mark.promise("trainee-practicum-only")
def test_who_is_in_training_is_never_called_up(harness: LifecycleHarness) -> None:
    one = fire(harness.world)
    marks = {"emergency_trained": True, "emergency_roster": True}
    people.set_fields("dana-kim", {**marks, "trainee": True, "facilitator": "ben-okafor"})
    found = call_up.candidates(one, "", "", call_up.VIRTUAL, harness.world.at)
    reasons = {row["id"]: against for row, against in found}
    assert reasons["dana-kim"] == ["Is in training and is not sent into an emergency."]
