"""The demo network is whole, and plainly not a real one."""

from __future__ import annotations

from chalicelib.domain.vocabulary import (
    AGE_BANDS,
    CONCERNS,
    COUNTIES,
    LANGUAGES,
    MODALITIES,
    REQUESTER_ROLES,
    SETTINGS,
)
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.rules import need_from, rank
from chalicelib.referral.request import Request
from infra.seed_data import consultants, sites, staff

NOW = 1_777_900_000


def test_all_rows_are_marked_as_demo_and_reach_nobody() -> None:
    rows = [*consultants(), *staff(), *sites()]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["demo"] is True
        assert (row.get("email") or row["contact_email"]).endswith("@example.org")
        assert "-555-01" in (row.get("phone") or row.get("contact_phone") or "555-555-0100")


def test_consultants_use_only_words_that_the_house_knows() -> None:
    for row in consultants():
        one = Consultant.read(row)
        assert set(one.counties) <= set(COUNTIES)
        assert set(one.languages) <= set(LANGUAGES)
        assert set(one.settings) <= set(SETTINGS)
        assert set(one.age_bands) <= set(AGE_BANDS)
        assert set(one.concerns) <= set(CONCERNS)
        assert set(one.modalities) <= set(MODALITIES)


def test_every_county_is_served_on_site_and_in_an_emergency_online() -> None:
    for county in COUNTIES:
        home = Request(county=county, setting="fcch_small", modality="onsite", language="en")
        assert rank(need_from(home, "intensive", "routine"), consultants(), NOW).candidates, county
        online = home.model_copy(update={"modality": "virtual"})
        assert rank(need_from(online, "emergency", "stat"), consultants(), NOW).candidates


def test_several_languages_are_spoken() -> None:
    spoken = {tag for row in consultants() for tag in row["languages"]}
    assert {"en", "es", "yue", "cmn", "ase", "hmn", "vi"} <= spoken
    assert sum("es" in row["languages"] for row in consultants()) >= 6


def test_every_county_has_one_specialist_and_the_rest_see_all() -> None:
    specialists = [row for row in staff() if row["role"] == "specialist"]
    covered = sorted(county for row in specialists for county in row["counties"])
    assert covered == sorted(COUNTIES)
    roles = {row["role"]: row["counties"] for row in staff()}
    assert {roles[role] for role in ("coordinator", "supervisor", "admin")} == {"all"}


def test_sites_could_send_a_request() -> None:
    for row in sites():
        assert row["county"] in COUNTIES
        assert row["setting"] in SETTINGS
        assert row["requester_role"] in REQUESTER_ROLES
