"""What is said of a wait follows from how long others waited, and holds on history."""

from __future__ import annotations

import random

import pytest

from chalicelib.referral.waits.estimate import (
    ENOUGH,
    LOOK_BACK,
    RELIABLE,
    Usual,
    Wait,
    back_test,
    percent_kept,
    usual_now,
    usual_of,
)
from infra.waits import report

pytestmark = pytest.mark.promise("wait-told-honestly")
DAY = 86400
AT = 1_792_512_000


def waits(days: list[int], county: str = "fresno", tier: str = "intensive") -> list[Wait]:
    return [Wait(tier, county, AT - 20 * DAY, AT - DAY, n) for n in days]


def history(seed: int, spread: tuple[int, int], county: str, each: int) -> list[Wait]:
    """A year of waits that begin all the time, some short and some long."""
    names = random.Random(seed)
    made = []
    for day in range(0, 365, each):
        days = names.randint(*spread)
        since = AT - (365 - day) * DAY
        made.append(Wait("intensive", county, since, since + days * 7 // 5 * DAY, days))
    return made


def test_it_is_the_middle_and_what_four_in_five_did_not_exceed() -> None:
    assert usual_of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "V") == Usual(5, 8, 10, "V")
    assert usual_of([3] * 10, "V") == Usual(3, 3, 10, "V")


def test_fewer_than_ten_in_the_region_speak_for_california_and_fewer_there_for_nobody() -> None:
    few = waits([5] * (ENOUGH - 1))
    assert usual_now(few, AT) == []
    more = [*few, *waits([9], county="los_angeles")]
    assert [one.area for _, one in usual_now(more, AT)] == [""]
    assert [one.area for _, one in usual_now([*more, *waits([5])], AT)] == ["", "V"]


def test_kinds_of_support_do_not_speak_for_each_other() -> None:
    known = [*waits([5] * 9), *waits([1] * 9, tier="emergency")]
    assert usual_now(known, AT) == []


def test_what_ended_more_than_ninety_days_ago_says_nothing() -> None:
    old = [Wait("intensive", "fresno", AT - LOOK_BACK - 9 * DAY, AT - LOOK_BACK - 1, 5)] * 20
    assert usual_now(old, AT) == []


def test_on_a_year_of_steady_waits_seven_in_ten_and_more_were_told_right() -> None:
    year = history(1, (2, 14), "fresno", 1) + history(2, (4, 20), "los_angeles", 2)
    told = back_test(year)
    percent = percent_kept(told)
    assert percent is not None and RELIABLE <= percent <= 90
    assert sum(one.usual is None for one in told) < 60, "only the first knew nothing"


def test_nobody_is_told_by_what_came_later() -> None:
    first = Wait("intensive", "fresno", AT, AT + 9 * DAY, 7)
    later = [Wait("intensive", "fresno", AT + DAY, AT + 2 * DAY, 1)] * 20
    assert {one.wait: one.usual for one in back_test([first, *later])}[first] is None


def test_a_range_that_did_not_hold_is_not_said_and_the_command_says_where_it_fails() -> None:
    # Every month the waits double: whoever began lately was told too little.
    growing = []
    for month in range(4):
        for n in range(15):
            since = AT - (90 - month * 25) * DAY + n * DAY
            days = 2 * 2**month
            growing.append(Wait("intensive", "fresno", since, min(since + days * DAY, AT), days))
    lines, good = report(growing)
    assert not good and any("region V" in line and "FAILS" in line for line in lines)
    assert [one for _, one in usual_now(growing, AT) if one.area == "V"] == []
    calm, fine = report(history(1, (2, 14), "fresno", 1))
    assert fine and not any("FAILS" in line for line in calm)
