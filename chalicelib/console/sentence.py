"""Who we wait for, since when, what was done about it, and what happens next and when (M3).

One table says for each kind of task who is waited for and where the machine goes when its time is
over; the instants come from the task itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kit.holds import for_leave
from chalicelib.kit.now import scaled
from chalicelib.kit.words import MONTHS, N_, WEEKDAYS, time_words, translator
from chalicelib.referral.calendar import local, pacific_date
from chalicelib.referral.model import Entry, Hold, Referral, Task
from chalicelib.referral.words import CLOSURE_REASONS, STAGES, STATUS_REASONS, STATUSES

DAY = 86400


@dataclass(frozen=True)
class Wait:
    """msgids: the wait in full, the same in a list's column, and what happens when time is over."""

    waiting: str
    short: str
    then: str


_TO_REPAIR = N_("If nothing is decided, the coordinator is asked to look into it %(when)s.")
_ASKED_AGAIN = N_("If nobody answers, the same is asked again %(when)s.")

WAITS: dict[str, Wait] = {
    "eligibility_confirmation": Wait(
        N_("Waiting for the specialist to confirm that the request does not fit"),
        N_("to confirm the eligibility decision"),
        _TO_REPAIR,
    ),
    "information": Wait(
        N_("Waiting for the provider to answer our questions"),
        N_("to answer our questions"),
        N_("If nobody answers, a specialist decides without it %(when)s."),
    ),
    "triage": Wait(
        N_("Waiting for the specialist to talk with the provider and decide on the tier"),
        N_("to talk with the provider and decide on the tier"),
        _TO_REPAIR,
    ),
    "eligibility_review": Wait(
        N_("Waiting for a second person to agree that the request goes on"),
        N_("to agree that the request goes on"),
        _TO_REPAIR,
    ),
    "tier_review": Wait(
        N_("Waiting for a second person to agree with a changed decision"),
        N_("to agree with a changed decision"),
        _TO_REPAIR,
    ),
    "offer": Wait(
        N_("Waiting for the consultant to accept"),
        N_("to accept the offer"),
        N_("Moves to the next consultant %(when)s."),
    ),
    "coordinator": Wait(
        N_("Waiting for the coordinator to find a consultant"),
        N_("to find a consultant"),
        _ASKED_AGAIN,
    ),
    "waitlist": Wait(
        N_("Waiting in line for a free consultant"),
        N_("for a free consultant"),
        N_("If nobody becomes free, somebody is asked what to do %(when)s."),
    ),
    "language_choice": Wait(
        N_(
            "Waiting for the provider to choose what to do without somebody who speaks the language"
        ),
        N_("to choose how to go on without the language"),
        N_("If nobody answers, the coordinator is asked %(when)s."),
    ),
    "first_contact": Wait(
        N_("Waiting for the consultant to reach the provider for the first time"),
        N_("to make the first contact"),
        _ASKED_AGAIN,
    ),
    "agreement": Wait(
        N_("Waiting for the provider to agree to the service agreement"),
        N_("to agree to the service agreement"),
        _ASKED_AGAIN,
    ),
    "plan": Wait(
        N_("Waiting for the consultant to write the action plan"),
        N_("to write the action plan"),
        _ASKED_AGAIN,
    ),
    "plan_agreement": Wait(
        N_("Waiting for the provider to agree to the action plan"),
        N_("to agree to the action plan"),
        N_("If nobody answers, the consultant is asked to look at the plan again %(when)s."),
    ),
    "service": Wait(
        N_("Waiting for the consultant to hold and record the sessions"),
        N_("to hold the sessions"),
        N_("If the sessions are not complete, the consultant is asked again %(when)s."),
    ),
    "safety": Wait(
        N_("Waiting for the on-call lead to say what was done about a safety concern"),
        N_("to look at a safety concern"),
        _ASKED_AGAIN,
    ),
    "extension": Wait(
        N_("Waiting for the supervisor to decide on more sessions"),
        N_("to decide on more sessions"),
        _ASKED_AGAIN,
    ),
    "summary": Wait(
        N_("Waiting for the consultant to write the closing summary"),
        N_("to write the closing summary"),
        _ASKED_AGAIN,
    ),
    "survey": Wait(
        N_("Waiting for the provider to answer the survey"),
        N_("to answer the survey"),
        N_("If nobody answers, the survey ends %(when)s and the follow-up goes on."),
    ),
    "follow_up_rest": Wait(
        N_("Resting until the follow-up at 30 days"),
        N_("until the follow-up at 30 days"),
        N_("The provider is asked how things are %(when)s."),
    ),
    "follow_up": Wait(
        N_("Waiting for the provider to say how things are after 30 days"),
        N_("to say how things are after 30 days"),
        N_("If nobody answers, it rests again from %(when)s."),
    ),
    "check_in_rest": Wait(
        N_("Resting until the day of the check-in"),
        N_("until the day of the check-in"),
        N_("The provider is asked whether it helped %(when)s."),
    ),
    "check_in": Wait(
        N_("Waiting for the provider to say whether it helped"),
        N_("to say whether it helped"),
        N_("If nobody answers, the check-in ends %(when)s."),
    ),
    "call_back": Wait(
        N_("Waiting for the specialist to call a provider who found no help"),
        N_("to call a provider who found no help"),
        N_("If nobody calls, the check-in ends %(when)s."),
    ),
    "late_follow_up_rest": Wait(
        N_("Resting until the follow-up at 180 days"),
        N_("until the follow-up at 180 days"),
        N_("The provider is asked how things are %(when)s."),
    ),
    "late_follow_up": Wait(
        N_("Waiting for the provider to say how things are after 180 days"),
        N_("to say how things are after 180 days"),
        N_("If nobody answers, the follow-up ends %(when)s."),
    ),
    "stipend": Wait(
        N_("Waiting for the coordinator to send the stipend"),
        N_("to send the stipend"),
        _ASKED_AGAIN,
    ),
    "repair": Wait(
        N_("The process has stopped. Waiting for the coordinator to look into it"),
        N_("to look into a process that has stopped"),
        _ASKED_AGAIN,
    ),
    "fix_contact": Wait(
        N_("Waiting for an email address of the provider that works"),
        N_("to find an address that works"),
        _ASKED_AGAIN,
    ),
    "fix_person": Wait(
        N_("Waiting for an email address of a consultant or a colleague that works"),
        N_("to find an address that works"),
        _ASKED_AGAIN,
    ),
    "attention": Wait(
        N_("Something does not work by itself. Waiting for the coordinator to look at it"),
        N_("to look at something that does not work by itself"),
        _ASKED_AGAIN,
    ),
}
OTHER = Wait(N_("Waiting for an answer"), N_("to answer"), N_("Its time is over %(when)s."))


