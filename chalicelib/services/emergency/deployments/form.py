"""What somebody with a place is asked: one page, a few taps, for a shift, an encounter, or a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from chalicelib.aws.now import now
from chalicelib.domain import calendar, vocabulary
from chalicelib.services.emergency.call_up_case import REPORTING, CalledUp
from chalicelib.services.emergency.deployments import shifts, words
from chalicelib.services.emergency.deployments.words import (
    AGES,
    FAMILY,
    GROUP_AGES,
    GROUPS,
    INDIVIDUAL,
    LEAST_MINUTES,
)
from chalicelib.web.forms import Field, Form, Option, Values, checkboxes, radios, select
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.request_context import reader

# What can be recorded.
WORKED, OTHER, MET, PLAN = "worked", "other", "met", "plan"
MOVE, DROP, GIVE_BACK, FINISH = "move", "drop", "give_back", "finish"
UNPLANNED: Final = "none"
MOST_PEOPLE: Final = 500
NO_NAME: Final = N_("The name of a shelter, a school, an office. No names of people.")


def chose(*which: str) -> Callable[[Values], bool]:
    """Whether one of these is to be recorded."""
    return lambda values: values.get("decision") in which


def of_kind(*which: str) -> Callable[[Values], bool]:
    """Whether it was an encounter of one of these kinds."""
    return lambda values: values.get("whom") in which


def form(state: CalledUp) -> Form:
    """The choice, and what each asks for."""
    return Form(
        radios("decision", N_("What do you want to do?"), *_choices(state)),
        *_which(state),
        *_when_and_where(),
        *_hours_and_travel(),
        *_encounter(state),
    )


def _choices(state: CalledUp) -> list[Option]:
    planned, over = state.shifts, state.status == REPORTING
    met: Option = (MET, N_("Record a talk with somebody or with a group"), N_("15 minutes or more"))
    other: Option = (OTHER, N_("Record a shift"))
    if begun := state.begun(now()):
        other = (OTHER, N_("Record a shift at other hours"))
    plan: Option = (PLAN, N_("Plan a shift"))
    found = [*([(WORKED, _as_planned(begun))] if begun else []), other, met]
    if not over:
        found = [*found, plan] if planned or state.worked else [plan, *found]
    if planned and not over:
        found.append((MOVE, N_("Change a planned shift")))
    if planned:
        found.append((DROP, N_("Cancel a planned shift"), N_("Or say that it did not take place.")))
    if over:
        return [*found, (FINISH, N_("Finish: everything is recorded"))]
    hint = N_("We offer it to somebody else. You do not have to say why.")
    return [*found, (GIVE_BACK, N_("Give my place back"), hint)]


def _as_planned(begun: Sequence[shifts.Shift]) -> str:
    """The one shift that can be recorded, in the reader's words; where there are several, none of them."""
    if len(begun) > 1:
        return N_("Record a shift as it was planned")
    return translator(reader())(N_("Record my shift: %(shift)s"), shift=_said(begun[0]))


def _said(shift: shifts.Shift) -> str:
    return shifts.said(shift["start"], shift["end"], reader())


def _which(state: CalledUp) -> list[Field]:
    """Which of the planned shifts it is about, where that is not clear."""
    if not state.shifts:
        return []
    options: list[Option] = [(str(one["n"]), _said(one)) for one in state.shifts]
    asked = [OTHER]
    asked += [WORKED] if len(state.begun(now())) > 1 else []
    asked += [MOVE, DROP] if len(options) > 1 else []
    none = (UNPLANNED, N_("It was not planned"))
    return [radios("shift", N_("Which shift?"), *options, none, when=chose(*asked))]


def _when_and_where() -> list[Field]:
    asked = chose(PLAN, MOVE, OTHER)
    return [
        Field("day", "date", N_("On which day?"), when=asked),
        Field("starts", "time", N_("From what time?"), when=asked),
        Field(
            "ends",
            "time",
            N_("Until what time?"),
            hint=N_("A shift may end after midnight."),
            when=asked,
        ),
        radios("way", N_("How do you work?"), *words.WAYS.items(), when=asked),
        Field(
            "place",
            "text",
            N_("If in person: where?"),
            hint=NO_NAME,
            required=False,
            max_length=60,
            guarded=True,
            when=asked,
        ),
    ]


