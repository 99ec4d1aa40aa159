"""What happened in an episode, read from its log: contact, agreement, plans, sessions, summary.

A pure fold over entries. It reads with tolerance: what an entry lacks is empty. A person's
answer is an entry ``<kind>_answered`` whose ``data`` has the verdict and what was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final

from chalicelib.calls.rule import Attempt, note_call
from chalicelib.calls.words import OUTCOMES
from chalicelib.domain.calendar import PACIFIC
from chalicelib.domain.plain.values import frozen
from chalicelib.referral import events
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.events import RESUMED, of_task

LEAST_SESSIONS: Final = 4
MOST_SESSIONS: Final = 12
REVIEW_AT: Final = 4
HANDED_OVER: Final = "handed_over"
PRIVATE, TEAM, SHARED = "private", "team", "shared"
"""Whom a consultant's note is for."""
"""An episode is 4 to 12 sessions, with a review at the fourth."""


def noon_of(day: date) -> int:
    """Noon of a Pacific day (UTC seconds), by which a page says the day."""
    return int(datetime.combine(day, time(12), PACIFIC).timestamp())


@frozen
class Session:
    """A session that was held or missed. ``day`` is ISO, Pacific; ``note`` is for those
    of ``note_for``; ``at`` is when it was recorded, UTC epoch seconds, ``by`` an actor, ``version`` the
    entry that records it."""

    number: int
    held: bool
    day: str
    minutes: int = 0
    mode: str = ""
    classroom: str = ""
    note: str = ""
    at: int = 0
    note_for: str = ""
    by: str = ""
    version: int = 0

    @property
    def moment(self) -> int:
        """Noon of its day, for showing the day as people say it; when it was recorded, else."""
        try:
            return noon_of(date.fromisoformat(self.day))
        except ValueError:
            return self.at


@frozen
class HandOver:
    """What a consultant who could not go on left for the next one."""

    at: int
    note: str


@frozen
class Note:
    """Words that a consultant or a specialist left: when, for those of ``note_for``, ``by`` an actor."""

    at: int
    text: str
    note_for: str = ""
    by: str = ""


@frozen
class More:
    """A wish for more sessions than twelve: how many in all, and why."""

    wanted: int
    reason: str


@frozen
class Goal:
    """One goal, and what they will do for it."""

    text: str
    doing: str


@frozen
class Plan:
    """One version of the action plan. ``agreed`` is the instant of the provider's yes;
    ``wish`` the changes that the provider asked for instead; ``start`` the first session,
    ``every`` the days between two; ``told_how`` says how staff heard it, who wrote it down."""

    version: int
    at: int
    goals: tuple[Goal, ...]
    planned: int = 0
    start: int | None = None
    minutes: int = 0
    mode: str = ""
    join: str = ""
    every: int = 0
    agreed: int | None = None
    wish: str = ""
    told_how: str = ""


@frozen
class Agreement:
    """The provider's signature under a version of the service agreement; ``told_how``, where staff
    wrote it down for them."""

    at: int
    name: str
    text: str
    told_how: str = ""


@frozen
class Review:
    """The look back at the fourth session; private to the consultant and the team."""

    at: int
    words: str


RHYTHMS: Final = {
    "7": N_("Every week"),
    "14": N_("Every two weeks"),
    "28": N_("Every four weeks"),
    "0": N_("We agree on each day as we go"),
}
"""Days between two sessions of a plan; 0 is no series."""

PROGRESS: Final = {"met": N_("Met"), "partly": N_("Partly met"), "not": N_("Not met")}
"""How far a goal of the plan came."""


@frozen
class Summary:
    """The consultant's closing summary. ``helped``, ``next_steps`` and ``progress`` are shared
    with the provider; ``note`` is not. ``progress`` has one of ``PROGRESS`` for each goal of the
    agreed plan. ``lighter`` is the tier that goes on,
    or empty."""

    at: int
    closure: str
    progress: tuple[str, ...] = ()
    helped: str = ""
    next_steps: str = ""
    note: str = ""
    lighter: str = ""


