"""Where an application can stand, with its FHIR word and what the applicant is told."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import (
    CHECKING,
    CLOSED,
    MATCHING,
    PAUSED,
    RECEIVED,
    in_stage,
)
from chalicelib.training.applications.model import STAGE
from chalicelib.web.languages import N_

_status: Final = in_stage(STAGE)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            "received", "requested", RECEIVED, N_("Application received"),
            N_("We have your application. Two people will read it without your name."), "system",
        ),
        _status(
            "in_review", "requested", CHECKING, N_("Reviewers read it"),
            N_("Two people read your application without your name."), "reviewer",
        ),
        _status(
            "ranked", "accepted", CHECKING, N_("Scored, no decision yet"),
            N_("Your application was read. We will write to you when all are decided."),
            "coordinator",
        ),
        _status(
            "place_offered", "accepted", MATCHING, N_("Place offered"),
            N_("A place is held for you. Please tell us if you take it."), "applicant",
        ),
        _status(
            "on_waitlist", "accepted", MATCHING, N_("On the waitlist"),
            N_("All places are offered. We will write to you if one becomes free."), "system",
        ),
        _status(
            "place_answered", "accepted", MATCHING, N_("Answered the offer"),
            N_("We have your answer. You can still change it for a few minutes."), "system",
        ),
        _status(
            "applicant_unreachable", "on-hold", PAUSED, N_("Our letters come back"),
            N_("Our letters do not reach you. Please call the helpline."), "applicant",
        ),
        _status(
            "place_taken", "completed", CLOSED, N_("Took the place"),
            N_("You have a place in the training program. Welcome!"), "system",
        ),
        _status(
            "place_declined", "cancelled", CLOSED, N_("Did not take the place"),
            N_("You did not take the place. You can apply again next time."), "system",
        ),
        _status(
            "place_lapsed", "cancelled", CLOSED, N_("Did not answer the offer"),
            N_("We did not hear from you in time, so the place went to somebody else."), "system",
        ),
        _status(
            "not_this_time", "rejected", CLOSED, N_("Not this time"),
            N_("We have no place for you this time. You can apply again."), "system",
        ),
        _status(
            "application_withdrawn", "cancelled", CLOSED, N_("Application withdrawn"),
            N_("You withdrew your application. You can apply again while applications are open."), "system",
        ),
    )
}  # fmt: skip
