"""Where a trainee can stand, with its FHIR word and what they are told."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import CLOSED, IN_PROGRESS, PAUSED, in_stage
from chalicelib.training.trainees.model import (
    COMPLETED,
    ENROLLED,
    ON_LEAVE,
    STAGE,
    TRANSFERRED,
    UNREACHABLE,
    WITHDRAWN,
)
from chalicelib.web.languages import N_

_status: Final = in_stage(STAGE)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            ENROLLED, "in-progress", IN_PROGRESS, N_("Enrolled"),
            N_("You take part in the training program."), "trainee",
        ),
        _status(
            ON_LEAVE, "on-hold", PAUSED, N_("On leave"),
            N_("You are on leave. What you have done so far is kept."), "trainee",
        ),
        _status(
            TRANSFERRED, "on-hold", PAUSED, N_("Waits for a later cohort"),
            N_("You go on with a later cohort. What you have done so far is kept."), "system",
        ),
        _status(
            UNREACHABLE, "on-hold", PAUSED, N_("Our letters come back"),
            N_("Our letters do not reach you. Please call the helpline."), "trainee",
        ),
        _status(
            COMPLETED, "completed", CLOSED, N_("Completed the program"),
            N_("You completed the training program. Congratulations!"), "system",
        ),
        _status(
            WITHDRAWN, "cancelled", CLOSED, N_("Left the program"),
            N_("You left the training program. You can apply again."), "system",
        ),
    )
}  # fmt: skip
