"""Local programs, as the Human Services Data Specification (HSDS 3, Open Referral) tells them: its services
are pasted as JSON, looked at one by one, and written once the reader has seen what each does."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from chalice.app import Response

from chalicelib.console.people import preview
from chalicelib.directory import programs
from chalicelib.directory.programs import Program
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.json_values import Json
from chalicelib.web.forms import Field, Form, Values, words
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import show

HOME: Final = "/console/programs"
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
MOST: Final = 200
OPEN: Final = "active"
# What HSDS knows a service's status to be.
STATUSES: Final = (OPEN, "inactive", "defunct", "temporarily closed")
_STATE: Final = ("california", "state of california")

NO_JSON: Final = N_(
    "This is not JSON. Paste a list of services, or what a directory answers to /services."
)
NO_LIST: Final = N_("There is no list of services in it.")
TOO_MANY: Final = N_("Please paste at most %(most)s services at a time.")
TWICE: Final = N_("Its id stands in the list twice.")

ASKED: Final = Form(
    Field("services", "textarea", N_("Services, as HSDS 3 writes them (JSON)"), max_length=60_000, guarded=False,
          rows=12, hint=N_("Each with id, name, status, organization and service_areas."))
)  # fmt: skip


def show_programs() -> Response:
    """The programs that we know, and the form that adds or changes some."""

    def effects(values: Values) -> Sequence[str]:
        known = {one.id: one for one in programs.programs()}
        return [
            _line(number, one, wrong, known)
            for number, one, wrong in read(words(values, "services"))
        ]

    def act(values: Values, command: str) -> str:
        for _number, one, wrong in read(words(values, "services")):
            if not wrong:
                programs.save(one)
        return HOME

    page = FormPage(
        "console/programs.html",
        ASKED,
        facts=lambda: {"programs": programs.programs(), "counties": vocabulary.COUNTY_NAMES},
        draw=show,
    )
    return preview.answer(page, act, effects)


def read(text: str) -> list[tuple[int, Program, str]]:
    """Each service by its number, as a program, and why it is refused: a msgid, "" where it is not.
    Raises Invalid where the text holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid({"services": NO_JSON}) from None
    listed = (
        next((found[n] for n in ("contents", "services") if n in found), found)
        if isinstance(found, dict)
        else found
    )
    if not isinstance(listed, list) or not listed:
        raise Invalid({"services": NO_LIST})
    if len(listed) > MOST:
        raise Invalid({"services": translator(current().lang)(TOO_MANY, most=MOST)})
    seen: set[str] = set()
    return [(number, *_program(one, seen)) for number, one in enumerate(listed, start=1)]


def _program(service: object, seen: set[str]) -> tuple[Program, str]:
    told = service if isinstance(service, dict) else {}
    organization = told.get("organization")
    phones = told.get("phones")
    one = Program(
        id=_text(told, "id"),
        name=_text(told, "name"),
        counties=tuple(dict.fromkeys(_counties(told.get("service_areas")))),
        open=_text(told, "status") == OPEN,
        organization=_text(organization, "name") if isinstance(organization, dict) else "",
        phone=_text(phones[0], "number") if isinstance(phones, list) and phones else "",
        url=_text(told, "url"),
    )
    wrong = _wrong(one, told) or (TWICE if one.id in seen else "")
    seen |= set() if wrong else {one.id}
    return one, wrong


def _wrong(one: Program, told: Json) -> str:
    if not ID.fullmatch(one.id):
        return N_("It has no id, or one that cannot be kept.")
    if not one.name or len(one.name) > 200:
        return N_("It has no name, or one that is too long.")
    if _text(told, "status") not in STATUSES:
        return N_("Its status is none that HSDS knows.")
    if one.url and not one.url.startswith("https://"):
        return N_("Its link does not begin with https://")
    return "" if one.counties else N_("None of its service areas is a county of California.")


def _text(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    if not isinstance(value, str):
        return ""
    # JSON can spell half of a character, which no page and no table can take.
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _counties(areas: object) -> list[str]:
    """The counties that service areas name; all of California is every county."""
    by_name = {county.name.casefold(): slug for slug, county in vocabulary.COUNTIES.items()}
    found: list[str] = []
    for area in areas if isinstance(areas, list) else []:
        name = _text(area, "name").casefold()
        if name in _STATE:
            return list(vocabulary.COUNTIES)
        slug = by_name.get(name.removesuffix(", ca").removesuffix(" county"))
        found += [slug] if slug else []
    return found


def _line(number: int, one: Program, wrong: str, known: dict[str, Program]) -> str:
    _ = translator(current().lang)
    if wrong:
        return str(
            _(
                N_("Service %(n)s, %(name)s: refused. %(wrong)s"),
                n=number,
                name=one.name or "–",
                wrong=_(wrong),
            )
        )
    said = (
        N_("Service %(n)s, %(name)s: is changed.")
        if one.id in known
        else N_("Service %(n)s, %(name)s: a new program.")
    )
    if known.get(one.id) == one:
        said = N_("Service %(n)s, %(name)s: nothing changes.")
    return str(_(said, n=number, name=one.name))
