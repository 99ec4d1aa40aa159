"""The words of the timeline: what each entry of the log, each verdict and each letter says."""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_

SAID: Final[dict[str, str]] = {
    "submitted": N_("The provider sent the request."),
    "undone": N_("An answer was taken back and does not count: %(task)s."),
    "amended": N_("The provider changed: %(fields)s."),
    "eligibility_decided": N_("The eligibility rules were applied: %(result)s."),
    "eligibility_waits": N_("The eligibility check waits for answers of the provider."),
    "information_asked": N_("The provider was asked for more: %(fields)s. Our clock stands still."),
    "information_answered": N_(
        "The provider answered the questions. %(paused)s with the provider do not count."
    ),
    "information_expired": N_(
        "The provider did not answer in time, and a specialist decides. %(paused)s with the provider "
        "do not count."
    ),
    "eligibility_confirmation_asked": N_("%(who)s was asked to confirm the eligibility decision."),
    "eligibility_confirmation_expired": N_("Nobody confirmed the eligibility decision in time."),
    "triage_asked": N_("%(who)s was asked to talk with the provider. Proposal: %(proposed)s."),
    "triage_answered": N_("The tier was decided: %(tier)s, %(priority)s."),
    "eligibility_review_asked": N_("%(who)s was asked to look at it as a second person."),
    "eligibility_review_expired": N_("No second person looked at it in time."),
    "tier_review_asked": N_("%(who)s was asked to look at it as a second person."),
    "tier_review_expired": N_("No second person looked at it in time."),
    "triage_expired": N_("Nobody decided on the tier in time."),
    "handed_over": N_("The provider was told how to use the lighter support."),
    "offer_asked": N_("Offered to %(who)s."),
    "offer_expired": N_("%(who)s did not answer in time. The offer moves on."),
    "offer_withdrawn": N_("The offer to %(who)s was taken back. It moves on."),
    "offer_moved": N_("The offer to %(from)s was taken back, and made to %(who)s."),
    "reassigned": N_("%(who)s took over from %(from)s, whose links have ended."),
    "taken_back": N_("It was taken from %(who)s. Somebody else is looked for."),
    "coordinator_asked": N_("The offers found nobody. %(who)s was asked to find a consultant."),
    "coordinator_expired": N_("No consultant was found in time. The coordinator is asked again."),
    "waitlist_asked": N_("Nobody is free for it now. It waits in line."),
    "waitlist_expired": N_("Nobody became free in time. It keeps its place in line."),
    "promoted": N_(
        "%(who)s is free: it leaves the line, as number %(place)s. Passed over: %(passed)s."
    ),
    "language_choice_asked": N_("The provider was asked what to do: nobody speaks the language."),
    "language_choice_expired": N_(
        "The provider did not choose in time. It keeps its place in line."
    ),
    "not_served": N_("No consultant could take it, and the request ended."),
    "first_contact_asked": N_("%(who)s was asked to contact the provider."),
    "first_contact_expired": N_("There was no first contact in time. %(who)s is asked again."),
    "agreement_asked": N_("The provider was asked to sign the service agreement."),
    "agreement_expired": N_("The agreement was not signed in time. The provider is asked again."),
    "plan_asked": N_("%(who)s was asked to write the action plan."),
    "plan_expired": N_("There was no action plan in time. %(who)s is asked again."),
    "plan_agreement_asked": N_("The provider was asked to agree to the action plan."),
    "plan_agreement_expired": N_("The provider did not answer to the plan in time."),
    "service_asked": N_("%(who)s holds the sessions and records them."),
    "service_expired": N_("The sessions are not complete in time. %(who)s is asked again."),
    "summary_asked": N_("%(who)s was asked for the closing summary."),
    "summary_answered": N_("The closing summary was written."),
    "summary_expired": N_("There was no closing summary in time. %(who)s is asked again."),
    "closed": N_("The request was closed."),
    "closing_incomplete": N_("It could not be closed yet: something is missing."),
    "referral_closed": N_("The request was closed."),
    "stepped_down": N_("The consultation is over. Lighter support goes on: %(tier)s."),
    "survey_asked": N_("The provider was asked to answer the survey."),
    "survey_answered": N_("The provider answered the survey."),
    "survey_expired": N_("The survey ended without an answer."),
    "follow_up_rest_asked": N_("The follow-up rests until 30 days after closing."),
    "follow_up_rest_expired": N_("The 30 days are over."),
    "follow_up_asked": N_("The provider was asked how things are after 30 days."),
    "follow_up_answered": N_("The provider said how things are after 30 days."),
    "follow_up_expired": N_("The follow-up ended without an answer."),
    "check_in_rest_asked": N_("The check-in rests for two weeks."),
    "check_in_rest_expired": N_("The two weeks are over."),
    "check_in_asked": N_("The provider was asked whether it helped."),
    "check_in_answered": N_("The provider said whether it helped."),
    "check_in_expired": N_("The check-in ended without an answer."),
    "call_back_asked": N_("%(who)s was asked to call the provider."),
    "call_back_expired": N_("Nobody called the provider in time."),
    "paused": N_("The work was paused until %(until)s."),
    "waits_for_leave": N_("%(who)s is away. The provider waits for them until %(until)s."),
    "resumed": N_("The pause ended, and the work goes on."),
    "pause_ends_soon": N_("The one who paused was told that the pause ends on %(until)s."),
    "safety_flagged": N_("A safety concern was flagged. The on-call lead was told."),
    "safety_answered": N_("The on-call lead said what was done about a safety concern."),
    "safety_expired": N_("A safety concern is still open. The on-call lead is told anew."),
    "late_follow_up_rest_asked": N_("The follow-up rests until 180 days after closing."),
    "late_follow_up_rest_expired": N_("The 180 days are over."),
    "late_follow_up_asked": N_("The provider was asked how things are after 180 days."),
    "late_follow_up_answered": N_("The provider said how things are after 180 days."),
    "late_follow_up_expired": N_("The last follow-up ended without an answer."),
    "stipend_expired": N_("Nobody sent the stipend in time. It is asked again."),
    "reopened": N_("The request was opened again."),
    "safety_asked": N_("The on-call lead was told of a safety concern."),
    "extension_asked": N_("The supervisor was asked for more sessions."),
    "stipend_asked": N_("The coordinator was asked to send the stipend."),
    "extension_expired": N_("Nobody decided on more sessions in time. It is asked again."),
    "withdrawn": N_("The provider withdrew the request."),
    "urgency_changed": N_("How soon help is needed was changed from %(before)s to %(priority)s."),
    "reminded": N_("A reminder was sent: %(task)s."),
    "escalated": N_("The supervisor was told that this is overdue: %(task)s."),
    "link_renewed": N_("A fresh link was mailed: %(task)s."),
    "task_taken": N_("%(who)s took over a task of %(from)s: %(task)s."),
    "run_restarted": N_("The run was started again, as number %(generation)s."),
    "reconciled": N_("The reconciler found that the table and the run did not fit."),
    "parked": N_("A letter or a word to the process could not leave. A coordinator was asked."),
    "clock_stuck": N_("The clock could not do what is due. A coordinator was asked."),
    "attention_asked": N_(
        "A coordinator was asked to look at something that does not work by itself."
    ),
    "attention_noted": N_("A note was left. The coordinator's task stays open."),
    "attention_expired": N_("Nobody looked at it in time. The coordinator is asked again."),
    "repair_asked": N_("The process stopped. %(who)s was asked to look into it."),
    "repair_answered": N_("The process was started again, as number %(generation)s."),
    "repair_expired": N_("Nobody looked into the stopped process in time. %(who)s is asked again."),
    "redacted": N_("A child's name or date was taken out of what was written, places: %(total)s."),
    "letter_sent_again": N_("A letter was sent again: %(about)s."),
    "fix_contact_asked": N_(
        "Letters to %(to)s come back. %(asked)s was asked for an address that works."
    ),
    "fix_person_asked": N_(
        "Letters to %(to)s come back. %(asked)s was asked for an address that works."
    ),
    "fix_contact_expired": N_("Nobody found an address in time. %(asked)s is asked again."),
    "fix_person_expired": N_("Nobody found an address in time. %(asked)s is asked again."),
    "repair_noted": N_("A note was left, and the stopped process stays as it is for now."),
}
"""Entry type -> sentence."""

