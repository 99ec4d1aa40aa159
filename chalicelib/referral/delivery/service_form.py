"""What the consultant is asked after each session: one page, one press."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.domain import calendar
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF
from chalicelib.domain.vocabulary import CLOSURE_REASONS
from chalicelib.referral.delivery import extension, notes, series, session_actions
from chalicelib.referral.delivery.words import FOUR_TO_TWELVE, PRIVATE_NOTE, modes
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, REVIEW_AT, episode
from chalicelib.referral.sessions import join
from chalicelib.referral.sessions.deadlines import review_at
from chalicelib.web.forms import Field, Form, Option, Values, radios, select, textarea
from chalicelib.web.languages import N_, moment_words, translator
from chalicelib.web.request_context import reader
from chalicelib.workflow.storage import store

PLANNED, TODAY, OTHER, NO_SHOW = "planned", "today", "other", "no_show"
MOVE, END = "move", "end"
AS_PLANNED, ANOTHER, NOT_AGREED, LAST = "as_planned", "another", "not_agreed", "last"
CONTINUE, ADJUST = "continue", "adjust"
COURSES: Final = {
    CONTINUE: N_("As planned"),
    ADJUST: N_("With more or fewer sessions"),
}
SAME, SECOND = "same", "second"
DONE: Final = "done"
DONE_WORDS: Final = N_("The planned sessions are done")
NEXT_IS = N_("Another session, as planned: %(moment)s")

EARLY: Final = (
    "provider_withdrew",
    "unresponsive_after_3_attempts",
    "transferred_tier",
    "transferred_local_program",
    "site_closed",
    "out_of_scope_discovered",
    "safety_concern",
)
"""Why sessions end before they are done: closure reasons without those that goals decide."""

CLASSROOMS: Final = ("center", "other_license_exempt")


def is_held(values: Values) -> bool:
    """Whether a session took place."""
    return values.get("happened") in (PLANNED, TODAY, OTHER)


def goes_on(values: Values) -> bool:
    """Whether another session is planned in this entry."""
    return values.get("happened") == MOVE or values.get("next") == ANOTHER


def meets_online(values: Values, before: Sessions) -> bool:
    """Whether the next session has a day after this entry, and is online."""
    if way := values.get("next_mode"):  # asked where the next session gets a day
        return way == join.ONLINE
    return before.mode == join.ONLINE and (values.get("next") == AS_PLANNED or goes_on(values))


def ends(values: Values) -> bool:
    """Whether this entry ends the service."""
    return values.get("happened") == END or values.get("next") == LAST


def form(state: Referral) -> Form:
    """Held, missed or moved; what comes next; and at the fourth session or after 90 days the
    review."""
    sessions = state.sessions or Sessions()
    at_four = sessions.held + 1 == REVIEW_AT
    due_review = at_four or _review_is_late(state, sessions)

    more = extension.may_ask(state)
    as_planned = _as_it_was_planned(state, sessions)
    fields = [
        radios(
            "happened", N_("What do you want to record?"), *_happened(state, sessions, bool(more))
        ),
        Field(
            "day",
            "date",
            N_("If it was on another day: which day?"),
            when=lambda values: values.get("happened") == OTHER,
        ),
        *_same_day(sessions),
        Field(
            "minutes",
            "number",
            N_("If it took place: how many minutes?"),
            minimum=5,
            maximum=600,
            missing=N_("Type the minutes, from 5 to 600."),
            when=is_held,
            width="short",
            fold=as_planned,
        ),
        radios(
            "mode",
            N_("If it took place: how did you meet?"),
            *modes(state, held=True),
            when=is_held,
            fold=as_planned,
        ),
        Field(
            "classroom",
            "text",
            N_("If it took place: which classroom or group?"),
            hint=N_("The name of a room, never of a child."),
            required=False,
            max_length=80,
            when=lambda values: is_held(values) and state.setting in CLASSROOMS,
            guarded=True,
            readers=(STAFF, CONSULTANT),
            fold=as_planned,
        ),
        *notes.fields(unless=session_actions.hands_over),
    ]
    if state.setting not in CLASSROOMS:
        fields = [one for one in fields if one.name != "classroom"]
    if due_review:
        fields += _review_fields(sessions, at_four)
    wishes = extension.fields(state) if more else []
    return Form(
        *fields, *_next_fields(state, sessions, more), *wishes, *session_actions.fields(state)
    )


def known(state: Referral) -> Values:
    """How long a session is and how they meet, as the plan says: who changes nothing types nothing."""
    sessions = state.sessions or Sessions()
    return {"minutes": sessions.minutes or None, "mode": sessions.mode or None}


def _as_it_was_planned(state: Referral, sessions: Sessions) -> str:
    """What is folded away, in the reader's words: the length and the way that the plan names."""
    _ = translator(reader())
    way = dict(modes(state, held=True)).get(sessions.mode, "")
    if not (sessions.minutes and way):
        return ""
    said = N_("If it took place: %(n)s minutes, %(way)s, as planned. Open this to change it.")
    return _(said, n=sessions.minutes, way=_(way))


