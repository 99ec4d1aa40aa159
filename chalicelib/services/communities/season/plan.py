"""The meetings of a group: entered by the rule of its plan or one by one, each a meeting like any other,
and what follows from them for who may join and when the season of the group ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Key, update
from chalicelib.aws.writes import field as of_row
from chalicelib.meetings import rows
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.listed import ahead as ahead
from chalicelib.meetings.groups.listed import meetings as meetings
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.recurrence import OnHoliday, Rule, days
from chalicelib.services.communities import groups
from chalicelib.services.communities.groups import Group

ROOM: Final = "community_groups"
# Seconds after the last meeting within which attendance may still be recorded.
RECORDED_WITHIN: Final = 86400


def planned(first: date, every: int, times: int, on_holiday: OnHoliday) -> list[date]:
    """The days of a plan: so many meetings, ``every`` so many weeks; a day that a holiday takes away is
    made up at the end."""
    rule = Rule(weekday=first.weekday(), every=every, on_holiday=on_holiday)
    # No year has as many holidays on one weekday.
    found = days(rule, first, first + timedelta(weeks=every * (times + 20)))
    return list(islice((day.held for day in found if day.held is not None), times))


def enter(
    group: Group, held: Sequence[str], by: str, at: int, press: str, *, heard: bool = False
) -> list[Meeting]:
    """Enter meetings of a group at these times of California ("2027-03-09T17:30"), once for a press.

    ``heard``: who leads the group knows of them by another letter.
    """
    found = []
    for starts in held:
        made = _meeting(group, starts, press, at)
        listed.enter(made, by, at, heard=heard)
        found.append(made)
    keep_times(group.id, at)
    return found


def _meeting(group: Group, starts: str, press: str, at: int) -> Meeting:
    return Meeting(
        id=listed.id_of(press, starts),
        room=ROOM,
        group=group.id,
        starts=starts,
        minutes=group.minutes,
        **rows.instants(starts, group.minutes, at),
        title=dict.fromkeys(("en", "es"), group.name),
        language=group.language,
        host=group.facilitator,
        join=group.join,
        demo=group.demo,
    )


def keep_times(key: str, at: int) -> None:
    """Keep until when somebody may join a group, and when its season ends, as its meetings are now."""
    group, on = groups.group(key), [one for one in meetings(key) if one.on]
    if not on:
        return
    last_day, over = times(on, group.joins, at)
    if (group.last_day, group.over) != (last_day, over):
        changed = update(Key(groups.GROUPS, key)).set(last_day=last_day, over=over)
        dynamodb.write(changed.only_if(of_row("pk").exists()))


def times(on: Sequence[Meeting], joins: int, at: int) -> tuple[int, int]:
    """Until when somebody may join (the beginning of meeting ``joins`` of those that take place), and when
    the season ends, in this deployment's time."""
    last = on[-1]
    over = last.ends + scaled(at, at + RECORDED_WITHIN) - at
    return on[min(joins, len(on)) - 1].begins, over
