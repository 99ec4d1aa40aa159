"""A cohort of the training program for tests, as staff enter one."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort, Coursework, Requirements
from tests.world import World

DAY = 86400
FACILITATOR = "consultant:alma-reyes"


def endorsed(world: World, who: str) -> None:
    """A consultant is an endorsed facilitator for two years."""
    until = world.at + 2 * 365 * DAY
    marks = {"endorsement": "Demo endorsement", "endorsed_until": until}
    people.set_fields(who.partition(":")[2], marks)


def entered_cohort(world: World, key: str = "fall", seats: int = 6, begins_in: int = 14) -> Cohort:
    """A cohort that begins in so many days, with one piece of coursework."""

    def day(later: int) -> str:
        return pacific_date(world.at + later * DAY).isoformat()

    begins = day(begins_in)
    new = Cohort(
        id=key,
        name=f"Cohort {key}",
        begins_on=begins,
        ends_on=cohorts.last_day(begins),
        seats=seats,
        applications_open_on=day(-30),
        applications_close_on=day(7),
        reply_days=10,
        facilitators=[FACILITATOR],
        coursework=[Coursework("journal", {"en": "Reflective journal", "es": "Diario reflexivo"})],
        entered=world.at,
    )
    endorsed(world, FACILITATOR)
    cohorts.add(cohorts.require(new, Requirements(begins, facilitator_meetings=2)))
    return replace(new, requirements=cohorts.cohort(key).requirements)