def _same_day(sessions: Sessions) -> list[Field]:
    """Which session it is, where one of that day was recorded before; drawn once it is asked."""
    if not sessions.last:
        return []
    return [
        radios(
            "same_day",
            N_("Is it the session that you recorded before?"),
            (SAME, N_("Yes: I want to correct what I recorded")),
            (SECOND, N_("No, it was another session on the same day")),
            required=False,
            aside=True,
        )
    ]


def _happened(state: Referral, sessions: Sessions, more: bool) -> tuple[Option, ...]:
    """What can be recorded now."""
    moves = N_("The planned session moves to another time")
    today = calendar.pacific_date(now())
    is_today = sessions.next is not None and calendar.pacific_date(sessions.next) == today
    as_planned = N_("The session took place today, as planned")
    happened: list[Option] = [
        (PLANNED, as_planned if is_today else N_("The session took place as planned")),
        *([] if is_today else [(TODAY, N_("A session took place today"))]),
        (OTHER, N_("A session took place on another day")),
        (NO_SHOW, N_("They missed the planned session")),
        (MOVE, moves if sessions.next else N_("We planned the next session")),
        (END, N_("There will be no more sessions")),
        *session_actions.options(state),
    ]
    if more:
        happened.append((extension.MORE, N_("Ask for more than twelve sessions")))
    if sessions.next is None:
        happened = [one for one in happened if one[0] not in (PLANNED, NO_SHOW)]
    return tuple(happened)


def _review_fields(sessions: Sessions, at_four: bool) -> list[Field]:
    """What is asked at the fourth session, or after 90 days."""
    return [
        textarea(
            "review",
            N_("Review after four sessions: what has changed so far?")
            if at_four
            else N_("Review after 90 days: what has changed so far?"),
            hint=PRIVATE_NOTE,
            missing=N_("Write the review: this is the fourth session.")
            if at_four
            else N_("Write the review: 90 days have passed."),
            rows=4,
            when=is_held,
            readers=(STAFF, CONSULTANT),
        ),
        radios(
            "course",
            N_("After the review: how do you go on?"),
            *COURSES.items(),
            when=is_held,
        ),
        Field(
            "planned",
            "number",
            N_("If more or fewer: how many sessions in all?"),
            minimum=LEAST_SESSIONS,
            maximum=extension.limit(sessions),
            missing=FOUR_TO_TWELVE,
            when=lambda values: is_held(values) and values.get("course") == ADJUST,
            width="short",
        ),
    ]


def _review_is_late(state: Referral, sessions: Sessions) -> bool:
    """Whether 90 days have passed without a review; the log is read only then."""
    task = state.task
    if task is None or sessions.held + 1 > REVIEW_AT or review_at(task.opened) > now():
        return False
    return episode(store.log(state)).review is None


def _next_fields(state: Referral, sessions: Sessions, more: bool) -> list[Field]:
    """What comes next: another session with day and time, or the end with its reason."""
    reasons = [(reason, CLOSURE_REASONS[reason]) for reason in EARLY]
    if sessions.held + 1 >= LEAST_SESSIONS:
        reasons.insert(0, (DONE, DONE_WORDS))
    coming = [
        *_as_planned(sessions),
        (ANOTHER, N_("Another session, on another day or at another time")),
        (NOT_AGREED, N_("Another session, but we have not agreed on the day yet")),
        (LAST, N_("That was the last session")),
    ]
    if more and sessions.held + 1 >= extension.limit(sessions):
        coming.append((extension.MORE, N_("That was the last one that is allowed: ask for more")))
    return [
        radios(
            "next",
            N_("What comes next?"),
            *coming,
            when=lambda values: is_held(values) or values.get("happened") == NO_SHOW,
        ),
        Field("next_day", "date", N_("If another session: on which day?"), when=goes_on),
        Field(
            "next_time",
            "time",
            N_("If another session: at what time? (Pacific time)"),
            when=goes_on,
        ),
        select(
            "next_mode",
            N_("If another session: how will you meet?"),
            *modes(state),
            hint=N_("Leave it open if it stays as it is."),
            required=False,
            when=goes_on,
        ),
        join.asked(
            N_("If you meet online: a new address to join"),
            N_("Leave it open if it stays as it is."),
            when=lambda values: meets_online(values, sessions),
            readers=(STAFF, CONSULTANT, PROVIDER),
        ),
        select(
            "end_reason",
            N_("If there are no more sessions: why?"),
            *reasons,
            missing=N_("Say why there are no more sessions."),
            when=ends,
        ),
    ]


def _as_planned(sessions: Sessions) -> list[Option]:
    """The next day of the series, said in the reader's language; nothing when there is none to come."""
    day = series.as_planned(sessions)
    if day is None or day <= now() or sessions.held >= sessions.planned:
        return []
    lang = reader()
    return [(AS_PLANNED, translator(lang)(NEXT_IS, moment=moment_words(day, lang)))]
