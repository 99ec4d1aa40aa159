"""Where a referral can stand: each status, its FHIR word, its stage, and what people are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from chalicelib.domain.places import N_

STAGES: Final[dict[str, str]] = {
    "request": N_("Request"),
    "eligibility": N_("Eligibility"),
    "tiers": N_("Tier of support"),
    "match": N_("Consultant match"),
    "delivery": N_("Service delivery"),
    "check_in": N_("Check-in"),
    "closure": N_("Closure"),
    "follow_up": N_("Follow-up"),
}
"""Stage id -> label, in the order of the lifecycle."""

OWNERS: Final[dict[str, str]] = {
    "provider": N_("Provider"),
    "specialist": N_("Network specialist"),
    "consultant": N_("Consultant"),
    "coordinator": N_("Coordinator"),
    "trainee": N_("Trainee"),
    "candidate": N_("New consultant"),
    "applicant": N_("Applicant"),
    "reviewer": N_("Reviewer"),
    "system": N_("The system"),
}
"""Who must act next."""

RECEIVED: Final = N_("Received")
CHECKING: Final = N_("Checking")
MATCHING: Final = N_("Matching")
FOUND: Final = N_("Consultant found")
IN_PROGRESS: Final = N_("In progress")
FINISHING: Final = N_("Finishing")
CLOSED: Final = N_("Closed")
PAUSED: Final = N_("Paused")
DRAFT: Final = N_("Not sent yet")

SEVEN_WORDS: Final = (RECEIVED, CHECKING, MATCHING, FOUND, IN_PROGRESS, FINISHING, CLOSED)
"""The provider's words, in order. ``PAUSED`` and ``DRAFT`` stand beside them."""


class Status(NamedTuple):
    """One business status. ``label``, ``word`` and ``next`` are msgids.

    ``stage`` is None where a pause keeps the stage that it interrupts. Only information_requested and
    awaiting_* stop the clock (``pauses_clock``).
    """

    id: str
    fhir: str
    stage: str | None
    word: str
    label: str
    next: str
    owner: str
    terminal: bool = False
    pauses_clock: bool = False

    @property
    def needs_reason(self) -> bool:
        """Whether FHIR's statusReason is required (rejected, cancelled, on-hold, failed)."""
        return self.fhir in NEEDS_REASON


NEEDS_REASON: Final = frozenset({"rejected", "cancelled", "on-hold", "failed"})


ENDS: Final = frozenset({"completed", "cancelled", "failed", "rejected"})
"""FHIR words after which nothing more is asked."""


def in_stage(stage: str) -> Callable[[str, str, str, str, str, str], Status]:
    """Makes the statuses of a type of case that has one stage: id, FHIR word, word, label, what is told, and whose
    turn it is. One on hold keeps the stage that it interrupts, and stops the clock."""

    def made(id_: str, fhir: str, word: str, label: str, told: str, owner: str) -> Status:
        held = fhir == "on-hold"
        where = None if held else stage
        return Status(id_, fhir, where, word, label, told, owner, fhir in ENDS, held)

    return made


def _end(id_: str, fhir: str, label: str, told: str) -> Status:
    """An end that asks nothing more of anybody; ``told`` is what the provider reads."""
    return Status(id_, fhir, "closure", CLOSED, label, told, "system", terminal=True)


