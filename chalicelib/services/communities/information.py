"""Before anybody registers they come to an Information Session: they choose one, and it is waited for."""

from __future__ import annotations

import contextlib
from typing import Final

from chalicelib.aws.now import now as this_moment
from chalicelib.aws.now import scaled
from chalicelib.directory import contacts
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.service_standards import Deadline, Deadlines, business_days
from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.sign_up import guest, sign_up
from chalicelib.services.communities import one_seat
from chalicelib.services.communities.ends import ended
from chalicelib.services.communities.model import PROVIDER, Seat, SeatChanges
from chalicelib.services.communities.room import SERVICE, sessions
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_, moment_words
from chalicelib.workflow import tasks
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskWords
from chalicelib.workflow.storage import store

CHOSEN, ATTENDED, MISSED, DECLINED = "chosen", "attended", "missed", "declined"
LATER, NO = "later", "no"
DAY, HOUR = 86400, 3600
# Days after the session for which attendance may still be recorded; days until we ask again.
RECORDED_WITHIN, AGAIN = 3, 7
NONE_PLANNED: Final = N_(
    "No Information Session is planned in your language right now. What shall we do?"
)
AGAIN_LATER: Final = N_("Please ask me again in a week")
GONE: Final = N_("This session is full or over. Please choose another one.")


def fitting(state: Seat) -> list[Meeting]:
    """The sessions ahead with a place, in a language that they can follow."""
    found = [one for one in sessions(this_moment()) if one.language in state.languages]
    return [one for one in found if not one.full]


def form(state: Seat) -> Form:
    """Which of the sessions that fit; where none is planned, whether we ask again."""
    found = fitting(state)
    return Form(
        radios(
            "decision",
            N_("Which Information Session can you come to?") if found else NONE_PLANNED,
            *((one.id, moment_words(one.at, state.language)) for one in found),
            (LATER, N_("None of these. Please ask me again in a week") if found else AGAIN_LATER),
            (NO, N_("I do not want to join a Community now")),
            gone=GONE,
        )
    )


def decide(state: Seat, values: Values, now: int) -> Outcome:
    """Signed up for a session; asked again later; or not wanted."""
    choice = str(values["decision"])
    if choice == NO:
        return ended(state, now, "withdrawn", "not_wanted")
    if choice != LATER:
        sign_up_for(state, choice, now)
    session = None if choice == LATER else choice
    return Outcome(CHOSEN, SeatChanges(session=session), final=False)


def sign_up_for(state: Seat, meeting: str, now: int) -> None:
    """Sign them up; the meeting's own letters tell them when and where. Raises Invalid."""
    contact, found = state.contact, rows.load(meeting)
    there = rows.guest(meeting, rows.key_for(meeting, contact.email)) if contact.email else None
    if there is not None and there.came:
        return  # they were there without signing up
    who = guest(
        found,
        now,
        PROVIDER,
        email=contact.email,
        key="" if contact.email else state.reference.replace("-", "").lower(),
        name="" if contact.email else contact.name,
        phone="" if contact.email else contact.phone,
        lang=state.language,
    )
    if sign_up(who, now) not in ("signed_up", "before"):
        raise Invalid({"decision": GONE})


def chosen_elsewhere(reference: str, meeting: str, command: str, at: int) -> None:
    """Somebody whose seat asks them for a session signed up for one on the public page: that answers it."""
    state = store.load(reference, Seat, consistent=True) if reference and meeting else None
    task = state.task if state is not None else None
    if state is None or task is None or task.kind != INFORMATION.name:
        return
    with contextlib.suppress(AlreadyDone, Invalid):
        tasks.answer(reference, task.number, {"decision": meeting}, PROVIDER, command, at, state)


def dropped_in(meeting: Meeting, who: SignUp, at: int) -> None:
    """Somebody came whose seat asks them which session fits them: this one did."""
    if who.email:
        command = f"came:{meeting.id}:{who.key}"
        chosen_elsewhere(one_seat.held(who.email), meeting.id, command, at)


