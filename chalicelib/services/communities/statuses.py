"""Where a seat can stand, with its FHIR word and what its owner is told."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import (
    CHECKING,
    CLOSED,
    IN_PROGRESS,
    MATCHING,
    PAUSED,
    RECEIVED,
    in_stage,
)
from chalicelib.services.communities.model import STAGE
from chalicelib.web.languages import N_

_status: Final = in_stage(STAGE)


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
