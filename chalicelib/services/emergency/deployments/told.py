"""What an entry of a deployment tells, line by line, as staff read it."""

from __future__ import annotations

from datetime import date

from chalicelib.domain import calendar, vocabulary
from chalicelib.services.emergency.deployments import shifts, words
from chalicelib.services.emergency.deployments.model import Encounter, Worked, told_in
from chalicelib.services.emergency.deployments.shifts import Hours
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.workflow.cases import Entry

Row = tuple[str, str]


def rows(entry: Entry, lang: str) -> list[Row]:
    """Name and words of each part."""
    told = told_in(entry)
    if shift := told.get("shift"):
        return _hours(shift, lang)
    if worked := told.get("worked"):
        return [*_hours(worked, lang), *_counted(worked, lang)]
    met = told.get("encounter")
    return _encounter(met, lang) if met else []


def _hours(hours: Hours, lang: str) -> list[Row]:
    _ = translator(lang)
    return [
        (_(N_("Shift")), shifts.said(hours["start"], hours["end"], lang)),
        (_(N_("How they work")), _(words.WAYS.get(hours["way"], ""))),
        (_(N_("Where")), hours["place"]),
    ]


def _counted(worked: Worked, lang: str) -> list[Row]:
    _ = translator(lang)
    found = [
        (N_("Miles driven"), worked.get("miles", 0)),
        (N_("Minutes of travel"), worked.get("travel", 0)),
        (N_("Short talks, of less than 15 minutes"), worked.get("brief", 0)),
        (N_("Calls and messages"), worked.get("calls", 0)),
        (N_("Flyers and other materials handed out"), worked.get("materials", 0)),
    ]
    return [(_(label), str(count)) for label, count in found if count]


def _encounter(met: Encounter, lang: str) -> list[Row]:
    _ = translator(lang)
    day = calendar.midnight(date.fromisoformat(met["day"]))
    ages = {**words.AGES, **words.GROUP_AGES}
    people = [f"{_(ages.get(band, band))}: {count}" for band, count in met["ages"].items()]
    found = [
        (N_("Day"), date_words(day, lang)),
        (N_("With whom?"), _(words.KINDS.get(met["kind"], ""))),
        (N_("People, by age"), "; ".join(people)),
        (N_("Is it the first time?"), _(words.VISITS.get(met.get("visit", ""), ""))),
        (N_("How many minutes?"), str(met["minutes"])),
        (N_("County"), _(vocabulary.label("county", met["county"]))),
        (N_("In what kind of place?"), _(words.SETTINGS.get(met["where"], ""))),
        (N_("Language"), _(vocabulary.label("language", met["language"]))),
        (N_("Referred to"), "; ".join(_(words.REFERRED[one]) for one in met.get("referred", []) if one in words.REFERRED)),
    ]  # fmt: skip
    return [(_(label), told) for label, told in found]
