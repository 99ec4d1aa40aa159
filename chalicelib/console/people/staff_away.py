"""A member of staff goes on leave, comes back, or is let go, and what becomes of their open tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, field, update
from chalicelib.console.people import hand_over, preview, sign_ins, staff_pages
from chalicelib.directory import people
from chalicelib.directory.holdings import STAFF
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.roles import ADMIN, NO_COUNTY
from chalicelib.web.forms import Field, Form, Values, radios, words
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current
from chalicelib.workflow import registry
from chalicelib.workflow.lists.queue import QueuedTask

DAY: Final = 86_400
LEAVE, RETURN, LEFT, BACK, ANEW, HAND = "leave", "return", "left", "back", "anew", "hand"
MOVE, KEEP = "move", "keep"
FIRST: Final = N_("They still lead or guide something. Hand it over first: the link is above.")
ORDER: Final = N_("The last day is before the first day.")


def _away_form(row: Person, at: int) -> Form:
    today = pacific_date(at).isoformat()
    leaves = lambda values: values.get("what") == LEAVE  # noqa: E731
    works = row.get("active") is True
    # What a press that broke off left behind, and what came before they were seen to be away.
    left_behind = [] if people.is_here(row, at) else [(HAND, N_("Colleagues do their open tasks"))]
    options = [
        (LEAVE, N_("A leave: they come back")),
        *(
            [(RETURN, N_("They are back from their leave"))]
            if staff_pages.leave_of(row, at)
            else []
        ),
        (ANEW, N_("They cannot sign in: a lost phone, or a password that is over")),
        (LEFT, N_("They do not work with us anymore")),
    ]
    if not works:
        options = [(BACK, N_("They work with us again"))]
    return Form(
        radios("what", N_("What happens?"), *options, *left_behind),
        Field("leave_from", "date", N_("First day of the leave"), minimum=today, when=leaves),
        Field("leave_until", "date", N_("Last day of the leave"), minimum=today, when=leaves),
        radios("tasks", N_("What becomes of their open tasks?"),
               (MOVE, N_("Colleagues do them")), (KEEP, N_("They stay: the leave is short")), when=leaves),
    )  # fmt: skip


def away(member: str) -> Response:
    """A leave, its end, an end for good, or a return."""
    row, at = staff_pages.member_of(member), now()

    def check(values: Values) -> dict[str, str]:
        first, last = values.get("leave_from"), values.get("leave_until")
        if values.get("what") == LEFT and registry.still_held(f"{STAFF}:{member}", at):
            return {"what": FIRST}
        return {"leave_until": ORDER} if first and last and str(last) < str(first) else {}

    def moving(values: Values) -> list[QueuedTask]:
        goes = values["what"] in (LEFT, HAND) or values.get("tasks") == MOVE
        return hand_over.leaving(member, "", NO_COUNTY, at) if goes else []

    def effects(values: Values) -> Sequence[str]:
        staff_pages.need_reach(row)
        if values["what"] == LEFT and row.get("role") == ADMIN:
            staff_pages.need_another_admin(member)
        return [*_said_of(values), *staff_pages.said_of_moves(moving(values))]

    def act(values: Values, command: str) -> Response:
        what = str(values["what"])
        tasks = moving(values)
        row_anew = update(Key(people.STAFF, member)).set_or_remove(_change(values))
        former = str(row.get("email", "")) if what == ANEW else ""
        wish = [sign_ins.wish(member, command, at, former)] if what in (LEFT, BACK, ANEW) else []
        changed = [] if what in (ANEW, HAND) else [row_anew.only_if(field("pk").exists())]
        if changed or wish:
            staff_pages.write([*changed, *wish])
        staff_pages.note(member, what)
        return staff_pages.moved(member, tasks, at)

    page = staff_pages.page_of(member, row)
    shown = replace(
        page,
        template="console/staff_away.html",
        asked=_away_form(row, at),
        known={},
        check=check,
        facts=lambda: {**page.facts(), "others": registry.still_held(f"{STAFF}:{member}", at)},
    )
    return preview.answer(shown, act, effects)


def _change(values: Values) -> Item:
    """The fields of the row that a leave, its end, an end or a return sets; None takes one away."""
    what, no_leave = values["what"], {"on_leave_from": None, "on_leave_until": None}
    if what == LEAVE:
        return {
            "on_leave_from": midnight(date.fromisoformat(words(values, "leave_from"))),
            "on_leave_until": midnight(date.fromisoformat(words(values, "leave_until"))) + DAY,
        }
    if what in (ANEW, HAND):
        return {}
    return no_leave if what == RETURN else {"active": what == BACK, **no_leave}


def _said_of(values: Values) -> list[str]:
    _, lang = translator(current().lang), current().lang
    what = values["what"]
    if what == LEAVE:
        days = [
            date_words(midnight(date.fromisoformat(words(values, name))), lang)
            for name in ("leave_from", "leave_until")
        ]
        return [_(N_("No new task goes to them from %(first)s to %(last)s. They can still sign in."),
                  first=days[0], last=days[1])]  # fmt: skip
    told = {
        RETURN: N_("New tasks go to them again."),
        ANEW: N_("Their password and their authenticator app are forgotten. AWS mails a new first password."),
        BACK: N_("They can sign in again: AWS mails a first password. New tasks go to them again."),
        LEFT: N_("Their next click in the console is refused, and their user of the sign-in is taken away. "
                 "No new task goes to them. What they did stays on record."),
    }  # fmt: skip
    return [_(told[str(what)])] if what in told else []
