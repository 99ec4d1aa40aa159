"""The closed days that ship are the ones that the holiday library computes."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from chalicelib.domain.calendar import holidays_of
from chalicelib.domain.closed_days import CLOSED_DAYS

# On California's list of days, but the offices stay open.
OBSERVANCES = {"Susan B. Anthony Day", "Diwali"}


def bare(name: str) -> str:
    return name.removesuffix(" (observed)").removesuffix(" (estimated)")


@pytest.mark.parametrize("year", sorted(CLOSED_DAYS))
def test_a_years_closed_days_are_californias_holidays(year: int) -> None:
    found = holidays.country_holidays("US", subdiv="CA", years=year)
    closed = {
        day
        for day, names in found.items()
        if day.year == year and not {bare(n) for n in names.split("; ")} <= OBSERVANCES
    }
    assert holidays_of(year) == closed


def test_the_table_reaches_ten_years_ahead() -> None:
    assert max(CLOSED_DAYS) >= date.today().year + 10
