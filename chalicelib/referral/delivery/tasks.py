"""The five tasks of service delivery in the order in which they are asked, and one beside them."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.referral import plan_rows
from chalicelib.referral.consultant_gives_back import SAID, or_hand_over, with_hand_over
from chalicelib.referral.delivery import (
    agreement,
    extension,
    first_contact,
    plan,
    service,
    service_form,
)
from chalicelib.referral.model import Referral
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords, register


def expire(state: Referral, now: int) -> Outcome:
    """Asked again, with new reminders; the supervisor heard of it when it was due."""
    return Outcome("expired", final=False)


def facts(state: Referral) -> list[Fact]:
    """What a consultant's link shows before the details."""
    return [
        (N_("County"), [vocabulary.label("county", state.county)]),
        (N_("Setting"), [vocabulary.label("setting", state.setting)]),
    ]


FIRST_CONTACT = register(
    Kind(
        name="first_contact",
        stage="delivery",
        role="consultant",
        letter="delivery/first_contact",
        words=TaskWords(
            title=N_("Contact the provider for the first time"),
            said=SAID
            | {
                "reached": N_("You have talked. The provider gets the service agreement to sign."),
                "not_reached": N_("Your try is written down. Please try again."),
                "unresponsive": N_(
                    "The request is closed. The provider was told how to come back. Thank you for trying."
                ),
            },
        ),
        policy=TaskPolicy(many=True, sensitive=True, undo=True),
        page=TaskPage(
            form=with_hand_over(first_contact.form),
            facts=facts,
            details=first_contact.details,
            template="delivery/first_contact.html",
            shows_details_first=True,
        ),
        decide=or_hand_over(first_contact.decide),
        expire=expire,
    )
)

AGREEMENT = register(
    Kind(
        name="agreement",
        stage="delivery",
        role="provider",
        letter="delivery/agreement",
        words=TaskWords(
            title=N_("Read and sign the service agreement"),
            said={
                "agreed": N_(
                    "You signed the agreement. Your consultant writes the action plan next."
                ),
                "talk_wanted": N_("We asked your consultant to contact you."),
            },
            meanwhile=N_("The provider has the service agreement to sign."),
        ),
        policy=TaskPolicy(many=True, by_phone=False),
        page=TaskPage(
            form=agreement.form,
            details=agreement.details,
            template="delivery/agreement.html",
            shows_details_first=True,
            shows_details_after=True,
        ),
        decide=agreement.decide,
        expire=expire,
    )
)

PLAN = register(
    Kind(
        name="plan",
        stage="delivery",
        role="consultant",
        letter="delivery/plan",
        words=TaskWords(
            title=N_("Write the action plan"),
            said=SAID
            | {"planned": N_("The provider gets the plan, and agrees or asks for changes.")},
        ),
        policy=TaskPolicy(
            sensitive=True,
            undo=True,
            undo_rows=lambda state: plan_rows.dropped(state.reference),
        ),
        page=TaskPage(
            form=with_hand_over(plan.form),
            facts=facts,
            details=plan.details,
            template="delivery/plan.html",
            known=plan.known,
            shows_details_first=True,
        ),
        decide=or_hand_over(plan.decide),
        expire=expire,
    )
)

PLAN_AGREEMENT = register(
    Kind(
        name="plan_agreement",
        stage="delivery",
        role="provider",
        letter="delivery/plan_agreement",
        words=TaskWords(
            title=N_("Look at your action plan"),
            said={
                "agreed": N_("You agreed to the plan. We mailed you the first session."),
                "changes_asked": N_("Your consultant reads your wishes and writes a new plan."),
            },
            meanwhile=N_("The provider has the action plan to look at."),
        ),
        policy=TaskPolicy(undo=True),
        page=TaskPage(
            form=plan.agreement_form,
            details=plan.agreement_details,
            template="delivery/plan_agreement.html",
            shows_details_first=True,
            shows_details_after=True,
        ),
        decide=plan.decide_agreement,
        expire=plan.expire_agreement,
    )
)

SERVICE = register(
    Kind(
        name="service",
        stage="delivery",
        role="consultant",
        letter="delivery/service",
        words=TaskWords(
            title=N_("Record a session"),
            said=SAID
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
        ),
        page=TaskPage(
            form=service_form.form,
            facts=facts,
            details=service.details,
            template="delivery/service.html",
        ),
        decide=service.decide,
        expire=service.expire,
    )
)

EXTENSION = register(
    Kind(
        name=extension.KIND,
        stage="",
        role="supervisor",
        letter="delivery/extension",
        words=TaskWords(
            title=N_("Decide on more than twelve sessions"),
            said={
                "approved": N_("The consultant was told how many sessions they may hold."),
                "declined": N_("The consultant was told that the next session is the last one."),
            },
        ),
        page=TaskPage(
            form=extension.form,
            facts=facts,
            details=extension.details,
            template="delivery/extension.html",
            shows_details_first=True,
        ),
        decide=extension.decide,
        expire=extension.expire,
    )
)
