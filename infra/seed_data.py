"""The demo network: invented people and sites, so that a fresh stack can be tried at once.

DEMO DATA. Every name is invented, every address ends in example.org, every phone number is from
the 555-01xx block. Nothing here is a fact about the Network. ``demo`` marks each row.
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.places import COUNTIES

Row = dict[str, Any]

AGREEMENT_UNTIL = 1_956_556_800  # 2032-01-01 UTC, far enough for any demo
ALL_AGES = ["infant", "toddler", "preschool", "five"]
YOUNG = ["infant", "toddler"]
OLDER = ["toddler", "preschool", "five"]
HOMES = ["fcch_small", "fcch_large", "ffn"]
CENTERS = ["center", "other_license_exempt"]
EVERYWHERE = [*CENTERS, *HOMES]
BEHAVIOR = [
    "challenging_behavior",
    "social_emotional_health",
    "suspension_expulsion_risk",
    "transition",
]
FAMILIES = ["family_relationships", "family_needs_schedules", "community_resources"]
TEAMS = ["staff_stress_turnover", "social_emotional_health", "transition"]
TRAUMA = ["trauma_grief", "disaster", "staff_stress_turnover", "challenging_behavior"]
ABILITIES = ["specific_development", "inclusion", "community_resources", "challenging_behavior"]

# id, name, languages, counties, settings, ages, concerns, places, and what is special.
_CONSULTANTS: list[tuple[str, str, str, str, list[str], list[str], list[str], int, Row]] = [
    ("alma-reyes", "Alma Reyes", "en es", "los_angeles ventura", HOMES, ALL_AGES, BEHAVIOR, 5, {}),
    ("ben-okafor", "Ben Okafor", "en", "los_angeles orange", CENTERS, OLDER, BEHAVIOR, 4,
     {"emergency_trained": True, "emergency_roster": True}),
    ("carmen-solis", "Carmen Solis", "en es", "santa_barbara san_luis_obispo ventura", EVERYWHERE,
     ALL_AGES, FAMILIES + BEHAVIOR, 4,
     {"endorsement": "Demo endorsement", "endorsed_until": AGREEMENT_UNTIL}),
    ("dana-kim", "Dana Kim", "en ko", "los_angeles orange", CENTERS, ALL_AGES, ABILITIES, 4, {}),
    ("elena-vartan", "Elena Vartan", "en hy ru", "los_angeles", EVERYWHERE, OLDER, BEHAVIOR, 3,
     {"endorsement": "Demo endorsement", "endorsed_until": AGREEMENT_UNTIL}),
    ("fiona-leung", "Fiona Leung", "en yue cmn", "san_francisco san_mateo alameda", EVERYWHERE,
     ALL_AGES, BEHAVIOR + FAMILIES, 4, {}),
    ("grace-tran", "Grace Tran", "en vi", "santa_clara san_mateo santa_cruz", EVERYWHERE,
     ALL_AGES, FAMILIES + TEAMS, 4, {}),
    ("hugo-mendez", "Hugo Mendez", "en es", "monterey san_benito santa_cruz", HOMES, ALL_AGES,
     FAMILIES + BEHAVIOR, 5, {"modalities": ["onsite", "virtual", "hybrid", "phone"]}),
    ("iris-novak", "Iris Novak", "en uk ru", "contra_costa solano alameda", CENTERS, ALL_AGES,
     TEAMS + BEHAVIOR, 4, {}),
    ("june-redhawk", "June Redhawk", "en", "humboldt del_norte mendocino lake", EVERYWHERE,
     ALL_AGES, TRAUMA, 3,
     {"emergency_trained": True, "emergency_roster": True, "travel_minutes": 120}),
    ("karl-weber", "Karl Weber", "en ase", "marin napa sonoma solano", EVERYWHERE, ALL_AGES,
     ABILITIES, 3, {}),
    ("lucia-prado", "Lucia Prado", "en es", "napa sonoma mendocino lake", EVERYWHERE, ALL_AGES,
     TRAUMA + FAMILIES, 4, {"emergency_trained": True, "emergency_roster": True}),
    ("mai-xiong", "Mai Xiong", "en hmn", "butte sutter yuba colusa glenn", EVERYWHERE, ALL_AGES,
     FAMILIES + TRAUMA, 4, {"emergency_trained": True, "emergency_roster": True}),
    ("nora-quist", "Nora Quist", "en", "shasta siskiyou trinity tehama modoc lassen", EVERYWHERE,
     ALL_AGES, BEHAVIOR + TEAMS, 3, {"travel_minutes": 150, "travels_in_region": True}),
    ("omar-haddad", "Omar Haddad", "en ar", "sacramento yolo placer el_dorado", CENTERS, ALL_AGES,
     BEHAVIOR + TRAUMA, 4, {}),
    ("paula-ibarra", "Paula Ibarra", "en es", "sacramento san_joaquin stanislaus", EVERYWHERE,
     ALL_AGES, BEHAVIOR + FAMILIES, 5, {"emergency_trained": True, "emergency_roster": True}),
    ("quinn-foster", "Quinn Foster", "en", "nevada sierra plumas placer el_dorado alpine amador "
     "calaveras tuolumne", EVERYWHERE, ALL_AGES, TEAMS + TRAUMA, 3, {"travel_minutes": 120}),
    ("rosa-cortez", "Rosa Cortez", "en es mix", "fresno madera merced mariposa", HOMES, ALL_AGES,
     FAMILIES + BEHAVIOR, 5, {}),
    ("simran-gill", "Simran Gill", "en pa hi", "fresno kings tulare", CENTERS, OLDER,
     BEHAVIOR + ABILITIES, 4, {}),
    ("tomas-vega", "Tomas Vega", "en es", "kern tulare kings", EVERYWHERE, ALL_AGES,
     TRAUMA + BEHAVIOR, 4, {"emergency_trained": True, "emergency_roster": True}),
    ("uma-lindgren", "Uma Lindgren", "en", "fresno madera merced mariposa stanislaus", EVERYWHERE,
     ALL_AGES, TEAMS + BEHAVIOR, 4, {}),
    ("vera-castillo", "Vera Castillo", "en es tl", "san_diego imperial", EVERYWHERE, ALL_AGES,
     FAMILIES + BEHAVIOR, 5, {}),
    ("wes-armstrong", "Wes Armstrong", "en", "san_bernardino riverside inyo mono", EVERYWHERE,
     ALL_AGES, TRAUMA + BEHAVIOR, 4,
     {"emergency_trained": True, "emergency_roster": True, "travel_minutes": 150}),
    ("xochitl-luna", "Xochitl Luna", "en es zap", "riverside san_bernardino san_diego", HOMES,
     ALL_AGES, FAMILIES + TEAMS, 5, {}),
    ("yesenia-mora", "Yesenia Mora", "en es", "los_angeles san_bernardino", HOMES, YOUNG,
     FAMILIES, 1, {"trainee": True, "facilitator": "carmen-solis"}),
    ("zoe-park", "Zoe Park", "en ko", "alameda contra_costa", EVERYWHERE, ALL_AGES, BEHAVIOR, 4,
     {"active": False}),
]  # fmt: skip


def consultants() -> list[Row]:
    """Consultants as the matching rules read them, without what is the default: every county is
    served on site."""
    return [
        {
            "id": key,
            "name": name,
            "email": f"{key}@example.org",
            "phone": f"555-555-01{number:02d}",
            "active": True,
            "agreement_until": AGREEMENT_UNTIL,
            "modalities": ["onsite", "virtual", "phone"],
            "languages": languages.split(),
            "counties": counties.split(),
            "settings": list(settings),
            "age_bands": list(ages),
            "concerns": list(dict.fromkeys(concerns)),
            "availability": ["mornings", "naptime", "afternoons"],
            "cap": cap,
            "supervisor": "sam-lead",
            "demo": True,
            **({"letters_language": "es"} if key in ("rosa-cortez", "hugo-mendez") else {}),
            **special,
        }
        for number, (key, name, languages, counties, settings, ages, concerns, cap, special) in (
            enumerate(_CONSULTANTS)
        )
    ]


NORTH = [slug for slug, county in COUNTIES.items() if county.region in ("II", "III", "IV")]
SOUTH = [slug for slug in COUNTIES if slug not in NORTH]


def staff() -> list[Row]:
    """The Network's staff: a specialist for each half of the state, and those for all of it."""
    rows: list[tuple[str, str, str, list[str] | str, list[str]]] = [
        ("nina-north", "Nina North", "specialist", NORTH, ["en", "es"]),
        ("sofia-south", "Sofia South", "specialist", SOUTH, ["en", "es"]),
        ("cora-match", "Cora Match", "coordinator", "all", ["en"]),
        ("sam-lead", "Sam Lead", "supervisor", "all", ["en", "es"]),
        ("ada-admin", "Ada Admin", "admin", "all", ["en"]),
    ]
    return [
        {
            "id": key,
            "name": name,
            "email": f"{key}@example.org",
            "role": role,
            "counties": counties,
            "languages": languages,
            "letters_language": "en",
            "active": True,
            "demo": True,
        }
        for key, name, role, counties, languages in rows
    ]


