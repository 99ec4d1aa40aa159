"""Where a request stands, what comes next, who acts and by when: what the provider sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.alternatives import ALTERNATIVES, Alternative
from chalicelib.domain.statuses import SEVEN_WORDS, STATUSES, Status
from chalicelib.domain.vocabulary import PAUSED
from chalicelib.referral.aim import CHECK_IN, NO_AIM, NOT_RULED, aim
from chalicelib.referral.events import HANDED_OVER, STEPPED_DOWN, told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.papers.shelf import Paper, papers
from chalicelib.referral.pauses import for_leave
from chalicelib.referral.provider_calls import words as calls
from chalicelib.referral.records import PROGRESS, Episode, Note, Summary, episode
from chalicelib.referral.reopen import may_reopen
from chalicelib.referral.sessions import join
from chalicelib.referral.status.timeline import Line, lines
from chalicelib.referral.waits.told import Said, told
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage.indexes import CALL_AT

RECEIVED, CHECKING, MATCHING, CONSULTANT_FOUND, IN_PROGRESS, FINISHING, CLOSED = SEVEN_WORDS

WHO: Final[dict[str, str]] = {
    "provider": N_("You"),
    "specialist": N_("A Network specialist"),
    "consultant": N_("A consultant"),
    "coordinator": N_("A Network coordinator"),
    "system": N_("Nobody: this goes by itself"),
}
"""Role -> who acts, as the provider reads it."""

ON_CALL: Final = N_("The person on call at the Network")
PAUSED_NO_DATE: Final = N_("We cannot say yet. There is no date while your request is paused.")
LOOKING: Final = N_(
    "We are looking at your answers now. Soon you can see here by when we aim to call you."
)
NOBODY_FREE: Final = N_("We cannot say yet when a consultant will be free.")
"""What stands in place of a date."""

SUPPORT_STANDS: Final = N_(
    "Your support is there for you now. Our email says what it is and how to get it. You can always "
    "call the helpline, Monday to Friday, 8 to 5."
)
LIGHTER: Final[dict[str, str]] = {
    "universal": N_(
        "You can use the helpline and Open-Door sessions now, as often as you like. In about two "
        "weeks we will ask you if it helped."
    ),
    "targeted": N_(
        "The way into a Community of Support begins with an Information Session. Our email asks you "
        "which one fits. We ask you if it helped when you have met with your group for about two weeks."
    ),
}
"""Tier -> what the provider can do while the request stays open for the check-in."""
SAME_GOES_ON: Final = N_(
    "Another request of your program is the same, and goes on. Do you think that they are not the "
    "same? Call the helpline and give both numbers."
)
DONE: Final = N_("The work is done. You can send a new request at any time.")
# Where the work stands when a pause hides it: the stage tells.
_WORD_OF_STAGE: Final = {
    "eligibility": CHECKING,
    "tiers": CHECKING,
    "match": MATCHING,
    "delivery": CONSULTANT_FOUND,
    "closure": FINISHING,
}


@dataclass(frozen=True)
class Appointment:
    """The next planned session: UTC seconds, length in minutes, id of the way to meet, where to join; and
    when those after it are."""

    at: int
    minutes: int
    mode: str
    join: str = ""
    later: tuple[int, ...] = ()


@dataclass(frozen=True)
class Call:
    """The last try to reach the provider, or when they asked to be called: what is said of it (a msgid
    that names the day), its instant, and whether we try again by ourselves."""

    words: str
    at: int
    again: bool


@dataclass(frozen=True)
class Goal:
    """A goal of the agreed plan in the provider's language, what they do for it, how far it came."""

    text: str
    doing: str
    progress: str


