"""The machines and their states by name, so that a drawing can be read in every language.

A state's name is the sentence that an administrator would say; a test holds this list to the
machines as they are.
"""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_

MACHINE_NAMES: Final[dict[str, str]] = {
    "referral": N_("The whole request"),
    "eligibility": N_("Eligibility"),
    "tiers": N_("Tier of support"),
    "match": N_("Consultant match"),
    "delivery": N_("Service delivery"),
    "closure": N_("Closure"),
    "follow_up": N_("Follow-up"),
    "check_in": N_("Check-in"),
}

STATE_NAMES: Final = (
    # referral
    N_("Where does it stand?"),
    N_("Check eligibility"),
    N_("Is it eligible?"),
    N_("Assign tier"),
    N_("Which tier is it?"),
    N_("Match consultant"),
    N_("Is a consultant found?"),
    N_("Deliver service"),
    N_("How did the service end?"),
    N_("Close referral"),
    N_("Is it closed?"),
    N_("Check in on the support"),
    N_("Did it help?"),
    N_("Needs attention"),
    N_("What was repaired?"),
    N_("Closed"),
    N_("Closed early"),
    N_("Withdrawn by the provider"),
    N_("Ended with another place to go"),
    N_("Universal support given"),
    N_("Targeted support given"),
    N_("Cannot be served"),
    N_("Provider could not be reached"),
    N_("A newer run took over"),
    N_("Left for the reconciler"),
    # eligibility
    N_("Decide eligibility"),
    N_("Must a person confirm?"),
    N_("Decided by rule"),
    N_("Ask the provider for what is missing"),
    N_("Did the provider answer?"),
    N_("Ask the specialist to confirm"),
    N_("Does it need more from the provider?"),
    N_("Decided by a person"),
    N_("Must a second person agree?"),
    N_("Ask a second person"),
    N_("Does the second person agree?"),
    N_("Something is broken"),
    # tiers
    N_("Ask the specialist for the tier"),
    N_("Is it a lighter tier?"),
    N_("Hand over to the lighter tier"),
    N_("Tier assigned"),
    # match
    N_("Offer to the next consultant"),
    N_("What did the consultant say?"),
    N_("Wait for a free consultant"),
    N_("Is a consultant free?"),
    N_("Ask the provider about the language"),
    N_("What did the provider choose?"),
    N_("Ask the coordinator to assign"),
    N_("What did the coordinator say?"),
    N_("Match settled"),
    # delivery
    N_("Ask for the first contact"),
    N_("Was the provider reached?"),
    N_("Ask the provider to agree to the service"),
    N_("Is the agreement signed?"),
    N_("Ask the consultant for the action plan"),
    N_("Is there a plan?"),
    N_("Ask the provider to agree to the plan"),
    N_("Is the plan agreed?"),
    N_("Hold the sessions"),
    N_("Are the sessions complete?"),
    N_("Delivery ended"),
    # closure
    N_("Ask the consultant for the summary"),
    N_("Is the summary written?"),
    N_("Close the referral"),
    N_("Closure settled"),
    # follow-up
    N_("Ask the provider for the survey"),
    N_("Is it still wanted?"),
    N_("Wait until 30 days after the end"),
    N_("Ask how it is going"),
    N_("Is it still followed?"),
    N_("Wait until 180 days after the end"),
    N_("Ask how it is after half a year"),
    N_("Followed up"),
    # check-in
    N_("Rest until the day"),
    N_("Ask whether it helped"),
    N_("Is a call wanted?"),
    N_("Ask the specialist to call"),
    N_("Checked in"),
)
