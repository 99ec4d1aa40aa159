"""What each answer does: a shift or an encounter is written down and the task stays; a shift is planned,
moved or given back; the place is given back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from chalicelib.directory import emergencies
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.services.emergency.call_up_case import CalledUp, CallUpChanges
from chalicelib.services.emergency.deployments import form, shifts
from chalicelib.services.emergency.deployments.model import (
    DeploymentPayload,
    Encounter,
    Usual,
    Worked,
    told_in,
)
from chalicelib.services.emergency.deployments.shifts import Hours, Shift
from chalicelib.services.emergency.deployments.words import (
    AGES,
    FAMILY,
    GROUP,
    GROUP_AGES,
    INDIVIDUAL,
)
from chalicelib.web.forms import Values, number, several, words
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.kinds import Outcome

COUNTS: Final = ("miles", "travel", "brief", "calls", "materials")
NOBODY: Final = N_("Type how many people there were.")
ALONE: Final = N_("That is one person. Choose “One person” above.")
WHICH: Final = N_("Choose the planned shift.")
TAKES: Final = {
    form.WORKED: "worked", form.OTHER: "worked", form.MET: "met",
    form.PLAN: "planned", form.MOVE: "moved", form.DROP: "dropped",
}  # fmt: skip


def decide(state: CalledUp, values: Values, now: int) -> Outcome:
    """One entry; the task stays."""
    choice = words(values, "decision")
    if choice == form.MET:
        met = _encounter(state, values, now)
        usual = Usual(county=met["county"], where=met["where"], language=met["language"])
        changes, told = CallUpChanges(usual=usual), DeploymentPayload(encounter=met)
    elif choice in (form.WORKED, form.OTHER):
        changes, told = _worked(state, values, now)
    else:
        changes, told = _planned(state, values, now)
    return Outcome(TAKES[choice], _asked(state, changes, now), told, stays=True)


def _asked(state: CalledUp, changes: CallUpChanges, now: int) -> CallUpChanges:
    """The task is asked for at the evenings of the shifts that are planned now."""
    planned, task = changes.get("shifts"), state.task
    if planned is None or task is None:
        return changes
    limits = shifts.waits(planned, now, task.expires)
    instants = {"due": limits.due, "remind": list(limits.remind), "escalate": limits.escalate}
    return changes | CallUpChanges(task=task.model_copy(update=instants))


# -- shifts ----------------------------------------------------------------------------------------
def _chosen(state: CalledUp, values: Values, now: int) -> Shift | None:
    """The planned shift that an answer is about; None for one that was not planned. Raises Invalid."""
    name = words(values, "shift")
    choice = values["decision"]
    able = state.begun(now) if choice == form.WORKED else state.shifts
    if not name and len(able) == 1 and choice != form.OTHER:
        return able[0]
    found = next((one for one in state.shifts if str(one["n"]) == name), None)
    if found is None and choice != form.OTHER:
        raise Invalid({"shift": WHICH})
    return found


def _without(state: CalledUp, shift: Shift) -> list[Shift]:
    return [one for one in state.shifts if one["n"] != shift["n"]]


def _worked(state: CalledUp, values: Values, now: int) -> tuple[CallUpChanges, DeploymentPayload]:
    shift = _chosen(state, values, now)
    as_planned = shift is not None and values["decision"] == form.WORKED
    if shift is not None and as_planned:
        if not shifts.begun(shift, now):
            raise Invalid({"shift": shifts.NOT_YET})
        hours = Hours(
            start=shift["start"], end=shift["end"], way=shift["way"], place=shift["place"]
        )
    else:
        hours = _behind(state, values, now)
    worked: Worked = {**hours, **_counts(values)}
    left = _without(state, shift) if shift is not None else state.shifts
    changes = CallUpChanges(shifts=left, worked=state.worked + 1)
    return changes, DeploymentPayload(worked=worked)


def _counts(values: Values) -> Worked:
    found = {name: number(values, name) for name in COUNTS}
    return cast("Worked", {name: counted for name, counted in found.items() if counted})


def _typed(values: Values) -> Hours:
    day, starts, ends = (words(values, name) for name in ("day", "starts", "ends"))
    start, end = shifts.span(day, starts, ends)
    return Hours(start=start, end=end, way=words(values, "way"), place=words(values, "place"))


def _behind(state: CalledUp, values: Values, now: int) -> Hours:
    """The hours that somebody says they worked. Raises Invalid."""
    typed = _typed(values)
    if shifts.day_of(typed["start"]) > shifts.day_of(now):
        raise Invalid({"day": shifts.NOT_YET})
    return _meanwhile(state, typed)


def _ahead(state: CalledUp, values: Values, now: int, others: Sequence[Shift]) -> Hours:
    """Hours to come at which they have no other shift. Raises Invalid."""
    typed = _typed(values)
    if typed["end"] <= now:
        raise Invalid({"day": shifts.PAST})
    if any(one["start"] < typed["end"] and typed["start"] < one["end"] for one in others):
        raise Invalid({"starts": shifts.TWICE})
    return _meanwhile(state, typed)


def _meanwhile(state: CalledUp, typed: Hours) -> Hours:
    """The same hours, if they are of the time of the emergency. Raises Invalid."""
    one = emergencies.one_of(state.emergency)
    if shifts.day_of(typed["start"]) < shifts.day_of(one.since):
        raise Invalid({"day": shifts.BEFORE})
    if typed["start"] >= one.over:
        raise Invalid({"day": shifts.AFTER})
    return typed


def _planned(state: CalledUp, values: Values, now: int) -> tuple[CallUpChanges, DeploymentPayload]:
    """A new shift, another time for one, or one less."""
    before = None if values["decision"] == form.PLAN else _chosen(state, values, now)
    others = _without(state, before) if before is not None else state.shifts
    if before is not None and values["decision"] == form.DROP:
        return CallUpChanges(shifts=others), DeploymentPayload(shift=before)
    if len(others) >= shifts.MOST:
        raise Invalid({"decision": shifts.TOO_MANY})
    n = before["n"] if before is not None else state.planned + 1
    shift: Shift = {**_ahead(state, values, now, others), "n": n}
    planned = sorted([*others, shift], key=lambda one: one["start"])
    changes = CallUpChanges(shifts=planned, planned=max(state.planned, n))
    return changes, DeploymentPayload(shift=shift)


# -- encounters ------------------------------------------------------------------------------------
def _encounter(state: CalledUp, values: Values, now: int) -> Encounter:
    day = words(values, "met_on")
    if day > shifts.day_of(now):
        raise Invalid({"met_on": shifts.NOT_YET})
    if day < shifts.day_of(emergencies.one_of(state.emergency).since):
        raise Invalid({"met_on": shifts.BEFORE})
    met = Encounter(
        day=day,
        kind=words(values, "whom"),
        county=words(values, "county"),
        where=words(values, "where"),
        language=words(values, "language"),
        minutes=number(values, "minutes"),
        ages=_ages(values),
    )
    if visit := words(values, "visit"):
        met["visit"] = visit
    if referred := several(values, "referred"):
        met["referred"] = referred
    return met


def _ages(values: Values) -> dict[str, int]:
    """How many people of each age band. Raises Invalid."""
    kind = values["whom"]
    if kind == INDIVIDUAL:
        return {words(values, "age"): 1}
    bands, prefix = (AGES, FAMILY) if kind == FAMILY else (GROUP_AGES, GROUP)
    found = {band: number(values, f"{prefix}_{band}") for band in bands}
    ages = {band: count for band, count in found.items() if count}
    first = f"{prefix}_{next(iter(bands))}"
    if not ages:
        raise Invalid({first: NOBODY})
    if sum(ages.values()) == 1:
        raise Invalid({first: ALONE})
    return ages


# -- what was recorded, as the form shows it --------------------------------------------------------
def recorded(state: CalledUp, entry: Entry) -> Values:
    """The form's values for an entry, decided on ``state``."""
    told = told_in(entry)
    if met := told.get("encounter"):
        return _met_again(met)
    if worked := told.get("worked"):
        return _worked_again(state, worked)
    shift = told.get("shift")
    if shift is None:
        return {}
    known = any(one["n"] == shift["n"] for one in state.shifts)
    return _hours_again(shift) | ({"shift": str(shift["n"])} if known else {})


