"""The seat as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import (
    CHECKING,
    CLOSED,
    IN_PROGRESS,
    MATCHING,
    PAUSED,
    RECEIVED,
    Status,
)
from chalicelib.services.communities import ends, groups
from chalicelib.services.communities.machines import PARENT
from chalicelib.services.communities.model import PROVIDER, STAGE, Seat, told_in
from chalicelib.services.communities.words import group_words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry


def _status(id_: str, fhir: str, word: str, label: str, told: str, owner: str) -> Status:
    ends_ = fhir in ("completed", "cancelled", "failed")
    stage = None if fhir == "on-hold" else STAGE
    return Status(id_, fhir, stage, word, label, told, owner, ends_, fhir == "on-hold")


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            "invited", "requested", RECEIVED, N_("Invited to an Information Session"),
            N_("First come to an Information Session. Then you can register."), "provider",
        ),
        _status(
            "informed", "requested", CHECKING, N_("Asked to register"),
            N_("You came to an Information Session. Now you can register for a group."), "provider",
        ),
        _status(
            "waiting", "accepted", MATCHING, N_("In line for a seat"),
            N_("All groups that fit you are full. We will write to you when a seat is free."),
            "system",
        ),
        _status(
            "offered", "accepted", MATCHING, N_("Seat offered"),
            N_("A seat is held for you. Please tell us if you take it."), "provider",
        ),
        _status(
            "seated", "in-progress", IN_PROGRESS, N_("Has a seat"),
            N_("You have a seat in a group."), "system",
        ),
        _status(
            "unreachable", "on-hold", PAUSED, N_("Our letters come back"),
            N_("Our letters do not reach you. Please call the helpline."), "provider",
        ),
        _status(
            "away", "on-hold", PAUSED, N_("Paused by the provider"),
            N_("You asked us to wait. Nobody is offered your place in line."), "provider",
        ),
        _status(
            "completed", "completed", CLOSED, N_("Season over"),
            N_("The season is over. Thank you for taking part."), "system",
        ),
        _status(
            "left", "cancelled", CLOSED, N_("Left the group"),
            N_("You left the group. You can begin again at any time."), "system",
        ),
        _status(
            "withdrawn", "cancelled", CLOSED, N_("Does not want a seat now"),
            N_("You are not in line anymore. You can begin again at any time."), "system",
        ),
        _status(
            "not_placed", "failed", CLOSED, N_("No seat came"),
            N_("There was no seat for you. The helpline can tell you what else there is."), "system",
        ),
    )
}  # fmt: skip


def letter_facts(state: Seat, entry: Entry, lang: str) -> TemplateValues:
    """The group that the entry is about, or that they have."""
    key = told_in(entry).get("group") or state.group

    def group() -> str:
        return group_words(groups.group(key)) if key else ""

    return {
        "group": group,
        "met": lambda: state.met,
        "completed": lambda: state.closure == "completed",
    }


SEAT: Final = CaseType(
    name=Seat.case_type,
    model=Seat,
    parent=PARENT,
    applicant=PROVIDER,
    statuses=STATUSES,
    stages={STAGE: N_("Seat in a Community")},
    address_pause=("unreachable", "address_not_working"),
    paused_words={"away": N_("Waits until they are back")},
    at_the_end=ends.rows_at_the_end,
    undo_rows=ends.undo_rows,
    letter_facts=letter_facts,
    letters_tell=frozenset({"group"}),
)
