"""The meetings to come that somebody leads, given to somebody else: both hear of it by the meeting's own letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.directory.holdings import Gift, Holding, Thing
from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import changing, hosts, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.owners import owner_of
from chalicelib.web.languages import N_, moment_words
from chalicelib.web.request_context import reader


def ahead_of(who: str, at: int) -> list[Meeting]:
    """The meetings that take place, are not over, and that they lead; but for those that go with their group."""
    mine = [one for one in hosts.led_by(who) if one.open_at(at)]
    return [one for one in mine if owner_of(one).leads(one) != who]


def thing(one: Meeting) -> Thing:
    """A meeting by its title and time."""
    lang = reader()
    return Thing(
        one.id, f"{one.title_in(lang)}, {moment_words(one.at, lang)}", owner_of(one).console(one)
    )


def _of(who: str, at: int) -> list[Thing]:
    return [thing(one) for one in ahead_of(who, at)]


def takers(who: str, thing: Thing) -> list[tuple[str, str]]:
    """Everybody else who may lead one."""
    return [one for one in hosts.choices() if one[0] != who]


def give(gift: Gift) -> bool:
    """Let somebody else lead it. Raises TryAgain."""
    meeting = rows.find(gift.key)
    if meeting is None or meeting.host != gift.who:
        return True
    after = replace(meeting, host=gift.to, why={})
    led = hosts.rows_for(after, meeting.host, gift.actor, gift.at)
    try:
        changing.change(meeting, after, gift.actor, gift.at, led)
    except AlreadyDone:
        return False  # somebody changed it at this very moment: pressed again
    return True


HELD: Final = Holding(
    what=N_("Meetings that they lead"),
    of=_of,
    takers=takers,
    give=give,
    fields=frozenset({"meetings.model:Meeting.host"}),
)