_CONFIRMATION: Final = "eligibility_confirmation_answered"
_AGREED: Final = N_("%(who)s agreed with %(from)s: %(tier)s, %(priority)s.")
ANSWERED: Final[dict[tuple[str, str], str]] = {
    ("submitted", "for_caller"): N_("Entered for the provider, who asked by phone or in person."),
    (_CONFIRMATION, "eligible"): N_("Decided otherwise: the request goes on."),
    (_CONFIRMATION, "not_eligible"): N_(
        "Confirmed: not eligible. The provider was told where to turn."
    ),
    (_CONFIRMATION, "redirected_local"): N_(
        "Confirmed: another service fits better. The provider was told where to turn."
    ),
    (_CONFIRMATION, "out_of_scope"): N_(
        "Confirmed: it is not something that we do. The provider was told where to turn."
    ),
    (_CONFIRMATION, "ask_provider"): N_("The provider should answer more first: %(fields)s."),
    ("triage_answered", "moved"): N_("The provider should answer more first: %(fields)s."),
    (_CONFIRMATION, "duplicate"): N_("Confirmed: it is the same as another open request."),
    ("offer_asked", "previous"): N_(
        "Offered to %(who)s first: the previous consultant of this site."
    ),
    (_CONFIRMATION, "second_person"): N_(
        "Decided otherwise: the request should go on. A second person must agree."
    ),
    ("eligibility_review_answered", "eligible"): N_(
        "%(who)s agreed with %(from)s: the request goes on."
    ),
    ("eligibility_review_answered", "refused"): N_(
        "%(who)s did not agree with %(from)s, who decides again."
    ),
    ("triage_answered", "second_person"): N_(
        "Decided otherwise: %(tier)s, %(priority)s. A second person must agree."
    ),
    ("tier_review_answered", "universal"): _AGREED,
    ("tier_review_answered", "targeted"): _AGREED,
    ("tier_review_answered", "intensive"): _AGREED,
    ("tier_review_answered", "emergency"): _AGREED,
    ("tier_review_answered", "refused"): N_(
        "%(who)s did not agree with %(from)s, who decides again."
    ),
    ("offer_answered", "accepted"): N_("%(who)s accepted."),
    ("offer_answered", "declined"): N_("%(who)s declined. The offer moves on."),
    ("coordinator_answered", "assigned"): N_("%(who)s was assigned."),
    ("coordinator_answered", "wait"): N_("It stays in line until somebody is free."),
    ("language_choice_answered", "wait"): N_(
        "The provider keeps waiting for somebody who speaks the language."
    ),
    ("language_choice_answered", "offer_again"): N_(
        "The provider can do without: %(choice)s. It is offered in that way."
    ),
    ("coordinator_answered", "offer_again"): N_("It is offered anew to everybody who fits."),
    ("first_contact_answered", "reached"): N_(
        "First contact was made. They planned %(planned)s sessions."
    ),
    ("first_contact_answered", "not_reached"): N_("A try to reach the provider found nobody."),
    ("first_contact_answered", "unresponsive"): N_(
        "After three tries over ten days the provider could not be reached. The request ended."
    ),
    ("agreement_answered", "agreed"): N_("The provider signed the service agreement."),
    ("agreement_answered", "talk_wanted"): N_("The provider wants to talk before signing."),
    ("plan_answered", "planned"): N_(
        "The action plan was written. Goals: %(goals)s, sessions: %(planned)s."
    ),
    ("plan_agreement_answered", "agreed"): N_("The provider agreed to the action plan."),
    ("plan_agreement_answered", "changes_asked"): N_("The provider asked for changes to the plan."),
    ("reconciled", "restarted"): N_(
        "The reconciler started the run again, as number %(generation)s. Why: %(finding)s"
    ),
    ("reconciled", "stopped"): N_("The reconciler ended a run. Why: %(finding)s"),
    ("reconciled", "handed"): N_(
        "The run stopped too often today: a coordinator was asked. Why: %(finding)s"
    ),
    ("attention_answered", "again"): N_("The coordinator let the system try again."),
    ("attention_answered", "done"): N_("The coordinator took care of it."),
    ("service_answered", "held"): N_(
        "A session was held, %(minutes)s minutes. The next is %(next)s."
    ),
    ("service_answered", "missed"): N_("A session was missed. The next is %(next)s."),
    ("service_answered", "moved"): N_("The next session was moved to %(next)s."),
    ("service_answered", "planned"): N_("The next session was planned for %(next)s."),
    **{
        (f"{kind}_answered", "handed_over"): N_(
            "%(who)s cannot go on. Another consultant is looked for."
        )
        for kind in ("first_contact", "plan", "service", "summary")
    },
    ("service_answered", "more_asked"): N_("The consultant asked for more than twelve sessions."),
    ("service_answered", "held_more"): N_(
        "A session was held, %(minutes)s minutes. The consultant asked for more than twelve sessions."
    ),
    ("extension_answered", "approved"): N_("More sessions were approved: %(planned)s in all."),
    ("extension_answered", "declined"): N_("More sessions were declined."),
    ("stipend_answered", "sent"): N_("The stipend is on its way."),
    ("stipend_answered", "not_due"): N_("The stipend cannot be paid."),
    ("service_answered", "completed"): N_("The last session was held. The sessions are complete."),
    ("service_answered", "ended_early"): N_("The sessions ended early."),
    ("check_in_answered", "universal"): N_("The provider said that the support helped."),
    ("check_in_answered", "targeted"): N_("The provider said that the support helped."),
    ("check_in_answered", "moved"): N_(
        "The provider said that the support was not enough. It goes back to the specialist."
    ),
    ("check_in_answered", "found"): N_("The provider found help."),
    ("check_in_answered", "not_found"): N_("The provider found no help and needs none now."),
    ("check_in_answered", "call_wanted"): N_("The provider found no help and wants a call."),
    ("call_back_answered", "called"): N_("The provider was called."),
    ("call_back_answered", "not_reached"): N_("A call to the provider found nobody."),
    ("fix_contact_answered", "mended"): N_(
        "A new address of %(to)s was typed in. Letters go there from now on."
    ),
    ("fix_person_answered", "mended"): N_(
        "A new address of %(to)s was typed in. Letters go there from now on."
    ),
    ("fix_contact_answered", "call"): N_("No email of %(to)s works. They are called instead."),
    ("fix_person_answered", "call"): N_("No email of %(to)s works. They are reached another way."),
}
"""(Entry type, verdict) -> sentence, where the verdict matters."""

