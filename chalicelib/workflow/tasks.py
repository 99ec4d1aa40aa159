"""A person's task: what is asked, of whom, and what each answer does.

The machine's ask step opens the task in the referral's state row, the
outbox mails its link, and the first valid answer wins. Opening, answering, expiring and voiding
are each one command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Write
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.service_standards import Span
from chalicelib.web.forms import Values
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import C, Case, Changes, Command, Entry, Payload, Task
from chalicelib.workflow.effects import AnswerRun, Effect
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import Kind, Opening, Outcome, asked_at, kind_of, letter_of, task_of
from chalicelib.workflow.on_behalf import letter_to_owner
from chalicelib.workflow.pause import lifted, over
from chalicelib.workflow.side_tasks import answer_beside
from chalicelib.workflow.storage import store

# Seconds after an answer in which the next page still belongs to the same visit.
SAME_VISIT = 120


def meanwhile(state: Case) -> str:
    """What a referral waits for, as a consultant reads it who is not asked: a msgid."""
    said = kind_of(state.task.kind).words.meanwhile if state.task is not None else ""
    return said or N_("The Network's team has it.")


def opened(state: C, kind: Kind[C], opening: Opening, mark: str, command: str, at: int) -> Entry:
    """The command that opens a task: the row's task, its instants, and the mail with its link.

    ``mark`` is the fingerprint of the token that the run waits with.
    """
    # The urgency that this very command finds sets the clocks.
    priority = str(opening.changes.get("priority") or state.priority)
    limits = opening.limits or asked_at(kind, priority, at)
    task = task_of(Task, kind, state.tasks + 1, opening.assignee, at, limits, opening.about)
    task.token = mark
    waits = _letter_waits(state, task, kind.policy.letter_waits)
    task.remind = sorted({*waits, *task.remind})
    written = kind.letter and not waits
    mails = [letter_of(kind, state, task.number, opening.assignee)] if written else []
    changes: Changes = {"task": task, "tasks": task.number}
    if kind.stage and state.stage != kind.stage:
        changes |= {"stage": kind.stage, "done": None}
    changes |= opening.changes
    if kind.role == applicant_of(state):
        changes |= _unreachable(state, changes, at)
    return Entry(
        event=opening.event or of_task(kind.name, "asked"),
        at=at,
        actor="system",
        command=command,
        changes=changes,
        payload=opening.payload,
        effects=[*mails, *opening.effects],
    )


def _letter_waits(state: Case, task: Task, patience: Span | None) -> list[int]:
    """When the letter of a new task leaves, if its page follows another: whoever is asked has just
    answered that one, and is led on. Empty where the letter leaves at once."""
    newest = store.entry_of(state, state.version) if patience is not None else None
    if newest is None or patience is None or task.opened - newest.at > SAME_VISIT:
        return []
    asked = f"{task.role}:{task.assignee}" if task.assignee else task.role
    answer = newest.event.endswith("_answered") and "beside" not in newest.payload
    if not answer or newest.actor != asked:
        return []
    return [min([scaled(task.opened, patience.after(task.opened)), *task.remind])]


def _unreachable(state: Case, changes: Changes, at: int) -> Changes:
    """While somebody looks for an address that works, a task of the provider does not run."""
    contact = state.contact
    sought = contact.blocked and contact.fix in state.side_tasks
    if not sought or not state.open or state.pause is not None or changes.get("closed"):
        return {}
    return registry.unreachable()(state, changes, at)


def answered(
    state: Case,
    kind: Kind,
    outcome: Outcome,
    actor: str,
    command: str,
    at: int,
    told: Payload | None = None,
) -> Entry:
    """The command that ends a task with a verdict (or keeps it open, when the outcome ``stays``).

    ``told``: what the page says of how the answer came, as ``proof``.
    """
    kind.check(outcome)
    changes = outcome.changes.copy()
    effects: list[Effect] = [*outcome.effects, *letter_to_owner(state, told)]
    task = state.task
    if task is not None and not outcome.stays:
        if state.pause is not None:
            # Whoever answers ends the pause, unless the answer says where it stands now.
            changes = lifted(state, at) | changes
        changes["task"] = None
        if outcome.final:
            changes.setdefault("done", {**state.done, kind.name: outcome.verdict})
        if task.token:
            effects.append(AnswerRun(token=task.token, verdict=outcome.verdict))
    return Entry(
        event=outcome.event or of_task(kind.name, "answered"),
        at=at,
        actor=actor,
        reason=outcome.reason,
        command=command,
        changes=changes,
        payload={
            "task": task.number if task else 0,
            "verdict": outcome.verdict,
            **outcome.payload,
            **(told or {}),
        },
        effects=effects,
    )


def answer(
    reference: str,
    n: int,
    values: Values,
    actor: str,
    command: str,
    at: int,
    known: Case | None = None,
    told: Payload | None = None,
    link: int = 0,
) -> tuple[Case, Kind]:
    """Record the first valid answer to task ``n`` and return the new state.

    ``known``: the state that the caller has just read, to save a read. ``told``: what the entry
    also says of how the answer came. ``link``: the number of the link that it came by; one that
    died meanwhile, because somebody else has the task now, is too late.

    Raises AlreadyDone when somebody answered before, or this press did and more came since;
    RecordedMeanwhile when a task that takes many has an entry that the pressed form did not show;
    Refused from the store when a row said no, and whatever the kind's ``decide`` raises (Invalid).
    """
    standing = known if known is not None else store.load(reference)
    if n in standing.side_tasks and (standing.task is None or standing.task.number != n):
        return answer_beside(reference, n, values, actor, command, at, told, link)
    seen: list[Kind] = []

    def decide(state: Case) -> Command | None:
        if state.task is None or state.task.number != n:
            return None
        if over(state, state.task, at):
            return None
        if link and link < state.task.first_valid_link:
            return None
        kind = kind_of(state.task.kind)
        seen.append(kind)
        if kind.policy.many:
            store.nothing_entered_since(state, n, command)
        outcome = kind.decide(state, values, at)
        return answered(state, kind, outcome, actor, command, at, told), outcome.same_transaction

    state = store.change(reference, decide, standing, command)
    if state.command != command:
        raise AlreadyDone(reference)
    return state, seen[-1] if seen else kind_of(_kind_of_task(state, n))


def _kind_of_task(state: Case, n: int) -> str:
    """What task ``n`` was, when an earlier press has answered it: its entry may have any name."""
    if state.task is not None and state.task.number == n:
        return state.task.kind
    log = store.log(state)[::-1]
    beside = (
        entry.payload["beside"]
        for entry in log
        if "beside" in entry.payload and entry.payload.get("task") == n
    )
    if ended := next(beside, ""):
        return ended
    given = (entry.changes.get("task") for entry in log)
    return next(task.kind for task in given if task is not None and task.number == n)


def ending(
    state: Case,
    *,
    status: str,
    closure: str,
    at: int,
    tell: str = "",
    reason: str = "",
    mails: Sequence[Effect] = (),
) -> tuple[Changes, list[Effect], list[Write]]:
    """Changes, effects and rows that end a referral: its task is void, its place is returned.

    ``tell`` is what a run that waits for the void task hears; leave it empty where the ending is
    itself the answer. Returns (changes, effects, also).
    """
    # A pause ends with what it paused: nothing may resume a referral that is over.
    changes = lifted(state, at)
    changes |= {
        "status": status,
        "closure": closure,
        "reason": reason or closure,
        "closed": at,
        "stage": "closed",
        "task": None,
    }
    effects = list(mails)
    if tell and state.task is not None and state.task.token:
        effects.append(AnswerRun(token=state.task.token, verdict=tell))
    return changes, effects, list(type_of(state).at_the_end(state))


def end_case(reference: str, decide: Callable[[C], Command | None], press: str) -> C:
    """Carry out a press that ends a case. A place that was given back by hand keeps nobody."""

    def without_place(state: C) -> Command | None:
        decision = decide(state)
        return (decision[0], ()) if decision else None

    try:
        return store.change(reference, decide, press=press)
    except store.Refused:
        return store.change(reference, without_place, press=press)