def been_to_one(email: str) -> bool:
    """Whether the record of an address has an Information Session that they came to."""
    found = contacts.found(email=email) if email else []
    return any(one.service == SERVICE and one.given for one in found)


def silent(state: Seat, now: int) -> Outcome:
    """No answer: the case rests."""
    return ended(state, now, "withdrawn", "no_answer", "communities/rests")


def wait_limits(state: Seat, now: int) -> Deadlines:
    """Until the session is over; where attendance is not recorded yet, some hours more."""
    meeting = rows.find(state.session) if state.session else None
    if meeting is None:
        until = scaled(now, now + AGAIN * DAY)
    else:
        until = max(meeting.ends, scaled(now, now + 3 * HOUR) if now > meeting.ends else 0) + 60
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def came(state: Seat, *_: object) -> Outcome:
    """Whether they came, as far as it was recorded: to the one that they chose, or to another."""
    now = this_moment()
    meeting = rows.find(state.session) if state.session else None
    if meeting is not None:
        key = state.contact.email and rows.key_for(meeting.id, state.contact.email)
        who = rows.guest(meeting.id, key or state.reference.replace("-", "").lower())
        if who is not None and who.came:
            return Outcome(ATTENDED)
        waits = meeting.on and meeting.recorded is None
        if waits and now < scaled(meeting.ends, meeting.ends + RECORDED_WITHIN * DAY):
            return Outcome("expired", final=False)
    if been_to_one(state.contact.email):
        return Outcome(ATTENDED)
    return Outcome(MISSED, SeatChanges(session=None), final=False)


INFORMATION = Kind[Seat](
    name="information_session",
    stage="seat",
    role=PROVIDER,
    deadline=Deadline("registration", business_days(10)),
    letter="communities/information",
    words=TaskWords(
        title=N_("Choose an Information Session"),
        waiting=N_("Waiting for the provider to choose an Information Session"),
        short=N_("to choose an Information Session"),
        then=N_("If nobody answers, it rests %(when)s, and the provider can begin again later."),
        overdue=N_("The provider should choose an Information Session."),
        asked=N_("The provider was asked to choose an Information Session."),
        answered={
            "": N_("The provider chose an Information Session."),
            DECLINED: N_("The provider does not want to join now."),
        },
        expired=N_("The provider did not choose an Information Session."),
        provider_asked=N_("We asked you to choose an Information Session."),
        provider_answered={
            "": N_("You chose an Information Session."),
            DECLINED: N_("You told us that you do not want to join now."),
        },
        said={
            CHOSEN: N_("Thank you. We are sending you what you need for the session."),
            DECLINED: N_("Thank you for telling us. You can begin again at any time."),
        },
    ),
    page=TaskPage(form=form),
    decide=decide,
    expire=silent,
    outcomes=frozenset({CHOSEN, DECLINED, ATTENDED, "expired"}),
    examples={CHOSEN: {"decision": LATER}, DECLINED: {"decision": NO}},
)
WAIT = Kind[Seat](
    name="information_wait",
    stage="seat",
    role="system",
    words=TaskWords(
        title=N_("Wait for the Information Session"),
        waiting=N_("Waiting for the Information Session"),
        short=N_("for the Information Session"),
        then=N_("Whoever came is asked to register %(when)s."),
        asked=N_("The provider comes to an Information Session, or is asked again."),
        answered={
            ATTENDED: N_("The provider came to the Information Session."),
            MISSED: N_("The provider was at no Information Session yet, and is asked again."),
        },
        expired=N_("It was looked up who came to the Information Session."),
        provider_asked=N_("You come to an Information Session, or we ask you again."),
    ),
    decide=came,
    expire=lambda state, now: came(state),
    outcomes=frozenset({ATTENDED, MISSED, "expired"}),
)
