"""Tiering, rule by rule: met, not met, unknown; and which comes first."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.vocabulary import PRIORITIES, TIERS
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.tiers import reasons
from chalicelib.referral.tiers.reasons import TEXTS
from chalicelib.referral.tiers.rules import Facts, Proposal, propose, propose_again
from chalicelib.referral.tiers.ruleset import RULES

pytestmark = pytest.mark.promise("tier-proposed-with-reasons")

TODAY = date(2026, 5, 4)
QUIET = Facts(declared_emergency=False, contacts_in_90_days=0)
CALM: dict[str, Any] = {
    "county": "fresno",
    "setting": "center",
    "concerns": ["transition"],
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "circumstances": ["none"],
    "recent_event": "none",
    "safety_now": "no",
    "support_wanted": ["not_sure"],
    "prior_contacts": 0,
}
HOME = {"setting": "fcch_small"}
RULE_IDS = [f"T{number}" for number in range(11)]


def proposed(facts: Facts = QUIET, **answers: Any) -> Proposal:
    return propose(Request.from_answers({**CALM, **answers}), facts, today=TODAY)


def state(proposal: Proposal, rule: str) -> str:
    return next(c.state for c in proposal.conditions if c.rule == rule)


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("T0", {"safety_now": "yes"}, "met"),
        ("T0", {"safety_now": "no"}, "not_met"),
        ("T0", {"safety_now": None}, "unknown"),
        ("T1", {"recent_event": "disaster"}, "met"),
        ("T1", {"recent_event": "traumatic_event"}, "met"),
        ("T1", {"recent_event": "none"}, "not_met"),
        ("T1", {"recent_event": None}, "unknown"),
        ("T2", {"suspension_expulsion_status": "early_pickups"}, "met"),
        ("T2", {"suspension_expulsion_status": "suspension_considered"}, "met"),
        ("T2", {"suspension_expulsion_status": "suspended"}, "met"),
        ("T2", {"suspension_expulsion_status": "expulsion_considered"}, "met"),
        ("T2", {"suspension_expulsion_status": "expelled"}, "met"),
        ("T2", {"concerns": ["suspension_expulsion_risk"]}, "met"),
        ("T2", {"suspension_expulsion_status": "none"}, "not_met"),
        ("T2", {"suspension_expulsion_status": None}, "unknown"),
        ("T3", {"behavior_serious": ["persistent"]}, "met"),
        ("T3", {"behavior_serious": ["injury"]}, "met"),
        ("T3", {"behavior_serious": ["staff_unsafe"]}, "met"),
        ("T3", {"behavior_serious": ["none"]}, "not_met"),
        ("T3", {"behavior_serious": []}, "unknown"),
        (
            "T4",
            {"concerns": ["challenging_behavior"], "circumstances": ["foster_care"]},
            "met",
        ),
        (
            "T4",
            {"concerns": ["challenging_behavior"], "circumstances": ["ifsp_iep", "none"]},
            "met",
        ),
        ("T4", {"concerns": ["transition"], "circumstances": ["known_trauma"]}, "not_met"),
        ("T4", {"concerns": ["challenging_behavior"], "circumstances": ["none"]}, "not_met"),
        (
            "T4",
            {"concerns": ["challenging_behavior"], "circumstances": ["prefer_not_to_say"]},
            "unknown",
        ),
        ("T5", {"prior_contacts": 2}, "met"),
        ("T5", {"prior_contacts": 1}, "not_met"),
        ("T6", {"support_wanted": ["observation"]}, "met"),
        ("T6", {"support_wanted": ["program_policy"]}, "met"),
        ("T6", {"support_wanted": ["peers"]}, "not_met"),
        ("T6", {"support_wanted": []}, "unknown"),
        ("T7", {**HOME, "support_wanted": ["peers"]}, "met"),
        ("T7", {"setting": "ffn", "concerns": ["staff_stress_turnover"]}, "met"),
        ("T7", {"support_wanted": ["peers"]}, "not_met"),
        ("T7", {**HOME, "support_wanted": ["not_sure"]}, "not_met"),
        ("T7", {"setting": None, "support_wanted": ["peers"]}, "unknown"),
        ("T8", {"support_wanted": ["peer_reflection"]}, "met"),
        ("T8", {"concerns": ["staff_stress_turnover"]}, "met"),
        ("T8", {**HOME, "support_wanted": ["peer_reflection"]}, "not_met"),
        ("T8", {"setting": None, "support_wanted": ["peer_reflection"]}, "unknown"),
        ("T9", {"support_wanted": ["one_question"]}, "met"),
        ("T9", {"support_wanted": ["anonymous"]}, "met"),
        ("T9", {"support_wanted": ["peers"]}, "not_met"),
        ("T9", {"support_wanted": []}, "unknown"),
        ("T10", {}, "met"),
        ("T10", {"behavior_serious": ["injury"]}, "not_met"),
    ],
)
def test_each_rule_is_met_not_met_or_unknown(
    rule: str, answers: dict[str, Any], expected: str
) -> None:
    assert state(proposed(**answers), rule) == expected


@pytest.mark.parametrize(
    ("answers", "rule", "tier", "priority"),
    [
        ({"recent_event": "disaster"}, "T1", "emergency", "stat"),
        ({"recent_event": "traumatic_event"}, "T1", "emergency", "asap"),
        ({"suspension_expulsion_status": "suspended"}, "T2", "intensive", "asap"),
        ({"behavior_serious": ["injury"]}, "T3", "intensive", "urgent"),
        (
            {"concerns": ["challenging_behavior"], "circumstances": ["known_trauma"]},
            "T4",
            "intensive",
            "urgent",
        ),
        ({"prior_contacts": 2}, "T5", "intensive", "routine"),
        ({"support_wanted": ["observation"]}, "T6", "intensive", "routine"),
        ({**HOME, "support_wanted": ["peers"]}, "T7", "targeted", "routine"),
        ({"support_wanted": ["peer_reflection"]}, "T8", "universal", "routine"),
        ({"support_wanted": ["one_question"]}, "T9", "universal", "routine"),
        ({}, "T10", None, "routine"),
    ],
)
def test_the_matching_rule_proposes_its_tier(
    answers: dict[str, Any], rule: str, tier: str | None, priority: str
) -> None:
    found = proposed(**answers)
    assert (found.rule, found.tier, found.priority) == (rule, tier, priority)
    assert found.reasons[0] == reasons.TEXTS[rule, "met"]


def test_a_declared_emergency_comes_first_and_is_most_pressing() -> None:
    found = proposed(Facts(declared_emergency=True), behavior_serious=["injury"])
    assert (found.rule, found.tier, found.priority) == ("T1", "emergency", "stat")
    assert "declared_emergency" in found.flags


def test_without_a_look_at_the_emergencies_the_providers_answer_stands() -> None:
    assert state(proposed(Facts(), recent_event="none"), "T1") == "not_met"
    assert state(proposed(Facts(declared_emergency=False), recent_event=None), "T1") == "unknown"


def test_contacts_that_the_network_counted_step_up_too() -> None:
    found = proposed(Facts(contacts_in_90_days=3), prior_contacts=None)
    assert (found.rule, found.flags) == ("T5", ("step_up", "universal_now"))
    assert state(proposed(Facts(), prior_contacts=None), "T5") == "unknown"


def test_the_first_of_several_matches_proposes_and_the_others_are_reasons() -> None:
    found = proposed(
        prior_contacts=2, behavior_serious=["injury"], suspension_expulsion_status="expelled"
    )
    assert found.rule == "T2"
    assert found.reasons == tuple(reasons.TEXTS[rule, "met"] for rule in ("T2", "T3", "T5"))


def test_safety_comes_first_and_the_request_goes_on() -> None:
    found = proposed(safety_now="yes", support_wanted=["observation"])
    assert (found.rule, found.tier, found.priority) == ("T6", "intensive", "asap")
    assert "safety_protocol" in found.flags
    assert found.reasons[0] == reasons.TEXTS["T0", "met"]


def test_safety_never_makes_a_request_less_pressing() -> None:
    assert proposed(safety_now="yes", recent_event="disaster").priority == "stat"


def test_answers_that_conflict_are_left_to_a_call() -> None:
    found = proposed(support_wanted=["observation", "anonymous"])
    assert (found.rule, found.tier) == ("T10", None)
    assert {"conflict", "triage_call"} <= set(found.flags)


def test_a_stronger_rule_is_not_undone_by_a_conflict_below_it() -> None:
    found = proposed(support_wanted=["observation", "anonymous"], behavior_serious=["injury"])
    assert found.rule == "T3"


def test_communities_of_support_begin_with_an_information_session() -> None:
    assert "information_session" in proposed(**HOME, support_wanted=["peers"]).flags


def test_all_who_wait_for_more_get_universal_support_at_once() -> None:
    assert "universal_now" in proposed(support_wanted=["observation"]).flags
    assert "universal_now" not in proposed(support_wanted=["one_question"]).flags


def test_nothing_that_must_not_count_is_read() -> None:
    text = " ".join(sorted(set().union(*map(set, reasons.SOURCES.values())))).casefold()
    for word in ("race", "ethnic", "immigration", "citizen", "income", "funding", "language"):
        assert word not in text
    assert "funding" not in proposed().inputs


def test_the_rules_are_dated_in_order() -> None:
    dates = [rules.since for rules in RULES]
    assert dates == sorted(set(dates))


def anything(field: str) -> st.SearchStrategy[Any]:
    one = st.sampled_from([*(option[0] for option in QUESTIONS[field].options), "of_the_future"])
    many = field in ("concerns", "behavior_serious", "circumstances", "support_wanted")
    return st.none() | (st.lists(one, max_size=4) if many else one)


FIELDS = ("county", "setting", "concerns", "suspension_expulsion_status", "behavior_serious",
          "circumstances", "recent_event", "safety_now", "support_wanted",
          "prior_contacts")  # fmt: skip
requests = st.fixed_dictionaries({field: anything(field) for field in FIELDS}).map(
    Request.from_answers
)
facts = st.builds(Facts, st.none() | st.booleans(), st.none() | st.integers(0, 5))


@given(requests, facts)
def test_any_request_gets_one_explained_proposal_and_the_same_again(
    request: Request, known: Facts
) -> None:
    found = propose(request, known, today=TODAY)
    assert [c.rule for c in found.conditions] == RULE_IDS
    assert found.tier is None or found.tier in TIERS
    assert found.priority in PRIORITIES
    assert (found.tier is None) == (found.rule == "T10")
    assert 1 <= len(found.reasons) <= 3
    stored = json.loads(json.dumps(found.as_dict()))
    assert json.loads(json.dumps(propose_again(stored).as_dict())) == stored


def test_the_rules_speak_to_the_staff_who_read_them_and_not_to_the_provider() -> None:
    said = [text for text in TEXTS.values() if re.search(r"\byour?\b", text, re.I)]
    assert said == []
