"""The five tasks of service delivery in the order in which they are asked, and one beside them."""

from __future__ import annotations

from chalicelib.calls.form import recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.domain.service_standards import Deadline, business_days, calendar_days
from chalicelib.referral import consultant_gives_back as gives_back
from chalicelib.referral.aim import CONTACT
from chalicelib.referral.delivery import (
    agreement,
    corrected,
    extension,
    first_contact,
    plan,
    service,
    service_form,
)
from chalicelib.referral.model import Referral
from chalicelib.referral.provider_calls import words as calls
from chalicelib.referral.provider_calls.calling import PROVIDER
from chalicelib.referral.rows import plan_rows
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Kind,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.side_tasks import asked_anew
from chalicelib.workflow.stage_change import MOVED

FIRST_CONTACT = Kind[Referral](
    name="first_contact",
    stage="delivery",
    role="consultant",
    deadline=Deadline("first_contact", business_days(10)),
    letter="delivery/first_contact",
    words=TaskWords(
        title=N_("Contact the provider for the first time"),
        aim=CONTACT,
        waiting=N_("Waiting for the consultant to reach the provider for the first time"),
        short=N_("to make the first contact"),
        then=ASKED_AGAIN,
        overdue=N_("The consultant should contact the provider for the first time."),
        asked=N_("%(who)s was asked to contact the provider."),
        answered={
            "reached": N_("First contact was made. They planned %(planned)s sessions."),
            **calls.LOGGED,
            **gives_back.LOGGED,
        },
        expired=N_("There was no first contact in time. %(who)s is asked again."),
        provider_answered={
            "reached": N_("You and your consultant had your first talk."),
            **calls.TOLD,
            **gives_back.TOLD,
        },
        said={
            "reached": N_("You have talked. The provider gets the service agreement to sign."),
            **calls.SAID,
            **gives_back.SAID,
        },
    ),
    # Who has accepted sees its page at once: a letter is for who has not been there by the reminder.
    policy=TaskPolicy(many=True, sensitive=True, undo=True, letter_waits=business_days(2)),
    page=TaskPage(
        form=gives_back.with_hand_over(
            with_tries(PROVIDER, first_contact.form, calls.TALKS, also=("note", "note_for"))
        ),
        facts=county_and_setting,
        details=with_told(PROVIDER, first_contact.details),
        template="delivery/first_contact.html",
        recorded=recorded,
        shows_details_first=True,
    ),
    decide=gives_back.or_hand_over(or_try(PROVIDER, first_contact.decide)),
    outcomes=frozenset({first_contact.REACHED, *calls.OUTCOMES, MOVED, "expired"}),
    examples=first_contact.EXAMPLES,
)

AGREEMENT = Kind[Referral](
    name="agreement",
    stage="delivery",
    role="provider",
    deadline=Deadline("agreement", business_days(10), remind_when_due=True),
    letter="delivery/agreement",
    words=TaskWords(
        title=N_("Read and sign the service agreement"),
        waiting=N_("Waiting for the provider to agree to the service agreement"),
        short=N_("to agree to the service agreement"),
        then=ASKED_AGAIN,
        overdue=N_("The provider should read and accept the service agreement."),
        asked=N_("The provider was asked to sign the service agreement."),
        answered={
            "agreed": N_("The provider signed the service agreement."),
            "talk_wanted": N_("The provider wants to talk before signing."),
            "another_wanted": N_(
                "The provider would rather have a consultant who is not in training. One is looked for."
            ),
        },
        expired=N_("The agreement was not signed in time. The provider is asked again."),
        provider_asked=N_("We mailed you the service agreement."),
        provider_answered={
            "agreed": N_("You signed the service agreement."),
            "talk_wanted": N_("You asked to talk before you sign."),
            "another_wanted": N_("You asked for a consultant who is not in training."),
        },
        said={
            "agreed": N_("You signed the agreement. Your consultant writes the action plan next."),
            "talk_wanted": N_("We asked your consultant to contact you."),
            "another_wanted": N_(
                "Thank you for telling us. We are looking for another consultant for you. Nothing else changes."
            ),
        },
        meanwhile=N_("The provider has the service agreement to sign."),
    ),
    policy=TaskPolicy(many=True, signature=True, agrees=agreement.agrees),
    page=TaskPage(
        form=agreement.form,
        details=agreement.details,
        template="delivery/agreement.html",
        shows_details_first=True,
        shows_details_after=True,
    ),
    decide=agreement.decide,
    outcomes=frozenset({agreement.AGREE, agreement.TALK, agreement.ANOTHER, "expired"}),
    examples={agreement.AGREE: {"decision": agreement.AGREE, "signed_name": "Ana Demo"}},
)

