"""Who we wait for, since when, what was done about it, and what happens next and when.

The words of each wait are in the kind of its task; the instants come from the task itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.calls.rule import attempts
from chalicelib.calls.words import NOT_REACHED
from chalicelib.console import trouble
from chalicelib.console.trouble import NOTHING, Sentence, SideState
from chalicelib.domain.vocabulary import CLOSURE_REASONS, STATUS_REASONS
from chalicelib.referral.model import DRAFT, Referral
from chalicelib.referral.pauses import for_leave
from chalicelib.referral.records import episode
from chalicelib.web.languages import N_, long_words, translator, when_words
from chalicelib.workflow.attention import ATTENTION
from chalicelib.workflow.board import mark_of, worst
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case, Entry, Pause, Task
from chalicelib.workflow.events import ESCALATED, REMINDED
from chalicelib.workflow.kinds import Kind, kind_of
from chalicelib.workflow.storage.indexes import CALL_AT

# Seconds after which what is due should long be done: the clock looks each minute.
CLOCK_MAY_BE_LATE = 300
NOT_SENT = N_(
    "Not sent yet. The provider told us that someone is in danger, and may send it later."
)


def sentence(
    state: Case, entries: Sequence[Entry], at: int, lang: str, seen: SideState = NOTHING
) -> Sentence:
    """What a referral waits for and what is wrong with it, said at ``at`` (UTC seconds). ``entries``
    are its log, ``seen`` what stands beside it."""
    said = _waits(state, entries, at, lang, seen)
    more = trouble.side_tasks(seen, at, lang)
    if said.mark != "blocked":
        more = [*trouble.letters_come_back(state, seen, lang), *more]
    text = " ".join([said.text, *[one.text for one in more]])
    return Sentence(text, worst([said.mark, *[one.mark for one in more]]))


def _waits(state: Case, entries: Sequence[Entry], at: int, lang: str, seen: SideState) -> Sentence:
    if state.pause is not None and not (blocked(state) and state.task):
        return _paused(state, state.pause, at, lang)
    if state.task is not None:
        return _of_task(state, state.task, entries, at, lang)
    if not state.open:
        return _after_its_end(state, entries, at, lang, seen)
    return _on_its_way(state, entries, at, lang, seen)


def _on_its_way(
    state: Case, entries: Sequence[Entry], at: int, lang: str, seen: SideState
) -> Sentence:
    """Nobody is asked: the system is at work, or should be."""
    _ = translator(lang)
    last = entries[-1].at if entries else state.submitted
    stage = _(type_of(state).stages.get(state.stage, state.stage))
    long = long_words(at - last, lang)
    if not trouble.stands_still(state, entries, at):
        text = N_("The system is working on the stage “%(stage)s” since %(since)s (%(long)s).")
        since = when_words(last, at, lang)
        return Sentence(_(text, stage=stage, since=since, long=long), "waiting")
    still = N_(
        "The process stands still in the stage “%(stage)s” for %(long)s. It should take seconds."
    )
    parts = [_(still, stage=stage, long=long)]
    if not any(task.kind == ATTENTION.name for task in seen.tasks):
        then = N_("It is started again by itself. If that does not help, a coordinator is asked.")
        parts.append(_(then))
    return Sentence(" ".join(parts), "attention")


PAUSED_BY: dict[str, str] = {
    "provider": N_("Paused by the provider since %(since)s (%(long)s), until %(until)s."),
    "consultant": N_("Paused by the consultant since %(since)s (%(long)s), until %(until)s."),
    "staff": N_("Paused by the Network since %(since)s (%(long)s), until %(until)s."),
}
_FOR_LEAVE = N_(
    "The provider waits for the consultant, who is away, since %(since)s (%(long)s), until %(until)s."
)


def _paused(state: Case, hold: Pause, at: int, lang: str) -> Sentence:
    """Who paused it, why, since when and until when; nobody is late meanwhile."""
    _ = translator(lang)
    why = STATUS_REASONS.get(state.status, {}).get(hold.reason, "")
    by = PAUSED_BY.get(hold.by.partition(":")[0], PAUSED_BY["staff"])
    text = _FOR_LEAVE if isinstance(state, Referral) and for_leave(state) else by
    said = _(
        text,
        since=when_words(hold.since, at, lang),
        long=long_words(at - hold.since, lang),
        until=when_words(hold.until, at, lang),
    )
    parts = [said, *([f"{_(why)}."] if why else [])]
    parts.append(_(N_("Nobody is reminded meanwhile. Then it goes on by itself.")))
    return Sentence(" ".join(parts), "paused")


def _sessions(state: Case, at: int, lang: str) -> list[str]:
    """During the service: how many sessions were held, and when the next one is."""
    sessions = state.sessions if isinstance(state, Referral) else None
    if state.task is None or state.task.kind != "service" or sessions is None:
        return []
    _ = translator(lang)
    counted = N_("Sessions held: %(held)s of %(planned)s.")
    parts = [_(counted, held=sessions.held, planned=sessions.planned)]
    if sessions.next:
        when = when_words(sessions.next, at, lang)
        parts.append(_(N_("The next session is %(when)s."), when=when))
    return parts


def _after_its_end(
    state: Case, entries: Sequence[Entry], at: int, lang: str, seen: SideState
) -> Sentence:
    """How it ended, and whether what should follow is on its way."""
    end = closed(state, at, lang)
    if not trouble.stands_still(state, entries, at):
        return end
    still = _on_its_way(state, entries, at, lang, seen)
    return Sentence(f"{end.text} {still.text}", still.mark)


def closed(state: Case, at: int, lang: str) -> Sentence:
    """How a referral ended, and when."""
    _ = translator(lang)
    if state.status == DRAFT:
        return Sentence(_(NOT_SENT), "waiting")
    status = type_of(state).statuses.get(state.status)
    why = _(CLOSURE_REASONS.get(state.closure, "")) or _(status.label if status else state.status)
    when = when_words(state.closed or at, at, lang)
    text = _(N_("Closed %(when)s: %(why)s. Nobody is waited for."), when=when, why=why)
    return Sentence(text, "done")


def _of_task(state: Case, task: Task, entries: Sequence[Entry], at: int, lang: str) -> Sentence:
    _ = translator(lang)
    try:
        kind = kind_of(task.kind)
    except KeyError:  # of a newer release
        kind = None
    waiting = kind.words.waiting if kind else N_("Waiting for an answer")
    then = kind.words.then if kind else N_("Its time is over %(when)s.")

    def when(instant: int) -> str:
        return when_words(instant, at, lang)

    parts = [
        _(
            N_("%(waiting)s since %(since)s (%(long)s)."),
            waiting=_(waiting),
            since=when(task.opened),
            long=long_words(at - task.opened, lang),
        ),
        *_sessions(state, at, lang),
        *_calls(kind, state, task, entries, at, lang),
    ]
    if kind and kind.policy.stops_clock:
        since = N_("With the provider since %(since)s: this time is not counted.")
        parts.append(_(since, since=when(task.opened)))
    mark = mark_of(task.opened, task.due, at)
    if blocked(state):
        still = N_("Blocked by contact: our letters come back. The clock stands still meanwhile.")
        running = N_("Blocked by contact: our letters come back. The time is given back later.")
        return Sentence(" ".join([*parts, _(still if state.pause else running)]), "blocked")
    if task.role == "system":
        mark = "waiting"
    elif mark == "late":
        parts.append(_(N_("It was due %(when)s."), when=when(task.due)))
    if at - task.expires > CLOCK_MAY_BE_LATE:
        mark, then = "attention", N_("Its time was over %(when)s, and our clock did nothing yet.")
    told = [*_done(task, entries), *_ahead(task, at), (then, task.expires)]
    parts += [_(text, when=when(instant)) for text, instant in told]
    return Sentence(" ".join(parts), (kind and kind.policy.trouble) or mark)


def _calls(
    kind: Kind | None, state: Case, task: Task, entries: Sequence[Entry], at: int, lang: str
) -> list[str]:
    """How often somebody tried to reach the provider, and when they asked to be called."""
    if kind is None or NOT_REACHED not in kind.outcomes:
        return []
    _ = translator(lang)
    tries = episode(entries).attempts if isinstance(state, Referral) else attempts(entries)
    wished = task.about.get(CALL_AT)
    told = [(N_("They asked to be called %(when)s."), wished)] if wished else []
    if tries:
        told.append((N_("Tries so far: %(n)s. The last was %(when)s."), tries[-1].at))
    return [_(text, n=len(tries), when=when_words(instant, at, lang)) for text, instant in told]


def _ahead(task: Task, at: int) -> list[tuple[str, int]]:
    """What happens before the task's time is over, each with its instant."""
    found = []
    reminders = sorted(i for i in task.remind if at < i < task.expires)
    if reminders and task.role != "system":
        found.append((N_("Next reminder %(when)s."), reminders[0]))
    if task.escalate is not None and at < task.escalate < task.expires:
        found.append((N_("A supervisor is told %(when)s."), task.escalate))
    return found


def blocked(state: Case) -> bool:
    """Whether it waits for somebody whom our letters do not reach."""
    held = state.pause is not None and state.pause.reason == "address_not_working"
    return held or (state.task is not None and bool(state.task.about.get("blocked")))


def _done(task: Task, entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """The newest reminder and the escalation of this task, as msgid and instant."""
    mine = [e for e in entries if e.payload.get("task") == task.number]
    said = []
    if reminded := [e.at for e in mine if e.event == REMINDED]:
        said.append((N_("Reminder sent %(when)s."), reminded[-1]))
    if escalated := [e.at for e in mine if e.event == ESCALATED]:
        said.append((N_("A supervisor was told %(when)s."), escalated[-1]))
    return said
