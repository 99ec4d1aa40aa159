"""What an entry recorded, as its form would show it: to read it, and to correct it.

A kind says what its entries keep in another shape than its form; all else is found by the names of
the form's questions. The choice that decides is told by the verdict.
"""

from __future__ import annotations

from datetime import date, datetime, time

from chalicelib.domain.calendar import PACIFIC
from chalicelib.web.forms import Field, Form, Values, words_of
from chalicelib.web.languages import date_words, time_words, translator
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.kinds import Kind

CHOICES = ("radios", "select", "checkboxes")


def decisive(form: Form) -> str:
    """The name of the first choice that must be made: it says what an answer is."""
    return next((f.name for f in form.fields if f.kind in CHOICES and f.required), "")


def values_of(kind: Kind, state: Case, form: Form, entry: Entry) -> Values:
    """The values of ``form`` that led to an entry; ``state`` is the case as the form was shown of it."""
    verdict, first = str(entry.payload.get("verdict", "")), decisive(form)
    told: dict[str, object] = {}
    if verdict in kind.examples:
        told[first] = kind.example(state, entry.at, verdict).get(first)
    told |= {**entry.payload, **kind.page.recorded(state, entry)}
    found: Values = {}
    for one in form.fields:
        value = told.get(one.name)
        if value is None and entry.reason in {option[0] for option in one.options}:
            value = entry.reason
        if isinstance(value, bool) or not isinstance(value, str | int | list) or value in ("", []):
            continue
        found[one.name] = value
    return found


def lines(form: Form, values: Values, lang: str) -> list[tuple[str, str]]:
    """What was answered, in the reader's words: (question, answer)."""
    _ = translator(lang)
    asked = [one for one in form.asked(values) if one.name in values]
    return [(_(one.listed), _words(one, values, lang)) for one in asked]


def _words(one: Field, values: Values, lang: str) -> str:
    value = str(values[one.name])
    try:
        if one.kind == "date":
            noon = datetime.combine(date.fromisoformat(value), time(12), PACIFIC)
            return date_words(noon.timestamp(), lang)
        if one.kind == "time":
            # Any day will do: a time of day is the same on each.
            moment = datetime.combine(date(2026, 1, 1), time.fromisoformat(value), PACIFIC)
            return time_words(moment.timestamp(), lang)
    except ValueError:
        return value
    return words_of(one, values[one.name], lang)
