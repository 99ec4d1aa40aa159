"""What a kind of task is: one object in its room, in parts, and the closed list of all kinds.

Everything that the engine, the pages and the console know of a kind stands in it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Generic, Literal, TypeVar

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import deadlines, due
from chalicelib.aws.writes import Write
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.service_standards import Deadline, Deadlines, Span
from chalicelib.web.forms import Form, Values
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import C, Case, Changes, Entry, Payload, Task
from chalicelib.workflow.effects import Effect, SendLetter
from chalicelib.workflow.events import EventName

T = TypeVar("T", bound=Task)
# A line of the link's first page: label and values, all msgids.
Fact = tuple[str, list[str]]


@frozen
class Outcome:
    """What an answer does. ``verdict`` goes to the run, unless the task ``stays`` open for more.

    A ``final`` verdict is remembered for the stage: a restarted run hears it again at once.
    """

    verdict: str
    changes: Changes = field(default_factory=Changes)
    payload: Payload = field(default_factory=Payload)
    effects: Sequence[Effect] = ()
    same_transaction: Sequence[Write] = ()
    final: bool = True
    stays: bool = False
    event: EventName | None = None
    reason: str = ""


@frozen
class Opening:
    """How a task begins: for whom, and what else changes with it.

    With a ``verdict`` no task is opened: the run goes on with that word. ``limits`` replace the
    kind's own instants (they are in this deployment's time already). ``ahead``: rows that are
    written before the command, because it refers to them. ``about``: ids that the task keeps;
    ``never`` are members of staff who must not take it.
    """

    assignee: str = ""
    changes: Changes = field(default_factory=Changes)
    payload: Payload = field(default_factory=Payload)
    effects: Sequence[Effect] = ()
    same_transaction: Sequence[Write] = ()
    verdict: str = ""
    event: EventName | None = None
    limits: Deadlines | None = None
    write_first: Sequence[Write] = ()
    about: Item = field(default_factory=dict)


# A sentence, or one for each case; "" is for every case that is not there.
Said = str | Mapping[str, str]
# A filled-in form: the values, or how they follow from the case and the time (UTC seconds).
Example = Values | Callable[[C, int], Values]


def chosen(said: Said, case: str) -> str:
    """The sentence for a case, a msgid; empty when there is none."""
    return said if isinstance(said, str) else said.get(case, said.get("", ""))


TO_REPAIR = N_("If nothing is decided, the coordinator is asked to look into it %(when)s.")
ANSWER_BY = N_("Please answer by %(date)s at %(time)s.")
# Of a page to come back to, where nobody waits for an answer.
OPEN_UNTIL = N_("You can use this page until %(date)s.")
ASKED_AGAIN = N_("If nobody answers, the same is asked again %(when)s.")
ENDINGS = ("asked", "answered", "expired", "noted")


@frozen
class TaskWords:
    """What is said of a kind of task: msgids, shown in the reader's language.

    ``title``: what is asked, in neutral words, because it stands in the subject of a letter.
    ``waiting``: whom the case waits for, in full; ``short``: the same in a list's column; ``then``:
    what happens when its time is over; ``overdue``: what the supervisor reads when it is late.
    ``asked``, ``answered`` and ``expired`` are its sentences on the staff's timeline, those that begin
    with ``provider`` on the provider's (empty: it is not for the provider). ``next``: what the
    provider reads of what comes next, where it is more than the status says; ``aim``: by when, with the
    day as an aim. ``said``: verdict -> what the page says was recorded. ``refused``: what to say when a row of the answer said no.
    ``meanwhile``: what a consultant who is not asked reads while it is open. ``by``: what its page says of the day
    and time at which it is due.
    """

    title: str
    waiting: str
    short: str
    then: str
    asked: Said
    expired: Said
    overdue: str = ""
    answered: Said = ""
    provider_asked: Said = ""
    provider_answered: Said = ""
    provider_expired: Said = ""
    next: str = ""
    aim: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    meanwhile: str = ""
    by: str = ANSWER_BY


@frozen
class TaskPolicy(Generic[C]):
    """What may be done with a task.

    ``many``: takes entry after entry until one ends it. ``undo``: an answer can be taken back for
    some minutes; ``undo_rows`` are further rows that this puts right, as members of its transaction,
    of the state as it stands. ``sensitive``: the details show how to reach somebody, so a browser
    that we do not know proves first that the mail is theirs; ``proves`` says which answers ask for
    that proof, of the cleaned values. ``signature``: an answer is signed, so staff may not write it down
    from a talk, but for somebody who cannot be mailed the page. ``agrees``: which answers agree to a
    text; staff write such a one down only once it was read aloud or signed on paper. ``escalates``: the staff role that hears when it is overdue. ``lane``: of its
    letters, which do not wait behind others. ``after_close``: it may be open when its case has ended.
    ``stops_clock``: its time does not count as ours. ``trouble``: that it is asked is bad news, and how
    the case is marked for it.
    ``letter_waits``: where its page comes right after another answer of the same person (the
    ``leads_to`` of that page), the letter with its link waits so long, at most until the first reminder;
    whoever has answered by then gets none.
    ``corrects``: whether an answer says that it is about what was recorded last.
    ``moot``: whether what a task beside was opened for has gone away; then it ends by itself.
    """

    many: bool = False
    corrects: Callable[[Values], bool] = lambda values: False
    undo: bool = False
    undo_rows: Callable[[C], Sequence[Write]] = lambda state: ()
    sensitive: bool = False
    proves: Callable[[Values], bool] = lambda values: True
    signature: bool = False
    agrees: Callable[[Values], bool] | None = None
    escalates: str = "supervisor"
    lane: str = ""
    after_close: bool = False
    stops_clock: bool = False
    trouble: Literal["", "attention", "blocked"] = ""
    letter_waits: Span | None = None
    moot: Callable[[C], bool] = lambda state: False


def no_details(state: Case) -> TemplateValues:
    """A page that has nothing beside its form."""
    return {}


@frozen
class TaskPage(Generic[C]):
    """What the pages of a task show.

    ``form``: the decision, which starts with what is ``known``. ``facts``: what the link's first page
    may show: no names, concerns or contact details. ``details``: what is shown, by ``template``, once
    the person has acted. ``shows_details_first``: the form needs the details, so the link's first
    page only opens them. ``shows_details_after``: an answered task still shows them, as the contact
    of a provider whose consultation was accepted. ``leads_to``: verdict -> the kind of task that the
    same person is asked next; the page of the answered one leads on to it. ``recorded``: values of the
    form that an entry keeps in another shape, or under other names. ``quick``: the list of one's tasks
    offers the first choice of the form, which its page then begins with.
    """

    form: Callable[[C], Form] = lambda state: Form()
    facts: Callable[[C], list[Fact]] = lambda state: []
    details: Callable[[C], TemplateValues] = no_details
    template: str = "tasks/details.html"
    known: Callable[[C], Values] = lambda state: {}
    shows_details_first: bool = False
    shows_details_after: bool = False
    leads_to: Mapping[str, str] = field(default_factory=dict)
    quick: bool = False
    recorded: Callable[[C, Entry], Values] = lambda state, entry: {}

    @property
    def has_details(self) -> bool:
        """Whether there is anything to show besides the form."""
        return self.details is not no_details


def asked_again(state: Case, now: int) -> Outcome:
    """Nobody answered in time, and nothing is decided: the machine asks again, or asks who repairs."""
    return Outcome("expired", final=False)


@frozen
class Kind(Generic[C]):
    """A kind of task: who is asked what, in which stage, by which letter, and what an answer does.

    ``role`` is ``system`` where nobody is asked and only time passes; ``stage`` is empty where it
    belongs to none. ``deadline`` is None where each task brings its own instants. ``outcomes``: every
    verdict that a run may hear of it, by an answer, by its exit, or because nobody had to be asked;
    ``decide`` and ``expire`` return no other. ``status``: of the case from when it is asked, if that
    is all that its opening changes. ``examples``: outcome -> a form that leads to it, the usual one
    first.
    """

    name: str
    role: str
    words: TaskWords
    decide: Callable[[C, Values, int], Outcome]
    outcomes: frozenset[str]
    stage: str = ""
    deadline: Deadline | None = None
    letter: str = ""
    page: TaskPage[C] = field(default_factory=TaskPage)
    expire: Callable[[C, int], Outcome] = asked_again
    status: str = ""
    examples: Mapping[str, Example[C]] = field(default_factory=dict)
    policy: TaskPolicy[C] = field(default_factory=TaskPolicy)

    def __post_init__(self) -> None:
        """Refuse a kind of which something is left unsaid."""
        lacking = [name for name in ("waiting", "short", "then") if not getattr(self.words, name)]
        if self.role != "system":
            lacking += ["overdue"] if not self.words.overdue else []
            lacking += ["answered"] if not self.words.answered else []
            lacking += ["examples"] if not self.examples else []
            lacking += ["letter"] if not self.letter else []
            lacking += ["deadline"] if self.deadline is None else []
        lacking += [
            f"a sentence for {name}"
            for name in self.examples
            if not chosen(self.words.answered, name)
        ]
        lacking += ["outcomes"] if not self.outcomes else []
        lacking += [f"outcome {name}" for name in self.examples if name not in self.outcomes]
        if lacking:
            raise ValueError(f"the kind of task {self.name} lacks {', '.join(lacking)}")

    def check(self, outcome: Outcome) -> None:
        """Refuse a verdict that no machine expects of this kind. Raises ValueError."""
        if outcome.verdict not in self.outcomes:
            raise ValueError(f"{outcome.verdict} is no outcome of the task {self.name}")

    def example(self, state: C, now: int, outcome: str = "") -> Values:
        """A filled-in form that leads to ``outcome``, or to the usual one."""
        found = self.examples[outcome or next(iter(self.examples))]
        return found(state, now) if callable(found) else dict(found)


# Every kind that was touched, by name.
KINDS: dict[str, Kind] = {}


def kind_of(name: str) -> Kind:
    """The kind of that name, with the others of its module. Raises KeyError."""
    if name not in KINDS:
        own = vars(registry.module_of_kind(name)).values()
        KINDS.update({one.name: one for one in own if isinstance(one, Kind)})
    return KINDS[name]


def sentence_of(event: EventName, case: str, *, provider: bool = False) -> str:
    """What a timeline says of an entry about a task, as a msgid; empty when it says nothing."""
    name, _sep, ending = event.rpartition("_")
    if ending not in ENDINGS:
        return ""
    try:
        words = kind_of(name).words
    except KeyError:
        return ""
    staff, theirs = {
        "asked": (words.asked, words.provider_asked),
        "expired": (words.expired, words.provider_expired),
        "noted": (words.answered, ""),
    }.get(ending, (words.answered, words.provider_answered))
    return chosen(theirs if provider else staff, case)


def every_kind() -> dict[str, Kind]:
    """All kinds by name: this imports every room."""
    for name in registry.kinds():
        kind_of(name)
    return KINDS


def asked_at(kind: Kind[C], priority: str, at: int) -> Deadlines:
    """The instants of a task of ``kind`` that is opened ``at``, in this deployment's time.

    Raises KeyError for a kind whose tasks bring their own.
    """
    if kind.deadline is None:
        raise KeyError(kind.name)
    return deadlines(kind.deadline, priority, at)


def due_at(kind: Kind[C], priority: str, at: int) -> int:
    """When a task of ``kind`` that is opened ``at`` is due; raises as ``asked_at``."""
    if kind.deadline is None:
        raise KeyError(kind.name)
    return due(kind.deadline, priority, at)


def task_of(
    model: type[T],
    kind: Kind[C],
    number: int,
    who: str,
    at: int,
    limits: Deadlines,
    about: Item | None = None,
) -> T:
    """A task of ``kind`` that is opened ``at`` for ``who``, with its instants."""
    return model(
        number=number,
        kind=kind.name,
        role=kind.role,
        assignee=who,
        opened=at,
        due=limits.due,
        remind=list(limits.remind),
        escalate=limits.escalate,
        expires=limits.expires,
        about=about or {},
    )


def letter_of(
    kind: Kind[C],
    state: C,
    n: int,
    who: str = "",
    *,
    reminder: bool = False,
    again: bool = False,
) -> SendLetter:
    """The mail with the link of task ``n``, in the kind's own lane."""
    return SendLetter(
        letter=kind.letter,
        to=recipient(state, kind.role, who),
        task=n,
        lane=kind.policy.lane,
        reminder=reminder,
        again=again,
        leads_on=bool(kind.page.leads_to),
    )
