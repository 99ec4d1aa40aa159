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
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Referral
from chalicelib.workflow.tasks import Fact, Kind, Outcome, register


def expire(state: Referral, now: int) -> Outcome:
    """Asked again, with new reminders; the supervisor heard of it when it was due."""
    return Outcome("expired", final=False)


def facts(state: Referral) -> list[Fact]:
    """What a consultant's link shows before the details (S4)."""
    return [
        (N_("County"), [vocabulary.label("county", state.county)]),
        (N_("Setting"), [vocabulary.label("setting", state.setting)]),
    ]


FIRST_CONTACT = register(
    Kind(
        name="first_contact",
        many=True,
        stage="delivery",
        role="consultant",
        title=N_("Contact the provider for the first time"),
        letter="delivery/first_contact",
        form=with_hand_over(first_contact.form),
        decide=or_hand_over(first_contact.decide),
        expire=expire,
        facts=facts,
        details=first_contact.details,
        template="delivery/first_contact.html",
        shows_details_first=True,
        undo=True,
        sensitive=True,
        said=SAID
        | {
            "reached": N_("You have talked. The provider gets the service agreement to sign."),
            "not_reached": N_("Your try is written down. Please try again."),
            "unresponsive": N_(
                "The request is closed. The provider was told how to come back. Thank you for trying."
            ),
        },
    )
)

AGREEMENT = register(
    Kind(
        name="agreement",
        many=True,
        stage="delivery",
        role="provider",
        title=N_("Read and sign the service agreement"),
        letter="delivery/agreement",
        form=agreement.form,
        decide=agreement.decide,
        expire=expire,
        details=agreement.details,
        template="delivery/agreement.html",
        by_phone=False,
        meanwhile=N_("The provider has the service agreement to sign."),
        shows_details_first=True,
        shows_details_after=True,
        said={
            "agreed": N_("You signed the agreement. Your consultant writes the action plan next."),
            "talk_wanted": N_("We asked your consultant to contact you."),
        },
    )
)

PLAN = register(
    Kind(
        name="plan",
        known=plan.known,
        stage="delivery",
        role="consultant",
        title=N_("Write the action plan"),
        letter="delivery/plan",
        form=with_hand_over(plan.form),
        decide=or_hand_over(plan.decide),
        expire=expire,
        facts=facts,
        details=plan.details,
        template="delivery/plan.html",
        undo_rows=lambda state: plan_rows.dropped(state.reference),
        shows_details_first=True,
        undo=True,
        sensitive=True,
        said=SAID | {"planned": N_("The provider gets the plan, and agrees or asks for changes.")},
    )
)

PLAN_AGREEMENT = register(
    Kind(
        name="plan_agreement",
        undo=True,
        meanwhile=N_("The provider has the action plan to look at."),
        stage="delivery",
        role="provider",
        title=N_("Look at your action plan"),
        letter="delivery/plan_agreement",
        form=plan.agreement_form,
        decide=plan.decide_agreement,
        expire=plan.expire_agreement,
        details=plan.agreement_details,
        template="delivery/plan_agreement.html",
        shows_details_first=True,
        shows_details_after=True,
        said={
            "agreed": N_("You agreed to the plan. We mailed you the first session."),
            "changes_asked": N_("Your consultant reads your wishes and writes a new plan."),
        },
    )
)

SERVICE = register(
    Kind(
        name="service",
        many=True,
        stage="delivery",
        role="consultant",
        title=N_("Record a session"),
        letter="delivery/service",
        form=service_form.form,
        decide=service.decide,
        expire=service.expire,
        facts=facts,
        details=service.details,
        template="delivery/service.html",
        undo=True,
        sensitive=True,
        proves=lambda values: False,  # a session is logged in the car, with one thumb
        said=SAID
        | {
            "completed": N_("The sessions are complete. The closing summary comes next."),
            "ended_early": N_("The sessions have ended. The closing summary comes next."),
        },
    )
)

EXTENSION = register(
    Kind(
        name=extension.KIND,
        stage="",
        role="supervisor",
        title=N_("Decide on more than twelve sessions"),
        letter="delivery/extension",
        form=extension.form,
        decide=extension.decide,
        expire=extension.expire,
        facts=facts,
        details=extension.details,
        template="delivery/extension.html",
        shows_details_first=True,
        said={
            "approved": N_("The consultant was told how many sessions they may hold."),
            "declined": N_("The consultant was told that the next session is the last one."),
        },
    )
)
