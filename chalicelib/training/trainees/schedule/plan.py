"""The meetings of a cohort and of its small groups, entered by the rule that staff choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, cast

from chalicelib.domain import vocabulary
from chalicelib.meetings import entering, hosts, rows
from chalicelib.meetings.groups import listed
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.recurrence import OnHoliday, days
from chalicelib.web.forms import Field, Values, number, radios, select, words
from chalicelib.web.languages import N_
from chalicelib.web.text_input import secure_link

SESSIONS, SMALL_GROUPS = "training_sessions", "training_groups"
MOST: Final = 30
# A rule whose days may be left out needs more of them than there are meetings.
LONGEST: Final = timedelta(days=1500)


@dataclass(frozen=True)
class Whose:
    """Whose meetings they are: the group on whose lists people are, what it is called, and who leads it."""

    room: str
    group: str
    title: Mapping[str, str]
    host: str


def fields(times: int | None = None) -> tuple[Field, ...]:
    """When they meet, and how."""
    return (
        Field("first", "date", N_("Day of the first meeting")),
        Field("time", "time", N_("At what time? (Pacific time)")),
        radios("repeat", N_("How often?"),
               *((key, said) for key, said in entering.REPEATS.items())),
        Field("times", "number", N_("Number of meetings"), minimum=1, maximum=MOST, width="short"),
        radios(
            "on_holiday",
            N_("What if a day is a holiday of California?"),
            ("next", N_("Hold it on the next business day")),
            ("skip", N_("Leave it out, and meet once more at the end")),
            ("keep", N_("Hold it anyway")),
        ),
        Field("minutes", "number", N_("Minutes of a meeting"), minimum=15, maximum=480,
              width="short"),
        select("language", N_("In which language is it held?"), *vocabulary.LETTERS_LANGUAGES.items()),
        select("host", N_("Who leads it?"), *hosts.choices()),
        Field("join", "text", N_("Link to join the meetings"), max_length=300, check=secure_link,
              hint=N_("Only letters tell it: the day before, and an hour before.")),
    )  # fmt: skip


def planned(values: Values) -> list[date]:
    """The days of so many meetings; a day that a holiday takes away is made up at the end."""
    first = date.fromisoformat(words(values, "first"))
    on_holiday = cast("OnHoliday", words(values, "on_holiday"))
    rule = entering.rule_of(words(values, "repeat"), first, on_holiday)
    held = (day.held for day in days(rule, first, first + LONGEST) if day.held is not None)
    return list(islice(held, number(values, "times")))


def enter(whose: Whose, values: Values, by: str, at: int, press: str) -> list[Meeting]:
    """Enter the meetings that staff typed, once for a press."""
    found = []
    for day in planned(values):
        starts = f"{day}T{words(values, 'time')}"
        made = Meeting(
            id=listed.id_of(press, starts),
            room=whose.room,
            group=whose.group,
            starts=starts,
            minutes=number(values, "minutes"),
            **rows.instants(starts, number(values, "minutes"), at),
            title=whose.title,
            language=words(values, "language"),
            host=whose.host or words(values, "host"),
            join=words(values, "join"),
        )
        listed.enter(made, by, at)
        found.append(made)
    return found
