"""What a room hands in for its meetings: their words and pages, and what it offers afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib import rooms
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.workflow import registry


class Step(NamedTuple):
    """A next step that somebody is offered after a meeting: its name, a sentence (msgids), the path of its page, and a phone number.
    ``begin``: what a press begins with what is known of them, by its name in ``rooms.NEXT_STEPS``, and
    ``press`` the words of its button (a msgid)."""

    name: str
    text: str
    path: str = ""
    phone: str = ""
    begin: str = ""
    press: str = ""


def _nothing(meeting: Meeting, who: SignUp) -> Sequence[Step]:
    return ()


@dataclass(frozen=True)
class Owner:
    """``what``: what a meeting of it is called, a noun, and ``plural`` many of them (msgids). ``expect``: a sentence of what to expect
    (msgid). ``desk``: the path of its list for staff, ``enters`` that of the form for new ones, "" for none, and ``console`` that of one of its meetings.
    ``calendar``: the path of its public list, "" for none; ``page``: that of a meeting's public
    page. ``group_page``: for staff, the path of that of the group whose meeting it is. ``host_page``: the whole address at which a host sees who comes and says who came, "" for the one that all have.
    ``leads``: who leads the group whose meeting it is, and hands it over with the group; "" for nobody.
    ``steps``: what is offered afterwards. ``looked``: what the room puts right besides, each time the clock looks at a
    meeting, so after each change. ``came``: what follows when somebody came or made it up, each time that is said. ``service``: under which of ``vocabulary.SERVICES`` the one
    record has who signs up and comes, "" for none."""

    name: str
    what: str
    expect: str
    console: Callable[[Meeting], str]
    plural: str = ""
    desk: str = ""
    enters: str = ""
    calendar: str = ""
    service: str = ""
    page: Callable[[Meeting], str] = lambda meeting: ""
    group_page: Callable[[Meeting], str] = lambda meeting: ""
    host_page: Callable[[Meeting, SignUp], str] = lambda meeting, who: ""
    leads: Callable[[Meeting], str] = lambda meeting: ""
    looked: Callable[[Meeting, int], None] = lambda meeting, at: None
    came: Callable[[Meeting, SignUp, int], None] = lambda meeting, who, at: None
    steps: Callable[[Meeting, SignUp], Sequence[Step]] = _nothing


def owner_of(meeting: Meeting) -> Owner:
    """The room that a meeting belongs to. Raises KeyError for one that is not registered."""
    found: Owner = registry.load(names()[meeting.room])
    return found


def names() -> Mapping[str, str]:
    """The rooms that hold meetings, and where each says what it hands in."""
    return rooms.MEETINGS
