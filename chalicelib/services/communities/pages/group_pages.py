"""One group in the console: its people, its meetings, what came of it; changed, met once more, and its desk mailed again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.meetings import attendance, entering
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities import groups
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.pages.staff_pages import own_fields
from chalicelib.services.communities.room import CONSOLE
from chalicelib.services.communities.season import changing, closing, desk_link, members, plan
from chalicelib.services.communities.words import group_words
from chalicelib.web.forms import Field, Form, Values, number, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage.store import states

HELD: Final = N_("More people than that have a seat. Choose a larger number.")
NOT_MAILED: Final = N_(
    "No letter left. Whoever leads the group has no email address that works, or got several letters in "
    "the last hour. Please look at their page, or try again later."
)
CLOSED: Final = N_("This group was closed. Nothing was changed.")
OPEN: Final = N_("This group is open. Nothing was changed.")
HOW: Final = {
    groups.SEATED: N_("Has a seat"),
    groups.COMPLETED: N_("Completed it"),
    groups.LEFT: N_("Left, or came to some meetings"),
}
ONE_MORE: Final = Form(
    Field("first", "date", N_("On which day?")),
    Field("time", "time", N_("At what time? (Pacific time)")),
)


def page_of(group: str) -> str:
    """The path of a group's page."""
    return f"{CONSOLE}/groups/{group}"


def show_group(group: str) -> Response:
    """Its people, its meetings and what came of it."""
    return show("communities/group.html", **_facts(groups.group(group)))


def _facts(found: Group) -> TemplateValues:
    roster, counted = groups.roster(found.id), members.counted(found.id)
    known = {one.reference: one for one in states(roster)}
    told = [
        {
            "reference": reference,
            "name": known[reference].contact.name if reference in known else "",
            "how": HOW.get(str(row["how"]), ""),
            "met": counted.get(members.key_of(reference), 0),
        }
        for reference, row in roster.items()
    ]
    return {
        "group": found,
        "words": group_words(found),
        "name": people.name_of(found.facilitator),
        "people": sorted(told, key=lambda one: str(one["name"]).casefold()),
        "meetings": [(one, _came(one)) for one in plan.meetings(found.id)],
        "completed": sum(row["how"] == groups.COMPLETED for row in roster.values()),
        "at": now(),
        "mailed": "mailed" in current().query,
    }


def _came(one: Meeting) -> int | None:
    if one.recorded is None:
        return None
    counted = attendance.counted(one)
    return counted["came"] + counted["named"] + counted["drop_ins"]


# -- changed ---------------------------------------------------------------------------------------
def change(group: str) -> Response:
    """Change what staff entered; whoever leads it is told where that is somebody else."""
    found, at, by = groups.group(group), now(), current_staff().actor

    def check(values: Values) -> dict[str, str]:
        return {"cap": HELD} if 0 < number(values, "cap") < len(found.held) else {}

    def act(values: Values, command: str) -> str:
        _open(group)
        new = replace(
            found,
            name=words(values, "name"),
            facilitator=words(values, "facilitator"),
            cap=number(values, "cap"),
            needed=number(values, "needed"),
            joins=number(values, "joins"),
            join=words(values, "join"),
        )
        if not changing.change(found, new, by, at):
            raise Hindered(HELD)
        return page_of(group)

    names = [one.name for one in own_fields()]
    return FormPage(
        "communities/group_change.html",
        Form(*own_fields()),
        once=True,
        known={name: getattr(found, name) for name in names},
        check=check,
        facts=lambda: _facts(found),
        draw=show,
    ).answer(act)


def _open(group: str) -> None:
    """Raises Hindered for a group that was closed."""
    if groups.group(group).closed:
        raise Hindered(CLOSED)


def one_more(group: str) -> Response:
    """One more meeting; everybody with a seat is told."""
    found, at, by = groups.group(group), now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        _open(group)
        changing.add_meeting(found, entering.starts(values), by, at, command)
        return page_of(group)

    return FormPage(
        "communities/group_meeting.html",
        ONE_MORE,
        once=True,
        check=lambda values: entering.too_late(values, at),
        facts=lambda: _facts(found),
        draw=show,
    ).answer(act)


def mail_desk(group: str) -> Response:
    """Mail a new link to the desk; the old one opens nothing from then on."""
    found = groups.group(group)

    def act(values: Values, command: str) -> str:
        if not desk_link.mail(group, now()):
            raise Hindered(NOT_MAILED)
        return f"{page_of(group)}?mailed=1"

    return FormPage(
        "communities/group_desk.html",
        Form(),
        once=True,
        facts=lambda: _facts(found),
        draw=show,
    ).answer(act)


# -- closed, and opened again -----------------------------------------------------------------------
def _seated(group: Group) -> list[tuple[str, str]]:
    """Everybody with a seat, for who is about to write to them."""
    return sorted(("", one.contact.name) for one in states(group.held))


def close(group: str) -> Response:
    """Close it: who has a seat is offered another one, or waits in line; all are told."""
    found, at, by = groups.group(group), now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        if not closing.close(found, entering.said(values), by, at):
            raise Hindered(CLOSED)
        return page_of(group)

    return FormPage(
        "communities/group_close.html",
        entering.said_form(),
        once=True,
        facts=lambda: _facts(found) | {"gets": _seated(found)},
        draw=show,
    ).answer(act)


def reopen(group: str) -> Response:
    """Let people join it again, in meetings that are entered after that."""
    found = groups.group(group)

    def act(values: Values, command: str) -> str:
        if not closing.reopen(group):
            raise Hindered(OPEN)
        return page_of(group)

    return FormPage(
        "communities/group_reopen.html", Form(), once=True, facts=lambda: _facts(found), draw=show
    ).answer(act)
