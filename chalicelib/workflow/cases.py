"""What a referral is: its state, the one task it waits for, and the entries of its log.

Instants are absolute UTC epoch seconds (I14). The state row must stay under 1 KB, because every
command writes it (``docs/decisions.md``, "What a command costs").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from chalicelib.workflow.effects import Effect, from_row

Value = Any  # what DynamoDB can hold: str, int, bool, list, dict, None


class _Row(BaseModel):
    # Newer rows read by older code, and the other way round, must both parse (F47).
    model_config = ConfigDict(extra="ignore")


class Contact(_Row):
    """How to reach the provider who asked. Never a child's data (S26).

    ``bad`` is the address that letters came back from; it counts while it is still ``email`` (L3).
    ``fix`` is the number of the open task that looks for a better one.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    by: str = "email"
    bad: str = ""
    fix: int = 0

    @property
    def blocked(self) -> bool:
        """Whether the address on file is known not to work."""
        return bool(self.bad) and self.bad == self.email


class Task(_Row):
    """What somebody is asked, and by when: the one thing that a referral waits for, or a task beside.

    ``number`` numbers the tasks of a referral. ``token`` is the fingerprint of the engine's token
    (``workflow/task_tokens.py``). ``link_number`` is the number of the newest mailed link;
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
    about: dict[str, Value] = Field(default_factory=dict)


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


class Entry(_Row):
    """One line of a referral's log: a change, who made it and why, and what must leave the house.

    ``changes`` maps a field of the state to its new value (``None`` removes it): the state is the
    fold of them (I2). ``effects`` is the outbox: mail, start of a run, answer to a run.
    """

    version: int = 0
    event: str
    at: int
    actor: str
    reason: str = ""
    command: str
    changes: dict[str, Value] = Field(default_factory=dict)
    payload: dict[str, Value] = Field(default_factory=dict)
    effects: Sequence[Effect] = ()

    @field_validator("effects", mode="before")
    @classmethod
    def _read(cls, rows: Any) -> list[Effect]:
        return [row if isinstance(row, Effect) else from_row(row) for row in rows]

    @field_serializer("effects")
    def _write(self, effects: Sequence[Effect]) -> list[dict[str, Value]]:
        return [effect.to_row() for effect in effects]


class Sessions(_Row):
    """Counts of an episode's sessions and the next one that is planned."""

    planned: int = 0
    held: int = 0
    missed: int = 0
    next: int | None = None
    mode: str = ""
    minutes: int = 0


class Referral(_Row):
    """The state of a referral, as its row holds it."""

    reference: str
    version: int = 0
    generation: int = 1
    stage: str = "eligibility"
    status: str = "submitted"
    reason: str = ""
    tier: str = ""
    priority: str = "routine"
    county: str = ""
    setting: str = ""
    language: str = "en"
    modality: str = ""
    submitted: int = 0
    closed: int | None = None
    closure: str = ""
    contact: Contact = Field(default_factory=Contact)
    specialist: str = ""
    consultant: str = ""
    declined: list[str] = Field(default_factory=list)
    tasks: int = 0
    task: Task | None = None
    done: dict[str, str] = Field(default_factory=dict)
    sessions: Sessions | None = None
    previous: str = ""  # the consultant of before: an earlier request, or before a step down
    # What the provider chose when nobody speaks their language: wait, interpreter or online (H3).
    language_choice: str = ""
    pause: Pause | None = None
    paused: int = 0  # seconds of holds that are over
    amended: bool = False  # the provider changed an answer after sending
    side_tasks: list[int] = Field(default_factory=list)  # numbers of the open tasks beside
    # Bookkeeping of the store, not part of the fold.
    command: str = ""
    pending_entry: dict[str, Value] | None = None
    swept: int = 0
    wake_at: int | None = None
    # Only in what a task beside is shown (workflow/side_tasks.py): there ``task`` is its own. Never stored.
    main_task: Task | None = None

    @property
    def open(self) -> bool:
        """True until the referral reached one of its named ends."""
        return self.closed is None


# The fields that the log explains; the rest is the store's own bookkeeping.
BOOKKEEPING = frozenset(
    {"reference", "version", "command", "pending_entry", "swept", "wake_at", "main_task"}
)
FOLDED = frozenset(Referral.model_fields) - BOOKKEEPING


def apply(state: Referral, changes: dict[str, Value]) -> Referral:
    """The state after ``changes`` (field -> new value, ``None`` = back to the field's default)."""
    unknown = set(changes) - FOLDED
    if unknown:
        raise ValueError(f"not fields of a referral: {sorted(unknown)}")
    values = state.model_dump()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return Referral.model_validate(values)


def fold(reference: str, entries: list[Entry]) -> Referral:
    """The state that a gapless log (v = 1, 2, ...) leads to (I2). Raises ValueError on a gap."""
    state = Referral(reference=reference)
    for number, entry in enumerate(entries, start=1):
        if entry.version != number:
            raise ValueError(f"{reference}: entry {entry.version} stands where {number} should")
        state = apply(state, entry.changes).model_copy(
            update={"version": entry.version, "command": entry.command}
        )
    return state


def same_story(one: Referral, other: Referral) -> bool:
    """True when two states agree in all that the log explains (the engine's token aside)."""

    def story(state: Referral) -> dict[str, Value]:
        values = state.model_dump(include=set(FOLDED))
        if values.get("task"):
            values["task"] = {k: v for k, v in values["task"].items() if k != "token"}
        return values

    return story(one) == story(other)
