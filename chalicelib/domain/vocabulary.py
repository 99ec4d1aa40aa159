"""The Network's enumerations: stored ids, and their English labels as translatable msgids.

Every table maps an id to its label in the order in which people see it. Ids are stored, labels
are only shown. Counties, languages and statuses live in their own
files and are found here too.
"""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import COUNTIES as COUNTIES
from chalicelib.domain.places import LANGUAGES as LANGUAGES
from chalicelib.domain.places import N_
from chalicelib.domain.places import OUTSIDE as OUTSIDE
from chalicelib.domain.places import OUTSIDE_LABEL as OUTSIDE_LABEL
from chalicelib.domain.places import REGIONS as REGIONS
from chalicelib.domain.places import County as County
from chalicelib.domain.places import region_of as region_of
from chalicelib.domain.reasons import CALL_REASONS as CALL_REASONS
from chalicelib.domain.reasons import CLOSURE_REASONS as CLOSURE_REASONS
from chalicelib.domain.reasons import DECLINE_REASONS as DECLINE_REASONS
from chalicelib.domain.reasons import ELIGIBILITY_OVERRIDE_REASONS as ELIGIBILITY_OVERRIDE_REASONS
from chalicelib.domain.reasons import EMERGENCY_REASONS as EMERGENCY_REASONS
from chalicelib.domain.reasons import HAND_ON_REASONS as HAND_ON_REASONS
from chalicelib.domain.reasons import OVERRIDE_REASONS as OVERRIDE_REASONS
from chalicelib.domain.reasons import REDACTION_REASONS as REDACTION_REASONS
from chalicelib.domain.reasons import REOPEN_REASONS as REOPEN_REASONS
from chalicelib.domain.reasons import STATUS_REASONS as STATUS_REASONS
from chalicelib.domain.reasons import WITHDRAW_REASONS as WITHDRAW_REASONS
from chalicelib.domain.statuses import OPEN as OPEN
from chalicelib.domain.statuses import OWNERS as OWNERS
from chalicelib.domain.statuses import PAUSED as PAUSED
from chalicelib.domain.statuses import SEVEN_WORDS as SEVEN_WORDS
from chalicelib.domain.statuses import STAGES as STAGES
from chalicelib.domain.statuses import STATUSES as STATUSES
from chalicelib.domain.statuses import TERMINAL as TERMINAL
from chalicelib.domain.statuses import Status as Status

Labels = dict[str, str]

YES_NO: Final[Labels] = {"yes": N_("Yes"), "no": N_("No")}
TRAINEE_WELCOME: Final[Labels] = {
    "yes": N_("Yes, with the support of their facilitator"),
    "no": N_("No, please not"),
}
YES_NO_UNSURE: Final[Labels] = {**YES_NO, "unsure": N_("I am not sure")}

SETTINGS: Final[Labels] = {
    "center": N_("Child care center"),
    "fcch_small": N_("Small family child care home (up to 8 children)"),
    "fcch_large": N_("Large family child care home (up to 14 children)"),
    "ffn": N_("Family, friend or neighbor care"),
    "other_license_exempt": N_("Other care that does not need a license"),
}
FAMILY_CHILD_CARE: Final = ("fcch_small", "fcch_large")
HOME_BASED: Final = (*FAMILY_CHILD_CARE, "ffn")

# What the Network gives, in the order in which its people meet it.
SERVICES: Final[Labels] = {
    "helpline": N_("Helpline"),
    "open_door": N_("Open-Door session"),
    "information": N_("Information session"),
    "community": N_("Community of Support"),
    "request": N_("Request"),
    "emergency": N_("Emergency support"),
    "training": N_("Training"),
}

REQUESTER_ROLES: Final[Labels] = {
    "owner_licensee": N_("Owner or licensee"),
    "director": N_("Director or site supervisor"),
    "teacher": N_("Teacher"),
    "assistant": N_("Assistant or aide"),
    "ffn_caregiver": N_("Family, friend or neighbor caregiver"),
    "network_or_rr_staff": N_("Network or resource and referral staff"),
    "parent": N_("Parent or guardian"),
    "other": N_("Someone else"),
}
ASK_DIRECTOR_KNOWS: Final = ("teacher", "assistant", "network_or_rr_staff", "other")
"""The roles that are asked ``director_knows``; the others speak for the program themselves."""

