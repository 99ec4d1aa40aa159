"""What the engine asks of a type of case: its model, its runs, whom it is for, and what its wing does.

A wing registers its types in ``chalicelib/rooms.py``. The engine finds the type of a case in its row,
and knows no wing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Generic

from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Write
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.statuses import Status
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.cases import C, Case, Changes, Contact, Entry
from chalicelib.workflow.effects import Effect, letters
from chalicelib.workflow.events import EventName


@frozen
class Undoing(Generic[C]):
    """An answer that is being taken back: the case as it is and as it was before the ``answer``, the
    whole log, and the rows that the task's kind puts right."""

    state: C
    before: C
    answer: Entry
    entries: Sequence[Entry]
    rows_of_kind: Callable[[], Sequence[Write]]
    at: int


def _rows_of_kind(undoing: Undoing[C]) -> list[Write]:
    return list(undoing.rows_of_kind())


@frozen
class CaseType(Generic[C]):
    """A type of case.

    ``name`` stands in its rows. ``parent``: the machine whose run lives while the case is open.
    ``applicant``: the role of the person outside whose contact the case keeps; ``applicant_title``: what stands
    beside their name where an answer of theirs is shown (a msgid), "" for nothing. ``call_task``: the kind
    of task beside in which staff say on the phone what cannot be mailed to them; ``person_call_task``: the same for
    whoever has a part in the case and is in the directory without an email. ``at_the_end``: rows
    that its end gives back. ``undo_rows``: rows that a taken back answer puts right. ``pause_ends``:
    changes and letters (state, now, who knows already); without it the case just goes on.
    ``pause_ends_letter``: to whoever asked for the pause, some days before. ``address_pause``: status
    and reason while no letter reaches the applicant. ``paused_words``: what a status on hold is called
    on the list of who works on it. ``hands_on``: entries by which staff give it to somebody else.
    ``letter_facts``: what its letters may speak of besides (state, entry, language). ``letters_tell``:
    fields that they speak of besides end and pause, so that they are not sent again once these have
    another value. ``hand_over``: what somebody who had it before left, for who has it now. ``called``: by what
    name people who work on it know it; ``meets``: what their list says of its appointment.
    ``ends``: what the parent hears, besides ``withdrawn``, of an end that staff set wherever it stands.
    ``found_again``: rows by which it is found once its contact is another (state, contact, now).
    ``tells``: the effects of an entry (before, after, the entry), with what follows from the two states.
    ``meeting``: "module:name" of what a calendar says of its meetings (state, to whom, appointment,
    language), a ``Meeting``: only the letters that bring one import it. ``files``: "module:name" of the
    files that its letters bring besides (state, entry, effect, address, language). ``ways``: where staff go on from
    its page besides, as path and words (a msgid). ``calling``: "module:name" of how its applicant is called,
    a ``Calling``, where trying has an end of its own. ``withheld``: why its page does not say to somebody whose case
    it is (state, actor), a msgid; "" where it does. ``typed``: fields of its rows that always hold somebody's own
    words, also when it is one, with what each is called (a msgid): words can be taken out of them.
    """

    name: str
    model: type[C]
    parent: str
    applicant: str
    statuses: Mapping[str, Status]
    stages: Mapping[str, str]
    address_pause: tuple[str, str]
    applicant_title: str = ""
    call_task: str = ""
    person_call_task: str = ""
    paused_words: Mapping[str, str] = field(default_factory=dict)
    at_the_end: Callable[[C], Sequence[Write]] = lambda state: ()
    undo_rows: Callable[[Undoing[C]], Sequence[Write]] = _rows_of_kind
    pause_ends: Callable[[C, int, str], tuple[Changes, list[Effect]]] | None = None
    pause_ends_letter: str = ""
    hands_on: frozenset[EventName] = frozenset()
    letter_facts: Callable[[C, Entry, str], TemplateValues] = lambda state, entry, lang: {}
    letters_tell: frozenset[str] = frozenset()
    hand_over: Callable[[C], object] = lambda state: None
    called: Callable[[C], str] = lambda state: ""
    meets: str = N_("Next session: %(date)s at %(time)s.")
    found_again: Callable[[C, Contact, int], Sequence[Write]] = lambda state, contact, at: ()
    tells: Callable[[C, C, Entry], Sequence[Effect]] = lambda before, after, entry: entry.effects
    meeting: str = ""
    files: str = ""
    ends: frozenset[str] = frozenset()
    ways: Callable[[C], Sequence[tuple[str, str]]] = lambda state: ()
    calling: str = ""
    withheld: Callable[[C, str], str] = lambda state, actor: ""
    typed: Callable[[], Mapping[str, str]] = dict


