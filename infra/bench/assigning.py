"""The assignment of many at once, beside OR-tools on the same pairs in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import cast

import numpy
from ortools.graph.python import min_cost_flow

from chalicelib.directory.people import Person
from chalicelib.domain.places import COUNTIES
from chalicelib.domain.vocabulary import CONCERNS
from chalicelib.referral.matching.assignment.best import Asking, costs_of
from chalicelib.referral.matching.assignment.solver import solve
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from infra import seed_data
from infra.bench.figures import Figure

AT = 1_800_000_000
SIZES = ((1_000, 200), (5_000, 500))
# Of all places of the roster, the share that is asked for.
LOAD = 0.9
RUNS = 3


def network(
    requests: int, consultants: int, seed: int = 1
) -> tuple[list[Asking], list[Consultant]]:
    """Requests of an emergency in all of California, and the roster: the demo network's consultants, each
    of whom is copied with a county, ages and concerns of their own."""
    rng = random.Random(seed)
    people = [_person(rng, n) for n in range(consultants)]
    short = requests / LOAD / sum(one.cap for one in people)
    for one in people:
        one.cap = max(1, round(one.cap * short))
    line = [Asking(f"{n:05d}", _need(rng)) for n in range(requests)]
    return line, people


def _person(rng: random.Random, number: int) -> Consultant:
    known = rng.choice(seed_data.consultants())
    one = Consultant.read(cast("Person", {**known, "id": f"c{number:04d}"}))
    one.active, one.trainee, one.emergency_trained, one.emergency_roster = True, False, True, True
    one.on_leave_until, one.paused_offers, one.available_from = None, False, None
    one.cap = rng.randint(2, 6)
    one.load = 0
    one.counties = [*one.counties, rng.choice(list(COUNTIES))]
    one.concerns = rng.sample(list(CONCERNS), rng.randint(2, 8))
    one.age_bands = rng.sample(["infant", "toddler", "preschool", "five"], rng.randint(1, 4))
    return one


def _need(rng: random.Random) -> MatchRequest:
    setting = rng.choice(["center", "center", "fcch_small", "fcch_large", "ffn"])
    return MatchRequest(
        tier="emergency",
        priority="stat",
        county=rng.choice(list(COUNTIES)),
        setting=setting,
        modality="virtual" if setting == "ffn" else rng.choice(["onsite", "virtual", "hybrid"]),
        language=rng.choices(["en", "es", "zh", "vi"], [60, 33, 4, 3])[0],
        language_required=rng.random() < 0.5,
        age_bands=frozenset(rng.sample(["infant", "toddler", "preschool", "five"], 2)),
        concerns=frozenset(rng.sample(list(CONCERNS), rng.randint(1, 4))),
        availability=frozenset(rng.sample(["mornings", "naptime", "afternoons", "evenings"], 2)),
        decliners=frozenset(),
        previous=None,
        ties=(),
        avoid="",
    )


def optimum(costs: Sequence[Mapping[int, int]], places: Sequence[int]) -> tuple[int, int]:
    """How many must stay without a place, and the least sum of costs for the others, by OR-tools: a flow
    of least cost, in which being without costs more than all else."""
    if not costs:
        return 0, 0
    rows, columns = len(costs), len(places)
    ids = numpy.arange(rows + columns)
    sink, without = rows + columns, sum(max(row.values(), default=0) for row in costs) + 1
    whole = numpy.int64
    tails = [numpy.repeat(ids[:rows], [len(row) for row in costs]), ids]
    heads = [
        numpy.array([rows + column for row in costs for column in row], whole),
        numpy.full(rows + columns, sink),
    ]
    prices = [
        numpy.array([cost for row in costs for cost in row.values()], whole),
        numpy.full(rows, without),
        numpy.zeros(columns, whole),
    ]
    ones = numpy.ones(len(tails[0]) + rows, whole)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        numpy.concatenate(tails),
        numpy.concatenate(heads),
        numpy.concatenate([ones, numpy.array(places, whole)]),
        numpy.concatenate(prices),
    )
    supply = [numpy.ones(rows, whole), numpy.zeros(columns, whole), numpy.array([-rows])]
    flow.set_nodes_supplies(numpy.arange(sink + 1), numpy.concatenate(supply))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("no optimum")
    return divmod(int(flow.optimal_cost()), without)


def figures() -> list[Figure]:
    """P8: the gap to the optimum, those without a place, and the CPU time beside OR-tools'."""
    return [figure for size in SIZES for figure in _figures(*size)]


def _figures(requests: int, consultants: int) -> list[Figure]:
    line, people = network(requests, consultants)
    began = time.process_time()
    costs = costs_of([one.need for one in line], people, AT)
    weighed = time.process_time() - began
    places = [one.cap - one.load for one in people]
    ours, theirs = [], []
    for _ in range(RUNS):
        began = time.process_time()
        found = solve(costs, places)
        middle = time.process_time()
        best = optimum(costs, places)
        ours.append(middle - began)
        theirs.append(time.process_time() - middle)
    had = [row[n] for row, n in zip(costs, found.columns, strict=True) if n is not None]
    name = f"P8 {requests:,} x {consultants}"
    pairs = f"{sum(map(len, costs)):,} pairs, weighed in {weighed:.1f} s"
    return [
        Figure(f"{name}: cost over the optimum", sum(had) - best[1], "points", 0, f"{sum(had):,}", pairs),
        Figure(f"{name}: left out in vain", requests - len(had) - best[0], "", 0, f"{best[0]} must be"),
        Figure(
            f"{name}: CPU beside OR-tools", min(ours) / min(theirs), "x", 2,
            f"{1000 * min(ours):.0f} ms", f"{1000 * min(theirs):.0f} ms",
        ),
    ]  # fmt: skip
