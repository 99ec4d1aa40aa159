"""A facilitator with people, for tests of supervision."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.mail import task_list_link
from chalicelib.training.supervision import look, rows, rule
from chalicelib.training.supervision.rows import ALONE, COUNTS, Meeting
from chalicelib.training.supervision.rule import Threshold
from tests.web.conftest import Browser
from tests.web.taskpages import prove
from tests.world import World

BEN, ALMA, DANA = "ben-okafor", "alma-reyes", "dana-kim"
DAY = 86_400


def endorsed(world: World) -> None:
    """Ben is an endorsed facilitator, of Alma and Dana."""
    people.set_fields(
        BEN, {"endorsement": "Demo endorsement", "endorsed_until": world.at + 400 * DAY}
    )
    for who in (ALMA, DANA):
        people.set_fields(who, {"facilitator": BEN})


def facilitated(world: World, since: int = 10) -> Threshold:
    """The same, with a threshold: two hours in any sixty days, since so many days ago."""
    endorsed(world)
    first = (pacific_date(world.at) - timedelta(days=since)).isoformat()
    asked = Threshold(first, rule.CONSULTANTS, 120, 60)
    rows.enter(asked)
    look.look(world.at)
    return asked


def day_of(world: World, ago: int) -> str:
    """The ISO day, so many days ago."""
    return (pacific_date(world.at) - timedelta(days=ago)).isoformat()


def meeting(world: World, who: str, ago: int, minutes: int = 60, way: str = ALONE) -> Meeting:
    """A meeting with Ben, so many days ago."""
    return Meeting(who, BEN, day_of(world, ago), way, minutes, COUNTS)


def supervised(world: World, browser: Browser, who: str) -> Browser:
    """A browser with somebody's own page."""
    path = urlsplit(task_list_link.address(who)).path
    prove(browser, browser.post(f"{path}/open", {"mine": "yes"}))
    return browser