def sites() -> list[Row]:
    """Sites with the person who would ask for help there. Homes have no license number here:
    small family child care homes are not in open data."""
    rows = [
        ("demo-sunrise", "Demo Sunrise Children's Center", "center", "fresno", "Fresno",
         "100000001", "director", "Pat Example", "en"),
        ("demo-bayview", "Demo Bayview Preschool", "center", "alameda", "Oakland", "100000002",
         "director", "Robin Example", "en"),
        ("demo-casita", "Demo La Casita", "fcch_small", "los_angeles", "Los Angeles", None,
         "owner_licensee", "Maria Ejemplo", "es"),
        ("demo-redwood", "Demo Redwood Family Child Care", "fcch_large", "humboldt", "Eureka",
         "100000004", "owner_licensee", "Lee Example", "en"),
        ("demo-abuela", "Demo care by a grandmother", "ffn", "tulare", "Visalia", None,
         "ffn_caregiver", "Josefina Ejemplo", "es"),
        ("demo-harbor", "Demo Harbor Head Start", "center", "san_diego", "San Diego",
         "100000006", "director", "Kai Example", "en"),
        ("demo-jade", "Demo Jade Garden Child Care", "fcch_large", "san_francisco",
         "San Francisco", "100000007", "owner_licensee", "Mei Example", "yue"),
        ("demo-parkside", "Demo Parkside Play Program", "other_license_exempt", "sacramento",
         "Sacramento", None, "director", "Jo Example", "en"),
    ]  # fmt: skip
    return [
        {
            "id": key,
            "name": name,
            "setting": setting,
            "county": county,
            "city": city,
            "license_number": number,
            "requester_role": role,
            "contact_name": contact,
            "contact_email": f"{key}@example.org",
            "contact_phone": f"555-555-015{n}",
            "language": language,
            "letters_language": "es" if language == "es" else "en",
            "demo": True,
        }
        for n, (key, name, setting, county, city, number, role, contact, language) in enumerate(
            rows
        )
    ]