PLAN = Kind[Referral](
    name="plan",
    stage="delivery",
    role="consultant",
    deadline=Deadline("plan", business_days(10)),
    letter="delivery/plan",
    words=TaskWords(
        title=N_("Write the action plan"),
        aim=N_("Your consultant aims to send you the plan by %(date)s."),
        waiting=N_("Waiting for the consultant to write the action plan"),
        short=N_("to write the action plan"),
        then=ASKED_AGAIN,
        overdue=N_("The consultant should write the action plan."),
        asked=N_("%(who)s was asked to write the action plan."),
        answered={
            "planned": N_("The action plan was written. Goals: %(goals)s, sessions: %(planned)s."),
            **gives_back.LOGGED,
        },
        expired=N_("There was no action plan in time. %(who)s is asked again."),
        provider_answered={
            "planned": N_("Your consultant wrote an action plan."),
            **gives_back.TOLD,
        },
        said=gives_back.SAID
        | {"planned": N_("The provider gets the plan, and agrees or asks for changes.")},
    ),
    policy=TaskPolicy(
        sensitive=True,
        undo=True,
        undo_rows=lambda state: plan_rows.dropped(state.reference),
    ),
    page=TaskPage(
        form=gives_back.with_hand_over(plan.form),
        facts=county_and_setting,
        details=plan.details,
        template="delivery/plan.html",
        known=plan.known,
        recorded=plan.recorded,
        shows_details_first=True,
    ),
    decide=gives_back.or_hand_over(plan.decide),
    outcomes=frozenset({plan.PLANNED, MOVED, "expired"}),
    examples={plan.PLANNED: plan.example},
)

PLAN_AGREEMENT = Kind[Referral](
    name="plan_agreement",
    stage="delivery",
    role="provider",
    deadline=Deadline("plan_agreement", business_days(10), remind_when_due=True),
    letter="delivery/plan_agreement",
    words=TaskWords(
        title=N_("Look at your action plan"),
        waiting=N_("Waiting for the provider to agree to the action plan"),
        short=N_("to agree to the action plan"),
        then=N_("If nobody answers, the consultant is asked to look at the plan again %(when)s."),
        overdue=N_("The provider should say if the action plan is right."),
        asked=N_("The provider was asked to agree to the action plan."),
        answered={
            "agreed": N_("The provider agreed to the action plan."),
            "changes_asked": N_("The provider asked for changes to the plan."),
        },
        expired=N_("The provider did not answer to the plan in time."),
        provider_asked=N_("We mailed you the action plan."),
        provider_answered={
            "agreed": N_("You agreed to the action plan."),
            "changes_asked": N_("You asked for changes to the action plan."),
        },
        said={
            "agreed": N_("You agreed to the plan. We mailed you the days of your sessions."),
            "changes_asked": N_("Your consultant reads your wishes and writes a new plan."),
        },
        meanwhile=N_("The provider has the action plan to look at."),
    ),
    policy=TaskPolicy(undo=True, agrees=plan.agrees),
    page=TaskPage(
        form=plan.agreement_form,
        details=plan.agreement_details,
        template="delivery/plan_agreement.html",
        shows_details_first=True,
        shows_details_after=True,
    ),
    decide=plan.decide_agreement,
    expire=plan.expire_agreement,
    outcomes=frozenset({plan.AGREE, plan.CHANGES, "expired"}),
    examples={
        plan.AGREE: {"decision": plan.AGREE},
        plan.CHANGES: {"decision": plan.CHANGES, "wish": "Fewer goals, please"},
    },
)

