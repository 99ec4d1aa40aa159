"""The sessions: held, missed, moved, reviewed, ended; every entry one command."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.referral.delivery import service, service_form, session_times
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.forms import clean
from chalicelib.workflow.cases import Task, fold, same_story
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.scheduler import look
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.task_tokens import fingerprint
from infra.answers import LAST, day
from tests.episode import fill, hold, in_service, post, record
from tests.world import World

NOW = session_times.instant("2026-05-06", "12:00")
START = session_times.instant("2026-05-06", "10:00")
TASK = Task(
    number=7, kind="service", role="consultant", assignee="c-1", opened=NOW, due=NOW + 9, expires=NOW + 10**7,
    token="engine",
)  # fmt: skip
HELD = {
    "happened": "planned",
    "minutes": 55,
    "mode": "onsite",
    "next": "another",
    "next_day": "2026-05-13",
    "next_time": "09:30",
}
REVIEW = {"review": "Calmer", "course": "continue"}


@pytest.fixture(autouse=True)
def at_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form's own clock, for referrals that stand in no table."""
    monkeypatch.setattr(service_form, "now", lambda: NOW)


def a_referral(held: int = 0, missed: int = 0, **values: Any) -> Referral:
    sessions = Sessions(planned=6, held=held, missed=missed, next=START, mode="virtual", minutes=60)
    base: dict[str, Any] = {
        "reference": "0QXP-0SBS-4",
        "version": 20,
        "stage": "delivery",
        "status": "in_service",
        "setting": "center",
        "consultant": "c-1",
        "submitted": NOW - 30 * 86400,
        "sessions": sessions,
        "task": TASK,
    }
    return Referral.model_validate(base | values)


def decided(state: Referral, **raw: Any) -> Outcome:
    return service.decide(state, fill(state, "service", **raw), NOW)


def refused(state: Referral, **raw: Any) -> set[str]:
    """The fields that are wrong, for the form or for the rules behind it."""
    form = service_form.form(state)
    cleaned = clean(form, {name: [str(value)] for name, value in raw.items()}, "en")
    if not cleaned.ok:
        return set(cleaned.errors)
    with pytest.raises(Invalid) as error:
        service.decide(state, cleaned.values, NOW)
    return set(error.value.errors)


def test_a_held_session_counts_keeps_the_task_and_plans_the_next() -> None:
    outcome = decided(a_referral(held=1), **HELD, classroom="Room 2", note="Tried the corner")
    assert (outcome.verdict, outcome.stays) == ("held", True)
    assert outcome.changes["sessions"].held == 2
    assert outcome.changes["sessions"].next == session_times.instant("2026-05-13", "09:30")
    assert outcome.payload["session"] == {
        "held": True,
        "day": "2026-05-06",
        "minutes": 55,
        "mode": "onsite",
        "classroom": "Room 2",
        "note": "Tried the corner",
    }
    assert not outcome.effects and "Tried" not in str(outcome.changes)


def test_the_wait_is_set_anew_for_the_next_session_and_keeps_the_engines_token() -> None:
    task = decided(a_referral(), **HELD).changes["task"]
    assert (task.token, task.number, task.expires) == ("engine", 7, TASK.expires)
    assert task.remind[0] == session_times.instant("2026-05-13", "18:00")
    assert task.remind[1] == task.due > task.remind[0]
    assert task.escalate > session_times.instant("2026-05-13", "09:30") + 29 * 86400


@pytest.mark.promise("sessions-watched")
def test_only_a_session_that_was_held_ends_the_quiet_days() -> None:
    waiting = TASK.model_copy(update={"escalate": NOW + 5 * 86400})
    told = TASK.model_copy(update={"escalate": None})
    later = {"next": "another", "next_day": "2026-05-13", "next_time": "10:00"}
    for raw in ({"happened": "no_show"} | later, {"happened": "move"} | later):
        for task in (waiting, told):
            after = decided(a_referral(task=task), **raw).changes["task"]
            assert after.escalate == task.escalate, "once in a quiet period, and no later"
        assert decided(a_referral(task=told), **HELD).changes["task"].escalate


def test_a_no_show_counts_as_missed_and_plans_the_next() -> None:
    raw = {k: v for k, v in HELD.items() if k.startswith("next")}
    outcome = decided(a_referral(held=1), happened="no_show", **raw)
    assert outcome.verdict == "missed"
    assert (outcome.changes["sessions"].held, outcome.changes["sessions"].missed) == (1, 1)
    assert outcome.payload["session"]["held"] is False


def test_a_moved_session_is_told_with_its_old_time() -> None:
    outcome = decided(a_referral(held=1), happened="move", next_day="2026-05-09", next_time="10:00")
    assert outcome.verdict == "moved"
    assert outcome.payload["moved_from"] == START
    assert "held" not in outcome.payload and outcome.changes["sessions"].held == 1


def test_a_session_on_another_day_says_which() -> None:
    raw = HELD | {"happened": "other", "day": "2026-05-04"}
    assert decided(a_referral(), **raw).payload["session"]["day"] == "2026-05-04"


