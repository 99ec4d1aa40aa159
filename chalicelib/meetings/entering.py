"""Meetings as staff type them: one or a series, with the days that a rule gives shown before they count."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, cast

from chalicelib.domain.calendar import pacific_date, typed
from chalicelib.domain.vocabulary import LANGUAGES
from chalicelib.meetings import changing, hosts, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.recurrence import LAST, Day, OnHoliday, Rule, days
from chalicelib.web.forms import (
    Answers,
    Field,
    Form,
    Values,
    number,
    radios,
    select,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.web.text_input import secure_link

ONCE, WEEKLY, TWO_WEEKS, MONTHLY, MONTH_END = "once", "weekly", "two_weeks", "monthly", "month_end"
BY_DATE: Final = "by_date"
REPEATS: Final = {
    WEEKLY: N_("Every week"),
    TWO_WEEKS: N_("Every two weeks"),
    MONTHLY: N_("Every month, on the same weekday (as the second Tuesday)"),
    MONTH_END: N_("Every month, on the last such weekday"),
    BY_DATE: N_("Every month, on the same date (in a shorter month, on its last day)"),
}
PASSED: Final = N_("That time has passed.")
LONGEST: Final = timedelta(days=550)
SHORTEST_MINUTES, LONGEST_MINUTES, MOST_PLACES = 15, 300, 1000


def _repeats(values: Values) -> bool:
    return values.get("repeat") in REPEATS


def _about(required: bool) -> tuple[Field, ...]:
    return (
        Field("title_en", "text", N_("Topic, in English"), max_length=120, required=required),
        Field("title_es", "text", N_("Topic, in Spanish"), max_length=120, required=required),
        textarea("about_en", N_("More about it, in English"), required=False, max_length=600),
        textarea("about_es", N_("More about it, in Spanish"), required=False, max_length=600),
    )


def _how(at: int) -> tuple[Field, ...]:
    return (
        Field(
            "minutes",
            "number",
            N_("How many minutes does it take?"),
            minimum=SHORTEST_MINUTES,
            maximum=LONGEST_MINUTES,
            width="short",
        ),
        select("language", N_("In which language is it held?"), *LANGUAGES.items()),
        select("host", N_("Who leads it?"), *hosts.choices()),
        Field(
            "join",
            "text",
            N_("Link to join"),
            hint=N_("Only letters tell it: the day before, and an hour before."),
            max_length=500,
            check=secure_link,
        ),
        Field(
            "dial",
            "text",
            N_("Phone number and code to call in"),
            required=False,
            hint=N_("For people without a computer."),
            max_length=120,
        ),
        Field(
            "capacity",
            "number",
            N_("How many may come?"),
            required=False,
            hint=N_("Leave it empty if there is no limit."),
            minimum=1,
            maximum=MOST_PLACES,
            width="short",
        ),
    )


def _when(at: int) -> tuple[Field, ...]:
    today = pacific_date(at)
    return (
        Field(
            "first",
            "date",
            N_("On which day?"),
            minimum=today.isoformat(),
            maximum=(today + LONGEST).isoformat(),
        ),
        Field("time", "time", N_("At what time? (Pacific time)")),
    )


def entering_form(at: int) -> Form:
    """One meeting or a series. Nothing is preselected."""
    last = (pacific_date(at) + LONGEST).isoformat()
    return Form(
        *_about(required=True),
        *_when(at),
        radios(
            "repeat",
            N_("Does it repeat?"),
            (ONCE, N_("No, only once")),
            *REPEATS.items(),
            ahead=True,
        ),
        Field("last", "date", N_("Until which day?"), when=_repeats, maximum=last),
        radios(
            "on_holiday",
            N_("What if a day is a holiday of California?"),
            ("skip", N_("Leave that one out")),
            ("next", N_("Hold it on the next business day")),
            ("keep", N_("Hold it anyway")),
            when=_repeats,
        ),
        *_how(at),
    )


def changing_form(at: int, meeting: Meeting) -> Form:
    """What of a meeting may be changed, and what everybody is told of it. A group's language and places
    are the group's."""
    of_group = ("language", "capacity") if meeting.group else ()
    return Form(
        *_when(at),
        *_about(required=True),
        *(one for one in _how(at) if one.name not in of_group),
        *said_form().fields,
    )


def said_form() -> Form:
    """What is said of a change or a cancellation, in both languages."""
    hint = N_("It stands in the letter. Do not write about a child or a family.")
    return Form(
        textarea(
            "why_en",
            N_("What should people know? In English"),
            required=False,
            hint=hint,
            max_length=400,
        ),
        textarea(
            "why_es",
            N_("What should people know? In Spanish"),
            required=False,
            hint=hint,
            max_length=400,
        ),
    )


