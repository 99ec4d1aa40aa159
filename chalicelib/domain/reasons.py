"""Why something was closed, declined, overridden or stopped: reason ids and their labels."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_

CLOSURE_REASONS: Final[dict[str, str]] = {
    "goals_met": N_("Goals met"),
    "goals_partly_met": N_("Goals partly met"),
    "provider_withdrew": N_("The provider withdrew"),
    "unresponsive_after_3_attempts": N_("No answer after three tries"),
    "transferred_tier": N_("Moved to another kind of support"),
    "transferred_local_program": N_("Moved to a local program"),
    "site_closed": N_("The site closed"),
    "out_of_scope_discovered": N_("The need is outside our service"),
    "safety_concern": N_("Safety concern"),
    "duplicate": N_("Same as another request"),
}
"""Why a referral closed."""

CALL_REASONS: Final[dict[str, str]] = {"call_moot": N_("There was nothing left to tell")}
"""Why a promised call ended that was not made."""

DECLINE_REASONS: Final[dict[str, str]] = {
    "no_time": N_("I have no room for new work now"),
    "too_far": N_("It is too far for me"),
    "schedule": N_("The times do not fit"),
    "language": N_("I do not speak the language well enough"),
    "expertise": N_("It is outside what I know well"),
    "conflict_of_interest": N_("I know this program or have a tie to it"),
    "leave": N_("I am or will be on leave"),
    "other": N_("Another reason"),
}
"""Why a consultant says no to an offer; none is a blame."""

OVERRIDE_REASONS: Final[dict[str, str]] = {
    "learned_in_call": N_("I learned more in the call"),
    "provider_preference": N_("The provider asked for another kind of support"),
    "more_urgent": N_("The need is more urgent than the answers show"),
    "less_urgent": N_("The need is less urgent than the answers show"),
    "no_capacity": N_("The proposed support is not available soon enough"),
    "local_service": N_("A local service fits better"),
    "answers_wrong": N_("An answer was wrong or has changed"),
    "other": N_("Another reason"),
}
"""Why a specialist changes a proposed tier or priority (a note goes with it)."""

EMERGENCY_REASONS: Final[dict[str, str]] = {
    "wildfire": N_("A wildfire"),
    "flood": N_("A flood or a mudslide"),
    "earthquake": N_("An earthquake"),
    "storm": N_("A storm, heat, or a long power cut"),
    "disaster": N_("Another disaster"),
    "traumatic_event": N_("Violence or another event that frightened the community"),
}
"""What kind of emergency is declared."""

ELIGIBILITY_OVERRIDE_REASONS: Final[dict[str, str]] = {
    "answers_wrong": N_("An answer was wrong or has changed"),
    "learned_in_call": N_("I learned more in the call"),
    "not_a_duplicate": N_("It is not the same request"),
    "in_scope_part": N_("Part of the request is something we do"),
    "emergency": N_("There is an emergency"),
    "other": N_("Another reason"),
}
"""Why a specialist does not follow the eligibility rules (a note goes with it)."""

HAND_ON_REASONS: Final[dict[str, str]] = {
    "leave": N_("The consultant is away for some time"),
    "left": N_("The consultant does not work with us anymore"),
    "provider_asked": N_("The provider asked for somebody else"),
    "better_fit": N_("Somebody else fits the need better"),
    "conflict_of_interest": N_("There is a tie between the consultant and the site"),
    "workload": N_("The consultant has too much work"),
    "other": N_("Another reason"),
}
"""Why a consultation or an offer goes from one consultant to another."""

WITHDRAW_REASONS: Final[dict[str, str]] = {
    "not_needed": N_("We do not need it anymore"),
    "found_other_help": N_("We found other help"),
    "took_too_long": N_("It took too long"),
    "not_a_good_time": N_("It is not a good time"),
    "site_closed": N_("Our site closed"),
    "other": N_("Another reason"),
}

REDACTION_REASONS: Final[dict[str, str]] = {
    "child_name": N_("A child's name"),
    "child_birth_date": N_("A child's birth date"),
    "child_health": N_("A child's diagnosis or health"),
    "other_person": N_("Somebody else who should not be named"),
}

REOPEN_REASONS: Final[dict[str, str]] = {
    "need_again": N_("The need is there again"),
    "not_finished": N_("The work was not finished"),
    "reachable_again": N_("We can be reached again"),
    "closed_by_mistake": N_("It was closed by mistake"),
    "other": N_("Another reason"),
}
"""Why a closed request is opened again within 90 days."""

STATUS_REASONS: Final[dict[str, dict[str, str]]] = {
    "awaiting_provider": {
        "no_reply_yet": N_("We have not heard back yet"),
        "address_not_working": N_("Our email did not arrive"),
    },
    "awaiting_consent": {
        "agreement_not_signed": N_("The agreement is not signed yet"),
        "permission_not_given": N_("A permission is still needed"),
    },
    "paused_by_site": {"site_asked": N_("The site asked for a pause")},
    "consultant_away": {
        "provider_waits": N_("The provider chose to wait until the consultant is back")
    },
    "disaster_pause": {"declared_emergency": N_("There is a declared emergency in the county")},
    "redirected_local": {
        "not_the_provider": N_("The request did not come from a child care provider"),
        "local_program": N_("A local program serves this site"),
        "transferred_local_program": N_("Moved to a local program"),
        "duplicate": N_("Same as another request"),
    },
    "not_eligible": {
        "outside_california": N_("The care is not given in California"),
        "no_child_under_six": N_("No child under six is in care"),
        "duplicate": N_("Same as another request"),
    },
    "out_of_scope": {
        "outside_service": N_("The need is outside our service"),
        "out_of_scope_discovered": N_("The need is outside our service"),
    },
    "withdrawn": WITHDRAW_REASONS,
    "unresponsive": {"unresponsive_after_3_attempts": N_("No answer after three tries")},
    "cannot_be_served": {
        "no_consultant": N_("No consultant could take it"),
        "site_closed": N_("The site closed"),
        "safety_concern": N_("Safety concern"),
    },
}
"""Status -> the reasons it may carry: every status whose FHIR word requires a statusReason."""
