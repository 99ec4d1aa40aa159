"""What a meeting and a sign-up are. Plain classes: the start page asks for the next meeting, and pydantic
takes longer to load than that page to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Final, Literal, Self

from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.domain.plain.values import frozen

Status = Literal["scheduled", "moved", "cancelled"]
COMING, NOT_COMING = "coming", "not_coming"
GUEST, HOST, DROP_IN = "guest", "host", "drop_in"


@frozen
class _Row:
    """What is kept as a row: fields that have their default are left out, unknown ones are not read."""

    @classmethod
    def of(cls, row: Item) -> Self:
        """As it was written, by this release or another."""
        return cls(**known_fields(cls, row))

    def to_row(self) -> Item:
        """As its row keeps it."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


@frozen
class Meeting(_Row):
    """One meeting. ``starts`` is its wall time in California ("2027-03-09T17:30"), which is what people
    are told and what a rule repeats; ``at`` is that instant (UTC seconds).

    The other instants are when something happens, in this deployment's time, which a demo shortens:
    ``day_before``, ``hour_before``, ``begins``, ``ends``. ``title``, ``about`` and ``why`` (what is said of a change) are by language.
    ``join`` and ``dial`` (a link, and how to call in) are told in letters alone. ``host`` is
    ``staff:id`` or ``consultant:id``. ``group``: where its members alone come, whom their room signs up, that
    group: who came is thanked at the end of it, not after each meeting. ``sequence`` rises with all that those who come must hear, and
    ``version`` with every change but a sign-up. ``taken``: how many have signed up and come; ``presses``:
    how often somebody signed up or said that they cannot come.
    """

    id: str
    room: str
    starts: str
    at: int
    minutes: int
    day_before: int
    hour_before: int
    begins: int
    ends: int
    title: Mapping[str, str]
    language: str
    host: str = ""
    join: str = ""
    dial: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    group: str = ""
    capacity: int | None = None
    taken: int = 0
    presses: int = 0
    status: Status = "scheduled"
    why: Mapping[str, str] = field(default_factory=dict)
    sequence: int = 0
    version: int = 1
    recorded: int | None = None
    recorded_by: str = ""
    drop_ins: int = 0
    demo: bool = False

    @property
    def on(self) -> bool:
        """Whether it takes place."""
        return self.status != "cancelled"

    @property
    def full(self) -> bool:
        """Whether all of its places are taken."""
        return self.capacity is not None and self.taken >= self.capacity

    def open_at(self, now: int) -> bool:
        """Whether somebody may still sign up: until it is over, because people come late."""
        return self.on and now < self.ends

    def title_in(self, lang: str) -> str:
        """Its title in a language."""
        return said_in(self.title, lang)

    def about_in(self, lang: str) -> str:
        """More about it in a language; "" for nothing."""
        return said_in(self.about, lang)

    def why_in(self, lang: str) -> str:
        """What is said of its change in a language; "" for nothing."""
        return said_in(self.why, lang)


@frozen
class SignUp(_Row):
    """Somebody who signed up, who hosts, or who came without signing up (``part``). ``key`` names them within the meeting.

    Somebody with an e-mail hears by letter; ``name`` and ``phone`` alone are of those whom the helpline
    signed up, who are called (``called``: the sequence that they heard so; ``call``: the case of the call that
    was promised last, and ``call_for`` what it was promised for). ``told`` is the meeting's
    sequence that their letters have said so far, None once they are off, and ``told_at`` the start that
    they said; ``reminded``: of a day or an hour before; ``letters``: how many left. ``came``: whether
    they were there, once that is known, and ``made_up``: whether they made it up since. ``asked``: how often a host was asked that.
    ``contact``: what another room knows them by.
    """

    key: str
    meeting: str
    at: int
    by: str
    part: str = GUEST
    status: str = COMING
    email: str = ""
    name: str = ""
    phone: str = ""
    lang: str = "en"
    contact: str = ""
    told: int | None = None
    told_at: int | None = None
    reminded: str = ""
    letters: int = 0
    thanked: bool = False
    asked: int = 0
    called: int | None = None
    call: str = ""
    call_for: str = ""
    sending: int | None = None
    failed: str = ""
    came: bool | None = None
    made_up: bool = False
    useful: str = ""
    wish: str = ""
    ended: int | None = None

    @property
    def coming(self) -> bool:
        """Whether they still mean to come."""
        return self.status == COMING

    @property
    def by_letter(self) -> bool:
        """Whether letters reach them; everybody else is called."""
        return bool(self.email) and not self.failed


def said_in(words: Mapping[str, str], lang: str) -> str:
    """What staff wrote, in a language; what there is, where nobody has translated it."""
    return words.get(lang) or next(iter(words.values()), "")


STUCK: Final = 300
"""Seconds after which a letter that somebody began to send is begun again."""