def dates(values: Answers) -> list[Day]:
    """The days that the form asks for."""
    first = date.fromisoformat(words(values, "first"))
    repeat = words(values, "repeat")
    if repeat in ("", ONCE):
        return [Day(first, first)]
    rule = rule_of(repeat, first, cast(OnHoliday, words(values, "on_holiday") or "skip"))
    return days(rule, first, date.fromisoformat(words(values, "last")))


def rule_of(repeat: str, first: date, on_holiday: OnHoliday) -> Rule:
    """The rule of a series that begins on a day: one of ``REPEATS``."""
    monthly = {MONTHLY: (first.day + 6) // 7, MONTH_END: LAST}
    return Rule(
        weekday=first.weekday(),
        nth=monthly.get(repeat, 0),
        every=2 if repeat == TWO_WEEKS else 1,
        on_holiday=on_holiday,
        day=first.day if repeat == BY_DATE else 0,
    )


def wrong(values: Answers) -> dict[str, str]:
    """What is wrong with several answers together."""
    last = words(values, "last")
    if last and last < words(values, "first"):
        return {"last": N_("That is before the first day.")}
    return {}


def starts(values: Answers) -> str:
    """The wall time that was typed; "" where a part is missing."""
    day, time = words(values, "first"), words(values, "time")
    return f"{day}T{time}" if day and time else ""


def too_late(values: Answers, at: int) -> dict[str, str]:
    """What is wrong with a time that has passed: nobody would hear of it in time."""
    when = starts(values)
    return {"time": PASSED} if when and typed(when[:10], when[11:]) <= at else {}


def mark(values: Answers) -> str:
    """What tells that a press saw these very days and this time before it."""
    held = [day.held.isoformat() for day in dates(values) if day.held]
    return hashlib.sha256("|".join([*held, words(values, "time")]).encode()).hexdigest()[:16]


def enter_all(
    room: str, values: Answers, by: str, now: int, command: str, demo: bool = False
) -> list[Meeting]:
    """Enter the meeting or the series; ``command`` names the press, so that its repetition enters nothing."""
    held = [day.held for day in dates(values) if day.held]
    series = _id(command, "series") if len(held) > 1 else ""
    found = []
    for day in held:
        made = _meeting(_id(command, day.isoformat()), room, day, values, now)
        made = replace(made, series=series, demo=demo)
        changing.enter(made, by, now, hosts.rows_for(made, "", by, now))
        found.append(made)
    return found


def _id(command: str, what: str) -> str:
    return hashlib.sha256(f"{command}|{what}".encode()).hexdigest()[: len(rows.new_id())]


def _meeting(key: str, room: str, day: date, values: Answers, now: int) -> Meeting:
    starts, minutes = f"{day}T{words(values, 'time')}", number(values, "minutes")
    return Meeting(
        id=key,
        room=room,
        starts=starts,
        minutes=minutes,
        **rows.instants(starts, minutes, now),
        title=_both(values, "title"),
        about=_both(values, "about"),
        language=words(values, "language"),
        host=words(values, "host"),
        join=words(values, "join"),
        dial=words(values, "dial"),
        capacity=number(values, "capacity") or None,
    )


def _both(values: Answers, name: str) -> dict[str, str]:
    found = {lang: words(values, f"{name}_{lang}") for lang in ("en", "es")}
    return {lang: text for lang, text in found.items() if text}


def said(values: Answers) -> dict[str, str]:
    """What is said of a change, by language."""
    return _both(values, "why")


def known(meeting: Meeting) -> Values:
    """A meeting as the form for its change shows it."""
    texts = {
        f"{name}_{lang}": text
        for name, both in (("title", meeting.title), ("about", meeting.about))
        for lang, text in both.items()
    }
    same: Values = {
        name: getattr(meeting, name) for name in ("minutes", "language", "host", "join")
    }
    more: Values = {"dial": meeting.dial or None, "capacity": meeting.capacity}
    return {**texts, **same, **more, "first": meeting.starts[:10], "time": meeting.starts[11:16]}


def again(meeting: Meeting) -> Values:
    """What more meetings like this one begin with: all but the day."""
    same = known(meeting)
    del same["first"]
    return same


def as_typed(meeting: Meeting, values: Answers, now: int) -> Meeting:
    """The meeting as the form would have it; its instants stay where its time does."""
    day = date.fromisoformat(words(values, "first"))
    wanted = _meeting(meeting.id, meeting.room, day, values, now)
    same = (wanted.starts, wanted.minutes) == (meeting.starts, meeting.minutes)
    timed = meeting if same else rows.moved_to(meeting, wanted.starts, wanted.minutes, now)
    return replace(
        timed,
        title=wanted.title,
        about=wanted.about,
        language=wanted.language or meeting.language,
        host=wanted.host,
        join=wanted.join,
        dial=wanted.dial,
        capacity=wanted.capacity,
        why=said(values),
    )
