"""What a consultant is asked in a call-up: whether they help; and the wait of who came too late. What
follows for who has a place is in ``deployments``."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import emergencies
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.domain.service_standards import Deadline, Deadlines
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up_case import (
    DECLINED,
    DONE,
    FULL,
    OVER,
    PLACED,
    SILENT,
    CalledUp,
    CallUpChanges,
)
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.tasks import ending

LASTS: Final = N_("The emergency lasts longer, and so does this.")
YES, NO = "yes", "no"
ACCEPTED, REFUSED, GONE, AGAIN, ENDED = "accepted", "declined", "full", "free_again", "over"
LONGER: Final = "longer"


def ended(state: CalledUp, verdict: str, status: str, at: int, letter: str = "") -> Outcome:
    """The end that is itself the answer to the open task."""
    to = f"consultant:{state.consultant}"
    mails = [SendLetter(letter=letter, to=to, always=True)] if letter else []
    changes, effects, rows = ending(state, status=status, closure=status, at=at, mails=mails)
    return Outcome(verdict, changes, effects=effects, same_transaction=rows, reason=status)


def emergency_over(state: CalledUp, at: int) -> Outcome:
    """Whoever has a place is thanked; for the others nothing is left to do."""
    if state.status == PLACED:
        return ended(state, ENDED, DONE, at, "emergency/place_over")
    return ended(state, ENDED, OVER, at)


def last_day(state: CalledUp, at: int) -> Outcome:
    """The time of a place, or of a wait for one, is over: so is the emergency, unless it lasts longer now."""
    longer = emergencies.one_of(state.emergency).over > at
    return Outcome(LONGER, final=False) if longer else emergency_over(state, at)


def until_over(state: CalledUp, at: int) -> Deadlines:
    """As long as the emergency lasts."""
    until = max(emergencies.one_of(state.emergency).over, at + 60)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def facts(state: CalledUp) -> list[Fact]:
    """Which emergency it is, where, how one would work, and until when."""
    try:
        one = emergencies.one_of(state.emergency)
        sent = call_up.find(state.emergency, state.call_up)
    except NotFound:
        return []
    counties = [sent.county] if sent.county else one.counties
    found: list[Fact] = [
        (N_("Emergency"), [one.called]),
        (N_("Counties"), [vocabulary.label("county", county) for county in counties]),
        (N_("How you would work"), [call_up.WAYS.get(sent.way, sent.way)]),
    ]
    if sent.language:
        found.append((N_("Language"), [vocabulary.label("language", sent.language)]))
    return [*found, (N_("What you should know"), [sent.note])] if sent.note else found


# -- the question ----------------------------------------------------------------------------------
def ask_form(state: CalledUp) -> Form:
    """Yes or no."""
    return Form(
        radios(
            "decision",
            N_("Can you help?"),
            (YES, N_("Yes, I can help")),
            (NO, N_("No, not this time"), N_("You do not have to say why.")),
        )
    )


def decide(state: CalledUp, values: Values, at: int) -> Outcome:
    """A place is theirs if one is free. Where none is they wait for one, and are written to if one becomes
    free; the row refuses whoever comes at the same moment as the last."""
    if values["decision"] == NO:
        return ended(state, REFUSED, DECLINED, at)
    if not call_up.find(state.emergency, state.call_up).free:
        return too_late(state)
    taken = call_up.take(state.emergency, state.call_up, state.reference, at)
    return Outcome(ACCEPTED, CallUpChanges(status=PLACED), same_transaction=[taken])


def too_late(state: CalledUp) -> Outcome:
    """All places are taken: they are thanked, and wait for one that is given back."""
    thanks = SendLetter(letter="emergency/places_gone", to=f"consultant:{state.consultant}")
    return Outcome(GONE, CallUpChanges(status=FULL), effects=[thanks], final=False)


def silent(state: CalledUp, at: int) -> Outcome:
    """No answer in time."""
    return ended(state, "expired", SILENT, at)


ASK: Final = Kind[CalledUp](
    name="call_up",
    stage="call_up",
    role="consultant",
    deadline=Deadline("call_up", None),
    letter="emergency/call_up",
    words=TaskWords(
        title=N_("Say if you can help in an emergency"),
        waiting=N_("Waiting for the consultant to say if they can help in the emergency"),
        short=N_("to say if they can help in the emergency"),
        then=N_("If nobody answers, it ends %(when)s."),
        overdue=N_("A consultant should say if they can help in the emergency."),
        asked=N_("%(who)s was asked to help in the emergency."),
        answered={
            ACCEPTED: N_("The consultant said yes and has a place."),
            REFUSED: N_("The consultant cannot help this time."),
            GONE: N_("All places were taken. The consultant was thanked."),
            ENDED: N_("The emergency was over before an answer came."),
        },
        expired=N_("The consultant did not answer in time."),
        said={
            ACCEPTED: N_("Thank you! You have a place. We are sending you a letter about it."),
            REFUSED: N_("Thank you for telling us."),
            GONE: N_("Thank you! All places are taken. We write to you if one becomes free."),
            ENDED: N_("Thank you. The emergency is over."),
        },
        refused=N_(
            "Thank you for saying yes! All places are taken now. We write to you if one becomes free."
        ),
    ),
    page=TaskPage(form=ask_form, facts=facts),
    # An emergency waits for nobody's morning.
    policy=TaskPolicy(lane="stat"),
    decide=decide,
    expire=silent,
    outcomes=frozenset({ACCEPTED, REFUSED, GONE, ENDED, "expired"}),
    examples={ACCEPTED: {"decision": YES}, REFUSED: {"decision": NO}},
)


# -- the wait of who came too late -----------------------------------------------------------------
def waited(state: CalledUp, values: Values, at: int) -> Outcome:
    """Nobody answers a wait: the clock ends it (``call_up_round.py``)."""
    return emergency_over(state, at)


WAIT: Final = Kind[CalledUp](
    name="call_up_wait",
    stage="call_up",
    role="system",
    words=TaskWords(
        title=N_("Wait for a place in the call-up"),
        waiting=N_("All places are taken"),
        short=N_("for a place that is given back"),
        then=N_("It ends with the emergency, %(when)s."),
        meanwhile=N_("All places are taken. We write to you if one becomes free."),
        asked=N_("The consultant can still get a place that is given back."),
        answered={
            AGAIN: N_("A place was given back. The consultant is asked again."),
            ENDED: N_("The emergency is over."),
            LONGER: LASTS,
        },
        expired={"": N_("The emergency is over."), LONGER: LASTS},
    ),
    decide=waited,
    expire=last_day,
    outcomes=frozenset({AGAIN, ENDED, LONGER}),
)
