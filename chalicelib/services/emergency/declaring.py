"""What the pages of declared emergencies do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import PACIFIC, pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.domain.roles import EVERYWHERE, Scope
from chalicelib.referral import second_review
from chalicelib.web.forms import Field, Form, Values, radios, select, textarea
from chalicelib.web.languages import N_
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import board
from chalicelib.workflow.lists import overview

LONGEST: Final = timedelta(days=365)
LIST: Final = "/console/emergencies"
DECLARED: Final = N_("An emergency is declared in this county already. End that one first.")


def _counties(scope: Scope) -> dict[str, str]:
    """The counties in which somebody may declare one, with their names."""
    return {key: one.name for key, one in vocabulary.COUNTIES.items() if scope.covers(key)}


def declaring_form(at: int, scope: Scope) -> Form:
    """Where, why and until which day. Nothing is preselected."""
    today = pacific_date(at)
    return Form(
        select(
            "county",
            N_("In which county?"),
            *_counties(scope).items(),
        ),
        radios("reason", N_("What happened?"), *vocabulary.EMERGENCY_REASONS.items()),
        Field(
            "until",
            "date",
            N_("What is its last day?"),
            hint=N_("It ends by itself at midnight after that day."),
            minimum=today.isoformat(),
            maximum=(today + LONGEST).isoformat(),
        ),
        textarea(
            "note",
            N_("Who declared it, and what is known?"),
            hint=N_("Only staff see this. Do not write about one child or family."),
            max_length=600,
            check=second_review.sentence,
        ),
    )


ENDING: Final = Form(
    textarea(
        "note",
        N_("Why does it end earlier?"),
        hint=N_("Only staff see this. Do not write about one child or family."),
        max_length=600,
        check=second_review.sentence,
    )
)


def declare() -> Response:
    """Those in force, the form, and the history; and what is open in the county that is looked at. From
    the press on, requests of the county are proposed emergency support."""
    at, by = now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        new = Emergency(
            county=str(values["county"]),
            since=at,
            until=str(values["until"]),
            reason=str(values["reason"]),
            by=by,
            note=str(values["note"]),
        )
        emergencies.declare(new)
        logger().info("emergency declared", extra={"emergency": new.id, "actor": by})
        return f"{LIST}/{new.id}"

    return _list(at).answer(act)


def _list(at: int) -> FormPage:
    mine = _counties(current_staff().scope)
    found = [one for one in emergencies.all_of_them() if one.county in mine]
    looked_at = (current().query.get("county") or [""])[0]
    county = looked_at if looked_at in mine else ""

    def check(values: Values) -> dict[str, str]:
        twice = any(e.county == values.get("county") and e.in_force(at) for e in found)
        return {"county": DECLARED} if twice else {}

    def facts() -> TemplateValues:
        return {
            **_open_in(county, f"{LIST}?county={county}&"),
            "own_counties": mine,
            "active": [one for one in found if one.in_force(at)],
            "over": [one for one in found if not one.in_force(at)],
            **_words(),
        }

    known = {"county": county} if county else {}
    asked = declaring_form(at, current_staff().scope)
    return FormPage(
        "emergency/list.html", asked, once=True, known=known, check=check, facts=facts, draw=show
    )


def end(key: str) -> Response:
    """One emergency, and what is open in its county while it is in force; a press ends it early, and the
    record keeps who did it, when and why."""
    found, at, by = _one(key), now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        if found.in_force(at):
            emergencies.end(key, at, by, str(values["note"]))
            logger().info("emergency ended", extra={"emergency": key, "actor": by})
        return LIST

    return _page(found).answer(act)


def _page(one: Emergency) -> FormPage:
    def facts() -> TemplateValues:
        active = one.in_force(now())
        open_there = _open_in(one.county if active else "", f"{LIST}/{one.id}?")
        return {"one": one, "active": active, **open_there, **_words()}

    return FormPage("emergency/one.html", ENDING, facts=facts, draw=show)


def _open_in(county: str, link: str) -> TemplateValues:
    """A page of the county's open requests, those that came first on top; ``link`` is where the next
    page is. Nothing is looked up without a county."""
    cursor = (current().query.get("from") or [""])[0]
    found = (
        overview.page("open", {"county": (county,)}, EVERYWHERE, cursor, now()) if county else None
    )
    return {
        "county": county,
        "requests": found.lines if found else [],
        "total": found.total if found else 0,
        "more": f"{link}from={found.more}" if found and found.more else "",
        "first": link[:-1] if cursor else "",
        **board.words_of_lines(now(), current().lang),
    }


def _one(key: str) -> Emergency:
    found = next((one for one in emergencies.all_of_them() if one.id == key), None)
    if found is None:
        raise NotFound(key)
    return found


def _words() -> TemplateValues:
    def last_day(one: Emergency) -> int:
        """Noon of its last day, for showing the day as people say it."""
        noon = datetime.combine(date.fromisoformat(one.until), clock_time(12), PACIFIC)
        return int(noon.timestamp())

    return {
        "reasons": vocabulary.EMERGENCY_REASONS,
        "name": people.name_of,
        "last_day": last_day,
    }
