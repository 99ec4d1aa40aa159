"""What staff enter: seasons, and groups with their places and the plan of their meetings."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final, cast

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.meetings import entering, hosts
from chalicelib.meetings.recurrence import OnHoliday
from chalicelib.services.communities import groups, line
from chalicelib.services.communities.groups import Group, Season
from chalicelib.services.communities.room import CONSOLE
from chalicelib.services.communities.season import desk_link, plan
from chalicelib.services.communities.words import group_words
from chalicelib.web.forms import Field, Form, Values, number, radios, select, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.web.text_input import secure_link
from chalicelib.workflow.storage import lines

BACKWARDS: Final = N_("The last day is before the first one.")
TOO_MANY: Final = N_("It cannot be more than the number of meetings.")
# Meetings of a group, at most.
MOST: Final = 40


def nowhere(key: str) -> list[str]:
    """Seasons and groups meet online: they belong to no county."""
    return [""]


def _id(command: str) -> str:
    """The id of what a press makes: the same for the same press."""
    return hashlib.sha256(command.encode()).hexdigest()[:10]


def _count(name: str, label: str, most: int, hint: str = "") -> Field:
    return Field(name, "number", label, hint=hint, minimum=1, maximum=most, width="short")


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
def own_fields() -> tuple[Field, ...]:
    """What of a group can be changed later."""
    return (
        Field("name", "text", N_("Name of the group"), max_length=60,
              hint=N_("People choose by it, as “Tuesdays at 6 PM”.")),
        select("facilitator", N_("Who leads it?"), *hosts.choices()),
        _count("cap", N_("Places"), 60),
        _count("needed", N_("How many meetings complete it?"), MOST),
        _count("joins", N_("Until which meeting may somebody join?"), MOST,
               N_("For example 2: until the second meeting begins.")),
        Field("join", "text", N_("Link to join the meetings"), max_length=300, check=secure_link,
              hint=N_("Only letters tell it: the day before, and an hour before.")),
    )  # fmt: skip


def group_form() -> Form:
    """A new group: language, who leads it, places, and when it meets."""
    return Form(
        *own_fields(),
        select("language", N_("Language of the group"), *vocabulary.LETTERS_LANGUAGES.items()),
        Field("day", "date", N_("Day of the first meeting")),
        Field("time", "time", N_("At what time? (Pacific time)")),
        _count("minutes", N_("Minutes of a meeting"), 240),
        _count("every", N_("Weeks from one meeting to the next"), 8),
        _count("times", N_("Number of meetings"), MOST),
        radios(
            "on_holiday",
            N_("What if a day is a holiday of California?"),
            ("skip", N_("Leave it out, and meet once more at the end")),
            ("next", N_("Hold it on the next business day")),
            ("keep", N_("Hold it anyway")),
        ),
    )


def show_season(season: str) -> Response:
    """The groups of a season, and the form for another one."""
    found, at, by = groups.season(season), now(), current_staff().actor

    def check(values: Values) -> dict[str, str]:
        times = number(values, "times")
        over = [name for name in ("needed", "joins") if times and number(values, name) > times]
        late = entering.too_late({**values, "first": values.get("day", "")}, at)
        return dict.fromkeys(over, TOO_MANY) | late

    def act(values: Values, command: str) -> str:
        new = _entered(found.id, values, _id(command), at)
        groups.add(new)
        plan.enter(new, _planned(values), by, at, command, heard=True)
        desk_link.mail(new.id, at)
        return f"{CONSOLE}/groups/{new.id}"

    def facts() -> TemplateValues:
        own = [one for one in groups.groups() if one.season == found.id]
        return {"season": found, "groups": own, "words": group_words, "name": people.name_of}

    page = FormPage(
        "communities/season.html", group_form(), once=True, check=check, facts=facts, draw=show
    )
    return page.answer(act)


def _planned(values: Values) -> list[str]:
    """The times of the meetings that the plan asks for."""
    first = date.fromisoformat(words(values, "day"))
    rule = cast("OnHoliday", words(values, "on_holiday"))
    days = plan.planned(first, number(values, "every"), number(values, "times"), rule)
    return [f"{day}T{words(values, 'time')}" for day in days]


def _entered(season: str, values: Values, key: str, at: int) -> Group:
    return Group(
        id=key,
        season=season,
        name=words(values, "name"),
        language=words(values, "language"),
        facilitator=words(values, "facilitator"),
        cap=number(values, "cap"),
        needed=number(values, "needed"),
        entered=at,
        joins=number(values, "joins"),
        minutes=number(values, "minutes"),
        join=words(values, "join"),
    )
