"""Every wait has reminders, an escalation and an exit, in that order."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import PACIFIC, local
from chalicelib.domain.decisions import in_force
from chalicelib.domain.service_standards import PRIORITIES, STANDARDS, deadlines, due
from chalicelib.workflow.kinds import every_kind

WAITS = {name: kind.deadline for name, kind in every_kind().items() if kind.deadline is not None}
YEAR = 365 * 86_400
instants = st.integers(
    int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2031, 1, 1, tzinfo=UTC).timestamp()),
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PACIFIC).timestamp())


MONDAY = at("2026-05-04 10:00")


@pytest.mark.parametrize(
    ("clock", "routine", "urgent", "asap", "stat"),
    [
        ("acknowledge", "05-04 10:00", "05-04 10:00", "05-04 10:00", "05-04 10:00"),
        ("triage_call", "05-06 17:00", "05-05 17:00", "05-04 17:00", "05-04 14:00"),
        ("tier_decision", "05-05 17:00", "05-05 17:00", "05-04 17:00", "05-04 17:00"),
        ("match_offered", "05-11 17:00", "05-07 17:00", "05-05 17:00", "05-04 17:00"),
        ("offer_answer", "05-06 10:00", "05-05 10:00", "05-04 14:00", "05-04 12:00"),
        ("first_contact", "05-07 17:00", "05-05 17:00", "05-05 17:00", "05-04 17:00"),
        ("first_session", "05-18 17:00", "05-11 17:00", "05-06 17:00", "05-06 17:00"),
        ("summary", "05-18 17:00", "05-18 17:00", "05-18 17:00", "05-18 17:00"),
        ("survey", "05-18 17:00", "05-18 17:00", "05-18 17:00", "05-18 17:00"),
        ("follow_up_30", "06-03 17:00", "06-03 17:00", "06-03 17:00", "06-03 17:00"),
        ("follow_up_180", "11-02 17:00", "11-02 17:00", "11-02 17:00", "11-02 17:00"),
    ],
)
def test_a_clock_is_due_as_the_service_standards_say(
    clock: str, routine: str, urgent: str, asap: str, stat: str
) -> None:
    expected = zip(PRIORITIES, (routine, urgent, asap, stat), strict=True)
    for priority, text in expected:
        found = local(due(clock, priority, MONDAY)).strftime("%m-%d %H:%M")
        assert found == text, priority


def test_the_same_day_leaves_two_business_hours() -> None:
    assert due("triage_call", "asap", at("2026-05-04 16:55")) == at("2026-05-05 09:55")


def test_an_unknown_priority_counts_as_routine() -> None:
    assert due("triage_call", "someday", MONDAY) == due("triage_call", "routine", MONDAY)


def test_an_unknown_clock_is_an_error() -> None:
    with pytest.raises(KeyError):
        due("tea", "routine", MONDAY)


def test_an_offer_ends_when_its_answer_is_due_and_reminds_at_half_time() -> None:
    found = deadlines(WAITS["offer"], "routine", MONDAY)
    assert found.due == found.escalate == found.expires == at("2026-05-06 10:00")
    assert found.remind == (at("2026-05-05 10:00"),)


def test_a_long_service_is_looked_at_every_month() -> None:
    found = deadlines(WAITS["service"], "routine", MONDAY)
    assert len(found.remind) == 6
    assert found.expires - found.due >= 60 * 86_400


@given(st.sampled_from(sorted(WAITS)), st.sampled_from(PRIORITIES), instants)
def test_every_wait_reminds_then_escalates_then_ends(kind: str, priority: str, now: int) -> None:
    found = deadlines(WAITS[kind], priority, now)
    assert found.remind
    assert list(found.remind) == sorted(set(found.remind))
    assert now < found.remind[0]
    assert found.remind[-1] <= found.due <= found.escalate <= found.expires
    assert found.expires - now < YEAR


@given(st.sampled_from(sorted(WAITS)), instants)
def test_nobody_is_reminded_at_night(kind: str, now: int) -> None:
    assert all(
        8 <= local(instant).hour <= 17 for instant in deadlines(WAITS[kind], "stat", now).remind
    )


def test_a_demo_shortens_every_instant() -> None:
    found = deadlines(WAITS["plan"], "routine", MONDAY).scaled(MONDAY, 100_000)
    assert MONDAY <= found.remind[0] <= found.due <= found.expires < MONDAY + 60


def test_the_standards_are_dated_in_order_and_whole() -> None:
    dates = [table.since for table in STANDARDS]
    assert dates == sorted(set(dates))
    assert in_force(STANDARDS, date(1999, 1, 1)) is STANDARDS[0]
    assert in_force(STANDARDS, date(2100, 1, 1)) is STANDARDS[-1]
    for table in STANDARDS:
        assert {len(row) for row in table.clocks.values()} == {len(PRIORITIES)}
        assert {wait.clock for wait in WAITS.values()} <= set(table.clocks)
