"""Eligibility, rule by rule: met, not met, unknown; and what wins."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referral.eligibility import reasons
from chalicelib.referral.eligibility.alternatives import ALTERNATIVES
from chalicelib.referral.eligibility.rules import (
    LEADS_TO,
    RESULTS,
    Decision,
    Facts,
    decide,
    decide_again,
)
from chalicelib.referral.eligibility.ruleset import RULES
from chalicelib.referral.request import PERSONAL, QUESTIONS, Request

pytestmark = pytest.mark.promise("rules-dated-and-explained")

TODAY = date(2026, 5, 4)
NOTHING_ELSE = Facts(local_program=False, same_request=False)
GOOD: dict[str, Any] = {
    "county": "fresno",
    "setting": "center",
    "requester_role": "director",
    "age_bands": ["toddler"],
    "concerns": ["transition"],
    "outside_scope": ["none"],
    "modality": "onsite",
    "contact_email": "pat@example.org",
    "contact_name": "Pat Example",
    "site_name": "Sunrise",
}
RULE_IDS = [f"E{number}" for number in range(1, 10)]


def decided(facts: Facts = NOTHING_ELSE, **answers: Any) -> Decision:
    return decide(Request.from_answers({**GOOD, **answers}), facts, TODAY)


def state(decision: Decision, rule: str) -> str:
    return next(c.state for c in decision.conditions if c.rule == rule)


@pytest.mark.parametrize(
    ("rule", "answers", "expected", "result"),
    [
        ("E1", {}, "met", "eligible"),
        ("E1", {"county": "outside"}, "not_met", "not_eligible"),
        ("E1", {"county": None}, "unknown", "needs_info"),
        ("E1", {"county": "atlantis"}, "unknown", "needs_info"),
        ("E2", {"age_bands": ["five"]}, "met", "eligible"),
        ("E2", {"age_bands": ["none"]}, "not_met", "not_eligible"),
        ("E2", {"age_bands": ["none", "infant"]}, "met", "eligible"),
        ("E2", {"age_bands": []}, "unknown", "needs_info"),
        ("E3", {"requester_role": "owner_licensee"}, "met", "eligible"),
        ("E3", {"requester_role": "ffn_caregiver", "setting": "ffn"}, "met", "eligible"),
        ("E3", {"requester_role": "parent"}, "not_met", "redirect"),
        ("E3", {"requester_role": "teacher", "director_knows": "yes"}, "met", "eligible"),
        ("E3", {"requester_role": "teacher", "director_knows": "no"}, "not_met", "needs_info"),
        ("E3", {"requester_role": "other", "director_knows": "unsure"}, "not_met", "needs_info"),
        ("E3", {"requester_role": "assistant"}, "unknown", "needs_info"),
        ("E3", {"requester_role": "teacher", "modality": "virtual"}, "met", "eligible"),
        ("E3", {"requester_role": "network_or_rr_staff"}, "met", "eligible"),
        (
            "E3",
            {"requester_role": "network_or_rr_staff", "director_knows": "no"},
            "not_met",
            "needs_info",
        ),
        ("E3", {"requester_role": None}, "unknown", "needs_info"),
        ("E4", {"setting": "fcch_small"}, "met", "eligible"),
        ("E4", {"setting": "other_license_exempt"}, "met", "eligible"),
        ("E4", {"setting": None}, "unknown", "needs_info"),
        ("E5", {"setting": "ffn", "modality": "virtual"}, "met", "eligible"),
        ("E5", {"setting": "ffn", "modality": "onsite"}, "not_met", "eligible"),
        ("E5", {"setting": "ffn", "modality": "hybrid"}, "not_met", "eligible"),
        ("E5", {"setting": None}, "unknown", "needs_info"),
        ("E6", {"outside_scope": ["none"]}, "met", "eligible"),
        ("E6", {"outside_scope": ["therapy"]}, "not_met", "redirect"),
        ("E6", {"outside_scope": ["iep_evaluation", "placement"]}, "not_met", "redirect"),
        ("E6", {"outside_scope": []}, "unknown", "eligible"),
        ("E9", {}, "met", "eligible"),
        ("E9", {"concerns": [], "support_wanted": ["peers"]}, "met", "eligible"),
        ("E9", {"concerns": []}, "not_met", "needs_info"),
        ("E9", {"contact_email": None}, "not_met", "needs_info"),
        ("E9", {"contact_email": None, "contact_phone": "213-555-0147"}, "met", "eligible"),
    ],
)
def test_each_rule_is_met_not_met_or_unknown(
    rule: str, answers: dict[str, Any], expected: str, result: str
) -> None:
    found = decided(**answers)
    assert (state(found, rule), found.result) == (expected, result)


@pytest.mark.parametrize(
    ("rule", "facts", "expected", "result"),
    [
        ("E7", Facts(local_program=False), "met", "eligible"),
        ("E7", Facts(local_program=True), "not_met", "eligible_coordinate_local"),
        ("E7", Facts(), "unknown", "eligible"),
        ("E8", Facts(same_request=False), "met", "eligible"),
        ("E8", Facts(same_request=True), "not_met", "duplicate"),
        ("E8", Facts(), "unknown", "eligible"),
    ],
)
def test_facts_from_outside_are_met_not_met_or_unknown(
    rule: str, facts: Facts, expected: str, result: str
) -> None:
    found = decided(facts)
    assert (state(found, rule), found.result) == (expected, result)


def test_all_rules_are_looked_at_even_after_the_worst() -> None:
    found = decided(
        Facts(local_program=True, same_request=True),
        county="outside",
        age_bands=["none"],
        requester_role="parent",
        outside_scope=["therapy"],
        contact_email=None,
    )
    assert [c.rule for c in found.conditions] == RULE_IDS
    broken = [c.rule for c in found.conditions if c.state == "not_met"]
    assert broken == ["E1", "E2", "E3", "E6", "E7", "E8", "E9"]
    assert found.result == "not_eligible"
    assert len(found.reasons) == 2


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"county": "outside"}, {"requester_role": "parent"}),
        ({"outside_scope": ["therapy"]}, {"contact_email": None}),
        ({"requester_role": "parent"}, {"setting": None}),
    ],
)
def test_the_worst_result_wins(worse: dict[str, Any], better: dict[str, Any]) -> None:
    assert decided(**worse, **better).result == decided(**worse).result
    assert RESULTS.index(decided(**worse).result) > RESULTS.index(decided(**better).result)


def test_missing_facts_are_asked_and_nothing_else() -> None:
    assert decided(county=None, contact_email="").missing == ("county", "contact_email")
    assert decided(concerns=[]).missing == ("concerns",)
    assert decided(requester_role="teacher").missing == ("director_knows", "modality")
    assert decided().missing == ()


def test_a_missing_or_odd_license_never_blocks() -> None:
    assert decided(license_number=None).result == "eligible"
    assert decided(license_number="123456789").flags == ()
    assert decided(license_number="12-34").result == "eligible"
    assert decided(license_number="12-34").flags == ("license_format",)
    assert decided(license_number="١٢٣٤٥٦٧٨٩").flags == ("license_format",)


def test_family_friend_and_neighbor_care_is_online_only() -> None:
    assert "virtual_only" in decided(setting="ffn", modality="onsite").flags
    assert "virtual_only" not in decided(setting="fcch_small").flags


def test_staff_without_the_director_get_universal_support_at_once() -> None:
    found = decided(requester_role="teacher", director_knows="no")
    assert "universal_now" in found.flags
    assert {"helpline", "open_door"} <= set(found.alternatives)


def test_only_a_person_makes_a_no_final() -> None:
    for answers in ({"county": "outside"}, {"requester_role": "parent"}):
        assert decided(**answers).needs_confirmation
    assert decided(Facts(same_request=True)).needs_confirmation
    assert not decided(Facts(local_program=True)).needs_confirmation
    assert not decided(county=None).needs_confirmation


def test_a_decision_holds_no_name_address_or_number() -> None:
    text = json.dumps(decided(license_number="123456789", zip="93701").as_dict())
    for secret in ("Pat Example", "pat@example.org", "Sunrise", "123456789", "93701"):
        assert secret not in text
    stored = set(decided().inputs) & PERSONAL
    assert stored == {"contact_email", "contact_phone", "license_number"}
    assert decided().inputs["contact_email"] == "given"


def test_every_case_of_every_rule_has_its_sentence() -> None:
    assert set(LEADS_TO) <= set(reasons.TEXTS)
    assert set(reasons.SOURCES) == set(RULE_IDS)


def test_the_rules_are_dated_in_order() -> None:
    dates = [rules.since for rules in RULES]
    assert dates == sorted(set(dates))
    assert len({rules.version for rules in RULES}) == len(RULES)


def test_an_old_decision_by_unknown_rules_is_refused() -> None:
    with pytest.raises(KeyError):
        decide_again({**decided().as_dict(), "rule_version": "never-written"})


def anything(field: str) -> st.SearchStrategy[Any]:
    one = st.sampled_from([*(option[0] for option in QUESTIONS[field].options), "of_the_future"])
    many = field in ("age_bands", "outside_scope", "concerns", "support_wanted", "focus")
    return st.none() | (st.lists(one, max_size=3) if many else one)


FIELDS = ("county", "setting", "requester_role", "director_knows", "age_bands", "outside_scope",
          "modality", "concerns", "support_wanted", "focus")  # fmt: skip
requests = st.builds(
    lambda answers, email: Request.from_answers({**answers, "contact_email": email}),
    st.fixed_dictionaries({field: anything(field) for field in FIELDS}),
    st.none() | st.just("a@example.org"),
)
looked_up = st.none() | st.booleans()


@given(requests, looked_up, looked_up)
def test_any_request_is_decided_explained_and_decided_again_alike(
    request: Request, local: bool | None, same: bool | None
) -> None:
    found = decide(request, Facts(local, same), TODAY)
    assert found.result in RESULTS
    assert [c.rule for c in found.conditions] == RULE_IDS
    assert bool(found.reasons) == (found.result != "eligible")
    stored = json.loads(json.dumps(found.as_dict()))
    assert json.loads(json.dumps(decide_again(stored).as_dict())) == stored


@given(requests, looked_up, looked_up)
def test_no_result_is_a_dead_end(request: Request, local: bool | None, same: bool | None) -> None:
    found = decide(request, Facts(local, same), TODAY)
    assert set(found.alternatives) <= set(ALTERNATIVES)
    assert {"helpline", "open_door", "local_agency"} & set(found.alternatives)
    assert found.alternatives[-1] == "crisis"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ("helpline", "open_door", "crisis")),
        ({"county": "outside"}, ("out_of_state", "helpline", "crisis")),
        ({"age_bands": ["none"]}, ("local_agency", "helpline", "crisis")),
        (
            {"requester_role": "parent"},
            ("local_agency", "child_doctor", "county_services", "crisis"),
        ),
        ({"outside_scope": ["therapy"]}, ("helpline", "open_door", "child_doctor", "crisis")),
        (
            {"outside_scope": ["iep_evaluation"]},
            ("helpline", "open_door", "child_doctor", "school_district", "crisis"),
        ),
        (
            {"outside_scope": ["placement"]},
            ("helpline", "open_door", "child_doctor", "local_agency", "crisis"),
        ),
    ],
)
def test_each_no_names_who_can_help_instead(
    answers: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert decided(**answers).alternatives == expected


def test_a_local_program_is_shown_as_a_choice_beside_us() -> None:
    found = decided(Facts(local_program=True)).alternatives
    assert found == ("local_program", "helpline", "open_door", "crisis")


@given(requests)
def test_needs_info_always_says_what_is_needed(request: Request) -> None:
    found = decide(request, NOTHING_ELSE, TODAY)
    if found.result == "needs_info":
        assert found.missing


def test_staff_read_of_the_provider_where_the_provider_is_spoken_to() -> None:
    spoken = re.compile(r"\byou(r|rs)?\b", re.IGNORECASE)
    assert any(spoken.search(said) for said in reasons.TEXTS.values())
    assert not [s for s in map(reasons.for_staff, reasons.TEXTS.values()) if spoken.search(s)]
