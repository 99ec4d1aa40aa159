"""A trainee from the first letter to completion, with the real table, relay and scheduler."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib import rooms
from chalicelib.directory import people
from chalicelib.domain.calendar import begin_of, end_of
from chalicelib.training import cohort as cohorts
from chalicelib.training.certificates import rows as certificates
from chalicelib.training.onboarding import reopening as back
from chalicelib.training.trainees import acts, changing, opening, progress, reopening, tasks
from chalicelib.training.trainees.model import Trainee, told_in
from chalicelib.workflow import undo
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import store
from tests.cohorts import DAY, FACILITATOR, entered_cohort
from tests.training.script import (
    BY,
    WORK,
    changes,
    confirms,
    decides,
    enrolled,
    given,
    short_cohort,
)
from tests.workflow.lifecycle import LifecycleHarness, Story, usual


def trainee(reference: str) -> Trainee:
    state = store.load(reference, Trainee, consistent=True)
    assert same_story(fold(Trainee, reference, store.log(state)), state)
    return state


def asks(reference: str) -> str:
    task = trainee(reference).task
    return task.kind if task is not None else ""


def letters(harness: LifecycleHarness, reference: str) -> list[str]:
    address = trainee(reference).contact.email
    return [mail.subject.partition(" (")[0] for mail in harness.world.mails if mail.to == address]


@pytest.fixture
def rosa(harness: LifecycleHarness) -> Story:
    """Somebody in a cohort that asks for one piece of coursework."""
    short_cohort(harness.world)
    reference = enrolled(harness.world)
    harness.settle()
    return Story(harness, reference)


def passes(harness: LifecycleHarness, to: int) -> None:
    harness.world.at = to
    harness.run_scheduler()


WISH = {"decision": "change", "wish": "break", "why": "A new baby in the family"}


def test_a_trainee_hears_sends_in_coursework_and_completes_the_program(
    harness: LifecycleHarness, rosa: Story
) -> None:
    assert letters(harness, rosa.reference)[0].startswith("Su página del programa de capacitación")
    rosa.says(decision="report", item=WORK, link="https://example.org/journal")
    assert trainee(rosa.reference).work == {WORK: "reported"} and rosa.asks == "training"
    assert not progress.complete(trainee(rosa.reference), harness.world.at), "nobody has seen it"
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    assert asks(rosa.reference) == "training_completion"
    rosa.says(decision="confirm")
    state = trainee(rosa.reference)
    assert (state.status, state.closure) == ("training_completed", "completed")
    assert not cohorts.cohort("fall").held
    came = letters(harness, rosa.reference)
    assert any(one.startswith("Usted completó el programa") for one in came)
    assert came[-1].startswith("Por favor, lea y firme el acuerdo"), "they may become a consultant"
    (told,) = [e for e in store.log(state) if "progress" in e.payload]
    assert told_in(told)["progress"] == {"coursework": 1}
    assert harness.engine.runs["trainee", f"{rosa.reference}-trainee-1"].status == "SUCCEEDED"


def test_what_was_sent_in_can_be_taken_back(harness: LifecycleHarness, rosa: Story) -> None:
    rosa.says(decision="report", item=WORK, link="https://example.org/journal")
    assert undo.take_back(rosa.reference, 1, "trainee", harness.world.at, "undo")
    assert trainee(rosa.reference).work == {}


def test_who_wants_a_change_is_talked_with_and_can_take_the_wish_back(
    harness: LifecycleHarness, rosa: Story
) -> None:
    rosa.says(**WISH)
    assert asks(rosa.reference) == "training_review"
    assert undo.take_back(rosa.reference, 1, "trainee", harness.world.at, "undo")
    harness.settle()
    assert asks(rosa.reference) == "training" and trainee(rosa.reference).wish == ""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"decision": "stay"}, "enrolled"),
        ({"decision": "leave", "until": "2027-01-15"}, "on_leave"),
        ({"decision": "transfer", "cohort": "spring"}, "transferred"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_coordinator_decides_how_a_trainee_goes_on(
    harness: LifecycleHarness, rosa: Story, said: dict[str, str], status: str
) -> None:
    entered_cohort(harness.world, "spring", begins_in=200)
    rosa.says(**WISH)
    rosa.says(**said)
    state = trainee(rosa.reference)
    assert (asks(rosa.reference), state.status, state.wish) == ("training", status, "")


def test_nobody_decides_and_the_same_is_asked_again(harness: LifecycleHarness, rosa: Story) -> None:
    rosa.says(**WISH)
    rosa.falls_silent()
    assert asks(rosa.reference) == "training_review"
    rosa.says(decision="end", why="own_wish")
    assert trainee(rosa.reference).status == "training_withdrawn"
    assert not cohorts.cohort("fall").held
    assert letters(harness, rosa.reference)[-1].startswith("Usted dejó el programa")


def test_the_time_is_over_and_something_is_missing(harness: LifecycleHarness, rosa: Story) -> None:
    one = cohorts.cohort("fall")
    passes(harness, end_of(one.ends_on))
    assert asks(rosa.reference) == "training_review"
    rosa.says(decision="time", until="2027-12-01")
    state = trainee(rosa.reference)
    assert asks(rosa.reference) == "training" and state.until == end_of("2027-12-01")
    assert state.task is not None and state.task.expires == state.until


def test_nobody_confirms_and_something_is_put_right_meanwhile(
    harness: LifecycleHarness, rosa: Story
) -> None:
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    rosa.falls_silent()
    assert asks(rosa.reference) == "training_completion"
    one = cohorts.cohort("fall")
    more = replace(one.requirements[-1], facilitator_meetings=1)
    assert cohorts.change(cohorts.require(one, more))
    rosa.says(decision="confirm")
    assert asks(rosa.reference) == "training" and trainee(rosa.reference).open


def test_staff_move_who_waits_for_a_confirmation_to_another_cohort(
    harness: LifecycleHarness, rosa: Story
) -> None:
    entered_cohort(harness.world, "spring", begins_in=200)
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    decides(rosa.reference, {"decision": "transfer", "cohort": "spring"}, harness.world.at, "t")
    harness.settle()
    state = trainee(rosa.reference)
    assert (asks(rosa.reference), state.cohort) == ("training", "spring")


def test_a_transfer_keeps_what_was_done_and_waits_for_the_later_cohort(
    harness: LifecycleHarness, rosa: Story
) -> None:
    spring = entered_cohort(harness.world, "spring", begins_in=200)
    confirms(rosa.reference, harness.world.at - 1, "early", "another")
    decides(rosa.reference, {"decision": "transfer", "cohort": "spring"}, harness.world.at, "t")
    harness.settle()
    state = trainee(rosa.reference)
    assert (state.status, state.earlier) == ("transferred", ["fall"])
    assert state.work == {"another": "confirmed"}
    assert not cohorts.cohort("fall").held and cohorts.cohort("spring").held == [rosa.reference]
    assert not tasks.details(state)["away"], "who waits for a cohort is on no leave"
    passes(harness, begin_of(spring.begins_on))
    state = trainee(rosa.reference)
    assert state.status == "enrolled" and state.task is not None
    assert state.task.expires == end_of(spring.ends_on)


def test_a_facilitator_of_the_earlier_cohort_alone_does_not_come_along(
    harness: LifecycleHarness, rosa: Story
) -> None:
    for key, theirs in (("spring", ["consultant:elena-vartan"]), ("summer", [FACILITATOR])):
        one = entered_cohort(harness.world, key, begins_in=200)
        assert cohorts.change(replace(one, facilitators=theirs))
    given(rosa.reference, "", harness.world.at)
    decides(rosa.reference, {"decision": "transfer", "cohort": "summer"}, harness.world.at, "one")
    harness.settle()
    assert trainee(rosa.reference).facilitator == FACILITATOR
    decides(rosa.reference, {"decision": "transfer", "cohort": "spring"}, harness.world.at, "two")
    assert trainee(rosa.reference).facilitator == ""
    over = replace(cohorts.cohort("fall"), ends_on="2026-01-31")
    assert cohorts.change(over)
    offered = [one.id for one in changing.later_cohorts(trainee(rosa.reference), harness.world.at)]
    assert offered == ["summer"], "not one that is over"


def test_who_facilitates_hears_of_a_trainee_once_and_the_one_before_hears_nothing(
    harness: LifecycleHarness, rosa: Story
) -> None:
    def to(address: str) -> int:
        return len([mail for mail in harness.world.mails if mail.to == address])

    first, second = (str(people.consultant(one)["email"]) for one in ("alma-reyes", "elena-vartan"))
    before = to(first), to(second)
    given(rosa.reference, "", harness.world.at)
    placed(rosa.reference, "consultant:elena-vartan", harness.world.at, "two")
    placed(rosa.reference, "consultant:elena-vartan", harness.world.at, "three", "blue")
    harness.settle()
    assert (to(first), to(second)) == (before[0] + 1, before[1] + 1)


def placed(reference: str, who: str, at: int, command: str, group: str = "") -> None:
    changes(reference, lambda one: acts.place(one, group, who, BY, command, at), command)


def test_a_leave_ends_by_itself_or_when_they_say_so(harness: LifecycleHarness, rosa: Story) -> None:
    at = harness.world.at
    decides(rosa.reference, {"decision": "leave", "until": "2026-12-31"}, at, "one")
    harness.settle()
    assert trainee(rosa.reference).status == "on_leave"
    rosa.says(decision="back")
    assert trainee(rosa.reference).status == "enrolled"
    decides(rosa.reference, {"decision": "leave", "until": "2026-12-31"}, at, "two")
    harness.settle()
    passes(harness, end_of("2026-12-31") - 7 * DAY + 9 * 3600)
    assert letters(harness, rosa.reference)[-1].startswith("Su pausa en el programa")
    passes(harness, end_of("2026-12-31"))
    state = trainee(rosa.reference)
    assert state.status == "enrolled" and state.task is not None
    assert state.task.expires == state.until == end_of(cohorts.cohort("fall").ends_on)


def test_a_run_that_begins_again_asks_the_same(harness: LifecycleHarness, rosa: Story) -> None:
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    restart(trainee(rosa.reference), harness.world.at, "system", "run lost")
    passes(harness, harness.world.at + 60)
    assert asks(rosa.reference) == "training_completion"


def test_an_accepted_offer_becomes_a_trainee_once_with_the_seat_that_it_held(
    harness: LifecycleHarness,
) -> None:
    short_cohort(harness.world)
    applicant = store.load(harness.world.submit())
    told = TellRoom(room="training_place", about={"cohort": "fall"})
    for _ in range(2):
        opening.place(applicant, 3, told)
    (one,) = opening.roster("fall")
    assert one.application == applicant.reference and one.contact.email == applicant.contact.email
    assert cohorts.cohort("fall").held == [one.reference]
    assert rooms.TOLD["training_place"].endswith("opening:place")


@pytest.mark.parametrize("step", ["ask_training", "ask_training_review", "ask_training_completion"])
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    short_cohort(harness.world)
    story = Story(harness, enrolled(harness.world))
    harness.settle()
    if step == "ask_training_review":
        story.says(**WISH)
    elif step == "ask_training_completion":
        confirms(story.reference, harness.world.at)
        harness.settle()
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    assert f"ask_{story.asks}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_training", 5)
    harness.fail_step("ask_repair", 5)
    short_cohort(harness.world)
    story = Story(harness, enrolled(harness.world))
    harness.settle()
    assert story.run("trainee").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        passes(harness, harness.world.at + 61)
    assert story.asks == "training"


# -- undone ------------------------------------------------------------------------------------------
@pytest.mark.promise("ends-by-mistake")
def test_what_a_coordinator_decided_is_undone_with_the_seat_of_before(
    harness: LifecycleHarness, rosa: Story
) -> None:
    entered_cohort(harness.world, "spring", begins_in=200)
    rosa.says(**WISH)
    asked = trainee(rosa.reference).task
    assert asked is not None
    rosa.says(decision="transfer", cohort="spring")
    actor = store.log(trainee(rosa.reference))[-2].actor
    assert undo.take_back(rosa.reference, asked.number, actor, harness.world.at, "undo")
    harness.settle()
    state = trainee(rosa.reference)
    assert (asks(rosa.reference), state.cohort, state.wish) == ("training_review", "fall", "break")
    assert cohorts.cohort("fall").held == [state.seat] and not cohorts.cohort("spring").held


def test_a_change_that_was_kept_though_its_reply_was_lost_is_not_told_as_refused(
    harness: LifecycleHarness, rosa: Story
) -> None:
    before = cohorts.cohort("fall")
    harness.world.aws.begin({1: "twice"})
    assert cohorts.change(replace(before, name="Fall, again"))
    harness.world.aws.end()
    assert cohorts.cohort("fall").name == "Fall, again"
    assert not cohorts.change(replace(before, name="Of somebody who read it before"))


@pytest.mark.promise("ends-by-mistake")
def test_a_seat_that_somebody_else_has_by_now_is_not_taken_from_them_by_an_undo(
    harness: LifecycleHarness, rosa: Story
) -> None:
    entered_cohort(harness.world, "spring", begins_in=200)
    rosa.says(**WISH)
    asked = trainee(rosa.reference).task
    assert asked is not None
    rosa.says(decision="transfer", cohort="spring")
    actor = store.log(trainee(rosa.reference))[-2].actor
    assert cohorts.change(replace(cohorts.cohort("fall"), seats=1))
    other = enrolled(harness.world)
    assert not undo.take_back(rosa.reference, asked.number, actor, harness.world.at, "undo")
    assert trainee(rosa.reference).cohort == "spring" and cohorts.cohort("fall").held == [other]


def again(harness: LifecycleHarness, reference: str) -> None:
    reopening.reopen(reference, "The wrong person", "staff:cora-match", "again", harness.world.at)
    harness.settle()


@pytest.mark.promise("ends-by-mistake")
def test_who_was_withdrawn_by_mistake_goes_on_with_all_that_was_done(
    harness: LifecycleHarness, rosa: Story
) -> None:
    rosa.says(decision="report", item=WORK, link="https://example.org/journal")
    decides(rosa.reference, {"decision": "end", "why": "own_wish"}, harness.world.at, "end")
    harness.settle()
    assert not trainee(rosa.reference).open and not cohorts.cohort("fall").held
    again(harness, rosa.reference)
    state = trainee(rosa.reference)
    assert (state.status, asks(rosa.reference)) == ("enrolled", "training")
    assert state.work == {WORK: "reported"} and cohorts.cohort("fall").held == [rosa.reference]
    assert any(one.startswith("Su capacitación sigue") for one in letters(harness, rosa.reference))


@pytest.mark.promise("ends-by-mistake")
def test_a_completion_that_was_a_mistake_takes_certificate_and_onboarding_with_it_and_may_come_again(
    harness: LifecycleHarness, rosa: Story
) -> None:
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    rosa.says(decision="confirm")
    (paper,) = certificates.every()
    (begun,) = onboardings(harness)
    again(harness, rosa.reference)
    assert not certificates.one_of(paper.id).valid
    assert store.load(begun, consistent=True).status == "onboarding_not_yet"
    assert asks(rosa.reference) == "training_completion", "nothing was missing: it is asked again"
    rosa.says(decision="confirm")
    assert [one.valid for one in certificates.every()].count(True) == 1
    assert len(onboardings(harness)) == 2


@pytest.mark.promise("ends-by-mistake")
def test_a_completion_stays_once_they_are_a_consultant_until_that_is_undone(
    harness: LifecycleHarness, rosa: Story
) -> None:
    confirms(rosa.reference, harness.world.at)
    harness.settle()
    rosa.says(decision="confirm")
    story = Story(harness, onboardings(harness)[0])
    for _ in range(3):
        story.says(**usual(story))
    assert reopening.why_not(trainee(rosa.reference), harness.world.at) == reopening.CONSULTANT
    again(harness, rosa.reference)
    assert not trainee(rosa.reference).open
    back.reopen(story.reference, "Too early", "staff:cora-match", "back", harness.world.at)
    harness.settle()
    assert not reopening.why_not(trainee(rosa.reference), harness.world.at)


def onboardings(harness: LifecycleHarness) -> list[str]:
    rows = harness.world.fake_table.items
    found = [key for key, row in rows.items() if key.startswith("R#") and _is_one(row)]
    return sorted(key.removeprefix("R#") for key in found)


def _is_one(row: dict[str, dict[str, object]]) -> bool:
    return row.get("REFERRAL", {}).get("case_type") == "onboarding"
