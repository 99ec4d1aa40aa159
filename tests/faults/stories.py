"""Random stories from seeds: some acts, some faults, then quiet minutes; nothing may be lost.

A seed is a whole story: the same seed plays the same acts and faults again, letter by letter.
"""

from __future__ import annotations

import logging
import random
import traceback
from dataclasses import dataclass

import pytest

from chalicelib.aws.log import logger
from tests import world as tests_world
from tests.workflow.lifecycle import WAY

from . import acts_of_rooms as acts_of_rooms  # registers them
from . import acts_of_staff as acts_of_staff
from .acts import ACTS, MEANWHILE, Scene, choose
from .fault_injector import FAULTS
from .harness import FaultHarness, build
from .invariants import InvariantChecker

MOMENTS = [*WAY, "over"]
CLOCKS = ("the_clock_looks", "a_minute_passes", "time_passes")


@dataclass(frozen=True)
class Told:
    """What came of a seed: an empty ``violation`` is what we want."""

    seed: int
    acts: list[str]
    violation: str = ""


class Seeds:
    """Plays seeds in this process. Close it afterwards."""

    def __init__(self) -> None:
        self.patch = pytest.MonkeyPatch()
        logger().setLevel(logging.CRITICAL)
        self.names = random.Random(0)
        try:
            self.harness: FaultHarness = build(self.patch)
            self.patch.setattr(tests_world, "new_reference", lambda: self._reference(self.names))
            self.harness.at("over")
        except BaseException:
            self.close()  # nobody else is to talk to a broken harness
            raise

    def _reference(self, rng: random.Random) -> str:
        from chalicelib.domain.ids import ALPHABET, check_character

        body = "".join(rng.choice(ALPHABET) for _ in range(8))
        return f"{body[:4]}-{body[4:]}-{check_character(body)}"

    def close(self) -> None:
        self.patch.undo()
        logger().setLevel(logging.INFO)

    def play(self, seed: int) -> Told:
        """One story."""
        rng = random.Random(seed)
        random.seed(seed)  # the product's own jitter
        self.names = random.Random(seed)
        scene = Scene(self.harness, rng, InvariantChecker(self.harness))
        try:
            self._play(scene)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = (
                f"{type(error).__name__} {error} ({where.filename.rsplit('/')[-1]}:{where.lineno})"
            )
            return Told(seed, scene.told, text)
        finally:
            self.harness.injector.end()
        return Told(seed, scene.told)

    def _play(self, scene: Scene) -> None:
        harness, rng = self.harness, scene.rng
        moment = rng.choice(MOMENTS)
        story = harness.at(moment)
        scene.tell("at", moment)
        scene.references = [story.reference]
        harness.injector.meanwhile = lambda: meanwhile(scene)
        weights = {name: weight for name, (weight, _) in ACTS.items()}
        for _ in range(rng.randint(3, 8)):
            harness.injector.begin(weather(rng))
            name = choose(rng, weights)
            # The clock times out before the next tick: no two of them look at once.
            scene.alone = CLOCKS if name in CLOCKS else ()
            ACTS[name][1](scene)
            if harness.injector.injected:
                scene.tell("  faults:", harness.injector.injected)
            harness.injector.end()
            harness.world.at += rng.choice([0, 0, 0, 1, 6])
            scene.checker.check()
        quiet(harness)
        scene.tell("at rest")
        scene.checker.at_rest()
        if seed_is_thorough(rng):
            scene.checker.rehydrates()


def seed_is_thorough(rng: random.Random) -> bool:
    """Every third story ends with all runs thrown away."""
    return rng.random() < 0.34


def weather(rng: random.Random) -> dict[int, str]:
    """What breaks during one act: mostly one thing, early in it."""
    number = rng.choices([0, 1, 2, 3], [3, 5, 2, 1])[0]
    return {rng.randint(1, 14): rng.choice(FAULTS) for _ in range(number)}


def meanwhile(scene: Scene) -> None:
    """Somebody else is faster."""
    others = {name: weight for name, weight in MEANWHILE.items() if name not in scene.alone}
    name = choose(scene.rng, others)
    scene.tell("  meanwhile:", name)
    ACTS[name][1](scene)


def quiet(harness: FaultHarness) -> None:
    """AWS is well again: some minutes, an hour's reconciler, and some minutes more."""
    harness.settle()
    harness.minutes(9)  # a send that somebody began and died over is begun anew after five
    harness.hour()
    harness.settle()
    harness.minutes(4)


def play_all(first: int, number: int, step: int = 1) -> list[Told]:
    """So many seeds from ``first`` on; those that violate something, and the time it took."""
    seeds = Seeds()
    try:
        return [t for t in (seeds.play(first + i * step) for i in range(number)) if t.violation]
    finally:
        seeds.close()


def printed(told: Told) -> str:
    """A violation with its story, and how to play it again."""
    lines = [f"seed {told.seed}: {told.violation}", *(f"    {line}" for line in told.acts)]
    return "\n".join([*lines, f"    again: python -m tests.faults --seed {told.seed}"])
