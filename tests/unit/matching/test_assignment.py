"""Many requests and many consultants at once: the optimum, who stays without, and why."""

from __future__ import annotations

import itertools
import random
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.referral.matching.assignment.best import Asking, Left, assign, costs_of
from chalicelib.referral.matching.assignment.solver import solve
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.rules import rank
from infra.bench import assigning

AT = assigning.AT
Costs = list[dict[int, int]]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Costs, list[int]]:
    columns = draw(st.integers(1, 6))
    cost = st.integers(0, draw(st.sampled_from([1, 6, 100])))
    row = st.dictionaries(st.integers(0, columns - 1), cost, max_size=columns)
    places = st.lists(st.integers(0, 3), min_size=columns, max_size=columns)
    return draw(st.lists(row, max_size=14)), draw(places)


def told(costs: Costs, columns: tuple[int | None, ...]) -> tuple[int, int]:
    """How many are without, and what the others cost."""
    had = [(row, column) for row, column in zip(costs, columns, strict=True) if column is not None]
    return len(costs) - len(had), sum(row[column] for row, column in had)


@pytest.mark.promise("best-assignment")
@settings(max_examples=150)
@given(problems())
def test_nobody_stays_without_who_could_be_served_and_no_sum_is_lower(
    problem: tuple[Costs, list[int]],
) -> None:
    costs, places = problem
    found = solve(costs, places)
    assert told(costs, found.columns) == assigning.optimum(costs, places)
    for column, most in enumerate(places):
        assert found.columns.count(column) <= most


@settings(max_examples=60)
@given(problems())
def test_the_prices_prove_it(problem: tuple[Costs, list[int]]) -> None:
    """Nobody would rather be elsewhere at these prices, and only a full column has one."""
    costs, places = problem
    found = solve(costs, places)
    for row, column in zip(costs, found.columns, strict=True):
        if column is not None:
            mine = row[column] + found.prices[column]
            assert all(mine <= cost + found.prices[n] for n, cost in row.items() if places[n])
    for column, price in enumerate(found.prices):
        assert not price or found.columns.count(column) == places[column]


def every_way(costs: Costs, places: list[int]) -> list[tuple[int | None, ...]]:
    ways = itertools.product(*([*row, None] for row in costs))
    return [way for way in ways if all(way.count(n) <= most for n, most in enumerate(places))]


def worth(
    way: tuple[int | None, ...], costs: Costs, classes: list[int]
) -> tuple[int, list[int], int]:
    """How many are without, of which class they are, and what the others cost."""
    without, cost = told(costs, way)
    of = [group for group, column in zip(classes, way, strict=True) if column is None]
    return without, [of.count(group) for group in range(3)], cost


def test_urgency_decides_who_stays_without_then_fit_then_who_came_later() -> None:
    rng = random.Random(7)
    for _ in range(60):
        columns = rng.randint(1, 3)
        places = [rng.randint(0, 2) for _ in range(columns)]
        costs = [
            {n: rng.randint(0, 3) for n in range(columns) if rng.random() < 0.7} for _ in range(5)
        ]
        classes = [rng.randint(0, 2) for _ in costs]
        ways = every_way(costs, places)
        first = min(worth(way, costs, classes) for way in ways)
        found = solve(costs, places, classes).columns
        assert worth(found, costs, classes) == first
        best = [way for way in ways if worth(way, costs, classes) == first]
        without = [[n for n, column in enumerate(way) if column is None] for way in best]
        mine = [n for n, column in enumerate(found) if column is None]
        assert mine == max(without), "who came first is served where it costs the same"


def test_the_same_line_gets_the_same_answer_in_any_order_of_the_directory() -> None:
    line, people = assigning.network(40, 12)
    turned = [replace(one) for one in reversed(people)]
    assert assign(line, people, AT) == assign(line, turned, AT)


def test_a_pair_weighs_what_the_single_match_weighs_and_keeps_its_constraints() -> None:
    line, people = assigning.network(60, 20)
    asked = [
        replace(one.need, decliners=frozenset({people[n % 20].id}) if n % 3 else frozenset())
        for n, one in enumerate(line)
    ]
    for need, mine in zip(asked, costs_of(asked, people, AT), strict=True):
        ranked = {one.id: one.total for one in rank(need, people, AT).candidates}
        assert {people[n].id: 100 - cost for n, cost in mine.items()} == ranked


def need(**changes: object) -> MatchRequest:
    known = MatchRequest(
        "emergency", "stat", "fresno", "center", "onsite", "es", True,
        frozenset(), frozenset(), frozenset(), frozenset(), None, (), "",
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]


def person(key: str, **more: object) -> Consultant:
    known = Consultant(
        id=key, active=True, agreement_until=AT + 10**8, modalities=["onsite", "virtual"],
        languages=["en", "es"], counties=["fresno"], cap=1,
        emergency_trained=True, emergency_roster=True,
    )  # fmt: skip
    return replace(known, **more)  # type: ignore[arg-type]


def test_a_second_choice_says_who_was_better_and_what_it_would_cost_the_others() -> None:
    expert, helper = person("expert", settings=["center"]), person("helper")
    only_there = need(language="es")
    line = [Asking("A", only_there), Asking("B", need(concerns=frozenset({"x"})))]
    found = assign(line, [expert, helper], AT)
    assert {one.reference for one in found.pairs} == {"A", "B"}
    second = next(one for one in found.pairs if one.consultant == "helper")
    (better,) = second.passed
    assert (second.choice, better.consultant) == (2, "expert")
    assert better.price >= better.points - second.points > 0


@pytest.mark.promise("trainee-practicum-only")
def test_who_is_in_training_gets_one_home_that_said_yes_and_nothing_else() -> None:
    home = need(tier="intensive", setting="fcch_small", trainee_welcome=True)
    line = [
        Asking("center", need(tier="intensive")),
        Asking("emergency", replace(home, tier="emergency")),
        Asking("not asked", replace(home, trainee_welcome=False)),
        Asking("home", home),
        Asking("another home", home),
    ]
    row = {**asdict(person("trainee", cap=9, trainee=True, facilitator="f")), "id": "trainee"}
    trainee = Consultant.read(row)  # type: ignore[arg-type]
    found = assign(line, [trainee], AT)
    assert [(one.reference, one.consultant) for one in found.pairs] == [("home", "trainee")]
    assert not assign(line, [replace(trainee, facilitator=None)], AT).pairs, "nobody guides them"


def test_who_has_no_place_is_told_apart_from_whom_nobody_fits() -> None:
    line = [Asking("A", need()), Asking("B", need()), Asking("C", need(county="alpine"))]
    found = assign(line, [person("only")], AT)
    assert [one.reference for one in found.pairs] == ["A"]
    assert found.left == [Left("B", ("only",)), Left("C")]


def test_a_previous_consultant_comes_first_as_in_the_single_match() -> None:
    people = [person("old", settings=[]), person("new", settings=["center"])]
    found = assign([Asking("A", need(previous="old"))], people, AT)
    assert found.pairs[0].consultant == "old" and found.pairs[0].choice == 1
