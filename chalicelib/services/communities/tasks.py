"""What somebody who wants a seat is asked: to register, and whether they take a seat that is offered; and
the waits in which nobody is asked, in line and during the season."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from chalicelib.aws.now import now as this_moment
from chalicelib.aws.now import scaled
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import days_later
from chalicelib.domain.service_standards import Deadline, Deadlines, business_days
from chalicelib.services.communities import groups, line
from chalicelib.services.communities.ends import ended
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import Seat, SeatChanges, SeatPayload
from chalicelib.services.communities.season import completion
from chalicelib.services.communities.words import FULL, group_words
from chalicelib.web.forms import Form, Values, checkboxes, radios, several
from chalicelib.web.languages import N_
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords

REGISTER, LATER, NO = "register", "later", "no"
TAKE, NOT_THIS = "take", "not_this"
REGISTERED, SEATED, DECLINED, CLOSED = "registered", "seated", "declined", "closed"
# Offers in a row that nobody answers, after which the case rests.
SILENT: Final = 2
LOOK_DAYS, WAIT_DAYS = 30, 270


# -- registration ---------------------------------------------------------------------------------
def open_groups(state: Seat, at: int) -> list[Group]:
    """The groups that somebody can follow and may register for now, the next first."""
    opened = {one.id for one in groups.seasons() if one.is_open(at)}
    found = [
        one
        for one in groups.groups()
        if one.season in opened and one.joinable(at) and one.language in state.languages
    ]
    return sorted(found, key=lambda one: (one.last_day, one.name))


def registration_form(state: Seat) -> Form:
    """Which groups they can come to; or the line for the next season."""
    found = open_groups(state, this_moment())
    options = [(one.id, group_words(one), *([] if one.free else [FULL])) for one in found]
    register = (
        REGISTER,
        N_("Register me for a group"),
        N_("Choose every group that you could come to. If all are full, you wait in line."),
    )
    later = (
        LATER,
        N_("Keep a place in line for me for the next groups"),
        N_("Nothing to do until then. We will write to you when there is a seat for you."),
    )
    decision = radios(
        "decision",
        N_("Do you want to join a group?"),
        *([register] if found else []),
        later,
        (NO, N_("No, not now")),
    )
    which = checkboxes(
        "groups",
        N_("Which groups could you come to?"),
        *options,
        when=lambda values: values.get("decision") == REGISTER,
    )
    return Form(decision, which) if found else Form(decision)


def register(state: Seat, values: Values, now: int) -> Outcome:
    """In line since now; or not wanted."""
    if values["decision"] == NO:
        return ended(state, now, "withdrawn", "not_wanted")
    chosen = several(values, "groups") if values["decision"] == REGISTER else []
    changes = SeatChanges(groups=chosen or None, registered=now, status="waiting")
    return Outcome(REGISTERED, changes)


def registered_nothing(state: Seat, now: int) -> Outcome:
    """No answer: the case rests, and they can begin again at any time."""
    return ended(state, now, "withdrawn", "no_answer", "communities/rests")


def language_facts(state: Seat) -> list[Fact]:
    """In which languages they can take part."""
    return [(N_("Languages"), [vocabulary.label("language", one) for one in state.languages])]


REGISTRATION = Kind[Seat](
    name="registration",
    stage="seat",
    role="provider",
    deadline=Deadline("registration", business_days(10)),
    letter="communities/registration",
    status="informed",
    words=TaskWords(
        title=N_("Register for a Community of Support"),
        waiting=N_("Waiting for the provider to register for a group"),
        short=N_("to register for a group"),
        then=N_("If nobody answers, it rests %(when)s, and the provider can begin again later."),
        overdue=N_("The provider should register for a Community of Support, or say no."),
        asked=N_("The provider was asked to register for a group."),
        answered={
            REGISTERED: N_("The provider registered."),
            DECLINED: N_("The provider does not want to join now."),
        },
        expired=N_("The provider did not register."),
        provider_asked=N_("We asked you to register for a group."),
        provider_answered={
            REGISTERED: N_("You registered."),
            DECLINED: N_("You told us that you do not want to join now."),
        },
        said={
            REGISTERED: N_("Thank you. You are registered. We will write to you about your seat."),
            DECLINED: N_("Thank you for telling us. You can begin again at any time."),
        },
    ),
    policy=TaskPolicy(undo=True),
    page=TaskPage(form=registration_form, facts=language_facts),
    decide=register,
    expire=registered_nothing,
    outcomes=frozenset({REGISTERED, DECLINED, "expired"}),
    examples={REGISTERED: {"decision": LATER}, DECLINED: {"decision": NO}},
)


# -- in line --------------------------------------------------------------------------------------
def wait_limits(now: int) -> Deadlines:
    """A month, after which they are put in line again where they stand."""
    until = scaled(now, days_later(now, LOOK_DAYS))
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def waited(state: Seat, values: Values, now: int) -> Outcome:
    """Nobody answers a wait; an offer is a command of the line's own (``line.py``)."""
    return Outcome("expired", final=False, same_transaction=[line.leave(state)])


def waited_long(state: Seat, now: int) -> Outcome:
    """They wait on; or no seat came in three seasons, and they are told what else there is."""
    if now < scaled(state.registered, days_later(state.registered, WAIT_DAYS)):
        return Outcome("expired", final=False)
    return ended(state, now, "not_placed", "no_place", "communities/no_place")


