"""What a command sets off outside of the table: letters, and words to its runs.

An entry of the log keeps them (its outbox); ``workflow/outbox.py`` performs them. A row that this
code cannot read, of a newer version or broken, is an ``Unreadable``: it fails when it is performed,
and the rest of its entry stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.aws.attribute_values import Item

# The channel of a text message; a letter has none.
TEXT: Final = "text"


class Effect(BaseModel):
    """One effect. ``do`` is its name in the row."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    do: str

    def to_row(self) -> Item:
        """As the entry's row keeps it: what is not the default, and always its name."""
        return {"do": self.do, **self.model_dump(exclude_defaults=True)}


class Appointment(BaseModel):
    """Meetings that a letter brings into a calendar: all ``days`` that stand, and those that are
    ``gone``, each as its number and time (UTC seconds). ``moved``: the first one had another time.
    ``sequence`` rises with each letter, so that calendars take the newest.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    days: tuple[tuple[int, int], ...] = ()
    gone: tuple[tuple[int, int], ...] = ()
    minutes: int = 0
    mode: str = ""
    sequence: int = 0
    moved: bool = False

    @property
    def first(self) -> int:
        """When the first of them is that stands (UTC seconds)."""
        return self.days[0][1]

    @property
    def number(self) -> int:
        """The number of that one."""
        return self.days[0][0]


class SendLetter(Effect):
    """Send a letter to ``to``: a role, or ``role:id``.

    ``task``: the task whose link it carries. ``always``: also when the case has ended since.
    ``names``: a consultant whom it introduces. ``lane``: its own, before others or behind.
    ``of``: the entry that it speaks of, when it is sent again. ``leads_on``: the page behind its link
    leads on to the next one after the answer, so the link outlives the task. ``channel``: TEXT for its
    short line as a text message.
    """

    do: Literal["mail"] = "mail"
    letter: str
    to: str
    task: int | None = None
    reminder: bool = False
    again: bool = False
    always: bool = False
    names: str | None = None
    lane: str = ""
    of: int | None = None
    leads_on: bool = False
    appointment: Appointment | None = None
    channel: str = ""

    def repeated(self, version: int, *, always: bool = False) -> SendLetter:
        """The same letter once more; ``version``: the entry that first asked for it."""
        of = version if self.of is None else self.of
        return self.model_copy(update={"of": of, "always": self.always or always})

    @property
    def as_text(self) -> SendLetter:
        """The same as a text message."""
        return self.model_copy(update={"channel": TEXT, "appointment": None})


class StartRun(Effect):
    """Start a machine for the case, unless a newer generation has replaced it."""

    do: Literal["start"] = "start"
    machine: str
    stage: str
    generation: int


class AnswerRun(Effect):
    """Tell the run the verdict that waits; ``token``: the fingerprint of its token (``task_tokens``)."""

    do: Literal["answer"] = "answer"
    token: str
    verdict: str


class StopRun(Effect):
    """Stop a run that a newer one replaced."""

    do: Literal["stop"] = "stop"
    machine: str
    name: str


class TellRoom(Effect):
    """Let another room act on what a command did: ``room`` is its name in ``rooms.TOLD``, and what it does is
    done once for an entry, however often it is told. ``about``: ids only."""

    do: Literal["tell"] = "tell"
    room: str
    about: Item = {}


class Redrive(Effect):
    """Try parked effects ``numbers`` of entry ``v`` again; ``kinds``: what they do."""

    do: Literal["redrive"] = "redrive"
    v: int
    numbers: list[int]
    kinds: list[str] = []


class Unreadable(Effect):
    """An effect that this code does not know, or that lacks a field."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)
    do: str = ""


_KNOWN: Final[dict[str, type[Effect]]] = {
    "mail": SendLetter,
    "start": StartRun,
    "answer": AnswerRun,
    "stop": StopRun,
    "redrive": Redrive,
    "tell": TellRoom,
}


def from_row(row: Item) -> Effect:
    """The effect that a row keeps."""
    try:
        return _KNOWN[row["do"]].model_validate(row)
    except (KeyError, ValidationError):
        return Unreadable.model_validate(row)


def letters(effects: Iterable[Effect]) -> list[SendLetter]:
    """The letters among them."""
    return [effect for effect in effects if isinstance(effect, SendLetter)]
