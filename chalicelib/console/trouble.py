"""What is broken, gone or asked beside what a case waits for: sentences, a mark, and the causes.

A calm sentence is earned: nothing here is left out because somebody else is waited for meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.mail.addressees import blocked as unreachable
from chalicelib.mail.addressees import holder, person
from chalicelib.web.languages import N_, long_words, translator, when_words
from chalicelib.workflow.attention import ATTENTION, what_happened
from chalicelib.workflow.board import mark_of
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.cases import Case, Entry, Task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.reconciler.causes import RunError, broke
from chalicelib.workflow.reconciler.restarts import machine_of
from chalicelib.workflow.side_tasks import open_rows

# Seconds that a run may take from one person to the next, with cold starts, before it is said.
STEPS_TAKE = 40


@dataclass(frozen=True)
class Sentence:
    """The sentence (one to four short ones) and a mark: waiting, on-time, due-soon, late, done,
    attention, blocked, paused."""

    text: str
    mark: str


@dataclass(frozen=True)
class Cause:
    """Why a case needs a person: a msgid, and as the engine or our record has it. ``at``: UTC seconds;
    ``run``: the path of the run that tells more."""

    words: str
    raw: str
    at: int
    state: str = ""
    run: str = ""


@dataclass(frozen=True)
class SideState:
    """What a case's own row does not say: its open tasks beside the lifecycle, how many of them are
    ``gone``, and whether letters to whoever is asked are known to come back."""

    tasks: Sequence[Task] = ()
    gone: int = 0
    asked_in_vain: bool = False


NOTHING = SideState()


def look(state: Case) -> SideState:
    """Read what stands beside a case."""
    to = holder(state, state.task) if state.task is not None else ""
    in_vain = to not in ("", applicant_of(state)) and unreachable(person(to))
    tasks = open_rows(state)
    return SideState(tasks, len(state.side_tasks) - len(tasks), in_vain)


def stands_still(state: Case, entries: Sequence[Entry], at: int) -> int:
    """For how many seconds nothing has moved in a case whose run should be on its way; 0 while that is
    as it should be."""
    if state.task is not None or state.pause is not None or machine_of(state) is None:
        return 0
    since = at - (entries[-1].at if entries else state.submitted)
    return max(since, 1) if since > STEPS_TAKE or state.fails else 0


def side_tasks(seen: SideState, at: int, lang: str) -> list[Sentence]:
    """Each open task beside the lifecycle, the oldest first, and a word about those that are gone."""
    said = [_asked(task, at, lang) for task in seen.tasks]
    if seen.gone:
        text = N_("What somebody was asked beside it is gone from our record. It is asked again.")
        said.append(Sentence(translator(lang)(text), "attention"))
    return said


def _asked(task: Task, at: int, lang: str) -> Sentence:
    _ = translator(lang)
    try:
        kind = kind_of(task.kind)
    except KeyError:  # of a newer release
        kind = None
    text = _(
        N_("%(waiting)s since %(since)s (%(long)s)."),
        waiting=_(kind.words.waiting if kind else N_("Waiting for an answer")),
        since=when_words(task.opened, at, lang),
        long=long_words(at - task.opened, lang),
    )
    late = mark_of(task.opened, task.due, at) == "late"
    if late:
        due = _(N_("It was due %(when)s."), when=when_words(task.due, at, lang))
        text = f"{text} {due}"
    return Sentence(text, (kind and kind.policy.trouble) or ("late" if late else "waiting"))


def letters_come_back(state: Case, seen: SideState, lang: str) -> list[Sentence]:
    """Whose letters are known not to arrive: the provider's, and those of whoever is asked."""
    _ = translator(lang)
    found = []
    if state.contact.blocked and (state.contact.fix or state.contact.by != "phone"):
        found.append(_(N_("Our letters to the provider come back.")))
    if seen.asked_in_vain:
        found.append(_(N_("Our letters to the person who is asked come back.")))
    return [Sentence(text, "blocked") for text in found]


def causes(state: Case, seen: SideState) -> list[Cause]:
    """Why it needs a person: what broke in its runs, and what our record says of what was tried."""
    runs = [
        Cause(one.words, f"{one.error} {one.cause}".strip(), one.at, one.state, _path(one))
        for one in broke(state)
    ]
    if state.fails and not runs:
        raw = f"{state.fails['step']}: {state.fails['error']}"
        runs = [Cause(N_("A step failed before anybody was asked."), raw, int(state.fails["at"]))]
    return [*runs, *[_noted(task) for task in seen.tasks if task.kind == ATTENTION.name]]


def _path(trouble: RunError) -> str:
    machine, name = trouble.run
    return f"/console/runs/{machine}/{name}"


def _noted(task: Task) -> Cause:
    words, raw = what_happened(task.about)
    return Cause(words, raw, task.opened)