WAIT = Kind[Seat](
    name=line.WAIT,
    stage="seat",
    role="system",
    words=TaskWords(
        title=N_("Wait in line for a seat"),
        waiting=N_("In line for a seat in a group"),
        short=N_("for a seat in a group"),
        then=N_("If no seat comes, we look again %(when)s."),
        asked=N_("All groups that fit are full. The provider waits in line."),
        answered={
            line.OFFER_MADE: N_("A seat became free and is held for the provider."),
            SEATED: N_("There was a free seat. The provider has it."),
        },
        expired=N_("No seat came yet."),
        provider_asked=N_("All groups that fit you are full. You are in line for a seat."),
    ),
    decide=waited,
    expire=waited_long,
    outcomes=frozenset({line.OFFER_MADE, SEATED, "expired"}),
)


# -- the offer of a free seat ------------------------------------------------------------------------
def offer_form(state: Seat) -> Form:
    """Take it; or not, and stay in line or not."""
    return Form(
        radios(
            "decision",
            N_("Do you want this seat?"),
            (TAKE, N_("Yes, I take it")),
            (
                NOT_THIS,
                N_("No, this group does not fit me"),
                N_("You keep your place in line for other groups."),
            ),
            (NO, N_("No, and take me out of the line")),
        )
    )


def offered_facts(state: Seat) -> list[Fact]:
    """Which group it is."""
    return [(N_("Group"), [group_words(groups.group(state.group))])]


def answer_offer(state: Seat, values: Values, now: int) -> Outcome:
    """The seat is theirs; or it goes to the next in line."""
    if values["decision"] == TAKE:
        return Outcome(
            SEATED,
            SeatChanges(status="seated", silent=None),
            SeatPayload(group=state.group),
            [SendLetter(letter="communities/seated", to="provider")],
            [groups.on_roster(state.group, state.reference, groups.SEATED, now)],
        )
    if values["decision"] == NO:
        return ended(state, now, "withdrawn", "not_wanted")
    return passed_on(state, DECLINED)


def passed_on(state: Seat, verdict: str, silent: int | None = None) -> Outcome:
    """The next is offered the seat; this place in line stays, for other groups."""
    changes = SeatChanges(
        status="waiting", group=None, refused=[*state.refused, state.group], silent=silent
    )
    returned = groups.return_place(state.group, state.reference)
    data = SeatPayload(group=state.group)
    return Outcome(verdict, changes, data, same_transaction=[returned], final=False)


def silent_on_offer(state: Seat, now: int) -> Outcome:
    """No answer in time: the next is offered the seat. Whoever is silent twice leaves the line."""
    if state.silent + 1 >= SILENT:
        return ended(state, now, "withdrawn", "no_answer", "communities/rests")
    return passed_on(state, "expired", state.silent + 1)


# The same for who hears of it in a call.
CALLED: Final = Deadline("seat_offer", business_days(1))
OFFER = Kind[Seat](
    name="seat_offer",
    stage="seat",
    role="provider",
    # A day of business time: no clock runs out while people sleep.
    deadline=Deadline("seat_offer", None),
    letter="communities/offer",
    words=TaskWords(
        title=N_("Say if you take a seat in a group"),
        waiting=N_("Waiting for the provider to say if they take the seat"),
        short=N_("to take the seat, or not"),
        then=N_("If nobody answers, the seat is offered to the next in line %(when)s."),
        overdue=N_("The provider did not say if they take the seat. It goes to the next in line."),
        asked=N_("The provider was asked if they take the seat."),
        answered={
            SEATED: N_("The provider took the seat."),
            DECLINED: N_("The provider did not take the seat. It goes to the next in line."),
        },
        expired=N_("No answer in time. The seat goes to the next in line."),
        provider_asked=N_("We offered you a seat in a group."),
        provider_answered={
            SEATED: N_("You took the seat."),
            DECLINED: N_("You did not take the seat."),
        },
        said={
            SEATED: N_("Wonderful. The seat is yours. We are sending you the details."),
            DECLINED: N_("Thank you for telling us. We are offering the seat to the next person."),
        },
    ),
    policy=TaskPolicy(undo=True),
    page=TaskPage(form=offer_form, facts=offered_facts),
    decide=answer_offer,
    expire=silent_on_offer,
    outcomes=frozenset({SEATED, DECLINED, CLOSED, "expired"}),
    examples={
        SEATED: {"decision": TAKE},
        DECLINED: {"decision": NOT_THIS},
    },
)


# -- the season -----------------------------------------------------------------------------------
def season_limits(group: Group, now: int) -> Deadlines:
    """Until the group's last meeting is over."""
    until = max(group.over, now + 60)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def season_over(state: Seat, *_: object) -> Outcome:
    """How many meetings they came to decides whether they completed it; where a meeting was added or moved
    behind the end that was planned, they go on."""
    now, group = this_moment(), groups.group(state.group)
    if group.over > now:
        return Outcome("longer", final=False)
    met, held = completion.tally(group.id, state.reference)
    done = completion.completed(met, group.needed, held)
    closure = "completed" if done else "attended_in_part"
    over = ended(state, now, "completed", closure, "communities/completed", "completed", met)
    return replace(over, changes=cast("SeatChanges", {**over.changes, "met": met}))


SEASON = Kind[Seat](
    name="season",
    stage="seat",
    role="system",
    words=TaskWords(
        title=N_("Meet with the group"),
        waiting=N_("In the season, with a seat in a group"),
        short=N_("for the end of the season"),
        then=N_("The season ends %(when)s, and the provider hears how many meetings count."),
        asked=N_("The provider has a seat in a group."),
        answered=N_("The season is over."),
        expired={"": N_("The season is over."), "longer": N_("The group goes on meeting.")},
        provider_asked=N_("You have a seat in a group."),
    ),
    decide=season_over,
    expire=season_over,
    outcomes=frozenset({"completed", CLOSED, "longer"}),
)
