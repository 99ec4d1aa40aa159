"""The page of a person and of a site: one timeline of all services, what it may be one with, and what staff
decided. Whoever looks is written down.

Shown is what lies in the counties of whoever looks; of the rest only how much it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.console.one_record.decide import DECIDED, Choice, carry_out, choices, decided_here
from chalicelib.console.one_record.told import names, programs, title, told
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound
from chalicelib.referral import second_review
from chalicelib.web.forms import Form, Values, radios, textarea
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.routing import POST, may
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.lists.records import KINDS, PATHS, PERSON, SITE, Line, Records, records

OVERVIEW: Final = "/console/records"
TITLES: Final = {PERSON: N_("A person without a name"), SITE: N_("A program without a name")}


def show_person(person: str) -> Response:
    """Everything of one person."""
    return _record(PERSON, person)


def show_site(site: str) -> Response:
    """Everything of one site."""
    return _record(SITE, site)


def _record(kind: str, one: str) -> Response:
    found = records()
    whole = found.record(kind, one)
    scope = current_staff().scope
    lines = [line for line in whole if scope.covers(line.county)]
    if not lines:
        raise NotFound(one)
    who = current_staff()
    contact = current().query.get("contact") == ["yes"]
    logger().info(
        "record viewed", extra={"record": one, "kind": kind, "contact": contact, "actor": who.actor}
    )
    offered = choices(found, kind, one, lines, scope, current().lang)

    def act(values: Values, press: str) -> str:
        carry_out(offered, str(values["choice"]), str(values["why"]), who.actor, press, now())
        return _then(kind, one)

    page = FormPage(
        "console/record.html",
        _asked(offered),
        once=True,
        facts=lambda: _facts(found, kind, one, lines, len(whole), offered, contact),
        draw=show,
    )
    return page.answer(act)


def _then(kind: str, one: str) -> str:
    """The page of a record after a decision; the overview where nothing of it is left to see."""
    with suppress(NotFound):
        scope = current_staff().scope
        if any(scope.covers(line.county) for line in records().record(kind, one)):
            return f"{PATHS[kind]}/{one}"
    return OVERVIEW


def _asked(offered: list[Choice]) -> Form:
    """What to decide, and why. Nothing is chosen before."""
    return Form(
        radios(
            "choice",
            N_("What should change?"),
            *((one.id, one.words, one.hint) for one in offered),
            missing=N_("Choose what should change."),
        ),
        textarea(
            "why",
            N_("How do you know?"),
            hint=N_("Only staff see this. Do not write about one child or family."),
            max_length=300,
            check=second_review.sentence,
        ),
    )


def _facts(
    found: Records,
    kind: str,
    one: str,
    lines: list[Line],
    total: int,
    offered: list[Choice],
    contact: bool,
) -> TemplateValues:
    lang = current().lang
    shown = told(lines, lang)
    service = (current().query.get("service") or [""])[0]
    services = list(dict.fromkeys(line.service for line in shown))
    return {
        "kind": kind,
        "title": title(translator(lang)(TITLES[kind]), lines, kind == PERSON),
        "names": names(lines),
        "programs": programs(lines),
        "lines": [line for line in shown if service in ("", line.service)],
        "services": services,
        "service": service if service in services else "",
        "elsewhere": total - len(lines),
        "others": _others(found, kind, lines),
        "contact": _contact(lines) if contact else None,
        "offered": offered,
        "decides": may(current_staff().role, f"{PATHS[kind]}/{{{kind}}}", POST),
        "decided": decided_here(found, kind, one),
        "words_of": DECIDED,
        "name_of": people.name_of,
    }


def _others(found: Records, kind: str, lines: list[Line]) -> list[tuple[str, str]]:
    """The sites of a person, or the people of a site: name and page."""
    other = next(one for one in KINDS if one != kind)
    naming: Callable[[Line], str] = lambda line: line.person if other == PERSON else line.program  # noqa: E731
    seen: dict[str, str] = {}
    for line in lines:
        owner = found.owner(other, line.key)
        if owner and naming(line):
            seen.setdefault(found.root(owner), naming(line))
    return [(name, f"{PATHS[other]}/{one}") for one, name in seen.items()]


def _contact(lines: list[Line]) -> list[str]:
    """Every address and number that is known."""
    told_ = (text for line in lines for text in (line.email, line.phone, line.license))
    return list(dict.fromkeys(text for text in told_ if text))
