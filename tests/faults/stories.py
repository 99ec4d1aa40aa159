"""Random stories: some acts, some faults, then quiet minutes; nothing may be lost.

A state machine of hypothesis plays them, so that a story that violates an invariant shrinks to the
acts, the faults and the choices that it needs, and is printed with a text that plays it again.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Mapping
from typing import ClassVar

from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.version import __version__

from .acts import Act, Scene
from .fault_injector import FAULTS
from .harness import FaultHarness
from .invariants import InvariantChecker

CLOCKS = ("the_clock_looks", "a_minute_passes", "time_passes")
# What differs from one type of case to the other is asked of the harness that the story is played on.
MOMENTS = st.runner().flatmap(lambda story: st.sampled_from(story.harness.script.moments))
NAMES = st.runner().flatmap(
    lambda story: st.sampled_from(
        [n for n, one in story.acts.items() for _ in range(max(1, round(2 * one.weight)))]
    )
)
CHOICES = st.randoms(use_true_random=False)
# What breaks during one act, by the number of the call: mostly one thing, early in it.
FALLS = st.dictionaries(st.integers(1, 14), st.sampled_from(FAULTS), max_size=3)


class Story(RuleBasedStateMachine):
    """One story, on the harness that its subclass names."""

    harness: ClassVar[FaultHarness]

    @property
    def acts(self) -> Mapping[str, Act]:
        """What may happen."""
        return self.harness.script.acts

    @initialize(moment=MOMENTS, anew=st.integers(0, 2))
    def begin(self, moment: str, anew: int) -> None:
        """A case has come so far. In every third story all runs are thrown away in the end."""
        story = self.harness.at(moment)
        self.scene = Scene(self.harness, InvariantChecker(self.harness), [story.reference])
        self.harness.injector.meanwhile = self._somebody_else
        self.anew, self.fine = anew == 2, True

    @rule(name=NAMES, faults=FALLS, choices=CHOICES, later=st.sampled_from((0, 0, 0, 1, 6)))  # fmt: skip
    def act(self, name: str, faults: dict[int, str], choices: random.Random, later: int) -> None:
        """Somebody or something acts while AWS fails in these ways."""
        self.fine, self.scene.rng = False, choices
        self.harness.injector.begin(faults)
        # The clock times out before the next minute: no two of them look at once.
        self.scene.alone = CLOCKS if name in CLOCKS else ()
        self.acts[name].does(self.scene)
        if self.harness.injector.injected:
            self.scene.tell("  faults:", self.harness.injector.injected)
        self.harness.injector.end()
        self.harness.world.at += later
        self.fine = True

    @invariant()
    def holds(self) -> None:
        """Every invariant, after every act."""
        self.fine = False
        self.scene.checker.check()
        self.fine = True

    def _somebody_else(self) -> None:
        """In the middle of a call to AWS, somebody else is faster."""
        others = [name for name, one in self.acts.items() if one.meanwhile]
        name = self.scene.rng.choice([name for name in others if name not in self.scene.alone])
        self.scene.tell("  meanwhile:", name)
        self.acts[name].does(self.scene)

    def teardown(self) -> None:
        """Quiet minutes, and all is at rest."""
        self.harness.injector.end()
        if not getattr(self, "fine", False):
            return  # what broke is said already
        quiet(self.harness)
        self.scene.tell("at rest")
        self.scene.checker.at_rest()
        if self.anew:
            self.scene.checker.rehydrates()


def quiet(harness: FaultHarness) -> None:
    """AWS is well again: some minutes, an hour's reconciler, and some minutes more."""
    harness.settle()
    harness.minutes(9)  # a send that somebody began and died over is begun anew after five
    harness.hour()
    harness.settle()
    harness.minutes(4)


def play(harness: FaultHarness, number: int, first: int = 0, again: str = "") -> str:
    """So many stories from a seed, or the one of a printed text ``again``; returns the shortest that
    violates something, with what it violates, and "" when none does."""
    story = type("Story", (Story,), {"harness": harness})
    if again:
        reproduce_failure(__version__, again.encode())(story)
    how = settings(
        max_examples=number,
        stateful_step_count=6,
        phases=[Phase.generate, Phase.shrink],
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(first)(story), settings=how)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = (
            f"{type(error).__name__}: {error} ({where.filename.rpartition('/')[2]}:{where.lineno})"
        )
        return "\n".join([what, *getattr(error, "__notes__", ())])
    return ""
