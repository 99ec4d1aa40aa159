"""Cohorts in the console: entered, changed, and what each requires, from which day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.calendar import pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training import facilitators
from chalicelib.training.cohort import Cohort, Coursework, Requirements
from chalicelib.training.trainees.looking import look_at_all
from chalicelib.web.forms import Field, Form, Values, checkboxes, number, several, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import show

CONSOLE: Final = "/console/training"
MOST_SEATS, MOST_REPLY_DAYS, MOST = 500, 90, 99
BACKWARDS: Final = N_("The last day is before the first one.")
NOT_KEPT: Final = N_(
    "More seats than that are taken, or somebody else changed the cohort meanwhile. Please look at it as it "
    "is now, then press again."
)


def nowhere(key: str) -> list[str]:
    """The program is held online for all of California: it belongs to no county."""
    return [""]


def page_of(key: str) -> str:
    """The path of a cohort's page."""
    return f"{CONSOLE}/cohorts/{key}"


def trainee_page(reference: str) -> str:
    """The path of a trainee's page."""
    return f"{CONSOLE}/trainees/{reference}"


def new_id(command: str) -> str:
    """The id of what a press makes: the same for the same press."""
    return hashlib.sha256(command.encode()).hexdigest()[:10]


def _count(name: str, label: str, most: int, hint: str = "", least: int = 1) -> Field:
    return Field(name, "number", label, hint=hint, minimum=least, maximum=most, width="short")


# -- the cohort --------------------------------------------------------------------------------------
def _form(had: Sequence[str] = ()) -> Form:
    return Form(
        Field("name", "text", N_("Name of the cohort"), max_length=60,
              hint=N_("People see it, as “Fall 2027”.")),
        Field("begins_on", "date", N_("First day of the program")),
        Field("ends_on", "date", N_("Last day of the program"), required=False,
              hint=N_("Leave it empty for nine months.")),
        _count("seats", N_("Seats"), MOST_SEATS),
        Field("applications_open_on", "date", N_("From which day may people apply?")),
        Field("applications_close_on", "date", N_("Until which day may people apply?")),
        _count("reply_days", N_("How many days does somebody have to answer an offer?"),
               MOST_REPLY_DAYS),
        checkboxes(
            "facilitators",
            N_("Who are the reflective practice facilitators?"),
            *facilitators.choices(had),
            required=False,
            hint=N_("Each trainee has one of them. You can choose who is endorsed today, and add more later."),
        ),
    )  # fmt: skip


def _check(values: Values) -> dict[str, str]:
    pairs = (
        ("begins_on", "ends_on"),
        ("applications_open_on", "applications_close_on"),
    )
    return {
        last: BACKWARDS
        for first, last in pairs
        if values.get(first) and values.get(last) and words(values, last) < words(values, first)
    }


def _typed(found: Cohort, values: Values) -> Cohort:
    begins = words(values, "begins_on")
    return replace(
        found,
        name=words(values, "name"),
        begins_on=begins,
        ends_on=words(values, "ends_on") or cohorts.last_day(begins),
        seats=number(values, "seats"),
        applications_open_on=words(values, "applications_open_on"),
        applications_close_on=words(values, "applications_close_on"),
        reply_days=number(values, "reply_days"),
        facilitators=several(values, "facilitators"),
    )


def list_cohorts() -> Response:
    """The cohorts, and the form for a new one."""

    def act(values: Values, command: str) -> str:
        key, at = new_id(command), now()
        cohorts.add(_typed(Cohort(key, "", "", "", 0, "", "", 0, entered=at), values))
        return page_of(key)

    page = FormPage(
        "trainees/cohorts.html",
        _form(),
        once=True,
        check=_check,
        facts=lambda: {"cohorts": cohorts.cohorts()},
        draw=show,
    )
    return page.answer(act)


def facts_of(found: Cohort) -> TemplateValues:
    """What every page of a cohort shows."""
    return {
        "cohort": found,
        "facilitators": [facilitators.told(one) for one in found.facilitators],
        "required": found.required(pacific_date(now()).isoformat()),
    }


