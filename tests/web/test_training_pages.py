"""The training program in the console: cohorts as staff enter and change them."""

from __future__ import annotations

import pytest

from chalicelib.training import cohort as cohorts
from tests.cohorts import FACILITATOR, endorsed
from tests.web.conftest import Browser, Client
from tests.web.staff import signed_in
from tests.world import World

COHORT = {
    "name": "Fall 2027", "begins_on": "2027-09-14", "seats": 6, "reply_days": 10,
    "applications_open_on": "2027-03-01", "applications_close_on": "2027-05-31",
    "facilitators": [FACILITATOR],
}  # fmt: skip

NUMBERS = {"since": "2027-09-14", "sessions": 9, "small_groups": 9, "practicum_hours": 8}


@pytest.fixture
def cora(world: World, client: Client) -> Browser:
    endorsed(world, FACILITATOR)
    return signed_in(world, client, "coordinator")


def test_staff_enter_a_cohort_and_what_it_requires(cora: Browser) -> None:
    cora.get("/console/training")
    page = cora.answer(COHORT)
    (one,) = cohorts.cohorts()
    assert one.ends_on == "2028-06-14" and one.facilitators == [FACILITATOR]
    assert "Nobody has said how many meetings with the facilitator" in page.text
    own = f"/console/training/cohorts/{one.id}"
    cora.get(f"{own}/requirements")
    assert cora.answer(NUMBERS).status == 422  # no number is invented
    page = cora.answer({**NUMBERS, "facilitator_meetings": 3})
    assert "Nobody has said" not in page.text
    kept = cohorts.cohort(one.id).required("2027-09-14")
    assert (kept.sessions, kept.small_groups, kept.practicum_minutes) == (9, 9, 480)
    assert kept.facilitator_meetings == 3


def test_a_cohort_keeps_its_coursework_when_it_is_not_asked_for_any_more(cora: Browser) -> None:
    cora.get("/console/training")
    cora.answer(COHORT)
    (one,) = cohorts.cohorts()
    own = f"/console/training/cohorts/{one.id}"
    cora.get(f"{own}/coursework")
    page = cora.answer({"title_en": "Journal", "title_es": "Diario"})
    (work,) = cohorts.cohort(one.id).coursework
    assert "Journal" in page.text and cohorts.cohort(one.id).asked_for == [work]
    for left in (0, 1):
        cora.get(f"{own}/coursework/{work.id}")
        cora.answer({})
        assert len(cohorts.cohort(one.id).asked_for) == left


def test_a_wrong_day_is_said_beside_its_field(cora: Browser) -> None:
    cora.get("/console/training")
    page = cora.answer({**COHORT, "applications_close_on": "2027-02-01", "ends_on": "2027-01-01"})
    assert page.status == 422 and page.text.count("The last day is before the first one.") >= 2
    assert cohorts.cohorts() == []


def test_staff_change_a_cohort_with_what_stands_in_the_form(cora: Browser) -> None:
    cora.get("/console/training")
    cora.answer(COHORT)
    (one,) = cohorts.cohorts()
    cora.get(f"/console/training/cohorts/{one.id}/change")
    cora.answer({**COHORT, "seats": 8})
    found = cohorts.cohort(one.id)
    assert (found.seats, found.name, found.ends_on) == (8, "Fall 2027", "2028-06-14")