LETTERS: Final[dict[str, str]] = {
    "intake/receipt": N_("Receipt of the request"),
    "status/code": N_("Code for the status page"),
    "status/changed_told": N_("The provider changed something"),
    "status/address_changed": N_("The email address was changed"),
    "tasks/undone": N_("An answer was taken back"),
    "tasks/recorded": N_("We wrote down an answer for you"),
    "status/withdrawn": N_("The request was withdrawn"),
    "status/withdrawn_told": N_("The request was withdrawn"),
    "eligibility/other_help": N_("Other places to turn to"),
    "tiers/universal": N_("How to use universal support"),
    "tiers/targeted": N_("How to use targeted support"),
    "tiers/decided": N_("The kind of support was decided"),
    "matching/waitlisted": N_("The request is on the waitlist"),
    "matching/taken_over": N_("A consultation to take over"),
    "matching/handed_on": N_("Somebody else goes on with a consultation"),
    "matching/offer_over": N_("An offer that was taken back"),
    "matching/leave_pause": N_("It waits until the consultant is back"),
    "matching/new_consultant": N_("Another consultant goes on"),
    "matching/found": N_("A consultant was found"),
    "matching/cannot_be_served": N_("The request cannot be served"),
    "delivery/agreement_question": N_("The provider wants to talk before signing"),
    "delivery/handed_over": N_("Another consultant is looked for"),
    "delivery/handed_over_told": N_("Another consultant is looked for"),
    "delivery/paused": N_("The work is paused"),
    "delivery/resumed": N_("The pause is over"),
    "delivery/pause_ends": N_("The pause ends soon"),
    "delivery/extension_answered": N_("What was decided on more sessions"),
    "closure/reopened": N_("The request is open again"),
    "delivery/tried": N_("We tried to reach them"),
    "delivery/unreachable": N_("We could not reach them, and how to come back"),
    "delivery/session_planned": N_("The next session, with a calendar file"),
    "closure/closed": N_("The work is done"),
    "closure/stepped_down": N_("The consultation is over, lighter support goes on"),
    "workflow/escalation": N_("A task is overdue"),
}
"""Letters that ask for nothing; the others are known by their task."""

MAIL_STATUS: Final[dict[str, str]] = {
    "sent": N_("Sent"),
    "delayed": N_("Delayed"),
    "delivered": N_("Delivered"),
    "rejected": N_("Rejected"),
    "bounced": N_("Bounced"),
    "complained": N_("Marked as spam"),
    "queued": N_("Waits for the post"),
    "parked": N_("Not sent: the address does not work"),
    "sending": N_("On its way"),
    "skipped": N_("Not sent: no longer needed"),
}
