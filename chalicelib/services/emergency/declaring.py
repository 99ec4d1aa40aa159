"""What the pages of declared emergencies do."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.roles import Scope
from chalicelib.referral import second_review
from chalicelib.services.emergency import counting, moved
from chalicelib.services.emergency.deployments import live
from chalicelib.web.forms import Field, Form, Values, checkboxes, radios, several, textarea, words
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.web.text_input import Answer
from chalicelib.workflow import board
from chalicelib.workflow.lists import overview

LONGEST: Final = timedelta(days=365)
LIST: Final = "/console/emergencies"
DECLARED: Final = N_("An emergency is declared there already: %(name)s. End that one first.")
BACKWARDS: Final = N_("The last day is before the first one.")
BOTH: Final = N_("Write it in both languages, or in neither.")
NO_ZIPS: Final = N_("Type ZIP codes of five digits, or only the first three, with commas between.")
FOR_STAFF: Final = N_("Only staff see this. Do not write about one child or family.")
# The words for the public pages: a field for each language.
BANNER: Final = {"en": "words_en", "es": "words_es"}


def _counties(scope: Scope) -> dict[str, str]:
    """The counties in which somebody may declare one, with their names."""
    return {key: one.name for key, one in vocabulary.COUNTIES.items() if scope.covers(key)}


def _zips(typed: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", str(typed or ""))))


def _wrong_zips(typed: Answer) -> str | None:
    good = all(re.fullmatch("9[0-9]{2}([0-9]{2})?", one) for one in _zips(typed))
    return None if good else NO_ZIPS


def _day(name: str, label: str, hint: str, first: date, *, required: bool = True) -> Field:
    return Field(
        name,
        "date",
        label,
        hint=hint,
        required=required,
        minimum=first.isoformat(),
        maximum=(first + LONGEST).isoformat(),
    )


def declaring_form(at: int, scope: Scope) -> Form:
    """Where, what, when, and what the public reads. Nothing is preselected."""
    today = pacific_date(at)
    public = N_("Everybody can read this. Leave both empty for the usual sentence.")
    return Form(
        checkboxes("counties", N_("In which counties?"), *_counties(scope).items()),
        Field(
            "zips",
            "text",
            N_("Only in some ZIP codes of these counties?"),
            hint=N_("For example 95969, 959. Leave it empty for all of the counties."),
            required=False,
            max_length=600,
            check=_wrong_zips,
        ),
        radios("reason", N_("What happened?"), *vocabulary.EMERGENCY_REASONS.items()),
        Field(
            "name",
            "text",
            N_("What do you call it?"),
            hint=N_("A short name for lists, like “Creek Fire”."),
            required=False,
            max_length=40,
            guarded=True,
        ),
        _day(
            "since",
            N_("From which day?"),
            N_("Leave it empty if it begins now."),
            today,
            required=False,
        ),
        _day(
            "until",
            N_("What is its last day?"),
            N_("It ends by itself at midnight after that day."),
            today,
        ),
        *(
            textarea(BANNER[lang], label, hint=public, required=False, max_length=300)
            for lang, label in (
                ("en", N_("Words for the public pages, in English")),
                ("es", N_("Words for the public pages, in Spanish")),
            )
        ),
        textarea(
            "note",
            N_("Who declared it, and what is known?"),
            hint=FOR_STAFF,
            max_length=600,
            check=second_review.sentence,
        ),
    )


ENDING: Final = Form(
    textarea(
        "note",
        N_("Why does it end earlier?"),
        hint=FOR_STAFF,
        max_length=600,
        check=second_review.sentence,
    )
)


def declare() -> Response:
    """Those in force, the form, and the history; and what is open in the county that is looked at. From
    its first instant, requests of the area are proposed emergency support."""
    at, by = now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        new = _from(values, at, by)
        emergencies.declare(new)
        counting.begin(new.id, new.over)
        logger().info("emergency declared", extra={"emergency": new.id, "actor": by})
        return f"{LIST}/{new.id}"

    return _list(at, by).answer(act)


def _from(values: Values, at: int, by: str) -> Emergency:
    """What the form says."""
    day, today = words(values, "since"), pacific_date(at)
    later = day and date.fromisoformat(day) > today
    return Emergency(
        counties=tuple(several(values, "counties")),
        since=midnight(date.fromisoformat(day)) if later else at,
        until=words(values, "until"),
        reason=words(values, "reason"),
        by=by,
        note=words(values, "note"),
        name=words(values, "name"),
        zips=_zips(values.get("zips")),
        words={lang: text for lang, name in BANNER.items() if (text := words(values, name))},
        declared=at,
    )


def _list(at: int, by: str) -> FormPage:
    mine = _counties(current_staff().scope)
    every = emergencies.all_of_them()
    found = [one for one in every if set(one.counties) & set(mine)]
    looked_at = (current().query.get("county") or [""])[0]
    county = looked_at if looked_at in mine else ""

    def check(values: Values) -> dict[str, str]:
        return _wrong(values, at, by, every)

    def facts() -> TemplateValues:
        return {
            **_open_in([county] if county else [], f"{LIST}?county={county}&"),
            "county": county,
            "own_counties": mine,
            "active": [one for one in found if one.in_force(at)],
            "to_come": [one for one in found if one.to_come(at)],
            "over": [one for one in found if one.over <= at],
            **_words(),
        }

    known = {"counties": [county]} if county else {}
    asked = declaring_form(at, current_staff().scope)
    return FormPage(
        "emergency/list.html", asked, once=True, known=known, check=check, facts=facts, draw=show
    )


def _wrong(values: Values, at: int, by: str, every: list[Emergency]) -> dict[str, str]:
    """What is wrong with several answers together: msgids by field."""
    found: dict[str, str] = {}
    given = {name: bool(words(values, name)) for name in BANNER.values()}
    if any(given.values()):
        found |= {name: BOTH for name, there in given.items() if not there}
    if not values.get("counties") or not values.get("until"):
        return found
    new = _from(values, at, by)
    if new.over <= new.since:
        return found | {"until": BACKWARDS}
    twice = next((one for one in every if one.over > at and one.meets(new)), None)
    if twice is not None:
        return found | {"counties": translator(current().lang)(DECLARED, name=twice.called)}
    return found


def end(key: str) -> Response:
    """One emergency, and what is open in its counties while it is in force; a press ends it early, and
    the record keeps who did it, when and why."""
    found, at, by = emergencies.one_of(key), now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        note = str(values["note"])
        if found.over > at and emergencies.end(key, at, by, note, moved.follows(key, at)):
            moved.follow(key, at)
            logger().info("emergency ended", extra={"emergency": key, "actor": by})
        return LIST

    return _page(found).answer(act)


def _page(one: Emergency) -> FormPage:
    def facts() -> TemplateValues:
        at = now()
        near = one.counties if one.in_force(at) else ()
        return {
            "one": one,
            "active": one.in_force(at),
            "to_come": one.to_come(at),
            **live.standing(one.id, at),
            **_open_in(near, f"{LIST}/{one.id}?"),
            **_words(),
        }

    return FormPage("emergency/one.html", ENDING, facts=facts, draw=show)


def _open_in(counties: Collection[str], link: str) -> TemplateValues:
    """A page of the open requests of some counties, those that came first on top; ``link`` is where the
    next page is. Nothing is looked up without a county."""
    cursor = (current().query.get("from") or [""])[0]
    scope = current_staff().scope
    found = overview.page("open", {"county": counties}, scope, cursor, now()) if counties else None
    return {
        "requests": found.lines if found else [],
        "total": found.total if found else 0,
        "more": f"{link}from={found.more}" if found and found.more else "",
        "first": link[:-1] if cursor else "",
        **board.words_of_lines(now(), current().lang),
    }


def _words() -> TemplateValues:
    return {
        "reasons": vocabulary.EMERGENCY_REASONS,
        "name": people.name_of,
        "last_day": lambda one: midnight(date.fromisoformat(one.until)),
    }
