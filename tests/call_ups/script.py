"""A call-up in stories: how one is sent, the usual way of who is asked, and what else may happen."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import pacific_date
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import PLACED, CalledUp, open_case
from chalicelib.workflow.cases import Case
from tests.faults import acts, acts_of_machines
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
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
        theirs = {c.reference for c in cases if c.call_up == key and c.open and c.status == PLACED}
        known = {c.reference for c in cases}
        if set(one.held) & known != theirs:
            found.append(f"{key} is held by {one.held}, but {theirs} have a place")
    return found


CALL_UPS = CaseScript(
    name="call_up",
    opens=opens,
    way=("call_up", "call_up_place"),
    acts=acts.act | acts_of_machines.act,
    scenarios=(
        Scenario("they cannot help", "call_up", pressed(lambda story: {"decision": "no"})),
        Scenario("they do not answer", "call_up", waited),
        Scenario("the emergency ends", "call_up_place", waited),
    ),
    wrong=wrong,
)
