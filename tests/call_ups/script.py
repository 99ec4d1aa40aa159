"""A call-up in stories: how one is sent, the usual way of who is asked, and what else may happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import pacific_date
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import HAS_PLACE, CalledUp, open_case
from chalicelib.services.emergency.deployments.model import told_in
from chalicelib.services.emergency.deployments.tasks import PLACE
from chalicelib.workflow.cases import Case, valid
from chalicelib.workflow.storage import store
from tests.episode import cleaned
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.script import CaseScript, Json
from tests.faults.single_faults import Scenario, pressed, waited
from tests.workflow.lifecycle import Story
from tests.world import World

DAY = 86400
ROSTER = ("alma-reyes", "ben-okafor", "dana-kim")


def fire(world: World, days: int = 20) -> Emergency:
    """An emergency in force."""
    until = pacific_date(world.at + days * DAY).isoformat()
    one = Emergency(
        ("los_angeles",), world.at - 60, until, "disaster", "staff:ada-admin", name="Creek Fire"
    )
    emergencies.declare(one)
    return one


def sent(world: World, places: int = 1, asked: Sequence[str] = ROSTER) -> CallUp:
    """A call-up of some consultants."""
    references = {one: world.new_reference() for one in asked}
    first = references[asked[0]]
    new = CallUp(
        emergency=fire(world).id,
        id=first.lower(),
        at=world.at,
        by="staff:ada-admin",
        cap=places,
        way="virtual",
        asked=references,
    )
    call_up.send(new)
    return new


def opens(world: World) -> str:
    """The first of three who are asked for one place."""
    new = sent(world)
    open_case(new, ROSTER[0], world.at)
    return new.asked[ROSTER[0]]


def wrong(states: Sequence[Case]) -> list[str]:
    """Places that are not as the cases say, or more than there are."""
    cases = [one for one in states if isinstance(one, CalledUp)]
    found = []
    for emergency, key in {(one.emergency, one.call_up) for one in cases}:
        one = call_up.find(emergency, key)
        if len(one.held) > one.cap:
            found.append(f"{key} has {len(one.held)} in {one.cap} places")
        theirs = {
            c.reference for c in cases if c.call_up == key and c.open and c.status in HAS_PLACE
        }
        known = {c.reference for c in cases}
        if set(one.held) & known != theirs:
            found.append(f"{key} is held by {one.held}, but {theirs} have a place")
    return found + [wrong for one in cases for wrong in _shifts_wrong(one)]


def _shifts_wrong(one: CalledUp) -> list[str]:
    """Planned shifts that meet, and recorded ones that are not counted once each."""
    found = []
    hours = [(shift["start"], shift["end"]) for shift in one.shifts]
    if any(later[0] < earlier[1] for earlier, later in pairwise(hours)):
        found.append(f"{one.reference} has two shifts at once: {hours}")
    numbers = {shift["n"] for shift in one.shifts}
    if len(numbers) < len(one.shifts) or max(numbers, default=0) > one.planned:
        found.append(f"{one.reference} numbers its shifts {numbers} of {one.planned}")
    recorded = sum("worked" in told_in(entry) for entry in valid(store.log(one)))
    if recorded != one.worked:
        found.append(f"{one.reference} counts {one.worked} shifts, and {recorded} are recorded")
    return found


act = Acts()


@act(4, meanwhile=True, when=lambda state: state.task is not None and state.task.kind == PLACE.name)
def something_is_recorded(scene: Scene, state: CalledUp) -> None:
    """A shift is planned, worked as planned, moved or given back, or somebody was talked with."""
    assert state.task is not None
    at = scene.harness.world.at
    plan = PLACE.example(state, at, "planned")
    every = [plan, PLACE.example(state, at, "met")]
    if state.shifts:
        which = {"shift": str(scene.rng.choice(state.shifts)["n"])}
        every += [{"decision": "worked", **which}, {"decision": "drop", **which}]
        every.append({**plan, "decision": "move", "starts": "11:00", **which})
    values = cleaned(state, PLACE.name, scene.rng.choice(every))
    if values.ok:
        scene.tell("records", values.values.get("decision"))
        scene.press(state.reference, state.task.number, values.values, state.task.role)


@act(1)
def days_go_by(scene: Scene) -> None:
    """The day of a planned shift comes."""
    scene.harness.world.at += DAY
    scene.machine(scene.harness.clock, "a day goes by")


def _example(outcome: str) -> Callable[[Story], Json]:
    return lambda story: PLACE.example(story.state, story.harness.world.at, outcome)


CALL_UPS = CaseScript(
    name="call_up",
    opens=opens,
    way=("call_up", "call_up_place"),
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("they cannot help", "call_up", pressed(lambda story: {"decision": "no"})),
        Scenario("they do not answer", "call_up", waited),
        Scenario("a shift is planned", "call_up_place", pressed(_example("planned"))),
        Scenario("an encounter is recorded", "call_up_place", pressed(_example("met"))),
        Scenario("the place is given back", "call_up_place", pressed(_example("returned"))),
        Scenario("the emergency ends", "call_up_place", waited),
        Scenario("it ends for who worked a shift", "over", waited),
    ),
    wrong=wrong,
)
