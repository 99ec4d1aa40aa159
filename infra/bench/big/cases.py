"""Cases by the thousand: copies of a few that the product's own steps, answers and clock have made."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.domain.ids import ALPHABET, check_character
from infra.bench.big.table import BigTable
from infra.bench.units import Row

# Moments of the usual way (tests/workflow/lifecycle.py) at which an open case waits for somebody.
OPEN = (
    "triage",
    "offer",
    "first_contact",
    "agreement",
    "plan",
    "plan_agreement",
    "service",
    "summary",
)
_STEP = 7_368_787  # prime, so that neighbours' references are far from each other


def reference(number: int) -> str:
    """The reference of case ``number``: valid, always the same, and in no order."""
    bits = (number * _STEP) % 32**8
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(8))
    return f"{body[:4]}-{body[4:]}-{check_character(body)}"


class Played:
    """``cases``: moment -> the rows of a case that stands there. ``at``: the latest of their instants."""

    def __init__(self, moments: Sequence[str] = OPEN) -> None:
        self.cases: dict[str, list[Row]] = {}
        self.references: dict[str, str] = {}
        self.people: list[Row] = []
        self.at = 0
        for moment, harness, story in _stories(moments):
            self._keep(moment, harness, story)

    def _keep(self, moment: str, harness: Any, story: Any) -> None:
        wire_row = importlib.import_module("tests.faults.fake_table").wire_row
        items = harness.world.fake_table.items
        self.cases[moment] = [wire_row(row) for row in items[f"R#{story.reference}"].values()]
        self.references[moment] = story.reference
        self.people = [wire_row(row) for row in items["STAFF"].values()]
        self.at = max(self.at, harness.world.at)


def _stories(moments: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
    """Each moment of a life in this process, as the tests of the workflow play it."""
    import pytest

    lifecycle, world, conftest = (
        importlib.import_module(f"tests.{name}")
        for name in ("workflow.lifecycle", "world", "conftest")
    )
    with pytest.MonkeyPatch.context() as patch:
        harness = lifecycle.LifecycleHarness(world.World(conftest.fake_aws(patch), patch))
        for moment in moments:
            yield moment, harness, _story(lifecycle, harness, moment)


def _story(lifecycle: Any, harness: Any, moment: str) -> Any:
    if moment == "danger":
        return importlib.import_module("tests.web.kinds").safety(harness)
    if moment != "waitlist":
        return lifecycle.at(harness, moment)
    importlib.import_module("tests.workflow.test_waitlist").fill(harness.world)
    return harness.submit().triaged()


def copied(rows: Iterable[Row], was: str, now: str, **changes: Row | Any) -> Iterator[Row]:
    """A case's rows under another reference; ``changes`` are new attributes (wire form) of its state."""
    for row in rows:
        again = {name: _renamed(value, was, now) for name, value in row.items()}
        yield {**again, **changes} if row["sk"] == {"S": "REFERRAL"} else again


def _renamed(value: Any, was: str, now: str) -> Any:
    text = value.get("S")
    return {"S": text.replace(was, now)} if text and was in text else value


def fill(
    table: BigTable, played: Played, count: int, *, whole: int = 2**40, **changes: Any
) -> list[tuple[str, str]]:
    """``count`` open cases, the moments in turn; returns (reference, moment) of each.

    Of those after the first ``whole`` only the state and the answers are there. They were sent a minute
    apart, the last of them when the played one was.
    """
    made = []
    moments = list(played.cases)
    for number in range(count):
        moment = moments[number % len(moments)]
        rows = played.cases[moment]
        if number >= whole:
            rows = [row for row in rows if row["sk"]["S"] in ("REFERRAL", "REQUEST")]
        name = reference(number + 1)
        sent = _sent(rows) - 60 * (count - number)
        sort = {"gsi1sk": {"S": f"{sent}#{name}"}, "submitted": {"N": str(sent)}}
        for row in copied(rows, played.references[moment], name, **sort, **changes):
            table.put(row)
        made.append((name, moment))
    return made


def _sent(rows: Sequence[Row]) -> int:
    state = next(row for row in rows if row["sk"]["S"] == "REFERRAL")
    return int(str(state["submitted"]["N"]))
