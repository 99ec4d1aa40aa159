"""Every question of the request, once, as a field of the answers that are stored.

Old and new code read each other's rows: a missing answer is unknown, an answer of the wrong shape
counts as missing, an unknown field is ignored. Nothing here judges an answer; forms do that before
it is stored, rules do it afterwards. The order of the fields is the order of the form.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

from chalicelib.aws.settings import settings
from chalicelib.domain import vocabulary as words
from chalicelib.domain.ids import typeable
from chalicelib.referral.question import (
    SECTIONS,
    Question,
    Section,
    Situation,
    ask,
    lines,
    options,
    questions_of,
)
from chalicelib.web.forms import Answers, Values
from chalicelib.web.languages import N_
from chalicelib.web.text_input import Answer


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple | set | frozenset):
        return ()
    found = [text for item in value if (text := _text(item))]
    return tuple(sorted(found) if isinstance(value, set | frozenset) else dict.fromkeys(found))


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        return None


Text = Annotated[str | None, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Number = Annotated[int | None, BeforeValidator(_number)]


def _five_digits(typed: str) -> str:
    """A ZIP code without the four digits that say which side of the street: nobody needs to know that."""
    plain = typeable(typed).strip()
    return plain[:5] if re.fullmatch("[0-9]{5}[ -]*[0-9]{4}", plain) else plain


def _digits_alone(typed: str) -> str:
    return re.sub("[ .#-]", "", typeable(typed))


def _zip(value: Answer) -> str | None:
    good = re.fullmatch(r"[0-9]{5}", str(value))
    return None if good else N_("Type a ZIP code of five digits, like 95814.")


def _license(value: Answer) -> str | None:
    good = re.fullmatch(r"[0-9]{9}", str(value))
    return None if good else N_("A California license number has nine digits.")


_SETTING_HINTS = {
    "center": N_("A licensed center, preschool, Head Start or State Preschool"),
    "fcch_small": N_("Licensed care in a home, for up to 8 children"),
    "fcch_large": N_("Licensed care in a home, for up to 14 children"),
    "ffn": N_("You look after the children of relatives, friends or neighbors"),
    "other_license_exempt": N_("For example a program on a school site or a tribal program"),
}
_SETTING_NAMES = {
    **words.SETTINGS,
    "fcch_small": N_("Small family child care home"),
    "fcch_large": N_("Large family child care home"),
}
_FFN_ROLES = {
    "ffn_caregiver": N_("Yes, I give the care"),
    "network_or_rr_staff": N_("No, I ask for a caregiver as Network or agency staff"),
    "parent": N_("No, I am a parent or guardian of a child in care"),
    "other": N_("No, someone else"),
}
_ROLES = {
    "center": ("owner_licensee", "director", "teacher", "assistant"),
    "fcch_small": ("owner_licensee", "assistant"),
    "fcch_large": ("owner_licensee", "assistant"),
    "other_license_exempt": ("owner_licensee", "director", "teacher", "assistant"),
}
_EVERY_ROLE = ("network_or_rr_staff", "parent", "other")


def _with_texts(by: Question, seen: Situation) -> Question:
    return by if settings().sends_texts else by.offering("email", "phone")


def _texted_there(phone: Question, seen: Situation) -> Question:
    hint = N_("Needed if you want us to call or text you, or if you have no email.")
    return replace(phone, hint=hint) if settings().sends_texts else phone


def _roles(role: Question, seen: Situation) -> Question:
    if seen.is_ffn():
        label = N_("Are you the person who gives the care?")
        return replace(role.offering(*_FFN_ROLES, words=_FFN_ROLES), label=label)
    known = seen.setting in _ROLES
    return role.offering(*_ROLES[seen.setting], *_EVERY_ROLE) if known else role


def _site_name(name: Question, seen: Situation) -> Question:
    label = N_("Name of your program, if it has one")
    home = seen.is_family_child_care()
    return replace(name, label=label, required=False) if home else name


def _concerns(concerns: Question, seen: Situation) -> Question:
    at_home = {"staff_stress_turnover": N_("Stress, or feeling alone in this work")}
    return concerns.offering(words=at_home) if seen.is_home_based() else concerns


def _focus(focus: Question, seen: Situation) -> Question:
    home = seen.is_family_child_care()
    places = ("home", "group") if home else ("programmatic", "classroom")
    return focus.offering(*places, "child_family", "caregiver_wellbeing")


def _support(support: Question, seen: Situation) -> Question:
    useful = [v for v in words.SUPPORT_WANTED if v != "program_policy"]
    observation = N_("Someone to look at our days with me, then plan together")
    ffn = seen.is_ffn()
    return support.offering(*useful, words={"observation": observation}) if ffn else support


class Request(BaseModel):
    """The answers of one request. None or an empty tuple means: not answered."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    county: Text = ask(
        "select",
        N_("In which county is the care given?"),
        N_("We serve all 58 counties of California, and look for help close to you."),
        options=options(words.COUNTY_NAMES),
        missing=N_("Choose your county, or “Outside California” at the end of the list."),
        short=N_("County"),
        page="start",
        short_page="start",
    )
    age_bands: Texts = ask(
        "checkboxes",
        N_("How old are the children in your care?"),
        N_("Choose all that fit. We work with the adults who care for children under six."),
        options=options(words.AGE_BAND_OPTIONS),
        exclusive=("none",),
        short=N_("Ages"),
        page="start",
        short_page="start",
        read_in="children",
    )
    outside_scope: Texts = ask(
        "checkboxes",
        N_("Are you asking for any of these for one child?"),
        N_("We support the adults who give care. These we cannot do, but we know who does."),
        options=options(
            {**words.OUTSIDE_SCOPE, "none": N_("No. I want support for adults who give care")}
        ),
        exclusive=("none",),
        short=N_("Help for one child"),
        page="start",
        short_page="start",
        read_in="support",
    )
    setting: Text = ask(
        "radios",
        N_("What kind of child care is it?"),
        N_("The rest of the questions depend on this."),
        options=options(_SETTING_NAMES, _SETTING_HINTS),
        short=N_("Kind of care"),
        page="setting",
        short_page="setting",
    )
    requester_role: Text = ask(
        "radios",
        N_("What is your part in this program?"),
        N_("So that we know whom to plan with."),
        options=options(words.REQUESTER_ROLES),
        short=N_("Your part"),
        page="role",
        ffn_page="care",
        short_page="care",
        wording=_roles,
        staff=N_("Who asks"),
    )
    director_knows: Text = ask(
        "radios",
        N_("Does the person who runs the program know about this request?"),
        N_("A consultant can visit only if they agree. You can get other support either way."),
        options=options(words.YES_NO_UNSURE),
        short=N_("The person in charge knows"),
        page="site",
        short_page="contact",
        asked_of=Situation.is_not_in_charge,
    )
    site_name: Text = ask(
        "text",
        N_("Name of the program"),
        max_length=120,
        short=N_("Program"),
        page="site",
        short_page="care",
        asked_of=Situation.is_program,
        wording=_site_name,
    )
    city: Text = ask(
        "text",
        N_("City or town"),
        max_length=80,
        autocomplete="address-level2",
        page="site",
        ffn_page="care",
        short_page="care",
    )
    zip: Text = ask(
        "text",
        N_("ZIP code"),
        max_length=10,
        width="short",
        inputmode="numeric",
        autocomplete="postal-code",
        check=_zip,
        tidied=_five_digits,
        page="site",
        ffn_page="care",
        short_page="care",
    )
    license_number: Text = ask(
        "text",
        N_("License number"),
        N_("Nine digits, on your license. You can go on without it."),
        required=False,
        max_length=20,
        width="short",
        inputmode="numeric",
        check=_license,
        tidied=_digits_alone,
        page="site",
        asked_of=Situation.is_licensed,
        specialist_only=True,
    )
    children_enrolled: Number = ask(
        "number",
        N_("About how many children are in care?"),
        required=False,
        width="short",
        minimum=0,
        maximum=2000,
        short=N_("Number of children"),
        page="children",
        ffn_page="care",
    )
    classroom: Text = ask(
        "text",
        N_("Is it about one classroom or group? Which one?"),
        N_("The name or number of the room, like “Room 3”. Please no names of children."),
        required=False,
        max_length=60,
        short=N_("Classroom or group"),
        guarded=True,
        page="children",
        asked_of=Situation.has_classrooms,
    )
    funding: Texts = ask(
        "checkboxes",
        N_("How is the care paid for?"),
        N_("It does not change what you get. It helps the state see who is served."),
        options=options(words.FUNDING),
        required=False,
        short=N_("How care is paid for"),
        page="children",
        asked_of=Situation.is_program,
    )
    concerns: Texts = ask(
        "checkboxes",
        N_("What would you like help with?"),
        N_("Choose all that fit. It tells us which consultant knows this best."),
        options=options(words.CONCERNS),
        short=N_("Help with"),
        page="concerns",
        ffn_page="needs",
        short_page="setting",
        wording=_concerns,
    )
    suspension_expulsion_status: Text = ask(
        "radios",
        N_("Has any of this happened because of behavior?"),
        N_("No blame: we ask so that we can be quick where care may end."),
        options=options(words.SUSPENSION_EXPULSION),
        short=N_("Because of behavior"),
        page="behavior",
        asked_of=Situation.is_about_children_in_a_program,
    )
    safety_now: Text = ask(
        "radios",
        N_("Is someone in danger right now?"),
        N_("If so, please call 911 first. Your answers stay here."),
        options=options(words.YES_NO),
        short=N_("Someone in danger now"),
        page="safety",
        ffn_page="around",
        short_page="setting",
    )
    behavior_serious: Texts = ask(
        "checkboxes",
        N_("Is any of this true of the behavior?"),
        N_("It tells us how soon to call."),
        options=options(words.BEHAVIOR_SERIOUS),
        exclusive=("none",),
        short=N_("About the behavior"),
        page="behavior",
        ffn_page="around",
        asked_of=Situation.is_about_children,
    )
    recent_event: Text = ask(
        "radios",
        N_("Did something frightening happen in your community in the last three months?"),
        N_("After a disaster or violence we can send help much sooner."),
        options=options(words.RECENT_EVENTS),
        short=N_("Frightening event"),
        page="safety",
        ffn_page="around",
    )
    circumstances: Texts = ask(
        "checkboxes",
        N_("Is any of this part of the situation?"),
        N_("Think of the children in your care in general. Please tell us no names."),
        options=options(words.CIRCUMSTANCES),
        exclusive=("none", "prefer_not_to_say"),
        short=N_("Part of the situation"),
        page="safety",
        ffn_page="around",
        asked_of=Situation.is_about_children,
    )
    focus: Texts = ask(
        "checkboxes",
        N_("Where would support help most?"),
        options=options(words.FOCUS),
        short=N_("Where it helps most"),
        page="support",
        asked_of=Situation.is_program,
        wording=_focus,
    )
    support_wanted: Texts = ask(
        "checkboxes",
        N_("What kind of support do you have in mind?"),
        N_("Choose all that fit. We will talk it over with you."),
        options=options(words.SUPPORT_WANTED),
        exclusive=("not_sure",),
        short=N_("Kind of support"),
        page="support",
        ffn_page="needs",
        wording=_support,
    )
    prior_contacts: Number = ask(
        "radios",
        N_("In the last three months, did you get help about this from us?"),
        N_("For example by the helpline or in an Open-Door session."),
        options=options(words.PRIOR_CONTACTS),
        short=N_("Help from us before"),
        page="support",
        ffn_page="needs",
        specialist_only=True,
    )
    language: Text = ask(
        "select",
        N_("Which language do you want to speak with the consultant?"),
        options=options(words.LANGUAGES),
        short=N_("Language"),
        page="meet",
    )
    language_required: Text = ask(
        "radios",
        N_("Must the consultant speak it well?"),
        N_("If not, and nobody is free soon, we may offer an interpreter."),
        options=options(words.YES_NO),
        short=N_("Consultant must speak it well"),
        page="meet",
    )
    modality: Text = ask(
        "radios",
        N_("How would you like to meet?"),
        options=options(words.MODALITIES),
        short=N_("How to meet"),
        page="meet",
        short_page="care",
        asked_of=Situation.is_program,
    )
    availability: Texts = ask(
        "checkboxes",
        N_("When is a good time for you?"),
        N_("Choose all that fit."),
        options=options(words.AVAILABILITY),
        short=N_("Good times"),
        page="meet",
    )
    trainee_welcome: Text = ask(
        "radios",
        N_("May a consultant in training work with you?"),
        N_(
            "An experienced facilitator guides them. It is free, too. If you say no, another consultant "
            "works with you, and nothing else changes."
        ),
        options=options(words.TRAINEE_WELCOME),
        required=False,
        short=N_("Consultant in training"),
        page="meet",
        asked_of=Situation.is_family_child_care,
        read_by_rules=False,
    )
    same_consultant: Text = ask(
        "radios",
        N_("If you had a consultant before, do you want the same one?"),
        options=options(words.YES_NO),
        required=False,
        short=N_("Same consultant as before"),
        page="meet",
        asked_of=Situation.is_returning,
    )
    exclude_consultant: Text = ask(
        "text",
        N_("Is there a consultant you would rather not work with?"),
        N_("Only the specialist who plans with you reads this."),
        required=False,
        max_length=120,
        short=N_("Rather not with"),
        page="meet",
        asked_of=Situation.is_returning,
        specialist_only=True,
    )
    contact_name: Text = ask(
        "text",
        N_("Your name"),
        max_length=120,
        autocomplete="name",
        short=N_("Name"),
        page="contact",
        short_page="contact",
        read_by_rules=False,
        asked_once=True,
    )
    contact_email: Text = ask(
        "email",
        N_("Your email address"),
        N_(
            "We will send your reference and the link to your request there. No email? Leave it "
            "empty and give us a phone number. Then we will call you."
        ),
        required=False,
        autocomplete="email",
        short=N_("Email"),
        page="contact",
        short_page="contact",
        read_by_rules=False,
        asked_once=True,
    )
    contact_phone: Text = ask(
        "tel",
        N_("Your phone number"),
        N_("Needed if you want us to call you, or if you have no email."),
        required=False,
        wording=_texted_there,
        autocomplete="tel",
        short=N_("Phone"),
        page="contact",
        short_page="contact",
        read_by_rules=False,
    )
    contact_by: Text = ask(
        "radios",
        N_("How should we reach you?"),
        options=options(words.CONTACT_BY, {"text": words.TEXTS_AGREED}),
        wording=_with_texts,
        short=N_("Reach you by"),
        page="contact",
        short_page="contact",
        read_by_rules=False,
    )
    letters_language: Text = ask(
        "radios",
        N_("Which language should our messages be in?"),
        options=options(words.LETTERS_LANGUAGES),
        short=N_("Messages in"),
        page="contact",
        short_page="contact",
        read_by_rules=False,
        asked_once=True,
    )
    anything_else: Text = ask(
        "textarea",
        N_("Is there anything else we should know?"),
        N_("Please do not name a child or give a birth date. “A four-year-old” is enough."),
        required=False,
        max_length=1000,
        short=N_("Anything else"),
        page="contact",
        short_page="contact",
        read_in="support",
        read_by_rules=False,
    )
    notice_version: Text = None
    incident: Text = None

    @classmethod
    def from_answers(cls, answers: Answers) -> Request:
        """Read stored or submitted answers; never fails on content."""
        return cls.model_validate(dict(answers))

    @property
    def way_to_meet(self) -> str:
        """How they meet: care by family, friends and neighbors is served online, whatever was said."""
        return "virtual" if self.situation.is_ffn() else self.modality or ""

    @property
    def situation(self) -> Situation:
        """The answers that decide what else is asked."""
        return Situation.of(self.as_dict())

    def as_dict(self) -> Values:
        """The answers that were given, JSON serialisable; missing ones are left out."""
        found = self.model_dump(mode="json")
        return {name: value for name, value in found.items() if value not in (None, [])}

    def sections(
        self, lang: str, consultant: bool = False
    ) -> list[tuple[Section, list[tuple[str, str]]]]:
        """What was answered, for staff or for a ``consultant``: short names (msgids) and words."""
        told = lines(QUESTIONS.values(), self.as_dict(), lang, consultant=consultant)
        return [(SECTIONS[slug], rows) for slug, rows in told.items()]


QUESTIONS: Final = questions_of(Request)
"""Every question by the name of its field, in the order of the form."""

PERSONAL: Final = frozenset(one.name for one in QUESTIONS.values() if one.typed)
"""Answers that may name or locate somebody: never in a decision, a run, a log or an offer."""
