"""What the pages of declared emergencies do (J1, T1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.referral import second_review
from chalicelib.web.forms import Cleaned, Field, Form, blank, clean
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import board

LONGEST: Final = timedelta(days=365)
LIST: Final = "/console/emergencies"
DECLARED: Final = N_("An emergency is declared in this county already. End that one first.")


def declaring_form(at: int) -> Form:
    """Where, why and until which day. Nothing is preselected."""
    today = pacific_date(at)
    return Form(
        (
            Field(
                "county",
                "select",
                N_("In which county?"),
                options=tuple((key, one.name) for key, one in vocabulary.COUNTIES.items()),
            ),
            Field(
                "reason",
                "radios",
                N_("What happened?"),
                options=tuple(vocabulary.EMERGENCY_REASONS.items()),
            ),
            Field(
                "until",
                "date",
                N_("What is its last day?"),
                hint=N_("It ends by itself at midnight after that day."),
                minimum=today.isoformat(),
                maximum=(today + LONGEST).isoformat(),
            ),
            Field(
                "note",
                "textarea",
                N_("Who declared it, and what is known?"),
                hint=N_("Only staff see this. Do not write about one child or family."),
                max_length=600,
                rows=3,
                check=second_review.sentence,
            ),
        )
    )


ENDING: Final = Form(
    (
        Field(
            "note",
            "textarea",
            N_("Why does it end earlier?"),
            hint=N_("Only staff see this. Do not write about one child or family."),
            max_length=600,
            rows=3,
            check=second_review.sentence,
        ),
    )
)


def show_all(cleaned: Cleaned | None = None) -> Response:
    """Those in force, the form, and the history; and what is open in the county that is looked at."""
    at = now()
    found = emergencies.all_of_them()
    asked = declaring_form(at)
    looked_at = (current().query.get("county") or [""])[0]
    county = looked_at if looked_at in vocabulary.COUNTIES else ""
    return show(
        "emergency/list.html",
        cleaned.status if cleaned else 200,
        form=asked,
        cleaned=cleaned or blank(asked, {"county": county} if county else {}),
        **_open_in(county, f"{LIST}?county={county}&"),
        active=[one for one in found if one.in_force(at)],
        over=[one for one in found if not one.in_force(at)],
        **_words(),
    )


def declare() -> Response:
    """Write it down; from this moment requests of the county are proposed emergency support."""
    at = now()
    cleaned = clean(declaring_form(at), form(), current().lang)
    if not cleaned.ok:
        return show_all(cleaned)
    values = cleaned.values
    county = str(values["county"])
    if any(e.county == county and e.in_force(at) for e in emergencies.all_of_them()):
        cleaned.errors["county"] = translator(current().lang)(DECLARED)
        return show_all(cleaned)
    new = Emergency(
        county=county,
        since=at,
        until=str(values["until"]),
        reason=str(values["reason"]),
        by=current_staff().actor,
        note=str(values["note"]),
    )
    emergencies.declare(new)
    logger().info("emergency declared", extra={"emergency": new.id, "actor": current_staff().actor})
    return redirect(f"{LIST}/{new.id}")


def show_one(key: str, cleaned: Cleaned | None = None) -> Response:
    """One emergency, what is open in its county while it is in force, and how to end it early."""
    one = _one(key)
    active = one.in_force(now())
    return show(
        "emergency/one.html",
        cleaned.status if cleaned else 200,
        one=one,
        active=active,
        **_open_in(one.county if active else "", f"{LIST}/{one.id}?"),
        form=ENDING,
        cleaned=cleaned or blank(ENDING, {}),
        **_words(),
    )


def end(key: str) -> Response:
    """End it now; the record keeps who did it, when and why."""
    found, at = _one(key), now()
    cleaned = clean(ENDING, form(), current().lang)
    if not cleaned.ok:
        return show_one(key, cleaned)
    if found.in_force(at):
        emergencies.end(key, at, current_staff().actor, str(cleaned.values["note"]))
        logger().info("emergency ended", extra={"emergency": key, "actor": current_staff().actor})
    return redirect(LIST)


def _open_in(county: str, link: str) -> dict[str, Any]:
    """A page of the county's open requests, those that came first on top; ``link`` is where the next
    page is. Nothing is looked up without a county."""
    cursor = (current().query.get("from") or [""])[0]
    lines, more = (
        board.page("open", cursor, now(), lambda line: line.county == county)
        if county
        else ([], "")
    )
    return {
        "county": county,
        "requests": lines,
        "more": f"{link}from={more}" if more else "",
        "first": link[:-1] if cursor else "",
        **board.words_of_lines(now(), current().lang),
    }


def _one(key: str) -> Emergency:
    found = next((one for one in emergencies.all_of_them() if one.id == key), None)
    if found is None:
        raise NotFound(key)
    return found


def _words() -> dict[str, Any]:
    def name(actor: str) -> str:
        who = actor.partition(":")[2]
        return str(people.staff_member(who).get("name") or who)

    def last_day(one: Emergency) -> int:
        """Noon of its last day, for showing the day as people say it."""
        from datetime import date, datetime
        from datetime import time as clock_time

        from chalicelib.domain.calendar import PACIFIC

        noon = datetime.combine(date.fromisoformat(one.until), clock_time(12), PACIFIC)
        return int(noon.timestamp())

    return {
        "reasons": vocabulary.EMERGENCY_REASONS,
        "name": name,
        "last_day": last_day,
    }