@dataclass(slots=True)
class Episode:
    """All that one referral's service came to. ``for_consultant``: what the specialist wrote for the
    consultant, oldest first; ``notes``: the consultant's own that belong to no session, and ``shared``
    all that the provider may read. ``more_declined``: why the supervisor said no to more. ``stipend``: an answered survey has earned it."""

    attempts: list[Attempt] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    for_consultant: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    shared: list[Note] = field(default_factory=list)
    more: More | None = None
    more_declined: str = ""
    questions: list[str] = field(default_factory=list)
    agreement: Agreement | None = None
    plans: list[Plan] = field(default_factory=list)
    silent: bool = False
    sessions: list[Session] = field(default_factory=list)
    review: Review | None = None
    end_reason: str = ""
    summary: Summary | None = None
    stipend: bool = False
    reopened: int | None = None

    @property
    def plan(self) -> Plan | None:
        """The newest version of the plan, agreed or not."""
        return self.plans[-1] if self.plans else None

    @property
    def agreed_plan(self) -> Plan | None:
        """The newest version that the provider agreed to."""
        return next((p for p in reversed(self.plans) if p.agreed is not None), None)

    @property
    def plan_stands(self) -> bool:
        """Whether the newest version is agreed (since it was reopened), so that nobody has to plan
        anew."""
        plan, since = self.plan, self.reopened or 0
        return plan is not None and plan.agreed is not None and plan.agreed > since

    def notes_for(self, consultant: str) -> dict[str, list[int] | list[Note]]:
        """What this consultant may read: the notes that belong to no session, and the numbers of the
        sessions whose note it is."""
        return {
            "notes": [one for one in self.notes if readable(one, consultant)],
            "readable": [one.number for one in self.sessions if readable(one, consultant)],
        }

    @property
    def held(self) -> list[Session]:
        """The sessions that took place, in the order in which they were recorded."""
        return [s for s in self.sessions if s.held]

    @property
    def missed(self) -> list[Session]:
        """The no-shows."""
        return [s for s in self.sessions if not s.held]

    @property
    def minutes(self) -> int:
        """Minutes of all sessions that took place."""
        return sum(s.minutes for s in self.held)


def readable(written: Session | Note, consultant: str) -> bool:
    """Whether this consultant may read a note of the episode: their own, or not private."""
    mine = written.by in ("consultant", f"consultant:{consultant}")
    return mine or written.note_for != PRIVATE


def episode(entries: Iterable[Entry]) -> Episode:
    """The episode that a log tells of. Never fails on content."""
    found = Episode()
    for entry in valid(entries):
        told, verdict = _TOLD.get(entry.event), str(entry.payload.get("verdict", ""))
        # Tries count since the provider last answered, in whatever task they were made.
        note_call(found.attempts, entry)
        if told is not None and verdict == HANDED_OVER:
            # Said in any task of the consultant's, in place of what was asked.
            found.hand_overs.append(HandOver(entry.at, str(entry.payload.get("note", ""))))
        elif told is not None:
            told(found, entry, verdict)
    return found


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) else 0


def _noted(found: Episode, entry: Entry) -> None:
    data = events.told_in(entry)
    own = data.get("note")
    text = own or (data.get("session") or {}).get("note")
    if not text:
        return
    note = Note(entry.at, str(text), str(data.get("note_for", "")), entry.actor)
    if own:
        found.notes.append(note)
    if note.note_for == SHARED:
        found.shared.append(note)


def _triage(found: Episode, entry: Entry, verdict: str) -> None:
    note = str(entry.payload.get("note") or "")
    if note and verdict not in OUTCOMES:  # a try's note is about the call
        found.for_consultant.append(Note(entry.at, note))


def _by_staff(found: Episode, entry: Entry, verdict: str) -> None:
    """A note that staff wrote for whom the verdict says."""
    note = Note(entry.at, str(entry.payload.get("note") or ""), verdict, entry.actor)
    if verdict in (TEAM, SHARED):
        found.for_consultant.append(note)
    if verdict == SHARED:
        found.shared.append(note)


def _written_only(found: Episode, entry: Entry, verdict: str) -> None:
    _noted(found, entry)


def _agreement(found: Episode, entry: Entry, verdict: str) -> None:
    if verdict == "agreed":
        data = events.told_in(entry)
        name, text = str(data.get("signed_name", "")), str(data.get("text", ""))
        how = str(data.get("told_how", ""))
        found.agreement = Agreement(entry.at, name, text, how)
    elif question := events.told_in(entry).get("question"):
        found.questions.append(str(question))