def change(cohort: str) -> Response:
    """Change what staff entered."""
    found = cohorts.cohort(cohort)

    def act(values: Values, command: str) -> str:
        if not cohorts.change(_typed(cohorts.cohort(cohort), values)):
            raise Hindered(NOT_KEPT)
        return page_of(cohort)

    form = _form(found.facilitators)
    return FormPage(
        "trainees/cohort_change.html",
        form,
        once=True,
        known={
            one.name: list(value) if isinstance(value, tuple | list) else value
            for one in form.fields
            if (value := getattr(found, one.name))
        },
        check=_check,
        facts=lambda: facts_of(found),
        draw=show,
    ).answer(act)


# -- what it requires --------------------------------------------------------------------------------
def _requirements_form() -> Form:
    return Form(
        Field("since", "date", N_("From which day does it count?"),
              hint=N_("What counted before stays on record.")),
        _count("sessions", N_("Monthly sessions"), MOST),
        _count("small_groups", N_("Meetings of the small group"), MOST, least=0),
        _count("practicum_hours", N_("Hours of practicum"), MOST, least=0),
        _count("facilitator_meetings", N_("Meetings with the facilitator"), MOST, least=0),
    )  # fmt: skip


def require(cohort: str) -> Response:
    """What the cohort requires from a day on."""
    found = cohorts.cohort(cohort)
    stands = found.required(pacific_date(now()).isoformat())

    def act(values: Values, command: str) -> str:
        new = Requirements(
            since=words(values, "since"),
            sessions=number(values, "sessions"),
            small_groups=number(values, "small_groups"),
            practicum_minutes=60 * number(values, "practicum_hours"),
            facilitator_meetings=number(values, "facilitator_meetings"),
        )
        if not cohorts.change(cohorts.require(cohorts.cohort(cohort), new)):
            raise Hindered(NOT_KEPT)
        look_at_all(cohort, now())
        return page_of(cohort)

    return FormPage(
        "trainees/requirements.html",
        _requirements_form(),
        once=True,
        known={
            "since": stands.since,
            "sessions": stands.sessions,
            "small_groups": stands.small_groups,
            "practicum_hours": stands.practicum_minutes // 60,
            # No number is known for it: staff say it the first time.
            "facilitator_meetings": stands.facilitator_meetings if found.requirements else None,
        },
        facts=lambda: facts_of(found),
        draw=show,
    ).answer(act)


COURSEWORK: Final = Form(
    Field("title_en", "text", N_("Name of the coursework, in English"), max_length=120),
    Field("title_es", "text", N_("Name of the coursework, in Spanish"), max_length=120),
    Field("due", "date", N_("Until which day?"), required=False),
)


def add_coursework(cohort: str) -> Response:
    """One more piece of coursework for everybody in the cohort."""
    found = cohorts.cohort(cohort)

    def act(values: Values, command: str) -> str:
        fresh = cohorts.cohort(cohort)
        title = {lang: words(values, f"title_{lang}") for lang in ("en", "es")}
        new = Coursework(new_id(command), title, words(values, "due"))
        if not cohorts.change(replace(fresh, coursework=[*fresh.coursework, new])):
            raise Hindered(NOT_KEPT)
        return page_of(cohort)

    return FormPage(
        "trainees/coursework.html", COURSEWORK, once=True, facts=lambda: facts_of(found), draw=show
    ).answer(act)


def drop_coursework(cohort: str, item: str) -> Response:
    """A piece of coursework is not asked for any more, or is again."""
    found = cohorts.cohort(cohort)
    work = found.work(item)

    def act(values: Values, command: str) -> str:
        fresh = cohorts.cohort(cohort)
        changed = [
            replace(one, dropped=not one.dropped) if one.id == item else one
            for one in fresh.coursework
        ]
        if not cohorts.change(replace(fresh, coursework=changed)):
            raise Hindered(NOT_KEPT)
        look_at_all(cohort, now())
        return page_of(cohort)

    return FormPage(
        "trainees/coursework_drop.html",
        Form(),
        once=True,
        facts=lambda: {**facts_of(found), "item": work},
        draw=show,
    ).answer(act)