@pytest.mark.parametrize(
    ("state", "raw", "wrong"),
    [
        (a_referral(), HELD | {"happened": "other", "day": "2026-05-07"}, {"day"}),
        (a_referral(), HELD | {"happened": "other", "day": "2026-01-07"}, {"day"}),
        (a_referral(), HELD | {"happened": "other"}, {"day"}),
        (a_referral(), HELD | {"minutes": 0}, {"minutes"}),
        (a_referral(), HELD | {"next_day": "2026-05-05"}, {"next_day"}),
        (a_referral(), HELD | {"next_day": ""}, {"next_day"}),
        (a_referral(), HELD | {"next": "last"}, {"end_reason"}),
        (a_referral(), {"happened": "nothing"}, {"happened"}),
        (a_referral(), {"happened": "end", "end_reason": "done"}, {"end_reason"}),
        (a_referral(held=3), HELD, {"review", "course"}),
        (a_referral(held=3), HELD | REVIEW | {"course": "adjust"}, {"planned"}),
        (a_referral(held=3), HELD | REVIEW | {"course": "adjust", "planned": 13}, {"planned"}),
        (a_referral(held=3), {"happened": "end", "end_reason": "done"}, {"end_reason"}),
        (a_referral(held=11), HELD, {"next"}),
        (a_referral(held=11), HELD | {"next": "more"}, {"more_sessions", "more_reason"}),
        (a_referral(setting="ffn"), HELD, {"mode"}),
        (
            a_referral(),
            {"happened": "move", "next_day": "2026-05-06", "next_time": "10:00"},
            {"next_day"},
        ),
    ],
)
def test_an_entry_that_cannot_be_is_refused_where_it_is_wrong(
    state: Referral, raw: dict[str, Any], wrong: set[str]
) -> None:
    assert refused(state, **raw) == wrong


def test_a_planned_session_that_is_still_to_come_cannot_have_been_held_or_missed() -> None:
    later = Sessions(planned=6, next=NOW + 2 * 86400, mode="virtual", minutes=60)
    for happened in ("planned", "no_show"):
        assert refused(a_referral(sessions=later), **(HELD | {"happened": happened})) == {
            "happened"
        }


def test_the_review_at_the_fourth_session_may_change_the_number_of_sessions() -> None:
    raw = HELD | {"review": "Calmer, but families are tired", "course": "adjust", "planned": 9}
    outcome = decided(a_referral(held=3), **raw)
    assert outcome.changes["sessions"].planned == 9
    assert outcome.payload["review"] == {"words": raw["review"], "course": "adjust"}


def test_a_missed_fourth_session_asks_for_no_review_yet() -> None:
    raw = {k: v for k, v in HELD.items() if k.startswith("next")}
    assert "review" not in decided(a_referral(held=3), happened="no_show", **raw).payload


@pytest.mark.parametrize(
    ("held", "raw", "verdict"),
    [
        (3, HELD | REVIEW | LAST, "completed"),
        (5, HELD | LAST, "completed"),
        (11, HELD | LAST, "completed"),
        (4, {"happened": "end", "end_reason": "done"}, "completed"),
        (4, {"happened": "no_show", **LAST}, "completed"),
        (0, {"happened": "end", "end_reason": "site_closed"}, "ended_early"),
        (1, HELD | {"next": "last", "end_reason": "provider_withdrew"}, "ended_early"),
        (6, {"happened": "end", "end_reason": "safety_concern"}, "ended_early"),
    ],
)
def test_the_service_ends_completed_after_four_sessions_or_early_with_a_reason(
    held: int, raw: dict[str, Any], verdict: str
) -> None:
    outcome = decided(a_referral(held=held), **raw)
    assert (outcome.verdict, outcome.stays, outcome.final) == (verdict, False, True)
    assert outcome.changes["status"] == "closing"
    assert outcome.changes["sessions"].next is None and "task" not in outcome.changes
    assert outcome.reason == ("" if verdict == "completed" else raw["end_reason"])
    assert not outcome.effects


def test_only_centers_are_asked_for_the_classroom() -> None:
    asked = {
        setting: "classroom"
        in [f.name for f in service_form.form(a_referral(setting=setting)).fields]
        for setting in ("center", "fcch_small", "fcch_large", "ffn", "other_license_exempt")
    }
    assert [setting for setting, asks in asked.items() if asks] == [
        "center",
        "other_license_exempt",
    ]


def test_an_episode_of_six_sessions_with_a_no_show_and_a_move(world: World) -> None:
    reference = in_service(world)
    hold(world, reference)
    post(world, reference, happened="move", next_day=day(world.at, 9), next_time="11:00")
    hold(world, reference, happened="no_show")
    for _ in range(4):
        hold(world, reference)
    state = hold(world, reference, **LAST)
    world.relay()
    assert state.status == "closing" and state.task is None
    assert world.said[-1][1] == "completed"
    found = record(world, reference)
    assert (len(found.held), len(found.missed)) == (6, 1)
    assert found.minutes == 360 and found.review is not None
    assert [s.number for s in found.sessions] == list(range(1, 8))
    files = [m for m in world.mails if m.file is not None and m.to == "ana@example.org"]
    # The series, the move, the one that was missed, and four on other days than the series has.
    assert len(files) == 7
    assert same_story(fold(Referral, reference, store.log(state)), state)


