"""What a try does: an entry, a later clock, a letter; or the named end, once the rule is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Final, cast

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.entry_points import load
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Write
from chalicelib.calls.calling import Calling
from chalicelib.calls.form import (
    DAY,
    INTERPRETER,
    LANGUAGE,
    NOTE,
    SAFE,
    SAID,
    TIME,
    no_talk,
)
from chalicelib.calls.rule import Attempt, lacking
from chalicelib.calls.words import (
    CALL_LATER,
    LATER,
    TALKED,
    TRIES,
    UNRESPONSIVE,
    CallPayload,
)
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadlines, Span
from chalicelib.web.forms import Values, several, words
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import C, Case, Changes, Task
from chalicelib.workflow.kinds import Outcome, asked_at, kind_of
from chalicelib.workflow.storage import side_task_rows
from chalicelib.workflow.storage.indexes import CALL_AT
from chalicelib.workflow.storage.side_task_rows import SideTask

FARTHEST_DAYS: Final = 60
# A call that was wished for at a time is late when its day is over.
SAME_DAY: Final = Span("today")
STILL_TRYING = N_("Three tries over ten days, by two ways, come first. See what is missing above.")
PAST = N_("Choose a day and time that is still to come.")
TOO_FAR = N_("Choose a day within the next 60 days.")


def or_try(
    calling: Calling[C],
    decide: Callable[[C, Values, int], Outcome],
    end: Callable[[C, CallPayload, int], Outcome] | None = None,
) -> Callable[[C, Values, int], Outcome]:
    """The same decision where they talked; else the try, the wish for a later call, or ``end`` in place
    of the usual one."""
    ends = end or calling.ends

    @wraps(decide)
    def wrapped(state: C, values: Values, now: int) -> Outcome:
        chosen = words(values, TALKED)
        told = _told(state, values)
        if chosen == UNRESPONSIVE and ends is not None:
            return ends(state, told | {"tries": _given_up(calling, state, values, now)}, now)
        if chosen == LATER:
            return _call_later(calling, state, values, told, now)
        if chosen in TRIES:
            return _tried(calling, state, chosen, words(values, LANGUAGE), told, now)
        outcome = decide(state, values, now)
        payload = (CallPayload(talked=chosen) if chosen else CallPayload()) | told
        heard = _heard(state, several(values, SAID), now)
        return replace(
            outcome,
            payload=payload | cast("CallPayload", outcome.payload),
            same_transaction=[*outcome.same_transaction, *heard],
        )

    return wrapped


def _heard(state: Case, ids: list[str], now: int) -> list[Write]:
    """The rows of letters that were said in the same talk."""
    if not ids:
        return []
    rows: list[Write] = load("mail.phone.sayings:said")(state, ids, now)[0]
    return rows


def _told(state: Case, values: Values) -> CallPayload:
    """What any call may tell: whether an interpreter was on the line, and a note."""
    told = CallPayload()
    if values.get(INTERPRETER):
        told["interpreter"] = True
    note = next((text for name in (NOTE, SAFE, "note") if (text := words(values, name))), "")
    if note and no_talk(values):
        told["note"] = note
        if state.task is not None and state.task.role == "consultant":
            told["note_for"] = words(values, "note_for") or "private"
    return told


def _tried(
    calling: Calling[C], state: C, chosen: str, language: str, told: CallPayload, now: int
) -> Outcome:
    one = TRIES[chosen]
    told |= CallPayload(how=one.way)
    if voicemail := one.voicemail or language:
        told["voicemail"] = voicemail
    mails = calling.letters(state, one)
    tries = [*_tries(calling, state, now), Attempt(now, one.way, one.outcome)]
    limits = None if calling.presses_on else _next_try(state, tries, now)
    changes, also = _clock(state, now, limits)
    return Outcome(one.outcome, changes, told, mails, also, stays=True)


def _tries(calling: Calling[C], state: C, now: int) -> list[Attempt]:
    """The tries before ``now``: what is decided as a correction of one does not count that one."""
    return [one for one in calling.tries(state) if one.at < now]


def _next_try(state: Case, tries: list[Attempt], now: int) -> Deadlines | None:
    """The kind's own standard once more; where only days are missing, it is due when they are over."""
    limits = _standard(state, now)
    rest = lacking(tries, now)
    if limits is None or rest.tries or rest.way or rest.until is None:
        return limits
    return _moved(limits, max(0, rest.until - limits.due))


def _call_later(
    calling: Calling[C], state: C, values: Values, told: CallPayload, now: int
) -> Outcome:
    at = calendar.typed(words(values, DAY), words(values, TIME))
    if at <= now:
        raise Invalid({TIME: PAST})
    if at > now + FARTHEST_DAYS * 86400:
        raise Invalid({DAY: TOO_FAR})
    limits = None if calling.presses_on else _standard(state, now)
    if limits is not None:
        limits = at_their_time(limits, at, now)
    changes, also = _clock(state, now, limits, call_at=at)
    data = told | CallPayload(callback=at)
    return Outcome(CALL_LATER, changes, data, (), also, stays=True)


def at_their_time(limits: Deadlines, at: int, now: int) -> Deadlines:
    """The instants of a call that was promised for ``at``, in place of the standard's."""
    due, late = scaled(now, at), scaled(now, SAME_DAY.after(at))
    return Deadlines(due, (due,), late, max(late, limits.expires + due - limits.due))


def _standard(state: Case, now: int) -> Deadlines | None:
    """The instants of the kind as if it were asked now; None where each task brings its own, and
    while a hold stops them."""
    assert state.task is not None
    kind = kind_of(state.task.kind)
    held = state.pause is not None and state.main_task is None
    return None if kind.deadline is None or held else asked_at(kind, state.priority, now)


def _moved(limits: Deadlines, seconds: int) -> Deadlines:
    return Deadlines(
        limits.due + seconds,
        tuple(at + seconds for at in limits.remind),
        limits.escalate + seconds,
        limits.expires + seconds,
    )


def _clock(
    state: Case, now: int, limits: Deadlines | None, call_at: int | None = None
) -> tuple[Changes, list[Write]]:
    """The task with other instants; one beside is a row of its own."""
    task = state.task
    assert task is not None
    about = {name: value for name, value in task.about.items() if name != CALL_AT}
    changed: Item = {"about": about | ({CALL_AT: call_at} if call_at else {})}
    if limits is not None:
        changed |= {
            "due": limits.due,
            "remind": [at for at in limits.remind if at > now],
            "escalate": limits.escalate,
            "expires": limits.expires,
        }
    later: Task = task.model_copy(update=changed)
    if isinstance(later, SideTask):
        return {}, [side_task_rows.rewrite(state.reference, later)]
    return {"task": later}, []


def _given_up(calling: Calling[C], state: C, values: Values, now: int) -> int:
    """How many tries were made, if they are enough. Raises Invalid."""
    tries = _tries(calling, state, now)
    if not lacking(tries, now).nothing:
        raise Invalid({TALKED: STILL_TRYING})
    if calling.not_alone(state) and not values.get(SAFE):
        raise Invalid({SAFE: STILL_TRYING})
    return len(tries)
