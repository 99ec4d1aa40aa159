"""What a case is: its state, the one task it waits for, and the entries of its log.

Instants are absolute UTC epoch seconds. The state row must stay under 1 KB, because every
command writes it (``docs/decisions.md``, "What a command costs").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Annotated, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    field_serializer,
    field_validator,
)
from typing_extensions import TypedDict, TypeVar

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Write
from chalicelib.workflow.effects import Effect, from_row
from chalicelib.workflow.events import UNDONE, EventName

# How the command of a step that asks somebody begins.
ASKS = "ask:"
# The actors that are no person.
CLOCK = "clock"
AUTOMATIC = ("system", CLOCK, "reconciler")


class _Row(BaseModel):
    # Newer rows read by older code, and the other way round, must both parse.
    # Validators are built when a model is first used: a cold start needs but a few of them.
    model_config = ConfigDict(extra="ignore", defer_build=True)


class Contact(_Row):
    """How to reach the person outside who asked. Never a child's data.

    ``bad`` is the address that letters came back from; it counts while it is still ``email``.
    ``fix`` is the number of the open task that looks for a better one; ``call`` that of the newest in
    which staff say on the phone what could not be mailed.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    by: str = "email"
    bad: str = ""
    fix: int = 0
    call: int = 0

    @property
    def called(self) -> bool:
        """Whether letters are said on the phone: there is no address, or nobody looks any more for one
        that works."""
        return not self.email or (self.blocked and self.by == "phone" and not self.fix)

    @property
    def texted(self) -> bool:
        """Whether the person asked for text messages."""
        return self.by == "text" and bool(self.phone)

    @property
    def blocked(self) -> bool:
        """Whether the address on file is known not to work."""
        return bool(self.bad) and self.bad == self.email


class Task(_Row):
    """What somebody is asked, and by when: the one thing that a case waits for, or a task beside.

    ``number`` numbers the tasks of a case. ``token`` is the fingerprint of the engine's token
    (``workflow/storage/task_tokens.py``). ``link_number`` is the number of the newest mailed link;
    ``first_valid_link`` the oldest that still opens the task.
    ``about``: what a task beside is about, as ids; the lifecycle's own task has none.
    """

    number: int
    kind: str
    role: str
    assignee: str = ""
    opened: int
    due: int
    remind: list[int] = Field(default_factory=list)
    escalate: int | None = None
    expires: int
    token: str = ""
    link_number: int = 1
    first_valid_link: int = 1
    about: Item = Field(default_factory=dict)

    def given_to(self, who: str) -> Self:
        """The same task for ``who``: the links that were mailed before are dead."""
        newest = self.link_number + 1
        links = {"link_number": newest, "first_valid_link": newest}
        return self.model_copy(update={"assignee": who, **links})


class Pause(_Row):
    """A pause: since when, until when at the latest, why, who asked for it, and what stood before.

    ``status`` is the status to go back to; ``by`` is an actor. While it lasts nobody is reminded but
    the one who asked for it, at ``remind``.
    """

    since: int
    until: int
    status: str
    reason: str
    by: str = ""
    remind: int | None = None


class Changes(TypedDict, total=False):
    """New values of a case's fields; None puts a field back to its default. A wing's own fields stand
    in its own ``Changes``."""

    generation: int | None
    stage: str | None
    status: str | None
    reason: str | None
    priority: str | None
    county: str | None
    language: str | None
    submitted: int | None
    closed: int | None
    closure: str | None
    contact: Contact | None
    tasks: int | None
    task: Task | None
    done: dict[str, str] | None
    pause: Pause | None
    paused: int | None
    side_tasks: list[int] | None


_Whom = TypedDict("_Whom", {"for": str, "from": str}, total=False)


class Payload(_Whom, total=False):
    """What an entry tells besides its changes. Which of these it has follows from its event.

    ``for``, ``told_by``, ``told_how``: who else answered, as staff wrote it down. ``from``: who had it
    before. ``beside``: the kind of a task beside. ``undoes``, ``corrects``, ``entry``: versions of other
    entries.
    ``waited``: whether the run that is replaced had come so far as to wait for somebody. ``about``: what
    a task beside that begins with it is about.
    """

    task: int
    kind: str
    role: str
    beside: str
    about: Item
    verdict: str
    proof: str
    told_by: str
    told_how: str
    undoes: int
    corrects: int
    entry: int
    do: list[str]
    why: str
    note: str
    finding: str
    repair: str
    waited: bool
    runs: list[str]
    to: str
    asked: str
    fix: int
    letter: str
    was: str
    lasted: int
    until: int
    before: Item
    after: Item


# Rows are read as they are: an older entry may have another shape, and a validator of so many fields
# would cost each cold start six milliseconds.
_AS_IT_IS = GetPydanticSchema(lambda _, handler: handler(Item))
_MODELS: dict[str, type[_Row]] = {"task": Task, "contact": Contact, "pause": Pause}