@dataclass(frozen=True)
class View:
    """All that the status page shows. Texts are msgids; instants UTC seconds.

    ``steps``: (word, "done" | "now" | ""). ``asked``: what is asked of the provider, or empty.
    ``reopens``: whether they may go on with it. ``consultant``: the name, only when matched. ``paused``: whether the work
    is on hold, why (a msgid that may name the day ``paused_since``), and until when; ``may_go_on``:
    whether it is theirs to end. ``goals``:
    of the plan that the provider agreed to; ``helped`` and ``go_on`` are what the consultant wrote
    for them at the end; ``notes`` what they shared on the way, newest first. ``aim``: by when, a sentence
    that names the day of ``by`` if there is one; ``danger``: they told us that someone is in danger;
    ``papers``: what they can keep; ``wait``: how long the wait for a consultant usually is.
    """

    reference: str
    word: str
    steps: list[tuple[str, str]]
    next: str
    call: Call | None
    who: str
    by: int | None
    aim: str
    danger: bool
    late: bool
    reopens: bool
    paused: bool
    paused_why: str
    paused_since: int
    paused_until: int | None
    may_go_on: bool
    open: bool
    asked: str
    consultant: str
    appointment: Appointment | None
    goals: list[Goal]
    helped: str
    go_on: str
    notes: list[Note]
    alternatives: list[Alternative]
    papers: list[Paper]
    timeline: list[Line]
    wait: list[Said]


def view(state: Referral, entries: Sequence[Entry], at: int, name_of: Callable[[str], str]) -> View:
    """Everything for the page of one referral. ``name_of`` gives a consultant's name by id."""
    status = STATUSES.get(state.status) or STATUSES["submitted"]
    expected = aim(state, lambda: entries) or NO_AIM
    by = expected.at or None
    matched = _matched(state, entries)
    record = episode(entries)
    summary = record.summary if not state.open or state.stage == CHECK_IN else None
    left = summary or Summary(0, "")
    since, until = (state.pause.since, state.pause.until) if state.pause else (0, None)
    return View(
        reference=state.reference,
        word=status.word,
        steps=steps(state, status, entries),
        next=_next(state, status),
        call=_call(state, record),
        who=ON_CALL if expected.today else _who(state, status, matched),
        by=by,
        aim=expected.words or _no_date(state),
        danger=expected.today,
        late=by is not None and by < at,
        reopens=may_reopen(state, at),
        paused=status.word == PAUSED,
        paused_why=_paused_why(state),
        paused_since=since,
        paused_until=until,
        may_go_on=state.pause is not None and not for_leave(state),
        open=state.open,
        asked=_asked(state),
        consultant=name_of(matched) if matched else "",
        appointment=_appointment(state, at),
        goals=_goals(record, summary),
        helped=left.helped,
        go_on=left.next_steps,
        notes=record.shared[::-1],
        alternatives=_alternatives(state, entries),
        papers=papers(state, record),
        timeline=lines(entries, name_of),
        wait=told(state, entries, at),
    )


def _who(state: Referral, status: Status, matched: str) -> str:
    """Whose turn it is, as the provider reads it (a msgid)."""
    task = state.task if state.pause is None else None
    asked = task is not None and task.role != "system"
    role = task.role if task and asked else "system" if status.terminal else status.owner
    if matched and role == "consultant":
        return N_("Your consultant")
    return WHO.get(role, WHO["system"])


PAUSED_BY: Final[dict[str, str]] = {
    "provider": N_("You asked for the pause on %(date)s."),
    "consultant": N_("Your consultant asked for the pause on %(date)s."),
    "staff": N_("The Network asked for the pause on %(date)s."),
    "system": N_("Our letters do not reach you since %(date)s. Please give us another address."),
}
WAITS_FOR_LEAVE: Final = N_("Your consultant is away. You chose on %(date)s to wait for them.")


def _paused_why(state: Referral) -> str:
    if state.pause is None:
        return ""
    if for_leave(state):
        return WAITS_FOR_LEAVE
    return PAUSED_BY.get(state.pause.by.partition(":")[0], "")


def _next(state: Referral, status: Status) -> str:
    if state.open and state.stage == CHECK_IN:
        return LIGHTER.get(state.tier, SUPPORT_STANDS)
    if state.task is not None and (said := kind_of(state.task.kind).words.next):
        return said
    if state.closure == "transferred_tier":
        return SUPPORT_STANDS
    if state.closure == "duplicate":
        return SAME_GOES_ON
    if state.status == "closed" and (state.task is None or state.task.role == "system"):
        return DONE
    return status.next


