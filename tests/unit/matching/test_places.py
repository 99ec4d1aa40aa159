"""Places: nobody is offered more than they can take, and what is held is what is worked on."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.directory import people
from chalicelib.referral.matching import consultant_leave, reassign, waitlist
from chalicelib.referral.matching.allotment import Allotment
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import waitlist_rows
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.workflow import kinds, tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from tests.world import World

ACTIONS = (
    "request", "accept", "decline", "silence", "withdraw", "give", "look", "minute", "pause", "go",
)  # fmt: skip
COMMANDS = iter(range(10**9))


class Town:
    """A few requests and three consultants with one or two places each; steps run as they are due."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.references: list[str] = []
        for number, row in enumerate(people.consultants()):
            if number > 2:
                world.table.delete_item(Key={"pk": people.CONSULTANTS, "sk": row["id"]})
                continue
            cap = (1, 2, 1)[number]
            people.set_fields(row["id"], {"cap": cap, "active": True, "paused_offers": None})

    def open(self) -> list[str]:
        return [r for r in self.references if self.world.state(r).open]

    def run(self, reference: str) -> None:
        """What the match machine would do next."""
        for _ in range(8):
            state = self.world.state(reference)
            if not state.open or (state.stage != "match" and state.status != "tier_assigned"):
                return
            if state.task is not None or state.status == "matched":
                return
            if self.world.step("ask_offer", reference) == "asked":
                return
            if self.world.said[-1][1] == "no_room":
                self.world.step("ask_waitlist", reference)
            else:
                self.world.step("ask_coordinator", reference)

    def act(self, action: str, dice: random.Random) -> None:
        world, at = self.world, self.world.at
        world.at += 61
        if action == "request":
            if len(self.references) < 4:
                self.references.append(world.triaged())
                self.run(self.references[-1])
            return
        if action == "minute":
            waitlist.promote(world.at)
        if action in ("pause", "go"):
            key = dice.choice(people.consultants())["id"]
            if action == "pause":
                people.pause_offers(key, dice.random() < 0.5)
            elif people.consultants() and dice.random() < 0.3:
                chosen = {c.state.reference: "look" for c in consultant_leave.work_of(key)}
                consultant_leave.begin(key, "left", at, at)
                away = consultant_leave.Departure(
                    key, "left", at, "note", "staff:x", world.at, f"c{next(COMMANDS)}"
                )
                consultant_leave.move_all(away, chosen)
                assert consultant_leave.finish(key), "every place was given back"
                assert key not in {world.state(r).consultant for r in self.open()}
        elif self.open() and action != "minute":
            self._one(action, dice.choice(self.open()), dice)
        for reference in self.open():
            self.run(reference)

    def _one(self, action: str, reference: str, dice: random.Random) -> None:
        world, state = self.world, self.world.state(reference)
        command = f"c{next(COMMANDS)}"
        offer = state.task is not None and state.task.kind == "offer"
        if action == "withdraw":
            withdraw(reference, "not_needed", command)
        elif action in ("give", "look") and reassign.replaceable(state):
            ids = [c["id"] for c in people.consultants() if c["id"] != state.consultant]
            new = "" if action == "look" else dice.choice(ids)
            try:
                reassign.hand_on(reference, state.consultant, new, "n", "other", "staff:x", command,
                                 world.at)  # fmt: skip
            except store.Refused:
                assert world.state(reference) == state, "refused in whole"
        elif offer and action in ("accept", "decline"):
            world.answer(reference, {"decision": action, "decline_reason": "no_time"}, command)
        elif offer and action == "silence":
            assert state.task is not None
            kind = kinds.kind_of(state.task.kind)

            def expire(fresh: Any) -> Any:
                outcome = kind.expire(fresh, world.at)
                return tasks.answered(
                    fresh, kind, outcome, "clock", command, world.at
                ), outcome.same_transaction

            store.change(reference, expire)

    def told(self) -> None:
        """The log tells every state."""
        for reference in self.references:
            state = self.world.state(reference)
            assert same_story(fold(Referral, reference, store.log(state)), state)

    def check(self) -> None:
        """Held is worked on, and nobody is over their cap."""
        assigned: dict[str, set[str]] = {}
        for reference in self.open():
            state = self.world.state(reference)
            if state.consultant:
                assigned.setdefault(state.consultant, set()).add(reference)
        for row in people.consultants():
            held = set(row.get("held", []))
            assert held == assigned.get(row["id"], set()), row["id"]
            assert len(held) <= row["cap"], row["id"]
        for row in waitlist_rows.line():
            task = self.world.state(row.reference).task
            assert task is None or task.kind in waitlist_rows.WAITING


@pytest.mark.promise("places-match-work", "never-over-the-cap")
@settings(
    max_examples=3, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    st.lists(st.sampled_from(ACTIONS), min_size=8, max_size=14),
    st.integers(0, 10**6),
)
def test_what_is_held_is_what_is_worked_on_whatever_happens(
    world: World, actions: list[str], seed: int
) -> None:
    dice = random.Random(seed)
    town = Town(world)
    for reference in [row.reference for row in waitlist_rows.line()]:
        withdraw(reference, "not_needed", f"c{next(COMMANDS)}")
    for row in people.consultants():
        for reference in row.get("held", []):
            withdraw(reference, "not_needed", f"c{next(COMMANDS)}")
    for action in ["request", "request", "request", *actions]:
        town.act(action, dice)
        town.check()
    town.told()


@pytest.mark.promise("last-place-taken-twice")
def test_two_offers_beyond_the_cap_cannot_both_be_made(world: World) -> None:
    """Both saw the last free place; the second write is refused and finds another."""
    first, second = world.triaged(), world.triaged()
    for row in people.consultants():
        people.set_fields(row["id"], {"cap": 1 if row["id"] == "ben-okafor" else 0})
    seen = people.consultants()
    real = people.consultants
    world.step("ask_offer", first)
    world.monkeypatch.setattr(waitlist, "consultants", lambda: [dict(row) for row in seen])
    with pytest.raises(store.Refused):
        world.step("ask_offer", second)
    assert world.state(second).consultant == "" and world.state(second).task is None
    world.monkeypatch.setattr(waitlist, "consultants", real)
    world.step("ask_offer", second)
    assert world.said[-1][1] == "no_room"
    held = {c["id"]: c["held"] for c in people.consultants() if c.get("held")}
    assert held == {"ben-okafor": [first]}


@pytest.mark.promise("last-place-taken-twice")
def test_two_in_line_promoted_to_one_place_by_two_clocks(world: World) -> None:
    first, second = world.triaged(), world.triaged()
    for row in people.consultants():
        people.set_fields(row["id"], {"cap": 0})
    for reference in (first, second):
        world.step("ask_offer", reference)
        world.step("ask_waitlist", reference)
    people.set_fields("ben-okafor", {"cap": 1})
    line = waitlist_rows.line()
    first, second = (row.reference for row in line)
    looks = [
        Allotment([Consultant.read(one) for one in people.consultants()], world.at) for _ in line
    ]
    turns = [next(waitlist._turns([row], look, [])) for row, look in zip(line, looks, strict=True)]
    for turn, look in zip(turns, looks, strict=True):
        assert turn.consultant is not None and turn.consultant.id == "ben-okafor", (
            "each saw the place"
        )
        waitlist._promote_one(turn, turn.consultant, [], 0, look, world.at)
    assert world.state(first).consultant == "ben-okafor"
    assert world.state(second).consultant == ""
    assert [row.reference for row in waitlist_rows.line()] == [second]
