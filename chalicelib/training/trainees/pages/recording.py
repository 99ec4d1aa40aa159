"""What is recorded of a trainee, by staff or by the facilitator: coursework that is in order or is not yet, and
meetings with the facilitator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.domain.calendar import pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training.trainees import acts
from chalicelib.training.trainees.model import CONFIRMED, REPORTED, Trainee, told_in
from chalicelib.web.forms import Field, Form, Values, number, radios, select, textarea, words
from chalicelib.web.languages import N_, date_words, noon_of
from chalicelib.web.request_context import reader
from chalicelib.workflow.cases import Command, valid
from chalicelib.workflow.storage import store

CONFIRM, RETURN, TALK, STRIKE = "confirm", "return", "talk", "strike"
LONGEST: Final = 480


def form(state: Trainee, at: int) -> Form:
    """What can be recorded now."""
    work = cohorts.cohort(state.cohort).asked_for
    open_work = [one for one in work if state.work.get(one.id) != CONFIRMED]
    begun = [one for one in work if one.id in state.work]
    talks = acts.talks(state)
    choices = [
        *([(CONFIRM, N_("Coursework is in order"))] if open_work else []),
        *([(RETURN, N_("Coursework needs something more"),
            N_("They are told by letter, with what you write."))] if begun else []),
        (TALK, N_("A meeting with the facilitator took place")),
        *([(STRIKE, N_("Take out a meeting that was written down by mistake"))] if talks else []),
    ]  # fmt: skip
    lang = reader()
    fields = [radios("decision", N_("What do you want to record?"), *choices)]
    if open_work:
        options = [(one.id, one.title.get(lang, "")) for one in open_work]
        fields.append(select("item", N_("Which coursework?"), *options, when=_chose(CONFIRM)))
    if begun:
        options = [(one.id, one.title.get(lang, "")) for one in begun]
        fields.append(
            select("back", N_("Which coursework?"), *options, when=_chose(RETURN)),
        )
        fields.append(
            textarea("why", N_("What is missing?"), max_length=600, when=_chose(RETURN),
                     readers=("trainee",)),
        )  # fmt: skip
    fields.append(
        Field("day", "date", N_("On which day?"), maximum=pacific_date(at).isoformat(),
              when=_chose(TALK))
    )  # fmt: skip
    fields.append(
        Field("minutes", "number", N_("How many minutes did it take?"), minimum=5, maximum=LONGEST,
              width="short", when=_chose(TALK))
    )  # fmt: skip
    if talks:
        known = [
            (str(one.version), date_words(noon_of(told_in(one)["day"]), lang, True))
            for one in talks
        ]
        fields.append(select("which", N_("Which meeting?"), *known, when=_chose(STRIKE)))
    return Form(*fields)


def _chose(decision: str) -> Callable[[Values], bool]:
    return lambda values: values.get("decision") == decision


def decide(state: Trainee, values: Values, by: str, command: str, at: int) -> Command | None:
    """The command of what was recorded; None where there is nothing left to do."""
    choice = words(values, "decision")
    if choice == CONFIRM:
        return acts.confirm_work(state, words(values, "item"), by, command, at)
    if choice == RETURN:
        return acts.return_work(state, words(values, "back"), words(values, "why"), by, command, at)
    if choice == STRIKE:
        return acts.strike_talk(state, int(words(values, "which")), by, command, at)
    return acts.log_talk(state, words(values, "day"), number(values, "minutes"), by, command, at)


def sent_in(state: Trainee, lang: str) -> list[tuple[str, str, str]]:
    """The coursework with how far it is (a msgid), and the newest link to it; "" for none."""
    links: dict[str, str] = {}
    if state.work:
        for entry in valid(store.log(state)):
            told = told_in(entry)
            if told.get("link"):
                links[told["item"]] = told["link"]
    return [
        (one.title.get(lang, ""), STANDS[state.work.get(one.id, "")], links.get(one.id, ""))
        for one in cohorts.cohort(state.cohort).asked_for
    ]


STANDS: Final = {
    "": N_("Not sent in yet"),
    REPORTED: N_("Sent in, waits to be looked at"),
    CONFIRMED: N_("In order"),
}