def _call(state: Referral, record: Episode) -> Call | None:
    """How the newest call went, as long as the talk is still to come."""
    task = state.task if state.pause is None else None
    if task is None or calls.NOT_REACHED not in kind_of(task.kind).outcomes:
        return None
    if wished := task.about.get(CALL_AT):
        return Call(calls.SHOWN[calls.CALL_LATER], wished, again=False)
    if not record.attempts:
        return None
    last = record.attempts[-1]
    return Call(calls.SHOWN[last.outcome], last.at, again=True)


def _goals(record: Episode, summary: Summary | None) -> list[Goal]:
    if record.agreed_plan is None:
        return []
    progress = [*(summary.progress if summary else ()), *[""] * len(record.agreed_plan.goals)]
    return [
        Goal(goal.text, goal.doing, PROGRESS.get(how, ""))
        for goal, how in zip(record.agreed_plan.goals, progress, strict=False)
    ]


def _asked(state: Referral) -> str:
    """What is asked of the provider (a msgid), or empty."""
    own = state.task is not None and state.task.role == "provider" and not for_leave(state)
    return kind_of(state.task.kind).words.title if state.task and own else ""


def _no_date(state: Referral) -> str:
    """Why there is no date."""
    if state.pause is not None:
        return PAUSED_NO_DATE
    return LOOKING if state.task is None and state.status in NOT_RULED else NOBODY_FREE


def steps(state: Referral, status: Status, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """The seven words with what is done and where it stands now.

    A request that ended shows only the words that it came to.
    """
    if status.terminal:
        return [*((word, "done") for word in _reached(entries) if word != CLOSED), (CLOSED, "now")]
    word = status.word
    if word not in SEVEN_WORDS:
        word = _WORD_OF_STAGE.get(state.stage, RECEIVED)
    if state.stage == CHECK_IN:
        before = [one for one in _reached(entries) if one not in (word, FINISHING)]
        return [*((one, "done") for one in before), (word, "now"), (CLOSED, "")]
    now = SEVEN_WORDS.index(word)
    return [
        (one, "done" if number < now else "now" if number == now else "")
        for number, one in enumerate(SEVEN_WORDS)
    ]


def _reached(entries: Sequence[Entry]) -> list[str]:
    """The words that the request really came to, in order: a lighter support needs no match, its
    tier only passed by there."""
    names = [name for name in _statuses(entries) if name in STATUSES]
    lighter = any(e.event in (HANDED_OVER, STEPPED_DOWN) for e in entries)
    if lighter and not {"match_proposed", "waitlisted"} & set(names):
        names = [name for name in names if name != "tier_assigned"]
    reached = {STATUSES[name].word for name in names} | {RECEIVED}
    return [word for word in SEVEN_WORDS if word in reached]


def _statuses(entries: Sequence[Entry]) -> list[str]:
    return [str(e.changes["status"]) for e in entries if e.changes.get("status")]


def _matched(state: Referral, entries: Sequence[Entry]) -> str:
    """The id of the consultant who accepted or was assigned; empty before that."""
    looking = ("tier_assigned", "match_proposed", "waitlisted", "matched")
    newest = next((name for name in reversed(_statuses(entries)) if name in looking), "")
    return state.consultant if newest == "matched" else ""


def _appointment(state: Referral, at: int) -> Appointment | None:
    first, *later = sorted(one for one in state.appointments.values() if one >= at) or [0]
    if state.sessions is None or not first:
        return None
    where = join.address(state)
    return Appointment(first, state.sessions.minutes, state.sessions.mode, where, tuple(later))


def _alternatives(state: Referral, entries: Sequence[Entry]) -> list[Alternative]:
    """Where to turn when the request ended without our service. Never empty then."""
    if state.open or state.status in ("withdrawn", "followed_up", "follow_up_due"):
        return []
    if state.status == "closed" and state.closure != "transferred_tier":
        return []
    named = [key for e in entries for key in told_in(e).get("alternatives", [])]
    # The crisis line stands at the foot of every page.
    keys = [key for key in dict.fromkeys(named) if key in ALTERNATIVES and key != "crisis"]
    return [ALTERNATIVES[key] for key in keys or ("helpline", "open_door")]
