"""Days and times of sessions: Pacific as typed, UTC as kept, safe over daylight saving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import add_business_days, local
from chalicelib.referral.delivery import session_times
from chalicelib.referral.sessions import deadlines

NOON = session_times.instant("2026-05-06", "12:00")
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
TIMES = st.times().map(lambda t: t.strftime("%H:%M"))


def test_a_time_is_pacific_and_kept_in_utc() -> None:
    assert session_times.instant("2026-05-07", "10:00") == 1778173200  # 17:00 UTC
    assert session_times.instant("2026-12-07", "10:00") == 1796666400  # 18:00 UTC


@pytest.mark.promise("times-are-instants")
@given(DAYS, TIMES)
def test_what_was_typed_comes_back_but_for_the_hour_that_spring_skips(day: date, time: str) -> None:
    found = local(session_times.instant(day.isoformat(), time))
    assert session_times.day_of(int(found.timestamp())) == day.isoformat()
    assert found.strftime("%H:%M") == time or (day.month == 3 and found.hour == 3)


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (NOON, session_times.PAST),
        (NOON - 3600, session_times.PAST),
        (NOON + 60, None),
        (NOON + 183 * 86400, None),
        (NOON + 184 * 86400, session_times.TOO_FAR),
    ],
)
def test_a_session_is_planned_within_the_next_six_months(start: int, problem: str | None) -> None:
    assert session_times.problem_ahead(start, NOON) == problem


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2026-05-06", None),
        ("2026-05-01", None),
        ("2026-04-30", session_times.TOO_OLD),
        ("2026-05-07", session_times.NOT_YET),
    ],
)
def test_a_session_was_held_between_the_request_and_today(day: str, problem: str | None) -> None:
    submitted = session_times.instant("2026-05-01", "23:30")
    assert session_times.problem_behind(day, submitted, NOON) == problem


@given(DAYS, TIMES, st.sampled_from([30, 60, 180]), st.integers(0, 60))
def test_the_note_is_asked_for_after_the_session_then_again_then_the_supervisor_hears(
    day: date, time: str, minutes: int, ahead: int
) -> None:
    start = session_times.instant(day.isoformat(), time)
    now = session_times.instant((day - timedelta(days=ahead)).isoformat(), "00:00") - 60
    expires = start + 200 * 86400
    limits = deadlines.waits(now, start, minutes, expires)
    evening, again = limits.remind
    assert start + 60 * minutes <= evening < start + 86400
    assert local(evening).hour >= 18 or evening == start + 60 * minutes
    assert evening < again == limits.due < limits.escalate <= expires == limits.expires
    assert limits.escalate - start >= 29 * 86400


@pytest.mark.promise("session-by-link")
def test_asked_anew_after_silent_months_the_note_is_due_three_business_days_from_now() -> None:
    start, expires = NOON - 240 * 86400, NOON + 240 * 86400
    limits = deadlines.waits(NOON, start, 60, expires)
    assert limits.due == add_business_days(NOON, 3) and limits.remind == (limits.due,)
    assert NOON < limits.due < limits.escalate < expires
    soon = deadlines.waits(NOON, NOON - 86400, 60, expires)
    assert soon.due < limits.due, "a session of yesterday keeps its own days"


def test_a_wait_never_goes_beyond_the_tasks_own_end() -> None:
    start = NOON + 7 * 86400
    limits = deadlines.waits(NOON, start, 60, NOON + 3 * 86400)
    assert limits.remind == ()
    assert limits.due == limits.escalate == limits.expires == NOON + 3 * 86400


def test_a_demos_time_scale_brings_the_planned_day_near(monkeypatch: pytest.MonkeyPatch) -> None:
    assert session_times.still_to_come(NOON + 86400, NOON)
    assert not session_times.still_to_come(NOON + 3600, NOON)
    monkeypatch.setattr(session_times, "scaled", lambda start, at: start + (at - start) // 10_000)
    assert not session_times.still_to_come(NOON + 30 * 86400, NOON)
