"""What is asked of a meeting: when, how long, alone or in a group. Nothing is asked of what was said in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.training.supervision import rows
from chalicelib.training.supervision.log import ONE_AT_A_TIME
from chalicelib.training.supervision.rows import ALONE, GROUP, Meeting
from chalicelib.web.forms import Field, Values, checkboxes, number, radios, select, several, words
from chalicelib.web.languages import N_

WAYS: Final = {ALONE: N_("Alone"), GROUP: N_("In a group")}
SAID: Final = {
    rows.COUNTS: N_("Counts"),
    rows.WAITS: N_("Waits for the facilitator"),
    rows.REFUSED: N_("The facilitator said no"),
}
_NOBODY: Final = N_("Choose at least one person.")


def of_meeting(at: int) -> list[Field]:
    """The day, the length and the way."""
    today = pacific_date(at)
    first = today - timedelta(days=rows.KEPT)
    return [
        Field("day", "date", N_("On which day was it?"), minimum=first.isoformat(), maximum=today.isoformat()),
        Field("minutes", "number", N_("How many minutes?"), minimum=5, maximum=480, width="short"),
        radios("way", N_("Alone, or in a group?"), *WAYS.items()),
    ]  # fmt: skip


def who_was_there(listed: Sequence[Mapping[str, object]]) -> Field:
    """Who was there, of the people that somebody looks after."""
    names = [(str(one["id"]), str(one["name"])) for one in listed]
    return checkboxes("people", N_("Who was there?"), *names, missing=_NOBODY)


def facilitators(at: int, but: str = "") -> Field:
    """With whom: everybody whose endorsement is entered, and not over for longer than meetings can be logged."""
    near = at - rows.KEPT * 86_400
    listed = sorted(
        (str(row.get("name") or row["id"]), str(row["id"]))
        for row in people.consultants()
        if row["id"] != but and people.endorsed(row, near)
    )
    return select(
        "facilitator", N_("With which facilitator?"), *((who, name) for name, who in listed)
    )


def meetings_of(values: Values, facilitator: str) -> list[Meeting]:
    """The meeting of each person who was there."""
    return [meeting_of(values, who, facilitator) for who in several(values, "people")]


def meeting_of(values: Values, person: str, facilitator: str) -> Meeting:
    """A meeting as it was typed."""
    day, way = words(values, "day"), words(values, "way")
    return Meeting(person, facilitator, day, way, number(values, "minutes"), rows.COUNTS)


def one_at_a_time(values: Values) -> dict[str, str]:
    """What is wrong with several people who met somebody alone."""
    many = values.get("way") == ALONE and len(several(values, "people")) > 1
    return {"way": ONE_AT_A_TIME} if many else {}


def hours(minutes: int) -> str:
    """Minutes as hours, as a page says them."""
    return f"{round(minutes / 60, 2):g}"
