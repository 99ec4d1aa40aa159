"""A consultant enters a leave on a page behind their list of tasks: from when to when, and what they wish for each
consultation. It shows first what they have. New offers stop in these days by themselves; staff are told, and decide
what moves. The leave can be changed, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.holdings import CONSULTANT
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.mail import task_list_link
from chalicelib.referral.matching import consultant_leave, reassign
from chalicelib.referral.matching.own_leave import rows
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Field, Form, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.storage import store

DAY: Final = 86_400
DAYS, NONE = "days", "none"
ORDER: Final = N_("The last day is before the first day.")


@dataclass(frozen=True)
class Open:
    """A consultation that they have: what they call it, and its sessions within the leave that stands."""

    reference: str
    called: str
    sessions: tuple[int, ...]

    @property
    def field(self) -> str:
        """The name of its field."""
        return "wish_" + self.reference.replace("-", "_")


def leave_of(row: Person, at: int) -> tuple[int, int] | None:
    """First and last instant of a leave that is not over."""
    last = row.get("on_leave_until", 0)
    return (row.get("on_leave_from", at), last) if last > at else None


def panel(who: str, row: Person, at: int) -> TemplateValues:
    """Their leave, on their own page."""
    return {"leave": leave_of(row, at)}


def choose() -> Response:
    """Show what they have and take the days, or that they do not go."""
    who, at = task_list_link.holder(), now()
    row = people.consultant_now(who) if who else Person()
    if not row.get("active"):
        return redirect("/mine")
    leave, cases = leave_of(row, at), _open(who, row)

    def act(values: Values, command: str) -> str:
        if values.get("leave") == NONE:
            rows.enter(who, None, {}, at)
            consultant_leave.back(who, f"{CONSULTANT}:{who}", at)
        else:
            first, last = (date.fromisoformat(words(values, one)) for one in ("first", "last"))
            wishes = {one.reference: words(values, one.field) for one in cases}
            rows.enter(who, (midnight(first), midnight(last) + DAY), wishes, at)
        logger().info(
            "consultant", extra={"consultant": who, "actor": f"{CONSULTANT}:{who}", "act": "leave"}
        )
        return "/mine/leave?saved=yes"

    return FormPage(
        "matching/own_leave.html",
        _asked(cases, leave, at),
        subject=f"leave|{who}",
        once=True,
        known=_known(who, leave, cases),
        check=_check,
        facts=lambda: _facts(who, row, leave, cases, at),
    ).answer(act)  # fmt: skip


def _asked(cases: list[Open], leave: tuple[int, int] | None, at: int) -> Form:
    goes = lambda values: values.get("leave", DAYS) == DAYS  # noqa: E731
    today = pacific_date(at).isoformat()
    return Form(
        *([radios("leave", N_("What do you want?"), (DAYS, N_("Other days, or other wishes")),
                  (NONE, N_("I do not go, or I am back: undo the leave")))] if leave else []),
        Field("first", "date", N_("First day of your leave"), minimum=None if leave else today, when=goes),
        Field("last", "date", N_("Last day of your leave"), minimum=today, when=goes),
        *(radios(one.field, one.called or one.reference, *rows.WISHES.items(), when=goes) for one in cases),
    )  # fmt: skip


def _check(values: Values) -> dict[str, str]:
    first, last = words(values, "first"), words(values, "last")
    return {"last": ORDER} if first and last and last < first else {}


def _known(who: str, leave: tuple[int, int] | None, cases: list[Open]) -> Values:
    if leave is None:
        return {}
    had = rows.wishes_of(who)
    known: Values = {one.field: had[one.reference] for one in cases if one.reference in had}
    first, last = leave
    return known | {
        "first": pacific_date(first).isoformat(),
        "last": pacific_date(last - 1).isoformat(),
    }


def _open(who: str, row: Person) -> list[Open]:
    """The consultations that are theirs; an offer waits for their answer, or goes on by itself."""
    first, last = row.get("on_leave_from", 0), row.get("on_leave_until", 0)
    held = store.states(sorted(row.get("held", [])))
    mine = [one for one in held if isinstance(one, Referral) and one.works_on(who)]
    found = [
        Open(
            one.reference,
            type_of(one).called(one),
            tuple(at for at in sorted(one.appointments.values()) if first <= at < last),
        )
        for one in mine
        if not reassign.offering(one)
    ]
    return sorted(found, key=lambda one: one.reference)


def _facts(
    who: str, row: Person, leave: tuple[int, int] | None, cases: list[Open], at: int
) -> TemplateValues:
    return {
        "leave": leave,
        "cases": cases,
        "offers": len(row.get("held", [])) - len(cases),
        "others": registry.still_held(f"{CONSULTANT}:{who}", at),
    }