FOCUS: Final[Labels] = {
    "programmatic": N_("Our whole program"),
    "classroom": N_("A classroom or group of children"),
    "home": N_("My child care home"),
    "child_family": N_("Support for children and their families"),
    "caregiver_wellbeing": N_("The well-being of the adults who give care"),
    "group": N_("A group of providers"),
}

MODALITIES: Final[Labels] = {
    "onsite": N_("In person, at the site"),
    "virtual": N_("Online"),
    "hybrid": N_("Some in person, some online"),
    "phone": N_("By phone"),
}

CONCERNS: Final[Labels] = {
    "challenging_behavior": N_("Behavior that we find challenging"),
    "social_emotional_health": N_("Children's social and emotional health"),
    "family_relationships": N_("Working with families"),
    "family_needs_schedules": N_("Families' needs and schedules"),
    "specific_development": N_("Questions about development"),
    "community_resources": N_("Finding community resources"),
    "staff_stress_turnover": N_("Stress, or staff who leave"),
    "suspension_expulsion_risk": N_("Risk that care may end because of behavior"),
    "trauma_grief": N_("Trauma, loss or grief"),
    "disaster": N_("A disaster or emergency"),
    "transition": N_("A change, such as a new room or school"),
    "inclusion": N_("Including children of all abilities"),
}

AGE_BANDS: Final[Labels] = {
    "infant": N_("Infants (birth to 17 months)"),
    "toddler": N_("Toddlers (18 to 35 months)"),
    "preschool": N_("Preschoolers (3 and 4 years old)"),
    "five": N_("Five-year-olds"),
}
NO_CHILD_UNDER_SIX: Final = "none"
"""The answer to ``age_bands`` that says: nobody under six. It stands alone."""
AGE_BAND_OPTIONS: Final[Labels] = {**AGE_BANDS, NO_CHILD_UNDER_SIX: N_("No children under six")}

SUSPENSION_EXPULSION: Final[Labels] = {
    "none": N_("None of these"),
    "early_pickups": N_("A family was asked to pick up early, more than once"),
    "suspension_considered": N_("We have thought about sending someone home for some days"),
    "suspended": N_("Someone was kept out of all or part of the day"),
    "expulsion_considered": N_("We have thought about ending care"),
    "expelled": N_("Care has ended, or will end"),
}

BEHAVIOR_SERIOUS: Final[Labels] = {
    "persistent": N_("It happens often and does not get better"),
    "injury": N_("Someone has been hurt"),
    "staff_unsafe": N_("Adults do not feel safe"),
    "none": N_("None of these"),
}

CIRCUMSTANCES: Final[Labels] = {
    "foster_care": N_("Foster care"),
    "known_trauma": N_("A very hard or frightening event in the past"),
    "ifsp_iep": N_("An early intervention or special education plan (IFSP or IEP)"),
    "developmental_therapy": N_("Therapy for development, such as speech"),
    "none": N_("None of these"),
    "prefer_not_to_say": N_("I prefer not to say"),
}

RECENT_EVENTS: Final[Labels] = {
    "none": N_("No"),
    "disaster": N_("Yes, a disaster such as a fire, flood or earthquake"),
    "traumatic_event": N_("Yes, a violent or frightening event"),
}

SUPPORT_WANTED: Final[Labels] = {
    "observation": N_("Someone to visit and observe, then plan with us"),
    "program_policy": N_("Help with our program's policies and practices"),
    "peers": N_("Meeting other providers like me"),
    "peer_reflection": N_("A place to talk and reflect with others"),
    "one_question": N_("An answer to one question"),
    "anonymous": N_("To talk without giving my name"),
    "not_sure": N_("I am not sure yet"),
}

OUTSIDE_SCOPE: Final[Labels] = {
    "therapy": N_("Therapy or treatment"),
    "diagnosis": N_("A diagnosis"),
    "placement": N_("Finding child care or another placement"),
    "iep_evaluation": N_("An evaluation for special education (IEP)"),
    "none": N_("None of these"),
}

PRIOR_CONTACTS: Final[Labels] = {
    "0": N_("No"),
    "1": N_("Yes, once"),
    "2": N_("Yes, two or more times"),
}

