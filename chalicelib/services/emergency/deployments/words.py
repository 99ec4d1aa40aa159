"""What is counted of an encounter, and by which names: kinds, age bands, settings, referrals.

The categories are those of the federal forms for crisis counseling after a disaster (OMB 0930-0270:
individual and family encounter log, group encounter log, weekly tally), so that the figures can be
put beside those of other programs. Of people only numbers are kept: nobody's name, sex or story.
"""

from __future__ import annotations

from typing import Final

from chalicelib.services.emergency.call_up import ONSITE, VIRTUAL
from chalicelib.web.languages import N_

Labels = dict[str, str]

INDIVIDUAL, FAMILY, GROUP, EDUCATION = "individual", "family", "group", "education"
KINDS: Final[Labels] = {
    INDIVIDUAL: N_("One person"),
    FAMILY: N_("A family or household"),
    GROUP: N_("A group that talked"),
    EDUCATION: N_("A group that you told or taught something"),
}
GROUPS: Final = (GROUP, EDUCATION)
# A talk that is shorter is counted with its shift.
LEAST_MINUTES: Final = 15

AGES: Final[Labels] = {
    "preschool": N_("0 to 5 years"),
    "child": N_("6 to 11 years"),
    "adolescent": N_("12 to 17 years"),
    "young_adult": N_("18 to 29 years"),
    "adult": N_("30 to 64 years"),
    "older_adult": N_("65 years or older"),
}
GROUP_AGES: Final[Labels] = {
    "under_18": N_("Under 18 years"),
    "from_18_to_64": N_("18 to 64 years"),
    "from_65": N_("65 years or older"),
}
FIRST, AGAIN = "first", "again"
VISITS: Final[Labels] = {
    FIRST: N_("Yes, the first time"),
    AGAIN: N_("No, we talked before in this emergency"),
}
SETTINGS: Final[Labels] = {
    "child_care": N_("Child care or school"),
    "shelter": N_("Shelter or temporary home"),
    "home": N_("Home"),
    "community_center": N_("Community center"),
    "recovery_center": N_("Disaster recovery center"),
    "workplace": N_("Workplace"),
    "agency": N_("Mental health or partner agency"),
    "medical": N_("Clinic or hospital"),
    "worship": N_("Place of worship"),
    "public": N_("Public place or event"),
    "store": N_("Store or restaurant"),
    "remote": N_("By phone or video"),
    "other": N_("Another place"),
}
REFERRED: Final[Labels] = {
    "crisis": N_("More crisis support"),
    "network": N_("The Network: helpline, sessions, or a request"),
    "mental_health": N_("Mental health services"),
    "substance_use": N_("Help with alcohol or drugs"),
    "community": N_("Community services: housing, food, money, work"),
    "disability": N_("Services for people with disabilities"),
    "other": N_("Something else"),
}
WAYS: Final[Labels] = {VIRTUAL: N_("By video or phone"), ONSITE: N_("In person")}
