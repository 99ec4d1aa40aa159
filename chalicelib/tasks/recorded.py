"""What an entry recorded, as its form would show it: to read it, and to correct it; and who said it.

A kind says what its entries keep in another shape than its form; all else is found by the names of
the form's questions. The choice that decides is told by the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from chalicelib.directory import people
from chalicelib.domain.calendar import PACIFIC
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import ROLE_WORDS
from chalicelib.web.forms import Field, Form, Values, words_of
from chalicelib.web.languages import N_, date_words, time_words, translator
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case, Entry, enters, fold, valid
from chalicelib.workflow.kinds import Kind, kind_of


def _of_several(name: str, told: dict[str, object]) -> object:
    """The answer to a question of several alike, as ``progress_2``, from the list that keeps them."""
    whole, _sep, number = name.rpartition("_")
    kept = told.get(whole)
    if not (isinstance(kept, list) and number.isdecimal() and 0 < int(number) <= len(kept)):
        return None
    return kept[int(number) - 1]


@frozen
class Answered:
    """An answer to read: its entry, who gave it, and (question, answer) in the reader's words."""

    entry: Entry
    who: str
    lines: list[tuple[str, str]]


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
    own = kind.page.recorded(state, entry)
    told |= {**entry.payload, **{name: value for name, value in own.items() if value}}
    found: Values = {}
    for one in form.fields:
        value = told.get(one.name, _of_several(one.name, told))
        if value is None and entry.reason in {option[0] for option in one.options}:
            value = entry.reason
        if isinstance(value, bool) or not isinstance(value, str | int | list) or value in ("", []):
            continue
        found[one.name] = value
    return found


def by_whom(state: Case, entry: Entry, lang: str) -> str:
    """Who gave an answer, by name, and who told it whom where staff wrote it down."""
    _ = translator(lang)
    role, _sep, who = entry.actor.partition(":")
    kind = type_of(state)
    own = state.contact.name if role == kind.applicant else people.name_of(entry.actor)
    titles = {kind.applicant: kind.applicant_title, "consultant": N_("Consultant")} | ROLE_WORDS
    title = titles.get(role, "")
    name = " ".join(one for one in (own, f"({_(title)})" if title else "") if one)
    if teller := entry.payload.get("told_by"):
        return _(N_("%(staff)s, as told by %(by)s"), staff=name or who, by=teller)
    return name


def recorded_in(state: Case, log: Sequence[Entry], n: int, lang: str) -> Answered | None:
    """What the newest answer to task ``n`` that counts said; ``state`` is the case as the task sees it."""
    entry = next((one for one in reversed(valid(log)) if enters(one, n)), None)
    task = next((one.changes["task"] for one in log if _asks(one, n)), None) or state.task
    if entry is None or task is None:
        return None
    before = fold(type(state), state.reference, log[: entry.version - 1])
    if "beside" in entry.payload:
        before = before.model_copy(update={"task": state.task, "main_task": before.task})
    kind = kind_of(task.kind)
    form = kind.page.form(before)
    return Answered(
        entry, by_whom(state, entry, lang), lines(form, values_of(kind, before, form, entry), lang)
    )


def _asks(entry: Entry, n: int) -> bool:
    task = entry.changes.get("task")
    return task is not None and task.number == n


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