AVAILABILITY: Final[Labels] = {
    "mornings": N_("Mornings"),
    "naptime": N_("Nap time"),
    "afternoons": N_("Afternoons"),
    "evenings": N_("Evenings"),
    "weekends": N_("Weekends"),
}

FUNDING: Final[Labels] = {
    "C2AP": N_("CalWORKs Stage 2 (C2AP)"),
    "C3AP": N_("CalWORKs Stage 3 (C3AP)"),
    "CAPP": N_("Alternative Payment Program (CAPP)"),
    "CCTR": N_("General Child Care and Development (CCTR)"),
    "CFCC": N_("Family Child Care Home Education Network (CFCC)"),
    "CHAN": N_("Children with severe disabilities program (CHAN)"),
    "CMAP": N_("Migrant Alternative Payment (CMAP)"),
    "CMIG": N_("Migrant Child Care (CMIG)"),
    "CSPP": N_("California State Preschool Program (CSPP)"),
    "head_start": N_("Head Start"),
    "early_head_start": N_("Early Head Start"),
    "calworks_stage1": N_("CalWORKs Stage 1"),
    "private_pay": N_("Families pay"),
    "tribal": N_("Tribal funds"),
    "other": N_("Other or not sure"),
}

CONTACT_BY: Final[Labels] = {
    "email": N_("Email"),
    "phone": N_("Phone call"),
    "text": N_("Text message"),
}
TEXTS_AGREED: Final = N_(
    "We text you only when there is something for you to open or answer. Message and data rates may apply. "
    "Text STOP to end, HELP for help."
)
"""What somebody agrees to who asks for text messages."""
LETTERS_LANGUAGES: Final[Labels] = {"en": N_("English"), "es": N_("Spanish")}

DISPOSITIONS: Final[Labels] = {
    "resolved_on_contact": N_("Answered on the call"),
    "resource_provided": N_("Resource given"),
    "referred_open_door": N_("Open-Door session suggested"),
    "referred_communities": N_("Community of Support suggested"),
    "converted_to_request": N_("Becomes a request"),
    "warm_transfer_completed": N_("Handed over live"),
    "warm_transfer_not_accepted": N_("No one took the live hand-over"),
    "referred_external": N_("Told where else to turn"),
    "callback_scheduled": N_("Phone call later: we call them back"),
    "voicemail_left": N_("Voicemail left"),
    "crisis_redirect": N_("Crisis: sent to 911 or 988"),
    "abandoned": N_("Left before we could talk"),
    "out_of_scope": N_("Something that we do not do"),
}
"""What came of a contact with the helpline."""

SAFETY_PROTOCOLS: Final[Labels] = {
    "danger_911": N_("Someone is in danger now (911)"),
    "self_harm_988": N_("Suicide, self-harm or a mental health crisis (988)"),
    "abuse_or_neglect": N_("Child abuse or neglect (the duty to report)"),
    "other_safety": N_("Another safety or wellbeing concern"),
}
"""Of a safety concern only this is kept, with the time, the role of the member of staff, and whether its
steps were done."""

TIERS: Final[Labels] = {
    "universal": N_("Universal support"),
    "targeted": N_("Targeted support"),
    "intensive": N_("Consultation"),
    "emergency": N_("Emergency response"),
}

PRIORITIES: Final[Labels] = {
    "routine": N_("Routine"),
    "urgent": N_("Urgent"),
    "asap": N_("As soon as possible"),
    "stat": N_("Emergency"),
}
"""From the calmest to the most pressing."""

COUNTY_NAMES: Final[Labels] = {
    **{slug: county.name for slug, county in COUNTIES.items()},
    OUTSIDE: OUTSIDE_LABEL,
}

LABELS: Final[dict[str, Labels]] = {
    "county": COUNTY_NAMES,
    "setting": SETTINGS,
    "age_bands": AGE_BAND_OPTIONS,
    "language": LANGUAGES,
    "letters_language": LETTERS_LANGUAGES,
    "modality": MODALITIES,
    "contact_by": CONTACT_BY,
}
"""What ``label`` can name: fields of a referral's state, and what a consultant hears before accepting."""


def label(field: str, value: object) -> str:
    """The msgid of one stored id; the id itself when newer or older code wrote it."""
    return LABELS.get(field, {}).get(str(value), str(value))
