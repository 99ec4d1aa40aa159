"""The sessions: each entry is one command, until the consultant says that it was the last.

The state row keeps counts and the next session; what each session was is in the log's entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.errors import Invalid
from chalicelib.referral import request_changes
from chalicelib.referral.delivery import (
    corrected,
    extension,
    notes,
    series,
    service_form,
    session_actions,
    session_times,
)
from chalicelib.referral.delivery.words import FEWER_THAN_HELD
from chalicelib.referral.events import SESSION_DECLINED, ReferralPayload, SessionTold, told_in
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, REVIEW_AT, episode
from chalicelib.referral.rows import plan_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.sessions import deadlines, join
from chalicelib.web.forms import Values, number, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.kinds import Example, Outcome
from chalicelib.workflow.pause import later, lifted
from chalicelib.workflow.storage import store

TO_COME = N_("The planned session is still to come. You can move it to another time.")
TWELVE = N_("Twelve sessions were held: this was the last one. More need the Network's approval.")
TOO_FEW = N_("Fewer than four sessions were held. Choose the reason why it ends early.")
SAME_TIME = N_("That is the time it has already.")
OUTCOMES: Final = (
    "held",
    "missed",
    "planned",
    "moved",
    "more_asked",
    "held_more",
    session_actions.PAUSE,
    session_actions.RESUME,
    "completed",
    "ended_early",
)


def example(state: Referral, now: int) -> Values:
    """A session was held as planned, and the next one is in a week; where none is planned, only that."""
    none = state.sessions is not None and state.sessions.next is None
    return {
        **({"happened": service_form.MOVE} if none else _HELD | {"next": service_form.ANOTHER}),
        "next_day": session_times.day_of(now + 7 * 86400),
        "next_time": "10:00",
    }


_HELD: Final[Values] = {"happened": "planned", "minutes": 60, "mode": "virtual"}
EXAMPLES: Final[Mapping[str, Example[Referral]]] = {
    "held": example,
    "completed": {
        **_HELD,
        "next": service_form.LAST,
        "end_reason": service_form.DONE,
        "review": "Mornings are calmer",
        "course": service_form.CONTINUE,
    },
}


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Held, missed or moved keep the task open; the last session or an early end answers it."""
    if (aside := session_actions.decide(state, values, now)) is not None:
        return aside
    before = state.sessions or Sessions()
    data = notes.told(values)
    note = words(values, "note")
    held, missed = before.held, before.missed
    happened = values["happened"]
    last = before.last
    if service_form.is_held(values):
        held += 1
        data["session"] = session = _held(state, values, before, now)
        last = session["day"]
    elif happened == service_form.NO_SHOW:
        missed += 1
        data["session"] = {"held": False, "day": _planned_day(before, now), "note": note}
    elif note:
        data["note"] = note
    changed = before.model_copy(update={"held": held, "missed": missed, "last": last})
    if values.get("review"):
        data["review"] = {"words": words(values, "review"), "course": words(values, "course")}
        changed = _adjusted(changed, values)
    if extension.asks(values):
        return extension.asked(state, values, changed, data, now)
    if service_form.ends(values):
        return _ended(state, values, changed, data, now)
    return _planned(state, values, before, changed, data, now)


def _held(state: Referral, values: Values, before: Sessions, now: int) -> SessionTold:
    if values["happened"] == service_form.PLANNED:
        day = _planned_day(before, now)
    elif values["happened"] == service_form.TODAY:
        day = session_times.day_of(now)
    else:
        day = str(values["day"])
        if problem := session_times.problem_behind(day, state.submitted, now):
            raise Invalid({"day": problem})
    corrected.same_session(before, day, values)
    minutes, mode = number(values, "minutes"), str(values["mode"])
    told: SessionTold = {"held": True, "day": day, "minutes": minutes, "mode": mode}
    if classroom := words(values, "classroom"):
        told["classroom"] = classroom
    if note := words(values, "note"):
        told["note"] = note
    return told


def _planned_day(before: Sessions, now: int) -> str:
    if before.next is None or session_times.still_to_come(before.next, now):
        raise Invalid({"happened": TO_COME})
    return session_times.day_of(before.next)


def _adjusted(sessions: Sessions, values: Values) -> Sessions:
    if values.get("course") != service_form.ADJUST:
        return sessions
    planned = number(values, "planned")
    if planned < sessions.held:
        raise Invalid({"planned": FEWER_THAN_HELD})
    return sessions.model_copy(update={"planned": planned})


def _ended(
    state: Referral,
    values: Values,
    sessions: Sessions,
    data: ReferralPayload,
    now: int,
) -> Outcome:
    """Completed when the planned sessions are done, and they are at least four."""
    reason = str(values["end_reason"])
    if reason == service_form.DONE and sessions.held < LEAST_SESSIONS:
        raise Invalid({"end_reason": TOO_FEW})
    changes, rows = extension.ended(state, now)
    return Outcome(
        "completed" if reason == service_form.DONE else "ended_early",
        changes=changes | ReferralChanges(status="closing", sessions=sessions.without_days()),
        payload=data | ReferralPayload(end_reason=reason),
        reason="" if reason == service_form.DONE else reason,
        same_transaction=rows,
    )