_ALL: Final = (
    Status(
        "draft",
        "draft",
        "request",
        DRAFT,
        N_("Draft"),
        N_("You have not sent this request yet. You can come back and finish it."),
        "provider",
    ),
    Status(
        "submitted",
        "requested",
        "eligibility",
        RECEIVED,
        N_("Submitted"),
        N_("We have your request. We are checking how we can help."),
        "system",
    ),
    Status(
        "in_triage",
        "requested",
        "tiers",
        CHECKING,
        N_("In triage"),
        N_("A Network specialist will call you to learn more about what you need."),
        "specialist",
    ),
    Status(
        "information_requested",
        "requested",
        "eligibility",
        CHECKING,
        N_("Information requested"),
        N_("We need a little more from you. Please answer the questions in our email."),
        "provider",
        pauses_clock=True,
    ),
    Status(
        "eligible",
        "accepted",
        "tiers",
        MATCHING,
        N_("Eligible"),
        N_(
            "Your program can get this service. Next, a specialist will talk with you about "
            "the right kind of support."
        ),
        "specialist",
    ),
    Status(
        "tier_assigned",
        "accepted",
        "match",
        MATCHING,
        N_("Tier assigned"),
        N_("We know the kind of support you need. Now we are looking for a consultant."),
        "system",
    ),
    Status(
        "waitlisted",
        "accepted",
        "match",
        MATCHING,
        N_("Waitlisted"),
        N_(
            "No consultant is free right now. You keep your place in line, and you can use the "
            "helpline and Open-Door sessions while you wait."
        ),
        "coordinator",
    ),
    Status(
        "match_proposed",
        "accepted",
        "match",
        MATCHING,
        N_("Match proposed"),
        N_("We have asked a consultant to work with you. We are waiting for the answer."),
        "consultant",
    ),
    Status(
        "matched",
        "accepted",
        "delivery",
        FOUND,
        N_("Matched"),
        N_("Your consultant will contact you to set up a first talk."),
        "consultant",
    ),
    Status(
        "first_contact_made",
        "accepted",
        "delivery",
        FOUND,
        N_("First contact made"),
        N_("Next, you and your consultant agree on how you will work together."),
        "provider",
    ),
    Status(
        "agreement_signed",
        "accepted",
        "delivery",
        FOUND,
        N_("Agreement signed"),
        N_("Your consultant is writing an action plan with you."),
        "consultant",
    ),
    Status(
        "awaiting_provider",
        "on-hold",
        None,
        PAUSED,
        N_("Awaiting provider"),
        N_("We are waiting to hear from you. Your request keeps its place."),
        "provider",
        pauses_clock=True,
    ),
    Status(
        "awaiting_consent",
        "on-hold",
        "delivery",
        PAUSED,
        N_("Awaiting consent"),
        N_("We are waiting for your signed agreement. Then the work can start."),
        "provider",
        pauses_clock=True,
    ),
    Status(
        "paused_by_site",
        "on-hold",
        None,
        PAUSED,
        N_("Paused by the site"),
        N_("You asked us to pause. Tell us when you are ready to go on."),
        "provider",
    ),
    Status(
        "consultant_away",
        "on-hold",
        None,
        PAUSED,
        N_("Consultant away"),
        N_("Your consultant is away, and you wait until they are back."),
        "consultant",
    ),
    Status(
        "disaster_pause",
        "on-hold",
        None,
        PAUSED,
        N_("Paused for a disaster"),
        N_(
            "Work in your area is on hold because of a disaster. We will contact you when it "
            "can go on."
        ),
        "coordinator",
    ),
    Status(
        "in_service",
        "in-progress",
        "delivery",
        IN_PROGRESS,
        N_("In service"),
        N_("You and your consultant are meeting and working on your goals."),
        "consultant",
    ),
    Status(
        "closing",
        "in-progress",
        "closure",
        FINISHING,
        N_("Closing"),
        N_("Your consultant is writing a short summary of the work. You will get a copy."),
        "consultant",
    ),
    Status(
        "closed",
        "completed",
        "closure",
        CLOSED,
        N_("Closed"),
        N_("The work is done. We will send you a short survey."),
        "provider",
        terminal=True,
    ),
    Status(
        "follow_up_due",
        "completed",
        "follow_up",
        CLOSED,
        N_("Follow-up due"),
        N_("We have a few short questions about how things are going now."),
        "provider",
        terminal=True,
    ),
    Status(
        "followed_up",
        "completed",
        "follow_up",
        CLOSED,
        N_("Followed up"),
        N_(
            "Thank you for telling us how things are going. You can send a new request at any time."
        ),
        "system",
        terminal=True,
    ),
    _end(
        "redirected_local",
        "rejected",
        N_("Sent to other support"),
        N_("Another service can help you better. We told you who to contact."),
    ),
    _end(
        "not_eligible",
        "rejected",
        N_("Not eligible"),
        N_("We cannot give this service for this request. We told you where you can get help."),
    ),
    _end(
        "out_of_scope",
        "rejected",
        N_("Out of scope"),
        N_("You asked for something that we do not do. We told you where you can get it."),
    ),
    _end(
        "withdrawn",
        "cancelled",
        N_("Withdrawn"),
        N_("You canceled this request. You can send a new one at any time."),
    ),
    _end(
        "unresponsive",
        "cancelled",
        N_("Could not be reached"),
        N_("We tried to reach you and could not. You can send a new request at any time."),
    ),
    _end(
        "cannot_be_served",
        "failed",
        N_("Cannot be served"),
        N_(
            "We could not find a way to serve this request. Please call the helpline, and we "
            "will look for other help with you."
        ),
    ),
)

STATUSES: Final[dict[str, Status]] = {status.id: status for status in _ALL}
"""Business status id -> Status."""

OPEN: Final = frozenset(s.id for s in _ALL if not s.terminal and s.id != "draft")
TERMINAL: Final = frozenset(s.id for s in _ALL if s.terminal)