class Entry(_Row):
    """One line of a case's log: a change, who made it and why, and what must leave the house.

    The state is the fold of the ``changes``. ``effects`` is the outbox: mail, start of a run, answer to a run.
    """

    version: int = 0
    event: EventName
    at: int
    actor: str
    reason: str = ""
    command: str
    changes: Annotated[Changes, _AS_IT_IS] = Field(default_factory=Changes)
    payload: Annotated[Payload, _AS_IT_IS] = Field(default_factory=Payload)
    effects: Sequence[Effect] = ()

    @property
    def asks(self) -> bool:
        """Whether a run wrote it, to ask somebody: it has heard the answer before."""
        return self.command.startswith(ASKS)

    @field_validator("changes")
    @classmethod
    def _read_models(cls, changes: Item) -> Item:
        for name, model in _MODELS.items():
            if isinstance(changes.get(name), dict):
                changes[name] = model.model_validate(changes[name])
        return changes

    @field_validator("effects", mode="before")
    @classmethod
    def _read(cls, rows: Sequence[Effect | Item]) -> list[Effect]:
        return [row if isinstance(row, Effect) else from_row(row) for row in rows]

    @field_serializer("changes")
    def _plain(self, changes: Changes) -> Item:
        """Models inside are written one by one: pydantic builds the writer of a class when its own
        ``model_dump`` is first called, and not when it meets one inside of another."""
        return {
            name: value.model_dump(exclude_defaults=True) if isinstance(value, BaseModel) else value
            for name, value in changes.items()
        }

    @field_serializer("effects")
    def _write(self, effects: Sequence[Effect]) -> list[Item]:
        return [effect.to_row() for effect in effects]


# An entry, and the other rows of its transaction.
Command = tuple[Entry, Sequence[Write]]


class Case(_Row):
    """The state of a case, as its row holds it: what the engine needs of any type of case.

    A wing's model adds its own fields (``chalicelib/rooms.py`` lists the types). ``contact`` is the
    person outside of the Network whose case it is; ``county`` says who is in charge of it.
    """

    case_type: ClassVar[str] = ""
    reference: str
    version: int = 0
    generation: int = 1
    stage: str = ""
    status: str = ""
    reason: str = ""
    priority: str = "routine"
    county: str = ""
    language: str = "en"
    submitted: int = 0
    closed: int | None = None
    closure: str = ""
    contact: Contact = Field(default_factory=Contact)
    tasks: int = 0
    task: Task | None = None
    done: dict[str, str] = Field(default_factory=dict)
    pause: Pause | None = None
    paused: int = 0  # seconds of holds that are over
    side_tasks: list[int] = Field(default_factory=list)  # numbers of the open tasks beside
    # Bookkeeping of the store, not part of the fold.
    command: str = ""
    pending_entry: Item | None = None
    swept: int = 0
    wake_at: int | None = None
    # The step that failed at this very version before anybody was asked, its error's name, and when.
    failing: Item | None = None
    # Only in what a task beside is shown (workflow/side_tasks.py): there ``task`` is its own. Never stored.
    main_task: Task | None = None

    @property
    def fails(self) -> Item | None:
        """The step that fails, unless something has worked since."""
        failing = self.failing
        return failing if failing and failing["version"] == self.version else None

    @property
    def open(self) -> bool:
        """True until the case reached one of its named ends."""
        return self.closed is None

    def in_role(self, role: str) -> str:
        """The id of the consultant or member of staff who has this role in the case; empty for nobody."""
        return ""

    def works_on(self, who: str) -> bool:
        """Whether a consultant has the case now, and not only an offer of it."""
        return self.open and bool(who) and self.in_role("consultant") == who

    @property
    def appointment(self) -> int | None:
        """When people of the case meet next (UTC seconds)."""
        return None

    @property
    def handed_on(self) -> bool:
        """Whether somebody else had the case before: then only the log tells whose an older link was."""
        return False


# The fields that the log explains; the rest is the store's own bookkeeping.
BOOKKEEPING = frozenset(
    {"reference", "version", "command", "pending_entry", "swept", "wake_at", "failing", "main_task"}
)
# A type of case; what is written without one is of any, because it is found by a name in a row.
C = TypeVar("C", bound=Case, default=Case)


@cache
def folded(model: type[Case]) -> frozenset[str]:
    """The fields of a type of case that its log explains."""
    return frozenset(model.model_fields) - BOOKKEEPING


def story_of(state: Case) -> Item:
    """What the log explains of a state, by field."""
    return state.model_dump(include=set(folded(type(state))))


def blank(state: Case) -> Item:
    """The same fields as they are before the first entry."""
    return story_of(type(state)(reference=state.reference))


def apply(state: C, changes: Changes) -> C:
    """The state after ``changes``."""
    unknown = set(changes) - folded(type(state))
    if unknown:
        raise ValueError(f"not fields of a {type(state).__name__}: {sorted(unknown)}")
    values = state.model_dump()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return type(state).model_validate(values)


def fold(model: type[C], reference: str, entries: Sequence[Entry]) -> C:
    """The state that a gapless log (v = 1, 2, ...) leads to. Raises ValueError on a gap."""
    state = model(reference=reference)
    for number, entry in enumerate(entries, start=1):
        if entry.version != number:
            raise ValueError(f"{reference}: entry {entry.version} stands where {number} should")
        state = apply(state, entry.changes).model_copy(
            update={"version": entry.version, "command": entry.command}
        )
    return state


def same_story(one: Case, other: Case) -> bool:
    """True when two states agree in all that the log explains (the engine's token aside)."""

    def story(state: Case) -> Item:
        values = story_of(state)
        if values.get("task"):
            values["task"] = {k: v for k, v in values["task"].items() if k != "token"}
        return values

    return story(one) == story(other)


def valid(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that still count: neither taken back nor corrected by one that counts."""
    told = list(entries)
    undone = {e.payload.get("undoes") for e in told if e.event == UNDONE}
    corrected = {e.payload.get("corrects") for e in told if e.version not in undone}
    return [e for e in told if e.version not in undone | corrected]


def enters(entry: Entry, n: int) -> bool:
    """Whether somebody's answer to task ``n`` is what an entry records."""
    return entry.payload.get("task") == n and "verdict" in entry.payload
