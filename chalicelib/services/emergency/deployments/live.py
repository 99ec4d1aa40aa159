"""Who serves where in an emergency: today, on the days to come, and whose shifts are not recorded yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up_case import CalledUp
from chalicelib.services.emergency.deployments import shifts
from chalicelib.services.emergency.deployments.shifts import Shift
from chalicelib.services.emergency.deployments.words import WAYS
from chalicelib.web.languages import N_, time_words
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.on_behalf import may_record
from chalicelib.workflow.storage import store

PARTS: Final = {
    "today": N_("Today"),
    "late": N_("Not recorded yet"),
    "ahead": N_("On the days to come"),
}


@dataclass(frozen=True)
class Line:
    """A planned shift of somebody. ``record``: where staff record for them, if they may."""

    name: str
    reference: str
    shift: Shift
    record: str

    @property
    def where(self) -> str:
        """The place, or how they work (a msgid)."""
        return self.shift["place"] or WAYS.get(self.shift["way"], "")

    def hours(self, lang: str) -> str:
        """From when to when."""
        return f"{time_words(self.shift['start'], lang)} – {time_words(self.shift['end'], lang)}"


def deployed(emergency: str) -> list[CalledUp]:
    """Everybody with a place, by name."""
    held = [ref for one in call_up.of_emergency(emergency) for ref in one.held]
    found = [state for state in store.states(held) if isinstance(state, CalledUp)]
    return sorted(found, key=lambda state: (_name(state), state.reference))


def _name(state: CalledUp) -> str:
    return people.name_of(f"consultant:{state.consultant}")


def planned(states: Sequence[CalledUp], at: int) -> dict[str, list[Line]]:
    """Their planned shifts by part of the page, the earliest first."""
    today, found = shifts.day_of(at), {part: list[Line]() for part in PARTS}
    for state in states:
        for shift in state.shifts:
            day = shifts.day_of(shift["start"])
            part = "today" if day == today else "late" if day < today else "ahead"
            line = Line(_name(state), state.reference, shift, record(state, at))
            found[part].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: (line.shift["start"], line.name))
    return found


def record(state: CalledUp, at: int) -> str:
    """The page on which staff write down what a consultant tells them; "" for who may not."""
    task = state.task
    if task is None or not may_record(current_staff().role, state, task, at):
        return ""
    return f"/console/referrals/{state.reference}/behalf/{task.number}"


def show_live(key: str) -> Response:
    """The page."""
    one, at = emergencies.one_of(key), now()
    return show("emergency/deployments.html", one=one, **standing(one.id, at))


def standing(emergency: str, at: int) -> TemplateValues:
    """What the pages show of an emergency's deployments."""
    states = deployed(emergency)
    idle = [state for state in states if not state.shifts]
    return {
        "deployed": len(states),
        "parts": PARTS,
        "planned": planned(states, at),
        "idle": [(_name(state), state, record(state, at)) for state in idle],
    }