def _hours_again(hours: Hours) -> Values:
    start, end = calendar.local(hours["start"]), calendar.local(hours["end"])
    return {
        "day": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "way": hours["way"],
        "place": hours["place"],
    }


def _worked_again(state: CalledUp, worked: Worked) -> Values:
    """As planned where a planned shift has these hours; else as other hours of the one of that day."""
    same = next((one for one in state.shifts if one["start"] == worked["start"]), None)
    day = shifts.day_of(worked["start"])
    near = same or next((one for one in state.shifts if shifts.day_of(one["start"]) == day), None)
    counted = cast("Values", worked)
    found: Values = {name: counted.get(name) for name in COUNTS}
    found["shift"] = str(near["n"]) if near is not None else form.UNPLANNED
    if same is not None and same["end"] == worked["end"]:
        return found | {"decision": form.WORKED}
    return found | {"decision": form.OTHER} | _hours_again(worked)


def _met_again(met: Encounter) -> Values:
    found: Values = {
        "decision": form.MET,
        "whom": met["kind"],
        "met_on": met["day"],
        "county": met["county"],
        "where": met["where"],
        "language": met["language"],
        "minutes": met["minutes"],
        "visit": met.get("visit", ""),
        "referred": met.get("referred", []),
    }
    if met["kind"] == INDIVIDUAL:
        return found | {"age": next(iter(met["ages"]))}
    prefix = FAMILY if met["kind"] == FAMILY else GROUP
    return found | {f"{prefix}_{band}": count for band, count in met["ages"].items()}