def named(name: str) -> CaseType:
    """The type of that name; the first one where a row names none."""
    found: CaseType = registry.case_type(name)
    return found


def type_of(state: Case) -> CaseType:
    """The type of a case."""
    return named(state.case_type)


def parent_of(state: Case) -> str:
    """The machine whose run lives while the case is open."""
    return type_of(state).parent


def applicant_of(state: Case) -> str:
    """The role of the person outside whose case it is."""
    return type_of(state).applicant


def where_it_stands(state: Case) -> list[tuple[str, list[str]]]:
    """Stage, status and county of a case, for who is asked to look at it: no names, no concerns."""
    kind = type_of(state)
    status = kind.statuses.get(state.status)
    return [
        (N_("Stage"), [kind.stages.get(state.stage, state.stage)]),
        (N_("Status"), [status.label if status else state.status]),
        (N_("County"), [vocabulary.label("county", state.county)]),
    ]


def recipient(state: Case, role: str, who: str = "") -> str:
    """Who a letter goes to, as effects name them: the applicant's role, ``consultant:id`` or
    ``staff:id``. A role that consultants and staff may both have names its ``who`` so already."""
    if role == applicant_of(state):
        return role
    if ":" in who:
        return who
    kind = "consultant" if role == "consultant" else "staff"
    return f"{kind}:{who or state.in_role(role)}"


def called(state: Case, to: str) -> bool:
    """Whether letters to somebody are said on the phone, because they have no email. Staff always have one."""
    if to == applicant_of(state):
        return state.contact.called
    role, _, who = to.partition(":")
    row = people.consultant(who) if role == "consultant" else people.Person()
    return bool(row.get("phone")) and not row.get("email")


def asks_consultant(role: str, assignee: str, who: str) -> bool:
    """Whether a task is consultant ``who``'s, by a role of consultants or by one that staff may have, too."""
    return assignee == (who if role == "consultant" else f"consultant:{who}")


def working_on(state: Case, actor: str) -> list[str]:
    """Each who works on a case or is asked about it, besides the applicant and ``actor``: once, even if
    somebody is both."""
    roles = [(role, state.in_role(role)) for role in ("consultant", "specialist")]
    task = state.task
    if task is not None and task.role not in (applicant_of(state), "system"):
        roles.append((task.role, task.assignee or state.in_role(task.role)))
    found = dict.fromkeys(recipient(state, role, who) for role, who in roles if who)
    return [one for one in found if one != actor]


def with_texts(state: Case, effects: Sequence[Effect]) -> Sequence[Effect]:
    """The effects of an entry, and behind them a text message for each letter that asks the applicant or a
    consultant to open a link, if they want texts."""
    asked = [one for one in letters(effects) if one.task is not None and not one.channel]
    texts = [one.as_text for one in asked if _texted(state, one.to)]
    return [*effects, *(one for one in texts if one not in effects)] if texts else effects


def _texted(state: Case, to: str) -> bool:
    role, _, who = to.partition(":")
    if role == "consultant":
        return settings().sends_texts and people.wants_texts(who)
    return to == applicant_of(state) and state.contact.texted
