"""Two hundred offers in one press: how long whoever presses waits, and how long until all are asked.

The product's own functions, on a table in this process. A call to the table takes as long as one does on AWS;
what the processor does is measured.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.bench.figures import Figure
from infra.wildfire import roster

OFFERS = 200
# Seconds of a call to the table from a function, a transaction among them; API Gateway gives up after 29.
CALL, LONGEST = 0.015, 20
AREA = "los_angeles"


@dataclass
class Took:
    """What something came to: calls to the table, and seconds of the processor."""

    calls: int = 0
    cpu: float = 0.0

    @property
    def seconds(self) -> float:
        """As long as it would take on AWS."""
        return self.calls * CALL + self.cpu

    @property
    def told(self) -> str:
        """The same in words."""
        return f"{self.calls} calls of {1000 * CALL:.0f} ms, {self.cpu:.1f} CPU s"


def figures() -> list[Figure]:
    """The presses of a call-up and of an assignment, and the clock's work behind the first."""
    import pytest

    lifecycle, worlds, conftest = (
        importlib.import_module(f"tests.{name}")
        for name in ("workflow.lifecycle", "world", "conftest")
    )
    with pytest.MonkeyPatch.context() as patch:
        world = worlds.World(conftest.fake_aws(patch), patch)
        harness = lifecycle.LifecycleHarness(world)
        took = _Pressed(harness, patch)
        return [*took.called_up(), *took.assigned()]


class _Pressed:
    def __init__(self, harness: Any, patch: Any) -> None:
        from chalicelib.aws import dynamodb
        from chalicelib.directory.emergencies import Emergency, declare

        self.harness, self.world, self.calls = harness, harness.world, 0
        real: Callable[..., Any] = dynamodb._ask

        def asked(*what: Any, **how: Any) -> Any:
            self.calls += 1
            return real(*what, **how)

        patch.setattr(dynamodb, "_ask", asked)
        self.fire = Emergency(
            (AREA,), self.world.at - 60, "2099-01-01", "wildfire", "staff:ada-admin"
        )
        declare(self.fire)
        model = roster.roster(1)[0]
        for number in range(OFFERS):
            own = {
                "id": f"r{number:03d}",
                "email": f"r{number:03d}@example.org",
                "counties": [AREA],
            }
            key = {"pk": "CONSULTANTS", "sk": own["id"]}
            self.world.table.put_item(Item={**model, **own, **key, "cap": 1})

    @contextmanager
    def _timed(self) -> Iterator[Took]:
        took, calls, began = Took(), self.calls, time.process_time()
        yield took
        took.calls, took.cpu = self.calls - calls, time.process_time() - began

    def called_up(self) -> list[Figure]:
        """One press for all of the roster; then the clock, look after look, until everybody is asked."""
        from chalicelib.services.emergency import call_up, call_up_round

        at = self.world.at
        with self._timed() as press:
            found = call_up.candidates(self.fire, AREA, "", call_up.VIRTUAL, at)
            asked = [row["id"] for row, against in found if not against]
            new = call_up.CallUp(
                emergency=self.fire.id, id="one", at=at, by="staff:ada-admin", cap=OFFERS // 2,
                way=call_up.VIRTUAL, asked={one: self.world.new_reference() for one in asked},
            )  # fmt: skip
            call_up.send(new)
        with self._timed() as opened:
            call_up_round.go_on(*call_up.key_of(self.fire.id, "one"), at)
        looks = -(-opened.seconds // call_up_round.SECONDS)
        return [
            Figure(f"P13 {len(asked)} called up: the press", press.seconds, "s", LONGEST, press.told),
            Figure("P13 all of them asked: the clock", opened.seconds, "s", None, opened.told,
                   f"{looks:.0f} looks"),
        ]  # fmt: skip

    def assigned(self) -> list[Figure]:
        """As many who wait in line, assigned and offered in one press."""
        from chalicelib.referral.matching.assignment import hold, together

        hold.collect(self.fire.id, "ada-admin", self.world.at)
        for _ in range(OFFERS):
            self.harness.submit(language_required="no", modality="virtual").triaged()
        with self._timed() as press:
            found = together.together(lambda state: True, self.world.at)
            done = together.offer(found, found.assignment.pairs, "staff:ada-admin", self.world.at)
        return [
            Figure(
                f"P13 {done} offered together: the press", press.seconds, "s", LONGEST, press.told
            )
        ]
