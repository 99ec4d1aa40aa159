"""Which questions of the request these answers call for, and what becomes of answers that none asks
for anymore. The request form, the pages on which a provider changes it, the caller's form and a
change of the stored request all decide it here.
"""

from __future__ import annotations

from functools import cache
from itertools import product

from chalicelib.domain import addresses
from chalicelib.referral.question import INCIDENT, PageSlug, Question, SectionSlug, Situation
from chalicelib.referral.request import QUESTIONS
from chalicelib.web.forms import Answers, Values
from chalicelib.web.languages import N_
from chalicelib.web.text_input import Answer


def asked(
    situation: Situation, *, page: PageSlug | None = None, section: SectionSlug | None = None
) -> list[Question]:
    """What is asked in a situation, in its words and in the order of the form: on one ``page`` of
    the form, in one ``section`` of the request, or in all."""
    return [
        one.seen_in(situation)
        for one in QUESTIONS.values()
        if page in (None, one.page_in(situation))
        and section in (None, one.section)
        and one.asked_in(situation)
    ]


def pages(situation: Situation) -> set[PageSlug]:
    """The pages of the form on which a situation is asked something."""
    return {one.page_in(situation) for one in QUESTIONS.values() if one.asked_in(situation)}


@cache
def situations(setting: str, incident: str = "") -> tuple[Situation, ...]:
    """Every situation that one kind of care can be in, as far as questions tell them apart."""
    roles, concerns, contacts = (
        ["", *(option[0] for option in QUESTIONS[name].options)]
        for name in ("requester_role", "concerns", "prior_contacts")
    )
    return tuple(
        Situation(setting, role, frozenset([concern]) - {""}, contact, incident)
        for role, concern, contact in product(roles, concerns, contacts)
    )


@cache
def ever_asked(setting: str, incident: str = "") -> tuple[Question, ...]:
    """Every question that one kind of care can be asked, whatever else is answered; in a declared
    emergency those of the short form."""
    return tuple(
        one.seen_in(Situation(setting))
        for one in QUESTIONS.values()
        if any(one.asked_in(situation) for situation in situations(setting, incident))
    )


def kept(answers: Answers) -> Values:
    """The answers that belong to the request as it branches now, and the emergency that it is from."""
    names = {INCIDENT, *(one.name for one in asked(Situation.of(answers)))}
    return {name: value for name, value in answers.items() if name in names}


def dropped(answers: Answers) -> list[tuple[Question, Answer]]:
    """Answers that none of the questions asked now calls for: shown as removed, and not sent."""
    stay = kept(answers)
    return [
        (one, answers[name])
        for name, one in QUESTIONS.items()
        if name not in stay and answers.get(name) not in (None, [], "")
    ]


def called_off(answers: Answers, after: Situation) -> list[Question]:
    """The questions that were asked and answered, and that another situation does not ask."""
    before = Situation.of(answers)
    return [
        one
        for name, one in QUESTIONS.items()
        if name in answers and one.asked_in(before) and not one.asked_in(after)
    ]


def together(values: Answers) -> dict[str, str]:
    """What is wrong with several answers together, msgids by field."""
    by = values.get("contact_by")
    phone = str(values.get("contact_phone") or "")
    if by == "phone" and not phone:
        return {"contact_phone": N_("Type a phone number, or choose email below.")}
    if by == "text" and not addresses.text_number(phone):
        return {
            "contact_phone": N_("Type a mobile phone number, or choose another way to reach you.")
        }
    if by == "email" and not values.get("contact_email"):
        return {"contact_email": N_("Type an email address, or choose a phone call below.")}
    return {}