@pytest.mark.promise("sessions-watched")
def test_the_note_is_asked_for_on_the_evening_and_after_thirty_quiet_days_the_supervisor_hears(
    world: World,
) -> None:
    reference = in_service(world)
    world.relay()
    state = world.state(reference)
    assert state.task is not None and state.sessions is not None and state.sessions.next is not None
    world.at = state.task.remind[0]
    look(reference, world.at)
    world.relay()
    assert "two minutes" in world.mails[-1].text and world.mails[-1].link
    assert state.task.escalate is not None
    assert state.task.escalate >= state.sessions.next + 30 * 86400
    world.at = state.task.escalate
    look(reference, world.at)
    world.relay()
    assert "escalated" in [entry.event for entry in store.log(world.state(reference))]
    hold(world, reference, happened="other", day=day(world.at))
    after = world.state(reference).task
    assert after is not None and after.escalate and after.escalate > world.at + 29 * 86400


@pytest.mark.promise("restart-from-table")
def test_a_restarted_run_finds_the_sessions_where_they_were(world: World) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    reference = in_service(world)
    hold(world, reference)
    restart(world.state(reference), world.at, "admin", "lost")
    for name in ("ask_first_contact", "ask_agreement", "ask_plan", "ask_plan_agreement"):
        assert world.step(name, reference) in ("reached", "agreed", "planned")
    assert world.step("ask_service", reference, token="new") == "asked"
    state = world.state(reference)
    assert state.task is not None and state.task.token == fingerprint("new")
    hold(world, reference, happened="end", end_reason="site_closed")
    world.relay()
    assert world.said[-1] == ("new", "ended_early")


def stored(value: Any) -> int:
    """Bytes of a value as DynamoDB counts them."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, dict):
        return 3 + sum(len(name) + stored(one) + 1 for name, one in value.items())
    if isinstance(value, list | set):
        return 3 + sum(stored(one) + 1 for one in value)
    return (len(str(value)) + 1) // 2 + 1


@pytest.mark.promise("state-row-small")
def test_the_state_row_stays_under_one_kilobyte_in_the_middle_of_service(world: World) -> None:
    reference = in_service(world, contact_name="Maria Guadalupe Hernandez de la Cruz")
    for _ in range(5):
        hold(world, reference, note="n" * 1000, classroom="Room 2")
    row = world.table.get_item(Key={"pk": f"R#{reference}", "sk": "REFERRAL"})["Item"]
    assert sum(len(name) + stored(value) for name, value in row.items()) < 1024
    assert "n" * 20 not in str(row)


@pytest.mark.promise("session-in-four-taps")
def test_a_session_of_today_needs_no_day_and_the_next_may_wait_for_one() -> None:
    known = service_form.known(a_referral(held=1))
    assert known == {"minutes": 60, "mode": "virtual"}
    away = a_referral(
        held=1, sessions={"planned": 6, "held": 1, "next": START + 3 * 86400, "mode": "virtual"}
    )
    said = {"minutes": 55, "mode": "virtual", "next": "not_agreed"}
    outcome = decided(away, happened="today", **said)
    assert outcome.payload["session"]["day"] == session_times.day_of(NOW)
    after, task = outcome.changes["sessions"], outcome.changes["task"]
    assert (outcome.verdict, outcome.stays) == ("held", True)
    assert (after.held, after.next, after.slot) == (2, None, None)
    assert task.remind and min(task.remind) > NOW and task.due > NOW, "they are asked for the day"
    full = {"planned": 12, "held": 11, "next": START, "mode": "virtual"}
    assert "next" in refused(a_referral(sessions=full), happened="planned", **said)


@pytest.mark.promise("session-in-four-taps")
def test_what_the_plan_says_of_a_session_is_folded_under_words_that_say_it() -> None:
    fields = {one.name: one for one in service_form.form(a_referral(held=1)).fields}
    folds = {name: one.fold for name, one in fields.items() if one.fold and one.name != "note_for"}
    assert set(folds) == {"minutes", "mode", "classroom"}
    assert len(set(folds.values())) == 1
    assert "60 minutes" in folds["minutes"] and "Online" in folds["minutes"]
    unplanned = a_referral(held=1, sessions={"planned": 6, "held": 1, "next": START})
    shown = {one.name for one in service_form.form(unplanned).fields if not one.fold}
    assert set(folds) <= shown


def test_an_open_day_takes_the_planned_ones_out_of_the_calendar(world: World) -> None:
    reference = in_service(world)
    hold(world, reference, next="not_agreed")
    state = world.state(reference)
    assert state.sessions is not None and state.sessions.next is None and state.sessions.held == 1
    hold(world, reference, happened="move", next_day=day(world.at, 3), next_time="09:00")
    assert world.state(reference).appointment is not None