SERVICE = Kind[Referral](
    name="service",
    stage="delivery",
    role="consultant",
    deadline=Deadline("sessions", calendar_days(60), monthly=True),
    letter="delivery/service",
    words=TaskWords(
        title=N_("Record a session"),
        aim=N_("We aim to finish by %(date)s."),
        waiting=N_("Waiting for the consultant to hold and record the sessions"),
        short=N_("to hold the sessions"),
        then=N_("If the sessions are not complete, the consultant is asked again %(when)s."),
        overdue=N_(
            "Nothing has been recorded for 30 days. The consultant should record the sessions."
        ),
        asked=N_("%(who)s holds the sessions and records them."),
        answered={
            "held": N_("A session was held, %(minutes)s minutes. The next is %(next)s."),
            "missed": N_("A session was missed. The next is %(next)s."),
            "moved": N_("The next session was moved to %(next)s."),
            "planned": N_("The next session was planned for %(next)s."),
            **gives_back.LOGGED,
            "more_asked": N_("The consultant asked for more than twelve sessions."),
            "held_more": N_(
                "A session was held, %(minutes)s minutes. The consultant asked for more than twelve "
                "sessions."
            ),
            "completed": N_("The last session was held. The sessions are complete."),
            "ended_early": N_("The sessions ended early."),
        },
        expired=N_("The sessions are not complete in time. %(who)s is asked again."),
        provider_answered={
            "held": N_("You had a session."),
            "missed": N_("A session did not take place."),
            "moved": N_("Your next session was moved."),
            "planned": N_("Your next session was planned."),
            **gives_back.TOLD,
            "held_more": N_("You had a session."),
            "completed": N_("You had your last session."),
            "ended_early": N_("The sessions ended."),
        },
        said=gives_back.SAID
        | {
            "completed": N_("The sessions are complete. The closing summary comes next."),
            "ended_early": N_("The sessions have ended. The closing summary comes next."),
        },
    ),
    policy=TaskPolicy(
        many=True,
        sensitive=True,  # A session is logged in the car, with one thumb.
        proves=lambda values: False,
        undo=True,
        corrects=corrected.meant,
    ),
    page=TaskPage(
        form=service_form.form,
        facts=county_and_setting,
        details=service.details,
        template="delivery/service.html",
        leads_to={"completed": "summary", "ended_early": "summary"},
        recorded=corrected.recorded,
        known=service_form.known,
        quick=True,
    ),
    decide=service.decide,
    outcomes=frozenset({*service.OUTCOMES, MOVED, "expired"}),
    examples=service.EXAMPLES,
)

EXTENSION = Kind[Referral](
    name=extension.KIND,
    role="supervisor",
    deadline=Deadline("extension", business_days(10)),
    letter="delivery/extension",
    words=TaskWords(
        title=N_("Decide on more than twelve sessions"),
        waiting=N_("Waiting for the supervisor to decide on more sessions"),
        short=N_("to decide on more sessions"),
        then=ASKED_AGAIN,
        overdue=N_("A supervisor should decide on more than twelve sessions."),
        asked=N_("The supervisor was asked for more sessions."),
        answered={
            "approved": N_("More sessions were approved: %(planned)s in all."),
            "declined": N_("More sessions were declined."),
        },
        expired=N_("Nobody decided on more sessions in time. It is asked again."),
        said={
            "approved": N_("The consultant was told how many sessions they may hold."),
            "declined": N_("The consultant was told that the next session is the last one."),
        },
    ),
    page=TaskPage(
        form=extension.form,
        facts=county_and_setting,
        details=extension.details,
        template="delivery/extension.html",
        shows_details_first=True,
    ),
    decide=extension.decide,
    expire=asked_anew,
    outcomes=frozenset({extension.APPROVE, extension.DECLINE, "expired"}),
    examples={
        extension.APPROVE: {"decision": extension.APPROVE, "sessions": 16},
        extension.DECLINE: {
            "decision": extension.DECLINE,
            "note": "The goals are within reach",
        },
    },
)
