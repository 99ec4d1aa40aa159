"""When a letter may leave: the rule that nights, days off, digests and due dates follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.settings import settings
from chalicelib.directory.mail_choices import ANY_TIME, BUSINESS_DAYS, BY_DAY, Choices
from chalicelib.domain import calendar
from chalicelib.domain.calendar import local, typed
from chalicelib.mail.choices.holding import asked_by_reader, held_until
from chalicelib.mail.choices.rules import may_leave_at
from chalicelib.mail.mail_priority import LANES
from chalicelib.workflow.cases import Entry

pytestmark = pytest.mark.promise("letters-by-day")
NOTICE = LANES.index("notice")
INSTANTS = st.integers(1_700_000_000, 2_300_000_000)
HOURS = st.sampled_from([BY_DAY, BUSINESS_DAYS])


@pytest.mark.parametrize(
    ("hours", "asked", "leaves"),
    [
        (BY_DAY, "2026-10-20 09:00", "2026-10-20 09:00"),
        (BY_DAY, "2026-10-20 19:59", "2026-10-20 19:59"),
        (BY_DAY, "2026-10-20 20:00", "2026-10-21 07:00"),
        (BY_DAY, "2026-10-21 02:30", "2026-10-21 07:00"),
        (BY_DAY, "2026-10-23 21:00", "2026-10-24 07:00"),  # a Friday
        (BUSINESS_DAYS, "2026-10-23 21:00", "2026-10-26 07:00"),
        (BUSINESS_DAYS, "2026-10-24 12:00", "2026-10-26 07:00"),
        (
            BUSINESS_DAYS,
            "2026-11-25 20:30",
            "2026-11-30 07:00",
        ),  # Thanksgiving, and the day after it
        (BY_DAY, "2026-10-31 23:00", "2026-11-01 07:00"),  # the clock goes back in this night
        (BY_DAY, "2027-03-13 23:00", "2027-03-14 07:00"),  # and forth in this one
        (ANY_TIME, "2026-10-24 03:00", "2026-10-24 03:00"),
    ],
)
def test_nobody_is_written_to_at_night_or_on_a_day_off(hours: str, asked: str, leaves: str) -> None:
    at = typed(*asked.split())
    assert may_leave_at(at, at, hours) == typed(*leaves.split())


@given(INSTANTS, HOURS)
def test_a_letter_leaves_by_day_and_loses_no_business_time_by_its_night(
    at: int, hours: str
) -> None:
    free = may_leave_at(at, at, hours)
    assert 7 <= local(free).hour < 20 and free >= at
    assert hours != BUSINESS_DAYS or calendar.is_business_day(local(free).date())
    assert calendar.business_seconds_between(at, free) == 0
    assert may_leave_at(free, free, hours) == free


@given(INSTANTS, HOURS, st.integers(0, 400_000))
def test_a_digest_leaves_once_on_the_morning_after(asked: int, hours: str, later: int) -> None:
    free = may_leave_at(asked, asked, hours, digest=True)
    assert (local(free).hour, local(free).minute) == (7, 0) and free > asked
    again = may_leave_at(asked, free + later, hours, digest=True)
    assert again == may_leave_at(free + later, free + later, hours), "it is not gathered twice"


@given(INSTANTS, HOURS, st.integers(1, 400_000), st.booleans())
def test_what_is_due_never_comes_too_late(at: int, hours: str, left: int, digest: bool) -> None:
    assert may_leave_at(at, at, hours, digest=digest, due=at + left) < at + left


def test_what_is_due_before_the_next_morning_is_in_no_digest() -> None:
    at = typed("2026-10-20", "10:00")
    for due, leaves in (("2026-10-20", at), ("2026-10-21", typed("2026-10-21", "07:00"))):
        assert may_leave_at(at, at, BY_DAY, digest=True, due=typed(due, "17:00")) == leaves


NIGHT = typed("2026-10-20", "22:00")


@pytest.mark.parametrize("lane", LANES)
def test_danger_and_receipts_wait_for_no_morning(lane: str) -> None:
    held = held_until(LANES.index(lane), NIGHT, NIGHT, Choices(), works_here=True)
    assert (held is None) == (lane in ("safety", "stat", "receipt"))


@pytest.mark.parametrize(
    ("actor", "to", "role", "at_once"),
    [
        ("provider", "provider", "", True),
        ("consultant:maria", "consultant:maria", "", True),
        ("specialist:nina", "staff:nina", "", True),
        ("specialist", "staff:nina", "specialist", True),  # a fresh link, asked for by its holder
        ("consultant:maria", "provider", "", False),
        ("consultant:maria", "consultant:lena", "", False),
        ("system", "staff:nina", "specialist", False),
    ],
)
def test_what_somebody_has_just_asked_for_comes_at_once(
    actor: str, to: str, role: str, at_once: bool
) -> None:
    entry = Entry(event="x", at=NIGHT, actor=actor, command="x", payload={"role": role})
    assert asked_by_reader(entry, to) == at_once


def test_a_rehearsals_night_is_as_short_as_its_waits_and_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def until(scale: str, hours: str = "on") -> int | None:
        monkeypatch.setenv("TIME_SCALE", scale)
        monkeypatch.setenv("QUIET_HOURS", hours)
        settings.cache_clear()
        found = held_until(NOTICE, NIGHT, NIGHT, Choices(), works_here=False)
        if found is not None:
            again = held_until(NOTICE, NIGHT, found, Choices(), works_here=False)
            assert again is None, "it leaves when its time has come"
        return found

    assert until("1") == typed("2026-10-21", "07:00") + 1
    assert until("600") == NIGHT + 9 * 3600 // 600 + 1
    assert until("1", "off") is None
    with pytest.raises(RuntimeError, match="QUIET_HOURS must be on or off"):
        until("1", "sometimes")
