"""Where an onboarding can stand, with its FHIR word and what its person is told."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import CHECKING, CLOSED, PAUSED, RECEIVED, in_stage
from chalicelib.training.onboarding import model
from chalicelib.web.languages import N_

_status: Final = in_stage(model.NAME)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            model.AGREEMENT, "requested", RECEIVED, N_("Asked to sign the agreement"),
            N_("Please read and sign the agreement."), model.CANDIDATE,
        ),
        _status(
            model.FACTS, "requested", CHECKING, N_("Asked how they work"),
            N_("Please tell us how you work."), model.CANDIDATE,
        ),
        _status(
            model.APPROVAL, "accepted", CHECKING, N_("Waits for approval"),
            N_("You told us all that we need. We will write to you."), "coordinator",
        ),
        _status(
            model.UNREACHABLE, "on-hold", PAUSED, N_("Our letters come back"),
            N_("Our letters do not reach you. Please call the helpline."), model.CANDIDATE,
        ),
        _status(
            model.ONBOARDED, "completed", CLOSED, N_("Is a consultant now"),
            N_("You are a consultant of the Network."), "system",
        ),
        _status(
            model.DECLINED, "cancelled", CLOSED, N_("Does not want to now"),
            N_("You told us that you do not want to become a consultant now."), "system",
        ),
        _status(
            model.SILENT, "cancelled", CLOSED, N_("Did not answer"),
            N_("We did not hear from you. You can begin again: call us."), "system",
        ),
        _status(
            model.STOPPED, "cancelled", CLOSED, N_("The training goes on"),
            N_("Your training goes on. We will ask you again when you have completed it."), "system",
        ),
        _status(
            model.REFUSED, "rejected", CLOSED, N_("Was not approved"),
            N_("You do not become a consultant now. Our letter says why."), "system",
        ),
    )
}  # fmt: skip
