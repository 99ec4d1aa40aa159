"""A practicum from its first letter to its hours, with the real match, referral, relay and scheduler."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import Invalid
from chalicelib.mail import letter_rows
from chalicelib.mail.phone.sayings import sayings
from chalicelib.referral.matching import constraints
from chalicelib.referral.matching.match_request import Consultant, need_from
from chalicelib.referral.request import Request
from chalicelib.training.practicum import follow, hours, opening
from chalicelib.training.practicum import log as logging
from chalicelib.training.practicum.model import Practicum
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import store
from infra.answers import example, time_of_answer
from tests.practicum.script import GUIDE, OTHER_GUIDE, begun, beside
from tests.training.script import decides
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.taskpages import may_see, shown_status
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.workflow.test_in_training import HOME

SETTLED = "practicum/settled"


def practicum(state: Practicum) -> Practicum:
    found = store.load(state.reference, Practicum, consistent=True)
    assert same_story(fold(Practicum, found.reference, store.log(found)), found)
    return found


def ready(harness: LifecycleHarness, minutes: int = 120, phone: str = "") -> Practicum:
    """A trainee who has said where they can work; nobody else takes offers."""
    state = begun(harness.world, minutes, phone)
    harness.settle()
    Story(harness, state.reference).says(
        languages=["es", "en"], modalities=["onsite", "virtual"], counties=["los_angeles"],
        travel_minutes=60, age_bands=["toddler"],
    )  # fmt: skip
    alone(practicum(state).consultant, True)
    return practicum(state)


def alone(who: str, rest: bool) -> None:
    """Whether nobody else takes offers."""
    for row in people.consultants():
        if row["id"] != who:
            people.set_fields(row["id"], {"paused_offers": True if rest else None})


def home_of(harness: LifecycleHarness, until: str = "service") -> Story:
    """A home that said yes, at a task of its consultation."""
    story = harness.submit(**HOME, trainee_welcome="yes")
    while story.asks != until:
        harness.world.at = time_of_answer(story.state, harness.world.at)
        story.says(**example(story.state, harness.world.at))
    return story


def log(harness: LifecycleHarness, state: Practicum, minutes: int, **more: Any) -> None:
    day = pacific_date(harness.world.at).isoformat()
    raw = {"decision": "log", "day": day, "minutes": minutes, "way": "onsite", **more}
    Story(harness, state.reference).says(**raw)


@pytest.mark.promise("practicum-in-the-match")
def test_the_match_finds_the_home_and_the_referral_goes_its_usual_way(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    row = people.consultant_now(state.consultant)
    assert (row["facilitator"], row["trainee"], row["practicum"]) == (GUIDE, True, state.reference)
    story = home_of(harness, "first_contact")
    assert story.state.consultant == state.consultant
    assert (practicum(state).home, practicum(state).status) == (story.reference, "practicum_works")


@pytest.mark.promise("served-without-email", "practicum-in-the-match")
def test_a_trainee_without_email_is_called_about_a_home_and_a_coordinator_writes_down_their_answer(
    harness: LifecycleHarness, client: Client
) -> None:
    state = ready(harness, phone="559-555-0142")
    to, story = f"consultant:{state.consultant}", home_of(harness, "offer")
    (call,) = open_rows(story.state)
    assert (call.kind, call.assignee, call.about) == ("tell_person", "cora-match", {"to": to})
    (offer,) = sayings(story.state, to)
    assert story.state.task is not None and offer.task == story.state.task.number
    assert "nueva consultoría" in offer.words.title and not sayings(story.state), (
        "nothing to the provider"
    )
    assert (
        not story.state.contact.call
        and "called" not in shown_status(Browser(client), story.reference).text
    )
    cora = signed_in(harness.world, client, "coordinator")
    case = f"/console/referrals/{story.reference}"
    cora.get(case)
    page = may_see(cora, press(cora, f"{case}/task", n=str(call.number)))
    assert "559-555-0142" in page.text and offer.words.paragraphs[1] in page.text
    assert f"{case}/behalf/{offer.task}" in page.links
    page = cora.get(f"{case}/behalf/{offer.task}")
    assert "Los Angeles" in page.text and offer.words.paragraphs[1] in page.text
    cora.answer({"decision": "accept", "told_by": "Rosa", "told_how": "phone"})
    harness.settle()
    assert (story.asks, practicum(state).home) == ("first_contact", story.reference)
    (next_call,) = open_rows(story.state)
    assert next_call.number != call.number, "the call about the offer has ended by itself"
    (contact,) = sayings(story.state, to)
    assert contact.task == story.state.task.number
    cora.get(case)
    page = may_see(cora, press(cora, f"{case}/task", n=str(next_call.number)))
    cora.answer({"talked": "phone", "said": [contact.id]})
    assert not open_rows(story.state) and not sayings(story.state, to)
    rows = [row for row in letter_rows.of(story.reference) if row.get("to") == to]
    assert {row.get("status") for row in rows} == {letter_rows.SAID, letter_rows.SKIPPED}


@pytest.mark.promise("served-without-email")
def test_a_call_to_a_trainee_that_nobody_made_ends_with_the_offer(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness, phone="559-555-0142")
    to, story = f"consultant:{state.consultant}", home_of(harness, "offer")
    (call,) = open_rows(story.state)
    assert story.state.task is not None
    harness.world.at = story.state.task.expires + 1
    for _ in range(4):  # a reminder is said in the same call; then the offer is over
        assert story.asks != "offer" or call.number in story.state.side_tasks
        harness.run_scheduler()
    assert story.asks != "offer" and not sayings(story.state, to)
    harness.world.at = max(harness.world.at, call.expires + 1)
    for _ in range(4):
        harness.run_scheduler()
    assert not [row for row in open_rows(story.state) if row.kind == "tell_person"]


@pytest.mark.promise("practicum-hours")
def test_a_session_counts_by_itself_and_the_provider_confirms_it_by_one_press(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    harness.world.at = time_of_answer(story.state, harness.world.at)
    story.says(**example(story.state, harness.world.at))
    (line,) = hours.tally(practicum(state)).lines
    assert line.session and line.stands == hours.WAITING
    assert hours.minutes_of(state.trainee) == (0, line.minutes)
    asked = [m for m in harness.world.mails if "confirm the hours" in m.subject]
    assert [m.to for m in asked] == ["ana@example.org"]
    beside(harness, story.reference, decision="confirmed")
    assert hours.minutes_of(state.trainee) == (line.minutes, 0)


@pytest.mark.promise("practicum-hours")
def test_hours_that_are_not_right_go_to_who_guides_and_count_as_they_say(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    log(harness, state, 90)
    log(harness, state, 30)
    (first, second) = hours.tally(practicum(state)).lines
    assert len([m for m in harness.world.mails if "confirm the hours" in m.subject]) == 1
    beside(harness, story.reference, decision="disputed", wrong=[first.id], why="shorter")
    assert hours.minutes_of(state.trainee) == (0, 120)
    to_guide = [m for m in harness.world.mails if "which hours of a practicum count" in m.subject]
    assert len(to_guide) == 1 and state.reference in opening.cases_of(GUIDE, harness.world.at)
    beside(harness, state.reference, decision="other", minutes=60)
    told = [row["to"] for row in letter_rows.of(state.reference) if row["letter"] == SETTLED]
    assert told == ["trainee"]
    assert hours.minutes_of(state.trainee) == (60, 30), "the second is asked next"
    beside(harness, story.reference, decision="confirmed")
    assert hours.minutes_of(state.trainee) == (90, 0)
    assert second.id != first.id


@pytest.mark.promise("practicum-hours")
def test_a_correction_is_one_entry_and_is_said_to_the_provider(harness: LifecycleHarness) -> None:
    state = ready(harness)
    home_of(harness)
    log(harness, state, 480)
    (wrong,) = hours.tally(practicum(state)).lines
    log(harness, state, 48, decision="fix", which=wrong.id)
    (right,) = hours.tally(practicum(state)).lines
    assert (right.minutes, right.changed, right.stands) == (48, True, hours.WAITING)
    at, row = harness.world.at, people.consultant_now(state.consultant)
    assert hours.besides(row["id"], row, at - 3600, at)[1] == 48, "on their own page"
    assert hours.besides(row["id"], row, at + 86_400, at + 2 * 86_400)[1] == 0


@pytest.mark.promise("practicum-hours")
def test_hours_to_come_and_hours_that_they_did_not_log_are_refused(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    harness.world.at = time_of_answer(story.state, harness.world.at)
    story.says(**example(story.state, harness.world.at))
    (session,) = hours.tally(practicum(state)).lines
    tomorrow = pacific_date(harness.world.at + 86_400).isoformat()
    told: Values = {"decision": "log", "day": tomorrow, "minutes": 30, "way": "onsite"}
    for values, field in (
        (told, "day"),
        ({**told, "decision": "strike", "which": session.id}, "which"),
    ):
        with pytest.raises(Invalid) as refused:
            logging.decide(practicum(state), values, harness.world.at)
        assert set(refused.value.errors) == {field}


@pytest.mark.promise("practicum-hours")
def test_a_provider_is_asked_about_the_hours_of_their_own_home_alone() -> None:
    lines = [hours.Hours(home, home, "2026-10-20", 30, "onsite") for home in ("one", "other")]
    assert hours.Tally(lines).to_confirm("one") == ["one"]


@pytest.mark.promise("practicum-hours")
def test_hours_that_nobody_has_confirmed_end_no_practicum(harness: LifecycleHarness) -> None:
    state = ready(harness, minutes=60)
    story = home_of(harness)
    log(harness, state, 60)
    story.withdraws()
    assert practicum(state).status == "practicum_looks"
    beside(harness, story.reference, decision="confirmed")
    harness.settle()
    assert practicum(state).status == "practicum_done"


@pytest.mark.promise("practicum-hours")
def test_who_guides_now_settles_what_was_asked_before_and_what_does_not_count_is_in_no_sum(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    log(harness, state, 90)
    (line,) = hours.tally(practicum(state)).lines
    beside(harness, story.reference, decision="disputed", wrong=[line.id], why="shorter")
    opening.guide(state.reference, OTHER_GUIDE, "staff:cora-match", "guide", harness.world.at)
    (asked,) = [one for one in open_rows(practicum(state)) if one.kind == "practicum_dispute"]
    assert asked.assignee == OTHER_GUIDE
    assert opening.practicums(GUIDE) == [] and opening.cases_of(OTHER_GUIDE, 0) == [state.reference]
    beside(harness, state.reference, decision="nothing")
    at, row = harness.world.at, people.consultant_now(state.consultant)
    assert hours.minutes_of(state.trainee) == (0, 0)
    assert hours.besides(row["id"], row, at - 3600, at)[1] == 0


@pytest.mark.promise("practicum-goes-on")
def test_a_home_goes_on_with_somebody_else_while_its_trainee_is_away(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    alone(state.consultant, False)
    day = pacific_date(harness.world.at + 30 * 86_400).isoformat()
    decides(state.trainee, {"decision": "leave", "until": day}, harness.world.at, "leave")
    harness.settle()
    assert story.state.stage == "match" and story.state.consultant not in ("", state.consultant)
    assert practicum(state).open and not practicum(state).home


@pytest.mark.promise("practicum-goes-on")
def test_what_is_told_late_rests_nobody_who_has_become_a_consultant(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    people.set_fields(state.consultant, {"trainee": None})
    people.forget()
    about = {"stands": "away"}
    trainee = store.load(state.trainee)
    follow.of_trainee(trainee, trainee.version, TellRoom(room="x", about=about))
    assert "practicum_rests" not in people.consultant_now(state.consultant)


@pytest.mark.promise("practicum-goes-on")
def test_who_leaves_the_program_leaves_nothing_behind_and_keeps_the_hours(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    story = home_of(harness)
    log(harness, state, 30)
    beside(harness, story.reference, decision="confirmed")
    alone(state.consultant, False)
    decides(state.trainee, {"decision": "end", "why": "own_wish"}, harness.world.at, "end")
    harness.settle()
    assert story.state.stage == "match" and story.state.consultant not in ("", state.consultant)
    assert practicum(state).status == "practicum_stopped"
    assert people.consultant_now(state.consultant).get("held", []) == []
    assert hours.minutes_of(state.trainee) == (30, 0)


@pytest.mark.promise("practicum-goes-on")
def test_no_home_is_offered_to_who_is_away_whatever_they_press_on_their_own_page(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness)
    who = state.consultant

    def stands_in_the_way() -> list[str]:
        people.pause_offers(who, False)  # as their own page does
        return constraints.CONSTRAINTS["H9"](
            need_from(Request(), None, "routine"),
            Consultant.read(people.consultant_now(who)),
            harness.world.at,
        )

    assert stands_in_the_way() == []
    day = pacific_date(harness.world.at + 30 * 86_400).isoformat()
    decides(state.trainee, {"decision": "leave", "until": day}, harness.world.at, "leave")
    harness.settle()
    assert stands_in_the_way() == [constraints.PRACTICUM_RESTS]
    decides(state.trainee, {"decision": "back"}, harness.world.at, "back")
    harness.settle()
    assert stands_in_the_way() == []
    decides(state.trainee, {"decision": "end", "why": "own_wish"}, harness.world.at, "end")
    harness.settle()
    assert stands_in_the_way() == [constraints.PRACTICUM_RESTS]


@pytest.mark.promise("practicum-goes-on")
def test_after_a_home_is_over_another_is_found_and_with_enough_hours_it_ends(
    harness: LifecycleHarness,
) -> None:
    state = ready(harness, minutes=60)
    first = home_of(harness)
    log(harness, state, 30)
    first.withdraws()
    assert (practicum(state).home, practicum(state).status) == ("", "practicum_looks")
    beside(harness, first.reference, decision="confirmed")
    second = home_of(harness)
    assert practicum(state).homes == [first.reference, second.reference]
    log(harness, state, 30)
    beside(harness, second.reference, decision="confirmed")
    assert practicum(state).open, "the work goes on, though the hours are there"
    second.withdraws()
    assert practicum(state).status == "practicum_done"
    assert hours.minutes_of(state.trainee) == (60, 0)


@pytest.mark.parametrize("step", ["ask_practicum_profile", "ask_practicum_hours"])
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    story = Story(harness, begun(harness.world).reference)
    harness.settle()
    if step == "ask_practicum_hours":
        story.says(**example(story.state, harness.world.at))
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    assert f"ask_{story.asks}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_practicum_profile", 5)
    harness.fail_step("ask_repair", 5)
    story = Story(harness, begun(harness.world).reference)
    harness.settle()
    assert story.run("practicum").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "practicum_profile"


@pytest.mark.parametrize("asks", ["practicum_profile", "practicum_hours"])
def test_a_trainee_who_says_nothing_in_time_is_asked_again(
    harness: LifecycleHarness, asks: str
) -> None:
    story = Story(harness, begun(harness.world).reference)
    harness.settle()
    if asks == "practicum_hours":
        story.says(**example(story.state, harness.world.at))
    story.falls_silent()
    assert story.asks == asks and story.state.open


def test_who_leaves_the_program_before_a_home_was_looked_for_is_asked_no_more(
    harness: LifecycleHarness,
) -> None:
    state = begun(harness.world)
    harness.settle()
    decides(state.trainee, {"decision": "end", "why": "own_wish"}, harness.world.at, "end")
    harness.settle()
    story = Story(harness, state.reference)
    assert not story.asks and practicum(state).status == "practicum_stopped"
    assert story.run("practicum").where == "Over"


@pytest.mark.promise("practicum-goes-on")
def test_who_is_on_leave_is_not_reminded_and_what_they_say_meanwhile_offers_no_home_before_they_are_back(
    harness: LifecycleHarness,
) -> None:
    state = begun(harness.world)
    harness.settle()
    until = pacific_date(harness.world.at + 60 * 86_400).isoformat()
    decides(state.trainee, {"decision": "leave", "until": until}, harness.world.at, "leave")
    harness.settle()
    harness.world.mails.clear()
    for _ in range(40):
        harness.world.at += 86_400
        harness.run_scheduler()
    assert practicum(state).status == "practicum_away"
    assert not [one for one in harness.world.mails if one.to == state.contact.email]
    story = Story(harness, state.reference)
    story.says(**example(story.state, harness.world.at))
    assert practicum(state).status == "practicum_away", "the answer does not end the leave"
    assert people.consultant_now(state.consultant)["practicum_rests"] is True
    decides(state.trainee, {"decision": "back"}, harness.world.at, "back")
    harness.settle()
    assert (practicum(state).status, practicum(state).pause) == ("practicum_looks", None)
    assert "practicum_rests" not in people.consultant_now(state.consultant)
