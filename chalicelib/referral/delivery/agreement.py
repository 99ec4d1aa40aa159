"""The service agreement: roles, scope, duration, signed by link before the first session.

The text is dated data: a changed text gets a new version, so that a signature always says what was
signed. [ours, to be reviewed by the Network]
"""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.forms import Field, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome

AGREE, TALK = "agreed", "talk_wanted"
CONSENT: Final = "service_agreement"
VERSION: Final = "agreement-1"

SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        N_("What we do"),
        (
            N_(
                "Your consultant works with you and the other adults who care for children. "
                "Together you look at what happens, think about it, make a plan, and try it out."
            ),
            N_("The service is free."),
        ),
    ),
    (
        N_("What we do not do"),
        (
            N_("We do not give therapy, make a diagnosis, or evaluate children."),
            N_("We do not inspect or rate your program."),
            N_(
                "This is not an emergency service. If someone is in danger, call 911. For a "
                "mental health crisis, call or text 988."
            ),
        ),
    ),
    (
        N_("What we ask of you"),
        (
            N_(
                "Take part in the sessions, and tell your consultant early if a time does not work."
            ),
            N_("Tell us openly what helps and what does not."),
        ),
    ),
    (
        N_("How long it takes"),
        (
            N_(
                "We will meet 4 to 12 times. After four sessions we look "
                "back together at how it goes."
            ),
            N_("You can stop at any time. You do not have to say why."),
        ),
    ),
    (
        N_("What we write down"),
        (
            N_(
                "We keep your goals, the days and length of the sessions, and short notes. Only "
                "your consultant and the Network's team read the notes. We never write down a "
                "child's name or birth date."
            ),
            N_(
                "The law on reporting child abuse and neglect stays as it is for everyone who must "
                "report. Nothing in this agreement changes it."
            ),
        ),
    ),
)


def form(state: Referral) -> Form:
    """Sign, or ask for a talk first."""
    return Form(
        radios(
            "decision",
            N_("Do you agree?"),
            (AGREE, N_("Yes, I agree and sign")),
            (TALK, N_("Not yet. I have a question or want to talk first")),
        ),
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


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A signature goes on to the plan; a wish to talk tells the consultant and stays open."""
    if values["decision"] == TALK:
        to = recipient(state, "consultant")
        mail = SendLetter(letter="delivery/agreement_question", to=to)
        question = ReferralPayload(question=words(values, "question"))
        return Outcome(TALK, payload=question, effects=[mail], stays=True)
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
    }
