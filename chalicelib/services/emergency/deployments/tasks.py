"""The place of somebody in an emergency, as a task that they answer again and again: until they give it
back, or the emergency is over and their last shifts are recorded."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.directory import emergencies
from chalicelib.domain import calendar
from chalicelib.domain.service_standards import Deadline, Deadlines
from chalicelib.services.emergency import call_up_tasks as call_up
from chalicelib.services.emergency.call_up_case import (
    DONE,
    REPORTING,
    RETURNED,
    CalledUp,
    CallUpChanges,
)
from chalicelib.services.emergency.deployments import form, record, shifts
from chalicelib.services.emergency.deployments.words import WAYS
from chalicelib.web.forms import Values
from chalicelib.web.languages import N_, translator
from chalicelib.web.request_context import reader
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import (
    OPEN_UNTIL,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)

LAST, FINISHED = "last_shifts", "finished"


def facts(state: CalledUp) -> list[Fact]:
    """The emergency, and the shifts that are planned."""
    found = call_up.facts(state)
    if not state.shifts:
        return found
    lang = reader()
    planned = [_line(one, lang) for one in state.shifts]
    return [*found, (N_("Your planned shifts"), planned)]


def _line(shift: shifts.Shift, lang: str) -> str:
    where = shift["place"] or translator(lang)(WAYS.get(shift["way"], ""))
    return f"{shifts.said(shift['start'], shift['end'], lang)} ({where})"


def limits(state: CalledUp, at: int) -> Deadlines:
    """As long as the emergency lasts, and then some days; each shift is asked for on its evening."""
    last = calendar.days_later(at, shifts.LAST_DAYS)
    if state.status == REPORTING:
        return Deadlines(
            due=scaled(at, last),
            remind=tuple(scaled(at, calendar.days_later(at, days)) for days in (2, 5)),
            escalate=scaled(at, last),
            expires=scaled(at, last),
        )
    return shifts.waits(state.shifts, at, call_up.until_over(state, at).expires)


def decide(state: CalledUp, values: Values, at: int) -> Outcome:
    """The place is given back, or all is recorded; else one entry of many."""
    if values["decision"] == form.GIVE_BACK:
        return call_up.ended(state, "returned", RETURNED, at)
    if values["decision"] == form.FINISH:
        return call_up.ended(state, FINISHED, DONE, at)
    return record.decide(state, values, at)


def over(state: CalledUp, at: int) -> Outcome:
    """The emergency is over, unless it lasts longer now. Who had shifts is asked for what is not recorded yet,
    once; then it ends."""
    if state.status == REPORTING:
        return call_up.ended(state, call_up.ENDED, DONE, at)
    if emergencies.one_of(state.emergency).over > at:
        return Outcome(call_up.LONGER, final=False)
    task, had = state.task, state.begun(at)
    if task is None or not (had or state.worked or state.usual):
        return call_up.emergency_over(state, at)
    asked = CallUpChanges(status=REPORTING, shifts=had)
    until = limits(state.model_copy(update={"status": REPORTING}), at)
    instants = {"due": until.due, "remind": list(until.remind), "escalate": until.escalate}
    instants["expires"] = until.expires
    asked["task"] = task.model_copy(update=instants)
    to = f"consultant:{state.consultant}"
    letter = SendLetter(letter="emergency/place", to=to, task=task.number)
    return Outcome(LAST, asked, effects=[letter], stays=True)


def example(state: CalledUp, at: int) -> Values:
    """A shift that was worked today."""
    day = shifts.day_of(at)
    found: Values = {"decision": form.OTHER, "day": day, "starts": "00:00", "ends": "08:00"}
    none = {"shift": form.UNPLANNED} if state.shifts else {}
    return {**found, **none, "way": "onsite", "place": "Creek School", "miles": 24, "travel": 50}


def _met(state: CalledUp, at: int) -> Values:
    return {
        "decision": form.MET, "whom": "family", "family_preschool": 2, "family_adult": 1,
        "visit": "first", "minutes": 30, "met_on": shifts.day_of(at), "county": "los_angeles",
        "where": "shelter", "language": "es", "referred": ["community"],
    }  # fmt: skip


def _plan(state: CalledUp, at: int) -> Values:
    day = shifts.day_of(at + (state.planned + 1) * shifts.DAY)
    return {"decision": form.PLAN, "day": day, "starts": "09:00", "ends": "17:00", "way": "virtual"}


PLACE: Final = Kind[CalledUp](
    name="call_up_place",
    stage="call_up",
    role="consultant",
    deadline=Deadline("call_up", None),
    letter="emergency/place",
    words=TaskWords(
        title=N_("Your shifts in the emergency"),
        by=OPEN_UNTIL,
        waiting=N_("Has a place until the emergency is over"),
        short=N_("to help until the emergency is over"),
        then=N_("The place ends with the emergency, %(when)s."),
        overdue=N_("A consultant should record their shifts in the emergency."),
        asked=N_("%(who)s has a place."),
        answered={
            "worked": N_("A shift was recorded."),
            "met": N_("An encounter was recorded."),
            "planned": N_("A shift was planned."),
            "moved": N_("A planned shift was changed."),
            "dropped": N_("A planned shift was given back."),
            "returned": N_("The consultant gave the place back. It is offered again."),
            LAST: N_("The emergency is over. The consultant was asked to record the last shifts."),
            FINISHED: N_("The consultant said that everything is recorded."),
            call_up.LONGER: call_up.LASTS,
            call_up.ENDED: N_("The emergency is over. The consultant was thanked."),
        },
        expired={
            LAST: N_("The emergency is over. The consultant was asked to record the last shifts."),
            call_up.LONGER: call_up.LASTS,
            "": N_("The emergency is over. The consultant was thanked."),
        },
        said={
            "returned": N_("Thank you for telling us. We offer your place to somebody else."),
            FINISHED: N_("Thank you for your help."),
            call_up.ENDED: N_("The emergency is over. Thank you for your help."),
        },
    ),
    policy=TaskPolicy(many=True, undo=True),
    page=TaskPage(
        form=form.form, facts=facts, known=form.known, recorded=record.recorded, quick=True
    ),
    decide=decide,
    expire=over,
    outcomes=frozenset(
        {*record.TAKES.values(), "returned", LAST, FINISHED, call_up.LONGER, call_up.ENDED}
    ),
    examples={
        "worked": example,
        "met": _met,
        "planned": _plan,
        "returned": {"decision": form.GIVE_BACK},
    },
)