def _planned(
    state: Referral,
    values: Values,
    before: Sessions,
    sessions: Sessions,
    data: ReferralPayload,
    now: int,
) -> Outcome:
    """Another session: its evening asks for the note."""
    moved = values["happened"] == service_form.MOVE
    if values.get("next") == service_form.NOT_AGREED and not moved:
        return _without_a_day(state, values, sessions, data, now)
    start, mode = _next_start(values, before, sessions, now)
    after = series.planned(before, sessions, start, mode, done=not moved)
    rows = []
    if given := words(values, join.NAME):
        data[join.NAME] = given
        after = after.model_copy(update={"join": join.counted(state, values)})
        rows = plan_rows.joined(state.reference, given)
    # An entry ends a pause, and the time that it lasted does not count.
    lasted = now - state.pause.since if state.pause else 0
    if moved and before.next:
        data["moved_from"] = before.next
    changes = lifted(state, now) | ReferralChanges(sessions=after)
    if state.task is not None:
        task = later(state.task, lasted)
        review = deadlines.review_at(task.opened)
        late = review if sessions.held < REVIEW_AT and "review" not in data else None
        limits = deadlines.waits(now, start, after.minutes, task.expires, late)
        # Only a session that was held ends the quiet days: one that is missed or moved does not
        # put the supervisor's alert off, nor raise it a second time.
        escalate = limits.escalate if service_form.is_held(values) else task.escalate
        instants = {"due": limits.due, "remind": list(limits.remind), "escalate": escalate}
        changes["task"] = task.model_copy(update=instants)
    verdict = _verdict(values, before)
    told = data | ReferralPayload(next=start)
    return Outcome(verdict, changes, told, stays=True, same_transaction=rows)


def _without_a_day(
    state: Referral, values: Values, sessions: Sessions, data: ReferralPayload, now: int
) -> Outcome:
    """Another session that has no day yet: they are asked for it soon, and again each week."""
    if sessions.held >= extension.limit(sessions):
        raise Invalid({"next": TWELVE})
    changes = lifted(state, now) | ReferralChanges(sessions=sessions.without_days())
    if state.task is not None:
        changes["task"] = deadlines.nothing_planned(state.task, now)
    held = service_form.is_held(values)
    return Outcome("held" if held else "missed", changes, data, stays=True)


def _verdict(values: Values, before: Sessions) -> str:
    """What became of the session that was planned."""
    if values["happened"] == service_form.MOVE:
        return "planned" if before.next is None else "moved"
    return "held" if service_form.is_held(values) else "missed"


def _next_start(values: Values, before: Sessions, sessions: Sessions, now: int) -> tuple[int, str]:
    """When and how the next session is. Raises Invalid."""
    moved = values["happened"] == service_form.MOVE
    if sessions.held >= extension.limit(sessions):
        raise Invalid({"happened" if moved else "next": TWELVE})
    if values.get("next") == service_form.AS_PLANNED and not moved:
        planned = series.as_planned(before)
        if planned is None or planned <= now:
            raise Invalid({"next": session_times.PAST})
        return planned, sessions.mode
    start = session_times.instant(str(values["next_day"]), str(values["next_time"]))
    if problem := session_times.problem_ahead(start, now):
        raise Invalid({"next_day": problem})
    mode = str(values.get("next_mode") or sessions.mode)
    if moved and (start, mode) == (before.next, before.mode) and not values.get(join.NAME):
        raise Invalid({"next_day": SAME_TIME})
    return start, mode


def _declined(log: Sequence[Entry], sessions: Sessions) -> list[ReferralPayload]:
    """The sessions that the provider cannot make: the next one until a new time or a session is written
    down, a later one until its turn comes."""
    told = [(e, told_in(e)) for e in valid(log) if {"session", "next", "moved_from"} & {*e.payload}]
    off = [
        one for e, one in told if e.event == SESSION_DECLINED and one["moved_from"] in sessions.off
    ]
    rest = [(e, one) for e, one in told if one not in off]
    newest = [one for e, one in rest[-1:] if e.event == SESSION_DECLINED]
    return newest + sorted(off, key=lambda one: one["moved_from"])


def details(state: Referral) -> TemplateValues:
    """The plan, the sessions so far, the next one, and how to reach the provider."""
    log = store.log(state)
    record = episode(log)
    return {
        "request": request_of(state),
        "contact": state.contact,
        "from_specialist": record.for_consultant,
        "interpreter": state.with_interpreter,
        "changed": request_changes.told(log),
        "episode": record,
        **record.notes_for(state.consultant),
        "correctable": corrected.newest(state, log),
        "declined": _declined(log, state.sessions or Sessions()),
        "join": join.address(state),
        "readers": notes.readers(state),
        "sessions": state.sessions or Sessions(),
    }
