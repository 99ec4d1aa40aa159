"""What is asked in an onboarding: the person signs the agreement and says how they work, a coordinator approves."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.domain.roles import STAFF
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.entries import new_people
from chalicelib.training import agreement_text
from chalicelib.training.onboarding import approval, facts, model
from chalicelib.training.onboarding.model import (
    CANDIDATE,
    NAME,
    Onboarding,
    OnboardingChanges,
    OnboardingPayload,
)
from chalicelib.web.forms import Field, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

SIGN, TALK, NO, RIGHT = "sign", "talk", "no", "right"
SIGNED, TALK_WANTED, DECLINED, TOLD = "signed", "talk_wanted", "declined", "told"


def over(state: Onboarding, verdict: str, status: str, at: int, letter: str = "") -> Outcome:
    """The end that is itself the answer."""
    mails = [SendLetter(letter=letter, to=CANDIDATE, always=True)] if letter else []
    changes, effects, rows = ending(state, status=status, closure=status, at=at, mails=mails)
    return Outcome(verdict, changes, effects=effects, same_transaction=rows, reason=status)


def silent(state: Onboarding, at: int) -> Outcome:
    """No answer in all the time: it rests, and they can begin again."""
    return over(state, "expired", model.SILENT, at, "onboarding/rests")


# -- the agreement -----------------------------------------------------------------------------------
def agreement_form(state: Onboarding) -> Form:
    """Sign, ask something first, or say no."""
    return Form(
        radios(
            "decision",
            N_("Do you agree?"),
            (SIGN, N_("Yes, I agree and sign")),
            (TALK, N_("Not yet. I have a question or want to talk first")),
            (NO, N_("No, I do not want to become a consultant now")),
        ),
        Field(
            "signed_name",
            "text",
            N_("If you agree: type your full name"),
            hint=N_("This is your signature."),
            max_length=100,
            missing=N_("Type your name to sign."),
            autocomplete="name",
            when=lambda values: values.get("decision") == SIGN,
        ),
        textarea(
            "question",
            N_("If you want to talk first: what would you like to talk about?"),
            hint=N_("Somebody of the Network will call you or write to you."),
            required=False,
            readers=(STAFF,),
            when=lambda values: values.get("decision") == TALK,
        ),
    )


def decide_agreement(state: Onboarding, values: Values, at: int) -> Outcome:
    """A signature goes on; a question tells staff and stays open."""
    if values["decision"] == NO:
        return over(state, DECLINED, model.DECLINED, at)
    if values["decision"] == TALK:
        told = OnboardingPayload(question=words(values, "question"))
        mail = SendLetter(
            letter="onboarding/question",
            to=recipient(state, "coordinator", people.in_charge("coordinator", state.county)),
        )
        return Outcome(TALK_WANTED, payload=told, effects=[mail], stays=True)
    signed = OnboardingPayload(
        text=agreement_text.VERSION, signed_name=words(values, "signed_name")
    )
    return Outcome(SIGNED, OnboardingChanges(signed=at, status=model.FACTS), signed, final=False)


def agreement_details(state: Onboarding) -> TemplateValues:
    """The text to sign."""
    return {"sections": agreement_text.SECTIONS}


AGREEMENT: Final = Kind[Onboarding](
    name=model.AGREEMENT,
    stage=NAME,
    role=CANDIDATE,
    deadline=Deadline("onboarding", business_days(10), remind_when_due=True),
    letter="onboarding/agreement",
    words=TaskWords(
        title=N_("Read and sign the consultant agreement"),
        waiting=N_("Waiting for the new consultant to sign the agreement"),
        short=N_("to sign the consultant agreement"),
        then=N_("If nobody answers, it ends %(when)s, and can begin again later."),
        overdue=N_("A new consultant should sign the agreement."),
        asked=N_("The new consultant was asked to sign the agreement."),
        answered={
            SIGNED: N_("The new consultant signed the agreement."),
            TALK_WANTED: N_("The new consultant wants to talk before signing."),
            DECLINED: N_("They do not want to become a consultant now."),
        },
        expired=N_("The agreement was not signed in time."),
        said={
            SIGNED: N_("Thank you. You signed the agreement. Next, tell us how you work."),
            TALK_WANTED: N_("Thank you. Somebody of the Network will call you or write to you."),
            DECLINED: N_("Thank you for telling us. You can begin again at any time: call us."),
        },
    ),
    policy=TaskPolicy(
        many=True, signature=True, agrees=lambda values: values.get("decision") == SIGN
    ),
    page=TaskPage(
        form=agreement_form,
        details=agreement_details,
        template="onboarding/agreement.html",
        shows_details_first=True,
        leads_to={SIGNED: model.FACTS},
    ),
    decide=decide_agreement,
    expire=silent,
    outcomes=frozenset({SIGNED, TALK_WANTED, DECLINED, "expired"}),
    examples={
        SIGNED: {"decision": SIGN, "signed_name": "Rosa Demo"},
        TALK_WANTED: {"decision": TALK, "question": "How many hours a month is it?"},
        DECLINED: {"decision": NO},
    },
)


# -- how they work -----------------------------------------------------------------------------------
def facts_form(state: Onboarding) -> Form:
    """The questions of the directory. As they are filled in already, a choice that is not says that they are
    right: a program that sends the page as it came decides nothing."""
    right = (RIGHT, N_("Yes, you can offer me consultations that fit this"))
    return Form(
        *facts.form().fields, radios("decision", N_("Is all of this right?"), right, ahead=True)
    )


def decide_facts(state: Onboarding, values: Values, at: int) -> Outcome:
    """Kept beside the case, for whoever approves. Raises Invalid where somebody else has the address."""
    new_people.need_free_address(values, str(approval.theirs(state, values).get("id", "")))
    kept = facts.kept(state.reference, values)
    changes = OnboardingChanges(status=model.APPROVAL)
    return Outcome(TOLD, changes, same_transaction=[kept], final=False)


def facts_known(state: Onboarding) -> Values:
    """What the training told of them, or what they said before."""
    return facts.known(state.reference)


def facts_recorded(state: Onboarding, entry: Entry) -> Values:
    """What they said stands beside the case."""
    return facts.known(state.reference)


FACTS_EXAMPLE: Final[Values] = {
    "name": "Rosa Demo", "email": "rosa@example.org", "phone": "559-555-0142", "letters_language": "es",
    "languages": ["es", "en"], "modalities": ["onsite", "virtual"], "counties": ["los_angeles"],
    "travel_minutes": 60, "travels_in_region": "no", "settings": ["fcch_small", "fcch_large"],
    "age_bands": ["infant", "toddler"], "concerns": ["challenging_behavior"], "cap": 3,
    "emergency_roster": "no", "decision": RIGHT,
}  # fmt: skip


def facts_example(state: Onboarding, at: int) -> Values:
    """Theirs, under the address of the case."""
    return {**FACTS_EXAMPLE, "email": state.contact.email, "name": state.contact.name}


FACTS: Final = Kind[Onboarding](
    name=model.FACTS,
    stage=NAME,
    role=CANDIDATE,
    deadline=Deadline("onboarding", business_days(10), remind_when_due=True),
    letter="onboarding/facts",
    words=TaskWords(
        title=N_("Tell us how you work"),
        waiting=N_("Waiting for the new consultant to say how they work"),
        short=N_("to say how they work"),
        then=N_("If nobody answers, it ends %(when)s, and can begin again later."),
        overdue=N_("A new consultant should say how they work."),
        asked=N_("The new consultant was asked how they work."),
        answered=N_("The new consultant said how they work."),
        expired=N_("The new consultant did not say how they work in time."),
        said={TOLD: N_("Thank you. We will look at it and write to you.")},
    ),
    policy=TaskPolicy(undo=True, sensitive=True, letter_waits=business_days(1)),
    page=TaskPage(form=facts_form, known=facts_known, recorded=facts_recorded,
                  details=lambda state: {"note": _note(state)}, template="onboarding/facts.html",
                  shows_details_first=True),
    decide=decide_facts,
    expire=silent,
    outcomes=frozenset({TOLD, "expired"}),
    examples={TOLD: facts_example},
)  # fmt: skip


def _note(state: Onboarding) -> str:
    """Why they are asked once more, if they are."""
    said = [one.payload.get("note", "") for one in valid(store.log(state))
            if one.payload.get("verdict") == approval.AGAIN]  # fmt: skip
    return said[-1] if said else ""


# -- approval ----------------------------------------------------------------------------------------
APPROVAL: Final = Kind[Onboarding](
    name=model.APPROVAL,
    stage=NAME,
    role="coordinator",
    deadline=Deadline("assignment", business_days(5)),
    letter="onboarding/approval",
    words=TaskWords(
        title=N_("Approve a new consultant"),
        waiting=N_("Waiting for a coordinator to approve the new consultant"),
        short=N_("to approve the new consultant"),
        then=N_("If nobody answers, the same is asked again %(when)s."),
        overdue=N_("A coordinator should approve a new consultant, or say what is missing."),
        asked=N_("A coordinator was asked to approve the new consultant."),
        answered={
            approval.APPROVED: N_("The new consultant was approved and is in the directory."),
            approval.AGAIN: N_("The new consultant is asked once more."),
            approval.NO: N_("The new consultant was not approved."),
        },
        expired=N_("Nobody approved the new consultant in time."),
        said={
            approval.APPROVED: N_(
                "They are in the directory and may get offers. We wrote to them."
            ),
            approval.AGAIN: N_("We ask them once more."),
            approval.NO: N_("We wrote to them."),
        },
        refused=N_(
            "Somebody has entered them in the directory meanwhile. Please look at it again."
        ),
    ),
    policy=TaskPolicy(undo=True),
    page=TaskPage(
        form=approval.form,
        details=approval.details,
        template="onboarding/approval.html",
        shows_details_first=True,
    ),
    decide=approval.decide,
    outcomes=frozenset({approval.APPROVED, approval.AGAIN, approval.NO, "expired"}),
    examples={
        approval.APPROVED: approval.example,
        approval.AGAIN: {"decision": approval.AGAIN, "note": "Please tell us more counties."},
        approval.NO: {"decision": approval.NO, "note": "Please come back next year."},
    },
)
