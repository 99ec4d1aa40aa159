"""CPU time of ranking every consultant for one request."""

from __future__ import annotations

import statistics
import time
from typing import cast

from chalicelib.directory.people import Person
from chalicelib.referral.matching.rules import need_from, rank
from chalicelib.referral.request import Request
from infra.bench.stack import directory

RUNS = 15
NOW = 1_800_000_000


def milliseconds(times: int = 1) -> float:
    """Median CPU milliseconds to rank 500 consultants, or so many times as many."""
    rows = [
        {**one, "id": f"{one['id']}-{n}", "load": 0} for n in range(times) for one in directory()
    ]
    request = Request(county="los_angeles", setting="center", modality="hybrid", language="en")
    need = need_from(request, tier="intensive", priority="routine")
    people = cast("list[Person]", rows)
    found = []
    for _ in range(RUNS):
        began = time.process_time()
        rank(need, people, NOW)
        found.append(time.process_time() - began)
    return statistics.median(found) * 1000
