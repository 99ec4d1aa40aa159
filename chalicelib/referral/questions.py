"""Every question of the request, once: its words, why we ask, and which answers it takes.

Labels of the answers are the Network's enumerations (domain/vocabulary.py). What a question offers may
depend on the kind of care: nobody sees an answer that is meant for another setting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.vocabulary import ANSWER_LABELS, FAMILY_CHILD_CARE
from chalicelib.web.forms import Field, Option, Values
from chalicelib.web.languages import N_


def offered(
    name: str, only: Sequence[str] = (), words: dict[str, str] | None = None
) -> tuple[Option, ...]:
    """The answers to a question as (id, label) pairs; ``only`` these, ``words`` for some."""
    labels = {**ANSWER_LABELS[name], **(words or {})}
    return tuple((value, labels[value]) for value in (only or labels))


def _zip(value: Any) -> str | None:
    good = re.fullmatch(r"[0-9]{5}", value)
    return None if good else N_("Type a ZIP code of five digits, like 95814.")


def _license(value: Any) -> str | None:
    good = re.fullmatch(r"[0-9]{9}", value)
    return None if good else N_("A California license number has nine digits.")


SETTING_HINTS = {
    "center": N_("A licensed center, preschool, Head Start or State Preschool"),
    "fcch_small": N_("Licensed care in a home, for up to 8 children"),
    "fcch_large": N_("Licensed care in a home, for up to 14 children"),
    "ffn": N_("You look after the children of relatives, friends or neighbors"),
    "other_license_exempt": N_("For example a program on a school site or a tribal program"),
}
SETTING_NAMES = {
    "fcch_small": N_("Small family child care home"),
    "fcch_large": N_("Large family child care home"),
}
FFN_ROLES = {
    "ffn_caregiver": N_("Yes, I give the care"),
    "network_or_rr_staff": N_("No, I ask for a caregiver as Network or agency staff"),
    "parent": N_("No, I am a parent or guardian of a child in care"),
    "other": N_("No, someone else"),
}
AT_HOME = {"staff_stress_turnover": N_("Stress, or feeling alone in this work")}

MASTER: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "county",
            "select",
            N_("In which county is the care given?"),
            N_("We serve all 58 counties of California, and look for help close to you."),
            offered("county"),
            missing=N_("Choose your county, or “Outside California” at the end of the list."),
            short=N_("County"),
        ),
        Field(
            "age_bands",
            "checkboxes",
            N_("How old are the children in your care?"),
            N_("Choose all that fit. We work with the adults who care for children under six."),
            offered("age_bands"),
            exclusive=("none",),
            short=N_("Ages"),
        ),
        Field(
            "outside_scope",
            "checkboxes",
            N_("Are you asking for any of these for one child?"),
            N_("We support the adults who give care. These we cannot do, but we know who does."),
            offered(
                "outside_scope", words={"none": N_("No. I want support for adults who give care")}
            ),
            exclusive=("none",),
            short=N_("Help for one child"),
        ),
        Field(
            "setting",
            "radios",
            N_("What kind of child care is it?"),
            N_("The rest of the questions depend on this."),
            tuple(
                (value, SETTING_NAMES.get(value, label), SETTING_HINTS[value])
                for value, label in ANSWER_LABELS["setting"].items()
            ),
            short=N_("Kind of care"),
        ),
        Field(
            "requester_role",
            "radios",
            N_("What is your part in this program?"),
            N_("So that we know whom to plan with."),
            offered("requester_role"),
            short=N_("Your part"),
        ),
        Field(
            "director_knows",
            "radios",
            N_("Does the person who runs the program know about this request?"),
            N_("A consultant can visit only if they agree. You can get other support either way."),
            offered("director_knows"),
            short=N_("The person in charge knows"),
        ),
        Field("site_name", "text", N_("Name of the program"), max_length=120, short=N_("Program")),
        Field("city", "text", N_("City or town"), max_length=80, autocomplete="address-level2"),
        Field(
            "zip",
            "text",
            N_("ZIP code"),
            max_length=10,
            width="short",
            inputmode="numeric",
            autocomplete="postal-code",
            check=_zip,
        ),
        Field(
            "license_number",
            "text",
            N_("License number"),
            N_("Nine digits, on your license. You can go on without it."),
            required=False,
            max_length=20,
            width="short",
            inputmode="numeric",
            check=_license,
        ),
        Field(
            "children_enrolled",
            "number",
            N_("About how many children are in care?"),
            required=False,
            width="short",
            minimum=0,
            maximum=2000,
            short=N_("Number of children"),
        ),
        Field(
            "classroom",
            "text",
            N_("Is it about one classroom or group? Which one?"),
            N_("The name or number of the room, like “Room 3”. Please no names of children."),
            required=False,
            max_length=60,
            short=N_("Classroom or group"),
            guarded=True,
        ),
        Field(
            "funding",
            "checkboxes",
            N_("How is the care paid for?"),
            N_("It does not change what you get. It helps the state see who is served."),
            offered("funding"),
            required=False,
            short=N_("How care is paid for"),
        ),
        Field(
            "concerns",
            "checkboxes",
            N_("What would you like help with?"),
            N_("Choose all that fit. It tells us which consultant knows this best."),
            offered("concerns"),
            short=N_("Help with"),
        ),
        Field(
            "suspension_expulsion_status",
            "radios",
            N_("Has any of this happened because of behavior?"),
            N_("No blame: we ask so that we can be quick where care may end."),
            offered("suspension_expulsion_status"),
            short=N_("Because of behavior"),
        ),
        Field(
            "behavior_serious",
            "checkboxes",
            N_("Is any of this true of the behavior?"),
            N_("It tells us how soon to call."),
            offered("behavior_serious"),
            exclusive=("none",),
            short=N_("About the behavior"),
        ),
        Field(
            "circumstances",
            "checkboxes",
            N_("Is any of this part of the situation?"),
            N_("Think of the children in your care in general. Please tell us no names."),
            offered("circumstances"),
            exclusive=("none", "prefer_not_to_say"),
            short=N_("Part of the situation"),
        ),
        Field(
            "recent_event",
            "radios",
            N_("Did something frightening happen in your community in the last three months?"),
            N_("After a disaster or violence we can send help much sooner."),
            offered("recent_event"),
            short=N_("Frightening event"),
        ),
        Field(
            "safety_now",
            "radios",
            N_("Is someone in danger right now?"),
            N_("If so, please call 911 first. Your answers stay here."),
            offered("safety_now"),
            short=N_("Someone in danger now"),
        ),
        Field(
            "focus",
            "checkboxes",
            N_("Where would support help most?"),
            options=offered("focus"),
            short=N_("Where it helps most"),
        ),
        Field(
            "support_wanted",
            "checkboxes",
            N_("What kind of support do you have in mind?"),
            N_("Choose all that fit. We will talk it over with you."),
            offered("support_wanted"),
            exclusive=("not_sure",),
            short=N_("Kind of support"),
        ),
        Field(
            "prior_contacts",
            "radios",
            N_("In the last three months, did you get help about this from us?"),
            N_("For example by the helpline or in an Open-Door session."),
            offered("prior_contacts"),
            short=N_("Help from us before"),
        ),
        Field(
            "language",
            "select",
            N_("Which language do you want to speak with the consultant?"),
            options=offered("language"),
            short=N_("Language"),
        ),
        Field(
            "language_required",
            "radios",
            N_("Must the consultant speak it well?"),
            N_("If not, and nobody is free soon, we may offer an interpreter."),
            offered("language_required"),
            short=N_("Consultant must speak it well"),
        ),
        Field(
            "modality",
            "radios",
            N_("How would you like to meet?"),
            options=offered("modality"),
            short=N_("How to meet"),
        ),
        Field(
            "availability",
            "checkboxes",
            N_("When is a good time for you?"),
            N_("Choose all that fit."),
            offered("availability"),
            short=N_("Good times"),
        ),
        Field(
            "same_consultant",
            "radios",
            N_("If you had a consultant before, do you want the same one?"),
            options=offered("same_consultant"),
            required=False,
            short=N_("Same consultant as before"),
        ),
        Field(
            "exclude_consultant",
            "text",
            N_("Is there a consultant you would rather not work with?"),
            N_("Only the specialist who plans with you reads this."),
            required=False,
            max_length=120,
            short=N_("Rather not with"),
        ),
        Field(
            "contact_name",
            "text",
            N_("Your name"),
            max_length=120,
            autocomplete="name",
            short=N_("Name"),
        ),
        Field(
            "contact_email",
            "email",
            N_("Your email address"),
            N_("We send your reference and the link to your request there."),
            autocomplete="email",
            short=N_("Email"),
        ),
        Field(
            "contact_phone",
            "tel",
            N_("Your phone number"),
            N_("Needed if you want us to call or text."),
            required=False,
            autocomplete="tel",
            short=N_("Phone"),
        ),
        Field(
            "contact_by",
            "radios",
            N_("How should we reach you?"),
            options=offered("contact_by"),
            short=N_("Reach you by"),
        ),
        Field(
            "letters_language",
            "radios",
            N_("Which language should our messages be in?"),
            options=offered("letters_language"),
            short=N_("Messages in"),
        ),
        Field(
            "anything_else",
            "textarea",
            N_("Is there anything else we should know?"),
            N_("Please do not name a child or give a birth date. “A four-year-old” is enough."),
            required=False,
            max_length=1000,
            short=N_("Anything else"),
        ),
    )
}

ROLES = {
    "center": ("owner_licensee", "director", "teacher", "assistant"),
    "fcch_small": ("owner_licensee", "assistant"),
    "fcch_large": ("owner_licensee", "assistant"),
    "other_license_exempt": ("owner_licensee", "director", "teacher", "assistant"),
}
EVERY_ROLE = ("network_or_rr_staff", "parent", "other")


def question(name: str, answers: Values) -> Field:
    """A question as this kind of care should see it."""
    field, setting = MASTER[name], answers.get("setting")
    at_home = setting in FAMILY_CHILD_CARE
    if name == "requester_role" and setting == "ffn":
        return replace(
            field,
            label=N_("Are you the person who gives the care?"),
            options=offered(name, tuple(FFN_ROLES), FFN_ROLES),
        )
    if name == "requester_role" and setting in ROLES:
        return replace(field, options=offered(name, (*ROLES[setting], *EVERY_ROLE)))
    if name == "concerns" and (at_home or setting == "ffn"):
        return replace(field, options=offered(name, words=AT_HOME))
    if name == "focus":
        places = ("home", "group") if at_home else ("programmatic", "classroom")
        return replace(
            field, options=offered(name, (*places, "child_family", "caregiver_wellbeing"))
        )
    if name == "support_wanted" and setting == "ffn":
        useful = [v for v in ANSWER_LABELS[name] if v != "program_policy"]
        words = {"observation": N_("Someone to look at our days with me, then plan together")}
        return replace(field, options=offered(name, useful, words))
    if name == "modality" and setting == "ffn":
        return replace(
            field,
            hint=N_("For care by family, friends and neighbors we meet online or by phone."),
            options=offered(name, ("virtual", "phone")),
        )
    if name == "site_name" and at_home:
        return replace(field, label=N_("Name of your program, if it has one"), required=False)
    return field
