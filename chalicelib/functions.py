"""Every Lambda function beside the pages': where it stands, and what calls it."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.entry_points import called, every, on_stream, on_topic

FUNCTIONS: Final = (
    # the steps of the state machines
    called("referral.eligibility.steps:decide_eligibility"),
    called("referral.eligibility.steps:ask_information"),
    called("referral.eligibility.steps:ask_eligibility_confirmation"),
    called("referral.eligibility.steps:ask_eligibility_review"),
    called("referral.tiers.steps:ask_triage"),
    called("referral.tiers.steps:ask_tier_review"),
    called("referral.tiers.steps:hand_over"),
    called("referral.tiers.steps:ask_check_in_rest"),
    called("referral.tiers.steps:ask_check_in"),
    called("referral.tiers.steps:ask_call_back"),
    called("referral.matching.steps:ask_offer"),
    called("referral.matching.steps:ask_coordinator"),
    called("referral.matching.steps:ask_waitlist"),
    called("referral.matching.steps:ask_language_choice"),
    called("referral.delivery.steps:ask_first_contact"),
    called("referral.delivery.steps:ask_agreement"),
    called("referral.delivery.steps:ask_plan"),
    called("referral.delivery.steps:ask_plan_agreement"),
    called("referral.delivery.steps:ask_service"),
    called("referral.closure.steps:ask_summary"),
    called("referral.closure.steps:close_referral"),
    called("referral.closure.steps:ask_survey"),
    called("referral.closure.steps:ask_follow_up_rest"),
    called("referral.closure.steps:ask_follow_up"),
    called("referral.closure.steps:ask_late_follow_up_rest"),
    called("referral.closure.steps:ask_late_follow_up"),
    called("workflow.repair_steps:ask_repair"),
    # what makes it certain
    on_stream("mail.relay:relay"),
    on_topic("mail.delivery_reports:mail_events"),
    every("1 minute", "workflow.scheduler:clock"),
    every("1 hour", "workflow.reconcile:reconcile"),
)
