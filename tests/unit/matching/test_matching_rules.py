"""Matching: hard constraints, explained scores, a stable order."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.vocabulary import AGE_BANDS, CONCERNS, SETTINGS
from chalicelib.referral.matching import constraints as why
from chalicelib.referral.matching.match_request import Consultant, MatchRequest, fold
from chalicelib.referral.matching.rules import CRITERIA, Ranking, need_from, rank
from chalicelib.referral.matching.ruleset import RULES
from chalicelib.referral.request import Request

pytestmark = pytest.mark.promise("ranked-with-reasons")

NOW = 1_777_900_000  # 2026-05-04
DAY = 86_400


def person(id: str = "a", **special: Any) -> dict[str, Any]:
    """Somebody who fits ``need()``, unless told otherwise."""
    return {
        "id": id,
        "name": f"Person {id.upper()}",
        "email": f"{id}@example.org",
        "active": True,
        "agreement_until": NOW + 100 * DAY,
        "modalities": ["onsite", "virtual"],
        "languages": ["en"],
        "counties": ["fresno"],
        "settings": ["center"],
        "age_bands": ["toddler"],
        "concerns": ["transition"],
        "cap": 4,
        "load": 1,
        **special,
    }


def need(
    tier: str = "intensive",
    *,
    decliners: tuple[str, ...] = (),
    previous: str | None = None,
    interpreter: bool = False,
    statewide_virtual: bool = False,
    **answers: Any,
) -> MatchRequest:
    request = Request.from_answers(
        {
            "county": "fresno",
            "setting": "center",
            "modality": "onsite",
            "language": "en",
            "age_bands": ["toddler"],
            "concerns": ["transition"],
            "site_name": "Sunny Hill Preschool",
            "contact_email": "pat@sunny.example.org",
            **answers,
        }
    )
    return need_from(request, tier, "routine", decliners=decliners, previous_consultant=previous,
                     interpreter=interpreter, statewide_virtual=statewide_virtual)  # fmt: skip


def ids(ranking: Ranking) -> list[str]:
    return [candidate.id for candidate in ranking.candidates]


def against(wanted: MatchRequest, **special: Any) -> list[tuple[str, str]]:
    """(rule, reason) pairs against one person."""
    found = rank(wanted, [person(**special)], NOW)
    return [pair for one in found.excluded for pair in zip(one.rules, one.reasons, strict=False)]


def test_somebody_who_fits_is_a_candidate() -> None:
    assert ids(rank(need(), [person()], NOW)) == ["a"]


@pytest.mark.parametrize(
    ("rule", "reason", "wanted", "special"),
    [
        ("H1", why.INACTIVE, need(), {"active": False}),
        ("H1", why.AGREEMENT_OVER, need(), {"agreement_until": NOW}),
        ("H1", why.CREDENTIAL_OVER, need(), {"credential_until": NOW}),
        ("H1", why.NO_AGREEMENT, need(), {"agreement_until": None}),
        ("H2", why.MODALITY, need(), {"modalities": ["virtual"]}),
        ("H2", why.MODALITY, need(modality="hybrid"), {"modalities": ["onsite"]}),
        ("H2", why.MODALITY, need(setting="ffn"), {"modalities": ["onsite"]}),
        ("H3", why.LANGUAGE, need(language="es", language_required="yes"), {}),
        ("H3", why.LANGUAGE, need(language="yue", language_required="yes"),
         {"languages": ["cmn", "zh"]}),
        ("H4", why.AREA, need(), {"counties": ["kern"]}),
        ("H4", why.AREA, need(county=None), {}),
        ("H4", why.TOO_FAR, need(), {"travel_by_county": {"fresno": 91}}),
        ("H5", why.FULL, need(), {"load": 4}),
        ("H5", why.FULL, need(), {"cap": 0, "load": 0}),
        ("H6", why.DECLINED, need(decliners=("a",)), {}),
        ("H6", why.TIE, need(), {"conflicts": ["sunny  HILL"]}),
        ("H6", why.TIE, need(), {"conflicts": ["pat@sunny.example.org"]}),
        ("H6", why.TIE, need(), {"conflicts": ["@sunny.example.org"]}),
        ("H6", why.NOT_WANTED, need(exclude_consultant="Not person a, please"), {}),
        ("H7", why.TRAINEE_SETTING, need(), {"trainee": True, "load": 0, "facilitator": "f"}),
        ("H7", why.NO_FACILITATOR, need(setting="fcch_small", trainee_welcome="yes"), {"trainee": True, "load": 0}),
        ("H7", why.TRAINEE_NOT_ASKED, need(setting="fcch_small"), {"trainee": True, "load": 0, "facilitator": "f"}),
        ("H7", why.TRAINEE_NOT_ASKED, need(setting="fcch_large", trainee_welcome="no"),
         {"trainee": True, "load": 0, "facilitator": "f"}),
        ("H7", why.TRAINEE_SETTING, need(setting="ffn", modality="virtual", trainee_welcome="yes"),
         {"trainee": True, "load": 0, "facilitator": "f", "modalities": ["virtual"]}),
        ("H7", why.TRAINEE_EMERGENCY, need("emergency", setting="fcch_small", trainee_welcome="yes"),
         {"trainee": True, "load": 0, "facilitator": "f", "emergency_trained": True, "emergency_roster": True}),
        ("H5", why.FULL, need(setting="fcch_small", trainee_welcome="yes"),
         {"trainee": True, "facilitator": "f", "cap": 4, "load": 1}),
        ("H9", why.PRACTICUM_RESTS, need(setting="fcch_small", trainee_welcome="yes"),
         {"trainee": True, "load": 0, "facilitator": "f", "practicum_rests": True}),
        ("H8", why.NO_ROSTER, need("emergency"), {"emergency_trained": True}),
        ("H8", why.NOT_TRAINED, need("emergency"), {"emergency_roster": True}),
        ("H9", why.ON_LEAVE, need(), {"on_leave_until": NOW + 1}),
    ],
)  # fmt: skip
def test_each_hard_constraint_excludes_with_its_reason(
    rule: str, reason: str, wanted: MatchRequest, special: dict[str, Any]
) -> None:
    assert against(wanted, **special) == [(rule, reason)]


@pytest.mark.parametrize(
    ("wanted", "special"),
    [
        (need(modality="hybrid"), {"modalities": ["hybrid"]}),
        (need(modality="phone"), {"modalities": ["virtual"]}),
        (need(modality=None), {"modalities": ["phone"]}),
        (need(language="es-MX", language_required="yes"), {"languages": ["es"]}),
        (need(language="zh", language_required="yes"), {"languages": ["yue"]}),
        (need(language="es"), {}),
        (need(language="es", language_required="yes", interpreter=True), {}),
        (need(modality="virtual"), {"counties": ["kern"]}),
        (need(statewide_virtual=True), {"counties": ["kern"]}),
        (need(setting="ffn", modality="onsite"), {"counties": [], "modalities": ["virtual"]}),
        (need(county="kern"), {"travels_in_region": True}),
        (need(), {"travel_by_county": {"fresno": 90}}),
        (need(), {"conflicts": ["Sunny Hills", "sun", ""]}),
        (need(exclude_consultant="Somebody Else"), {}),
        (
            need(setting="fcch_large", trainee_welcome="yes"),
            {"trainee": True, "load": 0, "facilitator": "f"},
        ),
        (need(setting="fcch_small", trainee_welcome="no"), {}),
        (need("emergency"), {"emergency_trained": True, "emergency_roster": True}),
        (need(), {"on_leave_until": NOW}),
        (need(), {"load": 3}),
    ],
)
def test_a_constraint_that_holds_excludes_nobody(
    wanted: MatchRequest, special: dict[str, Any]
) -> None:
    assert against(wanted, **special) == []


def test_every_reason_is_given_not_only_the_first() -> None:
    found = rank(
        need("emergency", language="es", language_required="yes", decliners=("a",)),
        [person(active=False, agreement_until=None, modalities=[], counties=[], load=9,
                trainee=True, on_leave_until=NOW + 1)],
        NOW,
    )  # fmt: skip
    assert found.excluded[0].rules == tuple(f"H{number}" for number in range(1, 10))
    assert len(found.excluded[0].reasons) == 13


def test_not_this_person_finds_whole_names_first_and_single_names_else() -> None:
    people = [person("a", name="María Pérez"), person("b", name="Maria Soto")]
    named = rank(need(exclude_consultant="maria perez again"), people, NOW)
    assert ids(named) == ["b"]
    half = rank(need(exclude_consultant="not Maria"), people, NOW)
    assert ids(half) == []


def test_a_language_gap_says_who_could_help_otherwise() -> None:
    wanted = need(language="es", language_required="yes")
    far = person("far", languages=["es"], counties=["kern"])
    found = rank(wanted, [person("near"), far], NOW)
    assert found.language_gap
    assert (found.with_interpreter, found.online) == (("near",), ("far",))
    assert not rank(wanted, [person("full", load=4)], NOW).language_gap
    assert not rank(wanted, [person("near"), person("es", languages=["es"])], NOW).language_gap


def test_where_only_the_place_or_the_room_is_missing_the_ranking_says_so() -> None:
    assert rank(need(), [person(counties=["kern"])], NOW).flags == ("area_gap",)
    assert rank(need(), [person(load=4)], NOW).flags == ("no_capacity",)
    assert rank(need(), [], NOW).flags == ()


def test_the_weights_sum_to_a_hundred() -> None:
    for rules in RULES:
        assert sum(rules.weights.values()) == 100
        assert set(rules.weights) == set(CRITERIA)


@pytest.mark.parametrize(
    ("criterion", "wanted", "better", "worse"),
    [
        ("language", need(language="es"), {"languages": ["es"]}, {"languages": ["en"]}),
        ("experience", need(), {}, {"settings": ["ffn"]}),
        ("experience", need(age_bands=["infant", "toddler"]), {"age_bands": ["infant", "toddler"]},
         {"age_bands": ["toddler"]}),
        ("concerns", need(), {}, {"concerns": ["inclusion"]}),
        ("soonest", need(), {}, {"available_from": NOW + 20 * DAY}),
        ("soonest", need(availability=["evenings"]), {"availability": ["evenings"]},
         {"availability": ["mornings"]}),
        ("travel", need(), {"travel_by_county": {"fresno": 10}},
         {"travel_by_county": {"fresno": 80}}),
        ("travel", need(modality="virtual"), {}, {"counties": ["kern"]}),
        ("travel", need(modality="virtual"), {"counties": ["kern"]}, {"counties": ["marin"]}),
        ("caseload", need(), {"load": 0}, {"load": 3}),
    ],
)  # fmt: skip
def test_a_better_fit_scores_more(
    criterion: str, wanted: MatchRequest, better: dict[str, Any], worse: dict[str, Any]
) -> None:
    found = rank(wanted, [person("worse", **worse), person("better", **better)], NOW)
    points = {c.id: {s.criterion: s for s in c.scores} for c in found.candidates}
    assert points["better"][criterion].points > points["worse"][criterion].points
    assert points["better"][criterion].words != "" != points["worse"][criterion].words
    assert ids(found) == ["better", "worse"]


def test_the_previous_consultant_comes_first_unless_the_provider_wants_somebody_new() -> None:
    people = [person("best"), person("old", concerns=[], settings=[], load=3)]
    assert ids(rank(need(previous="old"), people, NOW))[0] == "old"
    assert ids(rank(need(previous="old", same_consultant="no"), people, NOW))[0] == "best"
    full = [person("best"), person("old", load=4)]
    assert ids(rank(need(previous="old"), full, NOW)) == ["best"]


def test_ties_go_to_the_longest_waiting_then_the_lowest_load_then_the_id() -> None:
    people = [
        person("e", last_offered_at=NOW - DAY),
        person("d", last_offered_at=NOW - 9 * DAY, cap=100, load=1),
        person("c", last_offered_at=NOW - 9 * DAY, cap=100, load=2),
        person("b"),
        person("a"),
    ]
    # c and d earn one point more for their room; d carries less.
    assert ids(rank(need(), people, NOW)) == ["d", "c", "a", "b", "e"]
    level = [{**one, "cap": 100, "load": one["load"]} for one in people]
    assert ids(rank(need(), level, NOW)) == ["a", "b", "d", "c", "e"]


def test_nobody_is_named_in_a_ranking() -> None:
    text = json.dumps(asdict(rank(need(), [person(), person("b", active=False)], NOW)))
    for secret in ("Sunny", "pat@", "Person", "@example"):
        assert secret not in text


def test_names_are_compared_without_accents_case_or_dashes() -> None:
    assert fold("  José   O'Neil-PÉREZ ") == "jose o neil perez"
    assert fold(None) == ""


def subsets(values: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)


COUNTY_SAMPLE = ["fresno", "kern", "marin"]
people = st.lists(
    st.fixed_dictionaries(
        {
            "active": st.booleans() | st.just(True),
            "agreement_until": st.sampled_from([None, NOW - 1, NOW + DAY]),
            "modalities": subsets(["onsite", "virtual", "hybrid", "phone"]),
            "languages": subsets(["en", "es"]),
            "counties": subsets(COUNTY_SAMPLE),
            "settings": subsets(SETTINGS),
            "age_bands": subsets(AGE_BANDS),
            "concerns": subsets(CONCERNS),
            "cap": st.integers(0, 3),
            "load": st.integers(0, 3),
            "on_leave_until": st.sampled_from([None, NOW + 1]),
            "trainee": st.booleans(),
            "facilitator": st.sampled_from([None, "f"]),
            "emergency_trained": st.booleans(),
            "emergency_roster": st.booleans(),
            "last_offered_at": st.sampled_from([None, NOW - DAY]),
        }
    ),
    max_size=12,
).map(lambda rows: [{"id": f"p{number}", **row} for number, row in enumerate(rows)])
needs = st.builds(
    need,
    st.sampled_from(["intensive", "emergency"]),
    decliners=subsets(["p0", "p1"]).map(tuple),
    previous=st.sampled_from([None, "p2"]),
    county=st.sampled_from(COUNTY_SAMPLE),
    setting=st.sampled_from(sorted(SETTINGS)),
    modality=st.sampled_from([None, "onsite", "virtual", "hybrid"]),
    language=st.sampled_from(["en", "es"]),
    language_required=st.sampled_from(["yes", "no"]),
)


@given(needs, people)
def test_nobody_is_over_cap_away_or_a_decliner(
    wanted: MatchRequest, rows: list[dict[str, Any]]
) -> None:
    by_id = {row["id"]: Consultant.read(row) for row in rows}
    for candidate in rank(wanted, rows, NOW).candidates:
        one = by_id[candidate.id]
        assert one.load < one.cap
        assert one.active
        assert one.agreement_until is not None and one.agreement_until > NOW
        assert one.on_leave_until is None
        assert one.id not in wanted.decliners
        assert not (wanted.setting == "ffn" and set(one.modalities) <= {"onsite", "phone"})
        assert not (wanted.language_required and wanted.language not in one.languages)
        assert wanted.tier != "emergency" or (one.emergency_roster and one.emergency_trained)


@given(needs, people)
def test_everybody_is_a_candidate_or_excluded_with_a_reason(
    wanted: MatchRequest, rows: list[dict[str, Any]]
) -> None:
    found = rank(wanted, rows, NOW)
    assert sorted(ids(found) + [one.id for one in found.excluded]) == sorted(
        row["id"] for row in rows
    )
    for one in found.excluded:
        assert one.reasons and one.rules
        assert set(one.rules) <= set(why.CONSTRAINTS)
    for candidate in found.candidates:
        assert candidate.total == sum(score.points for score in candidate.scores)
        assert all(0 <= score.points <= score.weight for score in candidate.scores)
        assert [score.criterion for score in candidate.scores] == list(CRITERIA)


@given(needs, people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    wanted: MatchRequest, rows: list[dict[str, Any]], shuffler: random.Random
) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert rank(wanted, rows, NOW) == rank(wanted, shuffled, NOW)
