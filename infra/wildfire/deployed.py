"""What some of those with a place do there, by the link of their letter: shifts, places, hours, encounters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.services.emergency.deployments import words
from infra.case import day
from infra.player import REFERENCE, Unexpected, Values
from infra.together import all_of, until
from infra.wildfire.fire import Fire

# Who records something: of these one changes a planned shift, and one cancels it.
SERVING: Final = 6
MOVES, CANCELS = 1, 2
HOURS, MILES, TRAVEL, BRIEF = 8, 24, 50, 3
PLACE: Final = "Demo: Creek School"
LATER: Final = "Demo: shelter in Quincy"
_MET: Final[dict[str, Any]] = {
    "decision": "met",
    "minutes": "30",
    "where": "shelter",
    "county": "butte",
    "language": "es",
}
_WITH: Final[tuple[tuple[dict[str, Any], int], ...]] = (
    ({"whom": "individual", "age": "adult", "visit": "first"}, 1),
    ({"whom": "family", "family_preschool": "2", "family_adult": "1", "visit": "again"}, 3),
    ({"whom": "group", "group_under_18": "9", "group_from_18_to_64": "2"}, 11),
)
_LETTER: Final = {"place": "You have a place", "last": "Please record your last shifts"}


def served(fire: Fire) -> None:
    """They plan a shift and record one, and say whom they met; staff see who serves where."""
    all_of(lambda one: _serves(fire, *one), enumerate(_with_place(fire)))
    page = fire.cora.open(f"{fire.path}/deployments")
    _today, _, ahead = page.text.partition("On the days to come")
    if (count := ahead.count(LATER)) != SERVING - 1:
        raise Unexpected(f"{count} shifts to come at {LATER}: {page.text[:400]}")
    fire.say(
        f"{SERVING} with a place recorded {fire.served['shifts']} shifts and "
        f"{fire.served['encounters']} encounters; {count} shifts are to come"
    )


def finished(fire: Fire) -> None:
    """The emergency is over: they are asked for what is not recorded yet, and say that all is."""
    until("they are asked for their last shifts", lambda: len(_letters(fire, "last")) == SERVING)
    all_of(lambda letter: _records(fire, letter, {"decision": "finish"}), _letters(fire, "last"))
    fire.say(f"{SERVING} were asked for their last shifts, and said that all is recorded")


def _serves(fire: Fire, number: int, letter: Mapping[str, Any]) -> None:
    typed = {"starts": "09:00", "ends": "17:00", "way": "onsite", "place": LATER}
    _records(fire, letter, {"decision": "plan", "day": day(1), **typed})
    if number == MOVES:
        _records(fire, letter, {"decision": "move", "day": day(2), **typed})
    hours = {"starts": "00:00", "ends": f"{HOURS:02d}:00", "way": "onsite", "place": PLACE}
    worked = {"miles": str(MILES), "travel": str(TRAVEL), "brief": str(BRIEF)}
    _records(fire, letter, {"decision": "other", "shift": "none", "day": day(), **hours, **worked})
    whom, people = _WITH[number % len(_WITH)]
    _records(fire, letter, {**_MET, **whom})
    if number == CANCELS:
        _records(fire, letter, {"decision": "drop"})
    fire.served.update(shifts=1, encounters=1, people=people)
    fire.served[words.KINDS[whom["whom"]]] += 1


def _records(fire: Fire, letter: Mapping[str, Any], values: Values) -> None:
    """One entry by the link of a letter, which goes on working."""
    found = REFERENCE.search(letter["subject"])
    link = re.search(r"https?://\S*/t/[a-z0-9-]+", letter["text"])
    who = fire.person("serves", found.group(0) if found else "")
    to = letter["to"][0]
    with who.at_home(to) as person:
        person.answer(link.group(0) if link else "", values, who.code_for(to))
        if values["decision"] != "finish" and "Recorded. Thank you." not in person.text:
            raise Unexpected(f"{to}: {values['decision']}: {person.text[:300]}")


def _with_place(fire: Fire) -> list[Mapping[str, Any]]:
    """Letters to the first of those who have a place still: they did not give it back, and are consultants."""
    gone = {fire.gave_back, *fire.gone}
    return [one for one in _letters(fire, "place") if one["to"][0] not in gone][:SERVING]


def _letters(fire: Fire, which: str) -> list[Mapping[str, Any]]:
    """The letter of each, the newest."""
    told = _LETTER[which]
    return list(
        {mail["to"][0]: mail for mail in fire.box.all() if told in mail["subject"]}.values()
    )


def counted(served: Mapping[str, int]) -> dict[tuple[str, str], str]:
    """What was recorded, by the lines of the report that must say it."""
    shifts = served["shifts"]
    found: dict[tuple[str, str], object] = {
        ("Deployments", "Shifts worked"): shifts,
        ("Deployments", "Hours in shifts"): HOURS * shifts,
        ("Deployments", "Miles driven"): MILES * shifts,
        ("Deployments", "Short talks, of less than 15 minutes"): BRIEF * shifts,
        ("Encounters", "In all"): served["encounters"],
        ("Encounters", "People, counted at each encounter"): served["people"],
    }
    found |= {
        ("Encounters by kind", kind): served[kind]
        for kind in words.KINDS.values()
        if kind in served
    }
    return {line: f"{value}" for line, value in found.items()}
