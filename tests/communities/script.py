"""The seat in stories, and a small season for tests: two groups in Spanish, one in English."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.calendar import local
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities import groups, line, opening
from chalicelib.services.communities.ends import left
from chalicelib.services.communities.groups import Group, Season
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.season import plan
from chalicelib.workflow.cases import Case, Command, Contact
from chalicelib.workflow.storage import lines, store
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.world import World

DAY = 86400
SEASON = "spring"
JOIN = "https://meet.example.org/group"
act = Acts()


def season(world: World, **cap: int) -> None:
    """A season with its groups: "martes" and "jueves" in Spanish, "monday" in English."""
    days = Season(SEASON, "Spring", "2026-03-01", "2030-06-30", "2020-01-01")
    groups.add(days)
    places = {"martes": 2, "jueves": 1, "monday": 2} | cap
    for name, cap_ in places.items():
        language = "en" if name == "monday" else "es"
        until = world.at + 60 * DAY
        made = Group(
            name, SEASON, name, language, "consultant:alma-reyes", cap_, 4, until, until,
            join=JOIN,
        )  # fmt: skip
        groups.add(made)


def met_once(world: World, group: str = "martes", *days: int) -> list[Meeting]:
    """Meetings of a group so many days from now, as staff enter them; one in three days unless said."""
    starts = [local(world.at + day * DAY).strftime("%Y-%m-%dT%H:%M") for day in days or (3,)]
    return plan.enter(groups.group(group), starts, "staff:cora-match", world.at, "plan", heard=True)


def begins(
    world: World,
    languages: Sequence[str] = ("es",),
    reference: str = "",
    *,
    informed: bool = True,
    email: str = "",
    phone: str = "",
) -> str:
    """Somebody who has been to an Information Session, or not yet, wants to join; by ``phone`` alone, if told."""
    reference = reference or world.new_reference()
    number = reference.replace("-", "").lower()
    by_letter = Contact(name="Rosa", email=email or f"rosa.{number}@example.org")
    new = Seat(
        reference=reference,
        contact=Contact(name="Rosa", phone=phone, by="phone") if phone else by_letter,
        languages=list(languages),
        setting="fcch_small",
        county="los_angeles",
        language="es",
    )
    opening.open_seat(new, f"open:{reference}", world.at, informed=informed)
    return reference


def wrong(states: Sequence[Case]) -> list[str]:
    """Places that are not as the seats say, full groups that are overfull, and a line that is not
    theirs who wait."""
    seats = [one for one in states if isinstance(one, Seat)]
    found = []
    for group in groups.groups():
        theirs = {one.reference for one in seats if one.open and one.group == group.id}
        if set(group.held) != theirs:
            found.append(f"{group.id} holds {group.held}, but has {theirs}")
        if len(group.held) > group.cap:
            found.append(f"{group.id} is overfull")
    standing = {row.place for row in lines.rows(line.LINE)}
    waiting = {line.place(one) for one in seats if line.waits(one)}
    if waiting - standing:
        found.append(f"not in line: {waiting - standing}")
    found += [
        f"{one.reference} was passed over without a reason"
        for state in seats
        for entry in store.log(state)
        for one in map(_Passed, entry.payload.get("passed", []))  # type: ignore[call-overload]
        if not one.rules
    ]
    return found


class _Passed:
    def __init__(self, told: dict[str, object]) -> None:
        self.reference, self.rules = told["reference"], told["rules"]


def leaves(reference: str, command: str, at: int, why: str = "") -> None:
    """They do not want it anymore."""

    def decide(state: Seat) -> Command | None:
        return left(state, why, "provider", command, at) if state.open else None

    store.change(reference, decide, press=command)


@act(1, meanwhile=True, when=lambda state: state.open)
def they_leave(scene: Scene, state: Seat) -> None:
    command = scene.command("leave")
    at = scene.harness.world.at
    scene.sends(lambda: leaves(state.reference, command, at), "leave")


@act(1.5, meanwhile=True)
def somebody_else_begins(scene: Scene) -> None:
    reference = scene.harness.world.new_reference()

    def begin() -> None:
        begins(scene.harness.world, reference=reference)

    if scene.person(begin, "another begins", reference):
        scene.references.append(reference)


def opens(world: World) -> str:
    """The first of a season in which one seat is free: whoever comes later waits."""
    season(world, martes=1, jueves=1)
    return begins(world)


SEAT = CaseScript(
    name="seat",
    opens=opens,
    way=("registration", "seat_offer", "season"),
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario(
            "the seat is not for them",
            "seat_offer",
            pressed(lambda story: {"decision": "not_this"}),
        ),
        Scenario("the offer is not answered", "seat_offer", waited),
        Scenario("nobody registers", "registration", waited),
    ),
    wrong=wrong,
)