def plan_of(stored: events.PlanTold, version: int, at: int) -> Plan:
    """A plan as it was stored, in an entry's data or in the plan row."""
    goals = tuple(
        Goal(str(g.get("text", "")), str(g.get("doing", ""))) for g in stored.get("goals", [])
    )
    return Plan(
        version=version,
        at=at,
        goals=goals,
        planned=_number(stored.get("planned")),
        start=stored.get("start"),
        minutes=_number(stored.get("minutes")),
        mode=str(stored.get("mode", "")),
        join=str(stored.get("join", "")),
        every=_number(stored.get("every")),
    )


def _plan(found: Episode, entry: Entry, verdict: str) -> None:
    found.silent = False
    found.plans.append(
        plan_of(events.told_in(entry).get("plan", {}), len(found.plans) + 1, entry.at)
    )


def _plan_agreement(found: Episode, entry: Entry, verdict: str) -> None:
    if not found.plans:
        return
    agreed = entry.at if verdict == "agreed" else None
    data = events.told_in(entry)
    wish, how = str(data.get("wish", "")), str(data.get("told_how", ""))
    found.plans[-1] = replace(found.plans[-1], agreed=agreed, wish=wish, told_how=how)


def _plan_silence(found: Episode, entry: Entry, verdict: str) -> None:
    found.silent = True


def _service(found: Episode, entry: Entry, verdict: str) -> None:
    data = events.told_in(entry)
    _noted(found, entry)
    if more := data.get("more"):
        found.more = More(_number(more.get("wanted")), str(more.get("reason", "")))
    if session := data.get("session"):
        found.sessions.append(
            Session(
                number=len(found.sessions) + 1,
                held=bool(session.get("held", True)),
                day=str(session.get("day", "")),
                minutes=_number(session.get("minutes")),
                mode=str(session.get("mode", "")),
                classroom=str(session.get("classroom", "")),
                note=str(session.get("note", "")),
                at=entry.at,
                note_for=str(data.get("note_for", "")),
                by=entry.actor,
                version=entry.version,
            )
        )
    if review := data.get("review"):
        found.review = Review(entry.at, str(review.get("words", "")))
    if verdict in ("completed", "ended_early"):
        found.end_reason = str(data.get("end_reason", ""))


def _extension(found: Episode, entry: Entry, verdict: str) -> None:
    found.more_declined = str(entry.payload.get("note") or "") if verdict == "declined" else ""


def _summary(found: Episode, entry: Entry, verdict: str) -> None:
    data = events.told_in(entry)
    found.summary = Summary(
        at=entry.at,
        closure=str(data.get("closure", "")),
        progress=tuple(str(p) for p in data.get("progress", [])),
        helped=str(data.get("helped", "")),
        next_steps=str(data.get("next_steps", "")),
        note=str(data.get("note", "")),
        lighter=lighter
        if (lighter := str(data.get("lighter", ""))) in ("universal", "targeted")
        else "",
    )


def _survey(found: Episode, entry: Entry, verdict: str) -> None:
    found.stipend = found.stipend or bool(events.told_in(entry).get("stipend"))


def _reopened(found: Episode, entry: Entry, verdict: str) -> None:
    """A new stretch begins: what ended is over, what was done stays."""
    found.reopened = entry.at
    found.attempts.clear()
    found.summary = None
    found.end_reason = ""


def _reassigned(found: Episode, entry: Entry, verdict: str) -> None:
    if note := str(entry.payload.get("note", "")):
        found.hand_overs.append(HandOver(entry.at, note))


_TOLD: Final = {
    events.NOTE_WRITTEN: _by_staff,
    events.REASSIGNED: _reassigned,
    events.TAKEN_BACK: _reassigned,
    of_task("triage", "answered"): _triage,
    of_task("first_contact", "answered"): _written_only,
    events.PAUSED: _written_only,
    RESUMED: _written_only,
    of_task("agreement", "answered"): _agreement,
    of_task("plan", "answered"): _plan,
    of_task("plan_agreement", "answered"): _plan_agreement,
    of_task("plan_agreement", "expired"): _plan_silence,
    of_task("service", "answered"): _service,
    of_task("extension", "answered"): _extension,
    of_task("summary", "answered"): _summary,
    of_task("survey", "answered"): _survey,
    events.REOPENED: _reopened,
}
