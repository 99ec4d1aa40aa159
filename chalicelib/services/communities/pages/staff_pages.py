"""What staff enter: seasons, and groups with their meetings and places; and a group's page with its people, the line, and what came of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now, scaled
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.services.communities import groups, line
from chalicelib.services.communities.groups import Group, Season
from chalicelib.services.communities.pages import desk
from chalicelib.services.communities.room import CONSOLE
from chalicelib.services.communities.words import group_words
from chalicelib.web.forms import Field, Form, Values, number, select, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import show
from chalicelib.workflow.storage import lines
from chalicelib.workflow.storage.store import states

BACKWARDS: Final = N_("The last day is before the first one.")
TOO_MANY: Final = N_("It cannot be more than the number of meetings.")
HELD: Final = N_("More people than that have a seat. Choose a larger number.")
HTTPS: Final = N_("Type a link that begins with https://")


def nowhere(key: str) -> list[str]:
    """Seasons and groups meet online: they belong to no county."""
    return [""]


def _id(command: str) -> str:
    """The id of what a press makes: the same for the same press."""
    return hashlib.sha256(command.encode()).hexdigest()[:10]


def _link(value: object) -> str | None:
    return None if not value or str(value).startswith("https://") else HTTPS


def _count(name: str, label: str, most: int, hint: str = "") -> Field:
    return Field(name, "number", label, hint=hint, minimum=1, maximum=most, width="short")


def _hosts() -> list[tuple[str, str]]:
    """Staff and consultants who may lead a group or a session, by name."""
    found = [("staff", one) for one in people.staff()]
    found += [("consultant", one) for one in people.consultants()]
    named = [(f"{role}:{one['id']}", one.get("name") or one["id"]) for role, one in found]
    return sorted(named, key=lambda pair: pair[1])


# -- seasons ----------------------------------------------------------------------------------------
SEASON_FORM: Final = Form(
    Field("name", "text", N_("Name of the season"), max_length=60),
    Field("opens", "date", N_("From which day may newcomers register?"),
          hint=N_("Who waited since before is offered a seat as soon as you enter a group.")),
    Field("first", "date", N_("First day")),
    Field("last", "date", N_("Last day")),
)  # fmt: skip


def list_seasons() -> Response:
    """The seasons with their groups, the line, and the form for a new season."""

    def check(values: Values) -> dict[str, str]:
        wrong = words(values, "last") < words(values, "first")
        return {"last": BACKWARDS} if wrong and values.get("last") else {}

    def act(values: Values, command: str) -> str:
        name, opens, first, last = (
            words(values, one) for one in ("name", "opens", "first", "last")
        )
        groups.add(Season(_id(command), name, first, last, opens))
        return f"{CONSOLE}/seasons/{_id(command)}"

    def facts() -> TemplateValues:
        found = groups.groups()
        return {
            "seasons": [
                (one, [g for g in found if g.season == one.id]) for one in groups.seasons()
            ],
            "waiting": len(lines.rows(line.LINE)),
            "words": group_words,
        }

    page = FormPage(
        "communities/seasons.html", SEASON_FORM, once=True, check=check, facts=facts, draw=show
    )
    return page.answer(act)


# -- groups of a season -----------------------------------------------------------------------------
def group_form() -> Form:
    """A new group: language, who leads it, places, and when it meets."""
    return Form(
        Field("name", "text", N_("Name of the group"), max_length=60,
              hint=N_("People choose by it, as “Tuesdays at 6 PM”.")),
        select("language", N_("Language of the group"), *vocabulary.LETTERS_LANGUAGES.items()),
        select("facilitator", N_("Who leads it?"), *_hosts()),
        _count("cap", N_("Places"), 60),
        Field("day", "date", N_("Day of the first meeting")),
        Field("time", "time", N_("At what time? (Pacific time)")),
        _count("minutes", N_("Minutes of a meeting"), 240),
        _count("every", N_("Weeks from one meeting to the next"), 8),
        _count("times", N_("Number of meetings"), 40),
        _count("needed", N_("How many of them complete it?"), 40),
        _count("joins", N_("Until which meeting may somebody join?"), 40,
               N_("For example 2: until the second meeting begins.")),
        Field("join", "text", N_("Link to join the meetings"), max_length=300, check=_link,
              hint=N_("Only people with a seat get it, by mail.")),
    )  # fmt: skip


def show_season(season: str) -> Response:
    """The groups of a season, and the form for another one."""
    found, at = groups.season(season), now()

    def check(values: Values) -> dict[str, str]:
        times = number(values, "times")
        over = [name for name in ("needed", "joins") if times and number(values, name) > times]
        return dict.fromkeys(over, TOO_MANY)

    def act(values: Values, command: str) -> str:
        new = _entered(found.id, values, _id(command), at)
        groups.add(new)
        desk.mail_link(new.id, new.facilitator, at)
        return f"{CONSOLE}/groups/{new.id}"

    def facts() -> TemplateValues:
        own = [one for one in groups.groups() if one.season == found.id]
        return {"season": found, "groups": own, "words": group_words, "name": people.name_of}

    page = FormPage(
        "communities/season.html", group_form(), once=True, check=check, facts=facts, draw=show
    )
    return page.answer(act)


def _entered(season: str, values: Values, key: str, at: int) -> Group:
    new = Group(
        id=key,
        season=season,
        name=words(values, "name"),
        language=words(values, "language"),
        facilitator=words(values, "facilitator"),
        cap=number(values, "cap"),
        needed=number(values, "needed"),
        last_day=0,
        over=0,
        entered=at,
        starts=f"{words(values, 'day')}T{words(values, 'time')}",
        every=number(values, "every"),
        times=number(values, "times"),
        minutes=number(values, "minutes"),
        join=words(values, "join"),
    )
    days = new.meetings
    return replace(
        new,
        last_day=scaled(at, days[number(values, "joins") - 1]),
        over=scaled(at, days[-1] + 60 * new.minutes + 86400),
    )


# -- one group --------------------------------------------------------------------------------------
def show_group(group: str) -> Response:
    """Its people, the meetings that were recorded, what came of it; and its places, to be changed."""
    found, at = groups.group(group), now()
    form = Form(_count("cap", N_("Places"), 60))

    def act(values: Values, command: str) -> str:
        if not groups.change(replace(found, cap=number(values, "cap"))):
            raise Invalid({"cap": HELD})
        return f"{CONSOLE}/groups/{found.id}"

    def facts() -> TemplateValues:
        roster = groups.roster(found.id)
        known = {one.reference: one for one in states(roster)}
        recorded = groups.attendance(found.id)
        told = [
            {
                "reference": reference,
                "name": known[reference].contact.name if reference in known else "",
                "how": HOW.get(str(row["how"]), ""),
                "met": sum(reference in came for came in recorded.values()),
            }
            for reference, row in roster.items()
        ]
        return {
            "group": found,
            "words": group_words(found),
            "name": people.name_of(found.facilitator),
            "people": sorted(told, key=lambda one: str(one["name"]).casefold()),
            "meetings": [
                (number_, day, len(recorded[number_]) if number_ in recorded else None)
                for number_, day in enumerate(found.meetings, start=1)
            ],
            "completed": sum(row["how"] == groups.COMPLETED for row in roster.values()),
            "at": at,
        }

    known = {"cap": found.cap}
    page = FormPage("communities/group.html", form, once=True, known=known, facts=facts, draw=show)
    return page.answer(act)


HOW: Final = {
    groups.SEATED: N_("Has a seat"),
    groups.COMPLETED: N_("Completed it"),
    groups.LEFT: N_("Left, or came to some meetings"),
}
