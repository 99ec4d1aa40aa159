"""What a kind of task is: one object in its room, in parts, and the closed list of all kinds.

Everything that the engine, the pages and the console know of a kind stands in it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.aws.writes import Write
from chalicelib.domain.service_standards import Deadlines
from chalicelib.web.forms import Form
from chalicelib.workflow import registry
from chalicelib.workflow.effects import Effect

Item = dict[str, Any]
Values = dict[str, Any]
# A case as the room that owns the kind knows it: of its own model.
View = Any
# A line of the link's first page: label and values, all msgids.
Fact = tuple[str, list[str]]


@dataclass(frozen=True)
class Outcome:
    """What an answer does. ``verdict`` goes to the run, unless the task ``stays`` open for more.

    A ``final`` verdict is remembered for the stage: a restarted run hears it again at once.
    """

    verdict: str
    changes: Item = field(default_factory=dict)
    payload: Item = field(default_factory=dict)
    effects: Sequence[Effect] = ()
    same_transaction: Sequence[Write] = ()
    final: bool = True
    stays: bool = False
    event: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Opening:
    """How a task begins: for whom, and what else changes with it.

    With a ``verdict`` no task is opened: the run goes on with that word. ``limits`` replace the
    kind's own instants (they are in this deployment's time already). ``ahead``: rows that are
    written before the command, because it refers to them. ``about``: ids that the task keeps;
    ``never`` are members of staff who must not take it.
    """

    assignee: str = ""
    changes: Item = field(default_factory=dict)
    payload: Item = field(default_factory=dict)
    effects: Sequence[Effect] = ()
    same_transaction: Sequence[Write] = ()
    verdict: str = ""
    event: str = ""
    limits: Deadlines | None = None
    write_first: Sequence[Write] = ()
    about: Item = field(default_factory=dict)


@dataclass(frozen=True)
class TaskWords:
    """What is said of a kind of task: msgids, shown in the reader's language.

    ``title``: what is asked, in neutral words, because it stands in the subject of a letter.
    ``said``: verdict -> what the page says was recorded. ``refused``: what to say when a row of the
    answer said no. ``meanwhile``: what a consultant who is not asked reads while it is open.
    """

    title: str
    said: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    meanwhile: str = ""


@dataclass(frozen=True)
class TaskPolicy:
    """What may be done with a task.

    ``many``: takes entry after entry until one ends it. ``undo``: an answer can be taken back for
    some minutes; ``undo_rows`` are further rows that this puts right, as members of its transaction,
    of the state as it stands. ``sensitive``: the details show how to reach somebody, so a browser
    that we do not know proves first that the mail is theirs; ``proves`` says which answers ask for
    that proof, of the cleaned values. ``by_phone``: staff may write the answer down from a talk, but
    no signature. ``escalates``: the staff role that hears when it is overdue. ``lane``: of its
    letters, which do not wait behind others. ``after_close``: it may be open when its case has ended.
    """

    many: bool = False
    undo: bool = False
    undo_rows: Callable[[View], Sequence[Write]] = lambda state: ()
    sensitive: bool = False
    proves: Callable[[Values], bool] = lambda values: True
    by_phone: bool = True
    escalates: str = "supervisor"
    lane: str = ""
    after_close: bool = False


@dataclass(frozen=True)
class TaskPage:
    """What the pages of a task show.

    ``form``: the decision, which starts with what is ``known``. ``facts``: what the link's first page
    may show: no names, concerns or contact details. ``details``: what is shown, by ``template``, once
    the person has acted. ``shows_details_first``: the form needs the details, so the link's first
    page only opens them. ``shows_details_after``: an answered task still shows them, as the contact
    of a provider whose consultation was accepted.
    """

    form: Callable[[View], Form]
    facts: Callable[[View], list[Fact]] = lambda state: []
    details: Callable[[View], Item] = lambda state: {}
    template: str = "tasks/details.html"
    known: Callable[[View], Values] = lambda state: {}
    shows_details_first: bool = False
    shows_details_after: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of task: who is asked what, in which stage, by which letter, and what an answer does.

    ``role`` is ``system`` where nobody is asked and only time passes; ``stage`` is empty where it
    belongs to none.
    """

    name: str
    stage: str
    role: str
    letter: str
    words: TaskWords
    page: TaskPage
    decide: Callable[[View, Values, int], Outcome]
    expire: Callable[[View, int], Outcome]
    policy: TaskPolicy = TaskPolicy()


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known under its name."""
    if kind.name in KINDS and KINDS[kind.name] is not kind:
        raise ValueError(f"two kinds of task are called {kind.name}")
    KINDS[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return KINDS[name] if name in KINDS else every_kind()[name]


def every_kind() -> dict[str, Kind]:
    """All kinds by name, whatever this process has used of them."""
    registry.import_tasks()
    return KINDS
