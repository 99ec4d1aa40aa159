"""A consultant's own call-up as a type of case: its state, its statuses, and what its end gives back."""

from __future__ import annotations

from typing import ClassVar, Final

from pydantic import Field

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.directory import emergencies
from chalicelib.domain.statuses import CLOSED, IN_PROGRESS, MATCHING, RECEIVED, in_stage
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.deployments import shifts
from chalicelib.services.emergency.deployments.model import Usual
from chalicelib.services.emergency.deployments.shifts import Shift
from chalicelib.services.emergency.events import OPENED
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Case, Changes, Entry
from chalicelib.workflow.effects import StartRun
from chalicelib.workflow.storage import store

NAME: Final = "call_up"
ASKED, FULL, PLACED = "called_up", "places_gone", "has_place"
DECLINED, SILENT, RETURNED = "call_up_declined", "call_up_silent", "place_returned"
DONE, OVER = "call_up_done", "call_up_over"
REPORTING: Final = "call_up_last_shifts"
HAS_PLACE: Final = (PLACED, REPORTING)


class CalledUp(Case):
    """The state. ``emergency`` and ``call_up`` say for what; ``consultant`` is who is asked.

    Of who has a place: ``shifts`` are planned and not recorded yet; ``planned`` is the number of the newest
    of them ever, ``worked`` how many were recorded; ``usual`` is where the last encounter was.
    """

    case_type: ClassVar[str] = NAME
    stage: str = NAME
    status: str = ASKED
    emergency: str = ""
    call_up: str = ""
    consultant: str = ""
    shifts: list[Shift] = Field(default_factory=list)
    planned: int = 0
    worked: int = 0
    usual: Usual = Field(default_factory=Usual)

    def in_role(self, role: str) -> str:
        """The consultant who is asked; nobody else has to do with it."""
        return self.consultant if role == "consultant" else ""

    def begun(self, at: int) -> list[Shift]:
        """The planned shifts that can be recorded: their day has come."""
        return [one for one in self.shifts if shifts.begun(one, at)]

    @property
    def appointment(self) -> int | None:
        """When the first of the planned shifts begins."""
        return min((one["start"] for one in self.shifts), default=None)


class CallUpChanges(Changes, total=False):
    """New values of its own fields too."""

    emergency: str | None
    call_up: str | None
    consultant: str | None
    shifts: list[Shift] | None
    planned: int | None
    worked: int | None
    usual: Usual | None


_status: Final = in_stage(NAME)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            ASKED, "requested", RECEIVED, N_("Asked, no answer yet"),
            N_("We asked you for help in an emergency."), "consultant",
        ),
        _status(
            FULL, "accepted", MATCHING, N_("Thanked: the places are gone"),
            N_("All places are taken. We write to you if one becomes free."), "system",
        ),
        _status(
            PLACED, "in-progress", IN_PROGRESS, N_("Said yes, has a place"),
            N_("You have a place."), "consultant",
        ),
        _status(
            REPORTING, "in-progress", IN_PROGRESS, N_("Records the last shifts"),
            N_("The emergency is over. Please record your last shifts."), "consultant",
        ),
        _status(
            DONE, "completed", CLOSED, N_("Had a place until the end"),
            N_("The emergency is over. Thank you."), "system",
        ),
        _status(
            DECLINED, "cancelled", CLOSED, N_("Said no"),
            N_("You told us that you cannot help this time."), "system",
        ),
        _status(
            SILENT, "failed", CLOSED, N_("Did not answer"),
            N_("We did not hear from you in time."), "system",
        ),
        _status(
            RETURNED, "cancelled", CLOSED, N_("Gave the place back"),
            N_("You gave your place back."), "system",
        ),
        _status(
            OVER, "cancelled", CLOSED, N_("The emergency is over"),
            N_("The emergency is over."), "system",
        ),
    )
}  # fmt: skip


def open_case(one: call_up.CallUp, consultant: str, at: int) -> None:
    """Ask one consultant; done before, it changes nothing."""
    reference = one.asked[consultant]
    incident = emergencies.one_of(one.emergency)
    changes = CallUpChanges(
        emergency=one.emergency,
        call_up=one.id,
        consultant=consultant,
        county=one.county or incident.counties[0],
        priority="asap",
        submitted=at,
        status=ASKED,
    )
    entry = Entry(
        event=OPENED,
        at=at,
        actor=one.by,
        command=f"call-up:{reference}",
        changes=changes,
        effects=[StartRun(machine=NAME, stage=NAME, generation=1)],
    )
    store.create(CalledUp(reference=reference), entry, [])


def at_the_end(state: CalledUp) -> list[Write]:
    """Their place is free again."""
    if state.status not in HAS_PLACE:
        return []
    return [call_up.give_back(state.emergency, state.call_up, state.reference, now())]


def letter_facts(state: CalledUp, entry: Entry, lang: str) -> TemplateValues:
    """Which emergency it is, how they would work, and the first of the shifts that are planned."""
    one = emergencies.one_of(state.emergency)
    sent = call_up.find(state.emergency, state.call_up)
    first = state.shifts[0] if state.shifts else None
    return {
        "emergency": one.called,
        "travels": sent.way == call_up.ONSITE,
        "shift": shifts.said(first["start"], first["end"], lang) if first else "",
        "begun": first is not None and shifts.begun(first, now()),
        "is_over": state.status == REPORTING,
    }


def ways(state: CalledUp) -> list[tuple[str, str]]:
    """The call-up with all who were asked, and who of them serves where."""
    path = f"/console/emergencies/{state.emergency}"
    return [
        (f"{path}/call-up", N_("All who were asked")),
        (f"{path}/deployments", N_("Who serves where")),
    ]


CALL_UP: Final = CaseType(
    name=NAME,
    model=CalledUp,
    parent=NAME,
    # Who is asked is a consultant of the directory; no case keeps how to reach them.
    applicant="volunteer",
    statuses=STATUSES,
    stages={NAME: N_("Call-up"), "closed": N_("Closed")},
    address_pause=(ASKED, "address_not_working"),
    at_the_end=at_the_end,
    letter_facts=letter_facts,
    called=lambda state: emergencies.called(state.emergency),
    meets=N_("Next shift: %(date)s at %(time)s."),
    ways=ways,
)
