"""The service agreement: roles, scope, duration, signed by link before the first session.

Its text is ``papers/agreement_text.py``.
"""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.in_training.another_consultant import another_consultant
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.papers.agreement_text import SECTIONS, VERSION
from chalicelib.referral.rows import request_rows
from chalicelib.web.forms import Field, Form, Option, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome

AGREE, TALK, ANOTHER = "agreed", "talk_wanted", "another_wanted"
CONSENT: Final = "service_agreement"


def form(state: Referral) -> Form:
    """Sign, or ask for a talk first; whose consultant is in training may have another one."""
    choices: list[Option] = [
        (AGREE, N_("Yes, I agree and sign")),
        (TALK, N_("Not yet. I have a question or want to talk first")),
    ]
    if people.in_training(state.consultant):
        choices.append((ANOTHER, N_("I would rather have a consultant who is not in training")))
    return Form(
        radios("decision", N_("Do you agree?"), *choices),
        Field(
            "signed_name",
            "text",
            N_("If you agree: type your full name"),
            hint=N_("This is your signature."),
            max_length=100,
            missing=N_("Type your name to sign."),
            autocomplete="name",
            readers=(STAFF, PROVIDER),
            when=lambda values: values.get("decision") == AGREE,
        ),
        textarea(
            "question",
            N_("If you want to talk first: what would you like to talk about?"),
            hint=N_("Your consultant will contact you. Do not write a child's name."),
            required=False,
            rows=4,
            readers=(STAFF, CONSULTANT),
            when=lambda values: values.get("decision") == TALK,
        ),
    )


def agrees(values: Values) -> bool:
    """Whether an answer signs it."""
    return values.get("decision") == AGREE


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A signature goes on to the plan; a wish to talk tells the consultant and stays open, and so it does
    until another consultant is looked for in place of one in training."""
    if values["decision"] == TALK:
        to = recipient(state, "consultant")
        mail = SendLetter(letter="delivery/agreement_question", to=to)
        question = ReferralPayload(question=words(values, "question"))
        return Outcome(TALK, payload=question, effects=[mail], stays=True)
    if values["decision"] == ANOTHER:
        return Outcome(
            ANOTHER,
            effects=[another_consultant(state.consultant)],
            same_transaction=[request_rows.no_trainee(state.reference)],
            stays=True,
        )
    return Outcome(
        AGREE,
        changes={"status": "agreement_signed"},
        payload=ReferralPayload(
            consent_type=CONSENT, text=VERSION, signed_name=words(values, "signed_name")
        ),
    )


def details(state: Referral) -> TemplateValues:
    """The text to sign, and what the two planned in their first talk."""
    return {
        "sections": SECTIONS,
        "sessions": state.sessions or Sessions(),
        "consultant": people.consultant(state.consultant).get("name", ""),
        "guide": people.guide_of(state.consultant),
    }
