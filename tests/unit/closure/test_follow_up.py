"""After the end: the survey, thirty days of rest, how the setting is."""

from __future__ import annotations

import pytest

from chalicelib.referral.case_type import REFERRAL
from chalicelib.referral.closure import stipend as stipend_of
from chalicelib.referral.closure import survey
from chalicelib.referral.model import Referral
from chalicelib.web.forms import clean
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import every_kind, kind_of
from chalicelib.workflow.scheduler import look
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answer
from infra.answers import DAY
from tests.episode import closed, fill, post, told
from tests.world import World

SHORT = {"worthwhile": "yes", "kept_in_care": "yes"}
WELL = {"kept_in_care": "yes", "going": "better", "call_wanted": "no"}


def a_referral(setting: str = "center") -> Referral:
    return Referral(
        reference="0QXP-0SBS-4", setting=setting, status="closed", closed=1, specialist="s-1"
    )


def expire(world: World, reference: str) -> None:
    """Let the open task run out."""
    task = world.state(reference).task
    assert task is not None
    world.at = task.expires
    look(reference, world.at)


@pytest.mark.promise("survey-and-stipend")
@pytest.mark.parametrize(
    ("setting", "stipend"),
    [("center", False), ("fcch_small", True), ("fcch_large", True), ("ffn", False)],
)
def test_a_survey_that_came_earns_a_family_child_care_home_its_stipend(
    world: World, setting: str, stipend: bool
) -> None:
    state = a_referral(setting)
    outcome = survey.decide_survey(state, fill(state, "survey", **SHORT), 0)
    assert outcome.verdict == "answered"
    assert outcome.payload.get("stipend", False) is stipend
    assert bool(outcome.same_transaction) is stipend


@pytest.mark.promise("survey-and-stipend")
def test_a_stipend_is_a_task_of_its_own_once_a_case_and_shows_no_answer(world: World) -> None:
    reference = closed(world, setting="fcch_small", site_name="Demo Home")
    post(world, reference, worthwhile="no", kept_in_care="no")
    (n,) = world.state(reference).side_tasks
    row = side_task_rows.get(reference, n)
    assert row is not None and (row.kind, row.role, row.assignee) == (
        "stipend", "coordinator", "cora-match",
    )  # fmt: skip
    world.relay()
    mail = next(m for m in reversed(world.mails) if m.to == "cora-match@example.org")
    assert mail.link and "stipend" in mail.subject
    shown = str(kind_of("stipend").page.details(world.state(reference)))
    assert "worthwhile" not in shown
    answer(reference, n, {"decision": "sent"}, "coordinator:cora-match", "x", world.at)
    state = world.state(reference)
    assert state.side_tasks == [] and stipend_of.due(state, world.at) is None, "once a case"
    assert same_story(fold(Referral, reference, store.log(state)), state)


def test_the_survey_is_reminded_at_half_time_and_when_two_weeks_are_over(world: World) -> None:
    reference = closed(world)
    world.relay()
    task = world.state(reference).task
    assert task is not None and task.remind == [task.remind[0], task.due]
    assert 13 * DAY < task.due - task.opened < 18 * DAY
    for at in task.remind:
        world.at = at
        look(reference, at)
        world.relay()
        assert "This is a reminder." in world.mails[-1].text


@pytest.mark.promise("follow-up-measured")
def test_the_five_items_before_and_now_may_be_left_open() -> None:
    state = a_referral()
    some = fill(state, "survey", **SHORT, before_1=2, now_1=4, now_5=5)
    data = survey.decide_survey(state, some, 0).payload
    assert data["rated_before"] == [2, 0, 0, 0, 0]
    assert data["rated_now"] == [4, 0, 0, 0, 5]


@pytest.mark.promise("scanner-submits")
def test_a_survey_or_follow_up_sent_by_a_program_is_refused() -> None:
    state = a_referral()
    assert set(clean(survey.survey_form(state), {}, "en").errors) == set(SHORT)
    assert set(clean(survey.follow_up_form(state), {}, "en").errors) == set(WELL)


def test_the_answers_reach_no_page_of_the_consultant(world: World) -> None:
    reference = closed(world)
    post(world, reference, **SHORT, comment="They were late twice")
    world.relay()
    assert not any("late twice" in mail.text for mail in world.mails)
    asked = [kind for kind in every_kind().values() if kind.role == "consultant"]
    kinds = [kind for kind in asked if kind.stage in REFERRAL.stages]
    assert kinds
    for kind in kinds:
        shown = kind.page.details(world.state(reference))
        pages = str({k: v for k, v in shown.items() if k != "episode"})
        assert "late twice" not in pages


