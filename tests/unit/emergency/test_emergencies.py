"""Declared emergencies as rows: in force by date, in Pacific time, without anything that runs."""

from __future__ import annotations

from datetime import datetime

import pytest

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import PACIFIC
from tests.world import World


def pacific(*when: int) -> int:
    return int(datetime(*when, tzinfo=PACIFIC).timestamp())  # type: ignore[arg-type]


def declared(since: int, until: str, county: str = "los_angeles") -> Emergency:
    one = Emergency(
        (county,), since, until, "disaster", "staff:sam-lead", "A fire, says the county."
    )
    assert emergencies.declare(one)
    return one


@pytest.mark.promise("clocks-and-calendar")
@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (pacific(2026, 3, 1, 9, 59), False),
        (pacific(2026, 3, 1, 10, 0), True),
        (pacific(2026, 3, 7, 23, 59), True),
        (pacific(2026, 3, 8, 0, 0), True),
        (pacific(2026, 3, 8, 3, 30), True),  # the day on which the clocks go forward
        (pacific(2026, 3, 8, 23, 59), True),
        (pacific(2026, 3, 9, 0, 0), False),
    ],
)
def test_it_counts_from_its_instant_to_midnight_pacific_of_its_last_day(
    at: int, counts: bool
) -> None:
    one = Emergency(("butte",), pacific(2026, 3, 1, 10), "2026-03-08", "disaster", "staff:x")
    assert one.in_force(at) is counts


def test_it_counts_for_its_county_only(world: World) -> None:
    declared(world.at - 86400, "2099-01-01")
    assert emergencies.of_place("los_angeles", "", world.at) is not None
    assert emergencies.of_place("butte", "", world.at) is None
    assert emergencies.counties(emergencies.in_force(world.at)) == ["los_angeles"]


@pytest.mark.promise("emergency-declared")
def test_a_request_is_decided_by_what_was_declared_a_moment_ago(world: World) -> None:
    assert emergencies.in_force(world.at) == []  # this process read it, and keeps it for a while
    new = Emergency(("butte",), world.at, "2099-01-01", "disaster", "staff:x")
    # Another process declares it.
    world.table.put_item(Item={"pk": emergencies.PK, "sk": new.id, **emergencies.row_of(new)})
    assert emergencies.of_place("butte", "", world.at + 1) == new


def test_ended_early_it_counts_no_more_and_its_history_is_kept(world: World) -> None:
    one = declared(world.at - 86400, "2099-01-01")
    assert emergencies.end(one.id, world.at, "staff:ada-admin", "It was a false alarm.")
    assert emergencies.of_place("los_angeles", "", world.at) is None
    (kept,) = emergencies.all_of_them()
    assert (kept.by, kept.ended, kept.ended_by) == ("staff:sam-lead", world.at, "staff:ada-admin")
    assert not emergencies.end(one.id, world.at + 5, "staff:x", "again")
    assert emergencies.all_of_them()[0].ended_by == "staff:ada-admin"
    assert not emergencies.end("butte-1", world.at, "staff:x", "unknown")


def test_the_same_press_declares_once(world: World) -> None:
    one = declared(world.at, "2099-01-01")
    assert not emergencies.declare(one)
    assert len(emergencies.all_of_them()) == 1


@pytest.mark.promise("emergency-declared")
def test_it_begins_on_its_first_day_and_waits_until_then(world: World) -> None:
    later = Emergency(("butte",), world.at + 3600, "2099-01-01", "flood", "staff:x")
    assert emergencies.declare(later)
    assert later.to_come(world.at) and emergencies.of_place("butte", "", world.at) is None
    assert emergencies.of_place("butte", "", world.at + 3600) == later
    assert not later.to_come(world.at + 3600)


def test_it_touches_several_counties_or_only_some_zip_codes_of_them(world: World) -> None:
    whole = Emergency(("butte", "plumas"), world.at, "2099-01-01", "wildfire", "staff:x")
    part = Emergency(
        ("butte",), world.at, "2099-01-01", "wildfire", "staff:x", zips=("95969", "961")
    )
    assert whole.touches("plumas", "12345") and not whole.touches("kern")
    assert part.touches("butte", "95969") and part.touches("butte", "96100")
    assert not part.touches("butte", "95926") and not part.touches("kern", "95969")
    assert part.touches("butte"), "who has not said a ZIP code may be there"
    elsewhere = Emergency(("butte",), world.at, "2099-01-01", "storm", "staff:x", zips=("95926",))
    assert whole.meets(part) and not part.meets(elsewhere)
    wider = Emergency(("butte",), world.at, "2099-01-01", "storm", "staff:x", zips=("959",))
    assert part.meets(wider) and wider.meets(elsewhere), "some place would be in both"


def test_a_row_of_one_county_is_read_as_before(world: World) -> None:
    old = {"county": "butte", "since": world.at, "until": "2099-01-01", "reason": "disaster"}
    world.table.put_item(Item={"pk": emergencies.PK, "sk": "butte-1", "by": "staff:x", **old})
    found = emergencies.of_place("butte", "", world.at)
    assert found is not None and found.counties == ("butte",)
