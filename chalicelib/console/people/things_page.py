"""What somebody still leads or guides, handed over in one press: the page names each thing and who would take
it, then does it; what broke off is there at the next press."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.console.people import preview, staff_pages
from chalicelib.directory import people
from chalicelib.directory.holdings import CONSULTANT, STAFF, Gift, Holding, Thing
from chalicelib.domain.errors import NotFound
from chalicelib.referral.matching.consultants_page import ELSEWHERE
from chalicelib.web.forms import Form, Option, Values, select, words
from chalicelib.web.http_input import Refused
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry

# Seconds of a page's time that are spent on it.
SECONDS: Final = 15.0
KEEP: Final = "keep"
ALL: Final = "everything"
GOES: Final = N_("%(what)s: goes to %(name)s.")
ENDS: Final = N_("%(what)s: %(how)s.")
STAYS: Final = N_("%(what)s: stays with them.")


class Row(NamedTuple):
    """One thing on the page: its field, and who could take it."""

    field: str
    holding: Holding
    thing: Thing
    takers: Sequence[tuple[str, str]]


def of_consultant(consultant: str) -> Response:
    """What a consultant leads."""
    row = people.consultant_now(consultant)
    if not row:
        raise NotFound(consultant)

    def reach() -> None:
        if not all(current_staff().scope.covers(county) for county in row.get("counties", [])):
            raise Refused(403, ELSEWHERE)

    path, name = f"/console/consultants/{consultant}", str(row.get("name") or consultant)
    return _page(f"{CONSULTANT}:{consultant}", name, path, reach)


def of_member(member: str) -> Response:
    """What a member of staff leads."""
    row = staff_pages.member_of(member)
    path, name = f"/console/staff/{member}", str(row.get("name") or member)
    return _page(f"{STAFF}:{member}", name, path, lambda: staff_pages.need_reach(row))


def _rows(who: str, at: int) -> list[Row]:
    found = [
        (holding, thing) for holding, things in registry.still_held(who, at) for thing in things
    ]
    return [
        Row(f"to_{n}", holding, thing, holding.takers(who, thing))
        for n, (holding, thing) in enumerate(found)
    ]


def _form(rows: Sequence[Row], lang: str) -> Form:
    """One choice for all, and one for each: what is left open goes with the choice for all."""
    _ = translator(lang)
    people_only = [one for row in rows for one in row.takers if ":" in one[0]]
    everybody: list[Option] = [*dict.fromkeys(people_only)]
    fields = [
        select(
            row.field, f"{_(row.holding.what)}: {row.thing.told}", *_options(row), required=False
        )
        for row in rows
    ]
    whole = select(
        ALL, N_("Who takes everything that has no choice of its own?"), *everybody, required=False
    )
    return Form(*([whole] if everybody else []), *fields)


def _options(row: Row) -> list[Option]:
    return [*row.takers, (KEEP, N_("Stays with them"))]


def _page(who: str, name: str, back: str, reach: Callable[[], None]) -> Response:
    """``reach`` raises Refused where some of their counties are not the reader's."""
    at, lang, by = now(), current().lang, current_staff().actor
    rows = _rows(who, at)

    def chosen(values: Values) -> list[tuple[Row, str]]:
        return [(row, _taker(row, values)) for row in rows]

    def check(values: Values) -> dict[str, str]:
        return {row.field: N_("Choose who takes it.") for row, to in chosen(values) if not to}

    def effects(values: Values) -> list[str]:
        if rows:
            reach()
        return [_said(row, to, lang) for row, to in chosen(values)]

    def act(values: Values, command: str) -> Response:
        until, done = time.monotonic() + SECONDS, []
        for row, to in chosen(values):
            late = time.monotonic() > until
            gone = (
                to != KEEP
                and not late
                and _given(row, Gift(row.thing.key, who, to, by, at, command))
            )
            done.append((_said(row, to, lang), gone or to == KEEP))
        people.forget()
        logger().info("handed over", extra={"person": who, "actor": by, "things": len(done)})
        left = _rows(who, at)
        return FormPage(
            "console/things.html", _form(left, lang),
            facts=lambda: {**preview.UNSEEN, **known, "rows": left, "results": done}, draw=show,
        ).show()  # fmt: skip

    known = {"name": name, "back": back, "rows": rows, "results": []}
    page = FormPage(
        "console/things.html", _form(rows, lang), check=check, facts=lambda: known, draw=show
    )
    return preview.answer(page, act, effects)


def _taker(row: Row, values: Values) -> str:
    own, whole = words(values, row.field), words(values, ALL)
    return own or (whole if whole in dict(row.takers) else "")


def _said(row: Row, to: str, lang: str) -> str:
    _, what = translator(lang), row.thing.told
    if to == KEEP:
        return str(_(STAYS, what=what))
    told = dict(row.takers)[to]
    return str(_(GOES, what=what, name=told) if ":" in to else _(ENDS, what=what, how=_(told)))


def _given(row: Row, gift: Gift) -> bool:
    try:
        return row.holding.give(gift)
    except Exception:
        # One that fails must not keep the others: it is told, and pressed again.
        logger().exception("hand over", extra={"thing": row.thing.key})
        return False