@dataclass(frozen=True)
class Sentence:
    """The sentence (one to four short ones) and a mark: waiting, on-time, due-soon, late, done,
    attention, blocked, paused."""

    text: str
    mark: str


MARKS = {
    "blocked": N_("Blocked by contact"),
    "paused": N_("Paused"),
    "waiting": N_("In progress"),
    "on-time": N_("On time"),
    "due-soon": N_("Due soon"),
    "late": N_("Late"),
    "done": N_("Done"),
    "attention": N_("Needs attention"),
}


def mark_of(since: int, due: int, at: int) -> str:
    """``late`` after the due instant, ``due-soon`` on the last day (or half) before it."""
    if at >= due:
        return "late"
    soon = min(scaled(0, DAY), (due - since) // 2)
    return "due-soon" if due - at <= soon else "on-time"


def joined(parts: Sequence[str]) -> str:
    """Sentences one after the other; in Spanish a time may end with the full stop already."""
    return " ".join(part.replace("..", ".") for part in parts)


def when_words(instant: int, at: int, lang: str) -> str:
    """An instant as people say it at ``at``: "today at 9:00 AM", "Wednesday at 5:00 PM"."""
    _ = translator(lang)
    time, day = time_words(instant, lang), local(instant)
    away = (pacific_date(instant) - pacific_date(at)).days
    if -1 <= away <= 1:
        near = (N_("yesterday at %(time)s"), N_("today at %(time)s"), N_("tomorrow at %(time)s"))
        return _(near[away + 1], time=time)
    weekday = _(WEEKDAYS[day.weekday()])
    if abs(away) < 7:
        return _(N_("%(weekday)s at %(time)s"), weekday=weekday, time=time)
    values = {"weekday": weekday, "month": _(MONTHS[day.month - 1]), "day": day.day, "time": time}
    if day.year != pacific_date(at).year:
        text = N_("%(weekday)s, %(month)s %(day)s, %(year)s at %(time)s")
        return _(text, **values, year=day.year)
    return _(N_("%(weekday)s, %(month)s %(day)s at %(time)s"), **values)


def long_words(seconds: int, lang: str) -> str:
    """A length of time in its greatest unit: "40 s", "12 min", "5 h", "2 d"."""
    _ = translator(lang)
    if seconds < 60:
        return _(N_("%(n)s s"), n=max(0, seconds))
    if seconds < 3600:
        return _(N_("%(n)s min"), n=seconds // 60)
    if seconds < 2 * DAY:
        return _(N_("%(n)s h"), n=seconds // 3600)
    return _(N_("%(n)s d"), n=seconds // DAY)


def sentence(state: Referral, entries: Sequence[Entry], at: int, lang: str) -> Sentence:
    """What a referral waits for, said at ``at`` (UTC seconds). ``entries`` are its log."""
    if state.hold is not None and not (blocked(state) and state.task):
        return _paused(state, state.hold, at, lang)
    if state.task is not None:
        return _of_task(state, state.task, entries, at, lang)
    _ = translator(lang)
    if not state.open:
        return closed(state, at, lang)
    last = entries[-1].at if entries else state.submitted
    stage = _(STAGES.get(state.stage, state.stage))
    parts = [
        _(
            N_("The system is working on the stage “%(stage)s” since %(since)s (%(long)s)."),
            stage=stage,
            since=when_words(last, at, lang),
            long=long_words(at - last, lang),
        ),
        _(N_("Nobody has to do anything. If its run is lost, the clock starts it again.")),
    ]
    return Sentence(joined(parts), "waiting")


PAUSED_BY: dict[str, str] = {
    "provider": N_("Paused by the provider since %(since)s (%(long)s), until %(until)s."),
    "consultant": N_("Paused by the consultant since %(since)s (%(long)s), until %(until)s."),
    "staff": N_("Paused by the Network since %(since)s (%(long)s), until %(until)s."),
}
_FOR_LEAVE = N_(
    "The provider waits for the consultant, who is away, since %(since)s (%(long)s), until %(until)s."
)


def _paused(state: Referral, hold: Hold, at: int, lang: str) -> Sentence:
    """Who paused it, why, since when and until when; nobody is late meanwhile."""
    _ = translator(lang)
    why = STATUS_REASONS.get(state.status, {}).get(hold.reason, "")
    by = PAUSED_BY.get(hold.by.partition(":")[0], PAUSED_BY["staff"])
    text = _FOR_LEAVE if for_leave(state) else by
    said = _(
        text,
        since=when_words(hold.since, at, lang),
        long=long_words(at - hold.since, lang),
        until=when_words(hold.until, at, lang),
    )
    parts = [said, *([f"{_(why)}."] if why else [])]
    parts.append(_(N_("Nobody is reminded meanwhile. Then it goes on by itself.")))
    return Sentence(joined(parts), "paused")


def _sessions(state: Referral, at: int, lang: str) -> list[str]:
    """During the service: how many sessions were held, and when the next one is."""
    sessions = state.sessions
    if state.task is None or state.task.kind != "service" or sessions is None:
        return []
    _ = translator(lang)
    counted = N_("Sessions held: %(held)s of %(planned)s.")
    parts = [_(counted, held=sessions.held, planned=sessions.planned)]
    if sessions.next:
        when = when_words(sessions.next, at, lang)
        parts.append(_(N_("The next session is %(when)s."), when=when))
    return parts


def closed(state: Referral, at: int, lang: str) -> Sentence:
    """How a referral ended, and when."""
    _ = translator(lang)
    status = STATUSES.get(state.status)
    why = _(CLOSURE_REASONS.get(state.closure, "")) or _(status.label if status else state.status)
    when = when_words(state.closed or at, at, lang)
    text = _(N_("Closed %(when)s: %(why)s. Nobody is waited for."), when=when, why=why)
    return Sentence(joined([text]), "done")


def _of_task(state: Referral, task: Task, entries: Sequence[Entry], at: int, lang: str) -> Sentence:
    _ = translator(lang)
    wait = WAITS.get(task.kind, OTHER)

    def when(instant: int) -> str:
        return when_words(instant, at, lang)

    parts = [
        _(
            N_("%(waiting)s since %(since)s (%(long)s)."),
            waiting=_(wait.waiting),
            since=when(task.opened),
            long=long_words(at - task.opened, lang),
        ),
        *_sessions(state, at, lang),
    ]
    if task.kind == "information":
        since = N_("With the provider since %(since)s: this time is not counted.")
        parts.append(_(since, since=when(task.opened)))
    mark = mark_of(task.opened, task.due, at)
    if blocked(state):
        still = N_("Blocked by contact: our letters come back. The clock stands still meanwhile.")
        running = N_("Blocked by contact: our letters come back. The time is given back later.")
        return Sentence(joined([*parts, _(still if state.hold else running)]), "blocked")
    if task.role == "system":
        mark = "waiting"
    elif mark == "late":
        parts.append(_(N_("It was due %(when)s."), when=when(task.due)))
    parts += [_(text, when=when(instant)) for text, instant in _done(task, entries)]
    ahead = sorted(i for i in task.remind if at < i < task.expires)
    if ahead and task.role != "system":
        parts.append(_(N_("Next reminder %(when)s."), when=when(ahead[0])))
    if task.escalate is not None and at < task.escalate < task.expires:
        parts.append(_(N_("A supervisor is told %(when)s."), when=when(task.escalate)))
    parts.append(_(wait.then, when=when(task.expires)))
    return Sentence(joined(parts), "attention" if task.kind == "repair" else mark)


def blocked(state: Referral) -> bool:
    """Whether it waits for somebody whom our letters do not reach (L3)."""
    held = state.hold is not None and state.hold.reason == "address_not_working"
    return held or (state.task is not None and bool(state.task.about.get("blocked")))


def _done(task: Task, entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """The newest reminder and the escalation of this task, as msgid and instant."""
    mine = [e for e in entries if e.data.get("task") == task.n]
    said = []
    if reminded := [e.at for e in mine if e.type == "reminded"]:
        said.append((N_("Reminder sent %(when)s."), reminded[-1]))
    if escalated := [e.at for e in mine if e.type == "escalated"]:
        said.append((N_("A supervisor was told %(when)s."), escalated[-1]))
    return said
