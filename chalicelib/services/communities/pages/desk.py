"""The facilitator's desk, by a mailed link: who has a seat, who came to a meeting, and private notes."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb, rate_limits
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Key, update
from chalicelib.mail.addressees import person
from chalicelib.mail.send_now import send_now
from chalicelib.services.communities import groups, met
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.words import group_words
from chalicelib.web import links
from chalicelib.web.forms import (
    NO_CHILD,
    Form,
    Values,
    checkboxes,
    select,
    several,
    textarea,
    words,
)
from chalicelib.web.languages import N_, moment_words
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.store import states

PURPOSE: Final = "desk"
AFTER: Final = 60 * 86400


def address(group: Group, number: int) -> str:
    """The whole address of a group's desk; only the newest number is good."""
    ticket = links.ticket(PURPOSE, f"{group.id}n{number}", max(group.over, now()) + AFTER)
    return f"{settings().base_url}/desk/{ticket}"


def mail_link(key: str, facilitator: str, at: int) -> bool:
    """Mail a new link to who leads the group; those of before end."""
    to = person(facilitator)
    if not rate_limits.mail_to("desk", str(to.get("email", "")), at, own=key):
        return False
    number = groups.mailed_link(key)
    group = groups.group(key)
    return send_now(
        "communities/desk",
        str(to.get("email", "")),
        str(to.get("letters_language", "en")),
        link=address(group, number),
        group=group_words(group),
    )


def _group(link: str) -> Group | None:
    """The group whose desk a link opens, if it is the newest one."""
    subject, _, number = (links.read_ticket(PURPOSE, link, now()) or "").partition("n")
    group = groups.group(subject) if number else None
    return group if group is not None and int(number) == group.links else None


def show_again(link: str, reference: str) -> Response:
    """Back from a concern about somebody to the desk."""
    return redirect(f"/desk/{link}")


def worry(link: str, reference: str) -> Response:
    """Somebody in the group worries the facilitator: the safety path of every case."""
    group = _group(link)
    if group is None or reference not in group.held:
        return redirect("/")
    state = store.load(reference, Seat, consistent=True)
    return registry.report_safety()(state, "consultant", f"/desk/{link}/{reference}")


def show(link: str) -> Response:
    """The desk, and what is pressed on it."""
    group = _group(link)
    if group is None:
        return redirect("/")
    people = sorted(states(group.held), key=lambda one: one.contact.name.casefold())

    def act(values: Values, command: str) -> str:
        meeting = words(values, "meeting")
        if meeting:
            came = several(values, "came")
            groups.record(group.id, int(meeting), came, group.facilitator, now())
            for one in people:
                if one.reference in came:
                    met.met_with_group(one, now())
        note_down(group.id, words(values, "notes"))
        return f"/desk/{link}"

    page = FormPage(
        "communities/desk.html",
        _form(group, people),
        subject=f"desk|{group.id}",
        once=True,
        known={"notes": notes(group.id)},
        facts=lambda: _facts(group, people, link),
    )
    return page.answer(act)


def _form(group: Group, people: list[Case]) -> Form:
    lang = current().lang
    days = [
        (str(number), moment_words(at, lang))
        for number, at in enumerate(group.meetings, start=1)
        if at <= now()
    ]
    return Form(
        select("meeting", N_("Which meeting?"), *days, required=False),
        checkboxes(
            "came",
            N_("Who came, or made it up?"),
            *((one.reference, one.contact.name or one.reference) for one in people),
            required=False,
        ),
        textarea(
            "notes",
            N_("Your notes"),
            hint=NO_CHILD,
            required=False,
            rows=6,
            max_length=2000,
            readers=("consultant",),
        ),
    )


def _facts(group: Group, people: list[Case], link: str) -> TemplateValues:
    recorded = groups.attendance(group.id)
    return {
        "group": group_words(group),
        "link": link,
        "people": [
            (one.reference, one.contact.name, sum(one.reference in came for came in recorded.values()))
            for one in people
        ],
        "recorded": [(at, len(recorded[number]))
                     for number, at in enumerate(group.meetings, start=1) if number in recorded],
    }  # fmt: skip


def notes(key: str) -> str:
    """The private notes on a group: for whoever holds its desk's link, and on no page of the console."""
    row = dynamodb.get(Key(f"DESK#{key}", "NOTES"), consistent=True)
    return str(row["text"]) if row else ""


def note_down(key: str, text: str) -> None:
    """Keep the notes in place of what was there."""
    dynamodb.write(update(Key(f"DESK#{key}", "NOTES")).set(text=text))