def _hours_and_travel() -> list[Field]:
    asked = chose(WORKED, OTHER)
    fold = N_("Short talks, calls and materials: open this to count them.")
    return [
        _count("miles", N_("How many miles did you drive, there and back?"), 999, when=asked),
        _count("travel", N_("How many minutes did you travel, there and back?"), 999, when=asked),
        _count("brief", N_("Short talks, of less than 15 minutes"), 999, fold, when=asked),
        _count("calls", N_("Calls and messages"), 999, fold, when=asked),
        _count("materials", N_("Flyers and other materials handed out"), 9999, fold, when=asked),
    ]


def _count(
    name: str, label: str, most: int, fold: str = "", *, when: Callable[[Values], bool]
) -> Field:
    return Field(
        name, "number", label, required=False, minimum=0, maximum=most, width="short",
        fold=fold, when=when,
    )  # fmt: skip


def _encounter(state: CalledUp) -> list[Field]:
    met = chose(MET)
    return [
        radios("whom", N_("With whom?"), *words.KINDS.items(), when=met),
        radios("age", N_("How old are they?"), *AGES.items(), when=of_kind(INDIVIDUAL)),
        *(_people(band, label, FAMILY) for band, label in AGES.items()),
        *(_people(band, label, *GROUPS) for band, label in GROUP_AGES.items()),
        radios(
            "visit",
            N_("Is it the first time?"),
            *words.VISITS.items(),
            when=of_kind(INDIVIDUAL, FAMILY),
        ),
        Field(
            "minutes",
            "number",
            N_("How many minutes?"),
            minimum=LEAST_MINUTES,
            maximum=600,
            missing=N_(
                "Type the minutes, from 15 to 600. Shorter talks are counted with the shift."
            ),
            width="short",
            when=met,
        ),
        *_where_it_was(state, met),
        checkboxes(
            "referred",
            N_("Where did you refer them?"),
            *words.REFERRED.items(),
            required=False,
            when=met,
        ),
    ]


def _people(band: str, label: str, *kinds: str) -> Field:
    _ = translator(reader())
    said = _(N_("People: %(ages)s"), ages=_(label))
    return Field(
        f"{kinds[0]}_{band}", "number", said, required=False, minimum=0, maximum=MOST_PEOPLE,
        width="short", short=label, when=of_kind(*kinds),
    )  # fmt: skip


def _where_it_was(state: CalledUp, met: Callable[[Values], bool]) -> list[Field]:
    """Day, county, setting and language: folded away as far as the last encounter tells them."""
    fold, usual = _folded(state), state.usual
    again = fold if usual else ""
    counties = [(key, name) for key, name in vocabulary.COUNTY_NAMES.items()]
    return [
        Field("met_on", "date", N_("On which day was it?"), when=met, fold=fold),
        select("county", N_("In which county?"), *counties, when=met, fold=fold),
        select(
            "where", N_("In what kind of place?"), *words.SETTINGS.items(), when=met, fold=again
        ),
        select(
            "language",
            N_("In which language?"),
            *vocabulary.LANGUAGES.items(),
            when=met,
            fold=again,
        ),
    ]


def _folded(state: CalledUp) -> str:
    """What is folded away, in the reader's words."""
    lang = reader()
    _ = translator(lang)
    found = known(state)
    told = [_(vocabulary.label("county", found["county"]))]
    told.append(date_words(_noon(str(found["met_on"])), lang))
    if state.usual:
        told.append(_(words.SETTINGS.get(str(found["where"]), "")))
        told.append(_(vocabulary.label("language", found["language"])))
    return _(N_("%(told)s. Open this to change it."), told=", ".join(one for one in told if one))


def _noon(day: str) -> int:
    return calendar.midnight(date.fromisoformat(day)) + 12 * shifts.HOUR


def known(state: CalledUp) -> Values:
    """Today, and where and in which language the last encounter was."""
    usual = state.usual
    return {
        "met_on": shifts.day_of(now()),
        "county": usual.get("county") or state.county,
        "where": usual.get("where"),
        "language": usual.get("language"),
    }
