"""The facilitator's desk, by a mailed link: who has a seat, who came to a meeting, and private notes."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, update
from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import attendance
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.pages import desk_door
from chalicelib.services.communities.season import members, plan
from chalicelib.services.communities.season.desk_link import group_of
from chalicelib.services.communities.words import group_words
from chalicelib.web.forms import NO_CHILD, Form, Values, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect, render
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.store import states

CHANGED = N_(
    "Somebody changed this meeting meanwhile. Please look at it as it is now, then press again."
)


def show_again(link: str, reference: str) -> Response:
    """Back from a concern about somebody to the desk."""
    return redirect(f"/desk/{link}")


def worry(link: str, reference: str) -> Response:
    """Somebody in the group worries the facilitator: the safety path of every case."""
    group = group_of(link)
    if group is None or reference not in group.held:
        return _gone()
    if not desk_door.opens(group):
        return desk_door.show(link)
    state = store.load(reference, Seat, consistent=True)
    return registry.report_safety()(state, "consultant", f"/desk/{link}/{reference}")


def open_desk(link: str) -> Response:
    """Whoever leads the group proves it in a new browser."""
    group = group_of(link)
    return _gone() if group is None else desk_door.press(group, link, now())


def _gone() -> Response:
    """A link that is not the newest, or none of ours."""
    return render("communities/desk_gone.html", 410)


# -- the desk -------------------------------------------------------------------------------------
def show(link: str) -> Response:
    """Who has a seat, the meetings, and the notes, which are kept by a press."""
    group = group_of(link)
    if group is None:
        return _gone()
    if not desk_door.opens(group):
        return desk_door.show(link)

    def act(values: Values, command: str) -> str:
        note_down(group.id, words(values, "notes"))
        return f"/desk/{link}"

    page = FormPage(
        "communities/desk.html",
        NOTES,
        subject=f"desk|{group.id}",
        once=True,
        known={"notes": notes(group.id)},
        facts=lambda: _facts(group, link),
    )
    return page.answer(act)


NOTES = Form(
    textarea(
        "notes",
        N_("Your notes"),
        hint=NO_CHILD,
        required=False,
        rows=6,
        max_length=2000,
        readers=("consultant",),
    )
)


def _facts(group: Group, link: str) -> TemplateValues:
    counted, at = members.counted(group.id), now()
    meetings = plan.meetings(group.id)
    begun = [one for one in meetings if one.on and one.begins <= at]
    return {
        "group": group_words(group),
        "closed": group.closed,
        "link": link,
        "people": [
            (one.reference, one.contact.name, counted.get(members.key_of(one.reference), 0))
            for one in _people(group)
        ],
        "meetings": meetings,
        "unsaid": [one for one in begun if one.recorded is None],
        "at": at,
    }


def _people(group: Group) -> list[Case]:
    return sorted(states(group.held), key=lambda one: one.contact.name.casefold())


def notes(key: str) -> str:
    """The private notes on a group: for whoever holds its desk's link, and on no page of the console."""
    row = dynamodb.get(Key(f"DESK#{key}", "NOTES"), consistent=True)
    return str(row["text"]) if row else ""


def note_down(key: str, text: str) -> None:
    """Keep the notes in place of what was there."""
    dynamodb.write(update(Key(f"DESK#{key}", "NOTES")).set(text=text))


# -- one meeting ----------------------------------------------------------------------------------
def meeting(link: str, meeting: str) -> Response:
    """Who of the group came to a meeting, or made it up; said again as often as it must be put right."""
    group = group_of(link)
    found = [one for one in plan.meetings(group.id) if one.id == meeting] if group else []
    if group is None or not found:
        return _gone()
    if not desk_door.opens(group):
        return desk_door.show(link)
    one = found[0]
    people = attendance.listed(one)
    attendance.looked(one, group.facilitator)

    def act(values: Values, command: str) -> str:
        _say_who_came(group, one, values)
        return f"/desk/{link}"

    page = FormPage(
        "communities/desk_meeting.html",
        attendance.attendance_form(people, of_group=True),
        subject=f"desk|{one.id}",
        once=True,
        known=attendance.known(one, people),
        facts=lambda: {
            "group": group_words(group),
            "meeting": one,
            "people": people,
            "name_of": attendance.shown,
            "begun": now() >= one.begins,
            "action": f"/desk/{link}/meetings/{one.id}",
            "link": link,
        },
    )
    return page.answer(act)


def _say_who_came(group: Group, one: Meeting, values: Values) -> None:
    """Keep it. Raises Hindered before the meeting, or when somebody else changed it meanwhile."""
    at = now()
    if at < one.begins or not one.on:
        raise Hindered(N_("You can say who came once the meeting has begun."))
    try:
        attendance.record(one, values, group.facilitator, at)
    except AlreadyDone:
        raise Hindered(CHANGED) from None
