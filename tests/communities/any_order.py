"""Registration, leaving, offers, places, closing and re-opening in any order: no group ever has more people
than places, nobody in line is passed over without a recorded reason, and nobody waits for a seat that is
free for them."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chalicelib.services.communities import groups, line
from chalicelib.services.communities.events import OFFERED
from chalicelib.services.communities.model import Seat, told_in
from chalicelib.services.communities.season import changing, closing
from chalicelib.workflow import tasks
from chalicelib.workflow.storage import lines, store
from tests.communities.script import DAY, begins, leaves, season, wrong
from tests.conftest import fake_aws
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

BY = "staff:cora-match"
GROUPS = ("martes", "jueves", "monday")
WHO = st.integers(0, 9)


class AnyOrder(RuleBasedStateMachine):
    """Up to ten people, three groups, staff, and a clock that looks when it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.harness = LifecycleHarness(World(fake_aws(self.patch), self.patch))
        season(self.harness.world, martes=1, jueves=1, monday=1)
        self.seats: list[str] = []
        self.presses = 0

    def teardown(self) -> None:
        """The clock looks until nothing moves: then nobody waits for what is free for them."""
        try:
            for _ in range(3):
                self.the_clock_looks()
            free = line.Free.at(self.harness.world.at)
            for row in lines.rows(line.LINE):
                state = self.state(row.reference)
                for group in free.groups:
                    taken = not free.left[group.id] or free.against(state, group)
                    assert taken, f"{state.reference} waits for a free seat in {group.id}"
        finally:
            self.patch.undo()

    # -- what is looked at -------------------------------------------------------------------------
    def state(self, reference: str) -> Seat:
        return store.load(reference, Seat, consistent=True)

    def somebody(self, number: int, *kinds: str) -> Seat | None:
        """One of those who are asked such a thing; whoever has a seat, for "season"."""
        states = [self.state(one) for one in self.seats]
        found = [one for one in states if one.task is not None and one.task.kind in kinds]
        return found[number % len(found)] if found else None

    def press(self) -> str:
        self.presses += 1
        return f"press:{self.presses}"

    def answers(self, state: Seat, **values: object) -> None:
        assert state.task is not None
        at = self.harness.world.at
        tasks.answer(state.reference, state.task.number, dict(values), "provider", self.press(), at)  # type: ignore[arg-type]
        self.harness.settle()

    # -- what happens ------------------------------------------------------------------------------
    @rule(
        spoken=st.sampled_from((("es",), ("es",), ("en",), ("en", "es"))), chosen=st.integers(0, 7)
    )
    def somebody_registers(self, spoken: tuple[str, ...], chosen: int) -> None:
        if len(self.seats) == 10:
            return
        self.harness.world.at += 60
        reference = begins(self.harness.world, spoken)
        self.seats.append(reference)
        self.harness.settle()
        open_now = {one.id for one in groups.groups() if not one.closed and one.language in spoken}
        wanted = [one for n, one in enumerate(GROUPS) if chosen & 1 << n and one in open_now]
        decision = {"decision": "register", "groups": wanted} if wanted else {"decision": "later"}
        self.answers(self.state(reference), **decision)

    @rule(number=WHO)
    def somebody_leaves(self, number: int) -> None:
        state = self.somebody(number, "season", "seat_wait", "seat_offer")
        if state is not None:
            leaves(state.reference, self.press(), self.harness.world.at)
            self.harness.settle()

    @rule(number=WHO, decision=st.sampled_from(("take", "take", "not_this", "no")))
    def somebody_answers_an_offer(self, number: int, decision: str) -> None:
        state = self.somebody(number, "seat_offer")
        if state is not None:
            self.answers(state, decision=decision)

    @rule(name=st.sampled_from(GROUPS), cap=st.integers(1, 3))
    def staff_change_the_places(self, name: str, cap: int) -> None:
        group = groups.group(name)
        new = groups.Group(**{**vars(group), "cap": cap})
        done = changing.change(group, new, BY, self.harness.world.at)
        assert done == (cap >= len(group.held))

    @rule(name=st.sampled_from(GROUPS))
    def staff_close_a_group(self, name: str) -> None:
        group = groups.group(name)
        assert closing.close(group, {}, BY, self.harness.world.at) is not group.closed
        self.harness.settle()
        assert not groups.group(name).held

    @rule(name=st.sampled_from(GROUPS))
    def staff_open_it_again(self, name: str) -> None:
        closed = groups.group(name).closed
        assert closing.reopen(name) is closed

    @rule(later=st.sampled_from((60, 60, DAY)))
    def the_clock_looks(self, later: int = 60) -> None:
        """Whoever is offered a seat: all who stood before were offered one too, or are named with a rule."""
        self.harness.world.at += later
        before = [row.reference for row in lines.rows(line.LINE)]
        offered = {one: self.offers(one) for one in before}
        self.harness.run_scheduler()
        new = [one for one in before if self.offers(one) > offered[one]]
        for place, reference in enumerate(before):
            if reference in new:
                told = [e for e in store.log(self.state(reference)) if e.event == OFFERED][-1]
                named = {one["reference"]: one["rules"] for one in told_in(told).get("passed", [])}
                for ahead in before[:place]:
                    # Whose wait was over in the same minute does not stand before anybody.
                    stands = self.state(ahead).status == "waiting" and line.waits(self.state(ahead))
                    assert ahead in new or named.get(ahead) or not stands, (ahead, reference)

    def offers(self, reference: str) -> int:
        return sum(entry.event == OFFERED for entry in store.log(self.state(reference)))

    @invariant()
    def no_group_is_overfull_and_each_place_is_somebodys(self) -> None:
        assert wrong([self.state(one) for one in self.seats]) == []


def how(examples: int, steps: int) -> settings:
    """So many stories of so many acts; what fails is printed with how to play it again."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def play(examples: int, first: int) -> str:
    """So many long stories from a seed; what the shortest of them violates, "" for nothing."""
    try:
        run_state_machine_as_test(seed(first)(AnyOrder), settings=how(examples, 40))
    except Exception as error:
        return "\n".join(
            [*traceback.format_exception(error)[-3:], *getattr(error, "__notes__", ())]
        )
    return ""