def test_the_way_from_closing_to_followed_up(world: World) -> None:
    reference = closed(world)
    world.relay()
    assert "survey" in world.mails[-1].text and world.mails[-1].link
    post(world, reference, **SHORT)
    assert world.step("ask_follow_up_rest", reference) == "asked"
    resting = world.state(reference)
    assert resting.task is not None and resting.task.role == "system"
    assert resting.closed is not None
    assert 29 * DAY < resting.task.expires - resting.closed < 34 * DAY
    sent = len(world.mails)
    expire(world, reference)
    world.relay()
    assert len(world.mails) == sent  # nobody is asked while it rests
    assert world.said[-1][1] == "due"
    assert world.step("ask_follow_up", reference) == "asked"
    assert world.state(reference).status == "follow_up_due"
    post(world, reference, **WELL)
    world.relay()
    state = world.state(reference)
    assert (state.status, state.stage, state.task) == ("followed_up", "follow_up", None)
    assert world.said[-1][1] == "done"
    assert world.step("ask_late_follow_up_rest", reference) == "asked"
    resting = world.state(reference)
    assert resting.task is not None and resting.closed is not None
    assert 179 * DAY < resting.task.expires - resting.closed < 184 * DAY
    expire(world, reference)
    assert world.step("ask_late_follow_up", reference) == "asked"
    world.relay()
    assert "half a year" in world.mails[-1].text
    post(world, reference, **(WELL | {"going": "harder"}))
    world.relay()
    state = world.state(reference)
    assert (state.status, state.stage, state.task) == ("followed_up", "closed", None)
    assert same_story(fold(Referral, reference, store.log(state)), state)
    assert told(world, reference, "survey")
    assert told(world, reference, "follow_up")["going"] == "better"
    assert told(world, reference, "late_follow_up")["going"] == "harder", "both are kept"


def test_nobody_has_to_answer_and_the_referral_rests_all_the_same(world: World) -> None:
    reference = closed(world)
    expire(world, reference)
    assert world.step("ask_survey", reference) == "expired"  # a restarted run hears it again
    if world.step("ask_follow_up_rest", reference) == "asked":
        expire(world, reference)
    world.step("ask_follow_up", reference)
    expire(world, reference)
    world.relay()
    state = world.state(reference)
    assert (state.status, state.stage) == ("followed_up", "follow_up")
    assert world.step("ask_late_follow_up_rest", reference) == "asked"
    expire(world, reference)
    world.step("ask_late_follow_up", reference)
    expire(world, reference)
    world.relay()
    state = world.state(reference)
    assert (state.status, state.stage) == ("followed_up", "closed")
    assert world.said[-1][1] == "expired"


def test_the_rest_is_over_at_once_when_thirty_days_have_passed(world: World) -> None:
    reference = closed(world)
    post(world, reference, **SHORT)
    world.at += 40 * DAY
    assert world.step("ask_follow_up_rest", reference) == "due"
    assert world.state(reference).task is None


@pytest.mark.promise("restart-from-table")
def test_a_restarted_follow_up_goes_on_where_it_was(world: World) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    reference = closed(world)
    post(world, reference, **SHORT)
    world.step("ask_follow_up_rest", reference)
    restart(world.state(reference), world.at, "reconciler", "no run")
    world.relay()
    assert world.started[-1][0] == "follow_up"
    assert world.step("ask_survey", reference) == "answered"
    assert world.step("ask_follow_up_rest", reference, token="new") == "asked"
    expire(world, reference)
    world.relay()
    assert world.said[-1] == ("new", "due")


@pytest.mark.promise("follow-up-measured")
def test_a_wish_for_a_call_is_a_task_of_the_specialist_until_they_talked(world: World) -> None:
    reference = closed(world)
    post(world, reference, **SHORT)
    world.at += 42 * DAY  # whole weeks: letters to staff come when they work
    world.step("ask_follow_up_rest", reference)
    world.step("ask_follow_up", reference)
    post(world, reference, **(WELL | {"call_wanted": "yes", "comment": "Call me please"}))
    world.relay()
    letter = world.mails[-1]
    assert "call" in letter.subject and "Call me" not in letter.text and letter.link
    state = world.state(reference)
    assert letter.to == f"{state.specialist}@example.org"
    (n,) = state.side_tasks
    row = side_task_rows.get(reference, n)
    assert row is not None and (row.kind, row.assignee) == ("wanted_call", state.specialist)
    assert state.task is None or state.task.number != n  # the follow-up rests beside it
    values = clean(kind_of("wanted_call").page.form(state), {"talked": ["no_answer"]}, "en").values
    answer(reference, n, values, f"staff:{state.specialist}", "try", world.at)
    assert world.state(reference).side_tasks == [n], "a try keeps the task"
    values = clean(kind_of("wanted_call").page.form(state), {"talked": ["phone"]}, "en").values
    answer(reference, n, values, f"staff:{state.specialist}", "talk", world.at)
    after = world.state(reference)
    assert after.side_tasks == [] and (after.stage, after.status) == (state.stage, state.status)
    assert same_story(fold(Referral, reference, store.log(after)), after)
