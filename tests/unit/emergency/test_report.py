"""The report after an emergency: what it counts, what it hides from the public, and what a cell may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.services.emergency.report import (
    Figure,
    as_csv,
    defused,
    percentile,
    public,
    report,
    shown,
)

HOUR = 3600
pytestmark = pytest.mark.promise("emergency-report")


def requests(count: int, **fields: object) -> list[dict[str, object]]:
    return [{"came": 0, "county": "butte", "setting": "ffn", "language": "en", **fields}] * count


def figure(rows: list[dict[str, object]], heading: str, name: str) -> Figure:
    group = next(one for one in report(rows) if one.heading == heading)
    return next(one for one in group.figures if one.name == name)


def test_it_says_requests_first_talk_hours_meetings_and_how_they_ended() -> None:
    rows = requests(10, talked=HOUR) + requests(
        10, talked=5 * HOUR, sessions=2, minutes=90, ended="closed"
    )
    assert figure(rows, "Requests", "In all").value == 20
    assert figure(rows, "Requests", "Open").value == 10
    talk = "Hours from the request to the first talk"
    assert figure(rows, talk, "Specialist: half of them within").value == 1.0
    assert figure(rows, talk, "Specialist: nine of ten within").value == 5.0
    assert shown(figure(rows, talk, "Consultant: half of them within")) == "–"
    assert figure(rows, "Support given", "Meetings held").value == 20
    assert figure(rows, "Support given", "Hours in meetings").value == 15.0
    assert figure(rows, "How they ended", "Closed").value == 10


def test_a_small_count_is_hidden_and_so_is_the_next_one_that_would_tell_it() -> None:
    rows = requests(30) + requests(3, county="kern") + requests(20, county="yolo")
    hidden = {
        name: figure(rows, "Requests by county", name).hidden for name in ("Butte", "Kern", "Yolo")
    }
    assert hidden == {"Butte": False, "Kern": True, "Yolo": True}
    assert public(figure(rows, "Requests by county", "Kern"), "<11") == "<11"
    assert public(figure(requests(3, talked=1), "Support given", "Meetings held"), "<11") == "0"


@given(st.lists(st.floats(0, 1000), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_percentile_is_not_exceeded_by_its_share(values: list[float], share: float) -> None:
    found = percentile(sorted(values), share)
    assert found is not None
    assert sum(round(v, 1) <= found for v in values) >= share * len(values)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert defused(cell).startswith("'")
    assert f"'{cell}" in as_csv([], [cell], str) or '"' in as_csv([], [cell], str)
