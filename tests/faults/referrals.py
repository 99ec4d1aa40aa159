"""The referral in stories: what its providers and the staff do besides answering."""

from __future__ import annotations

from typing import Any

from chalicelib.directory import people
from chalicelib.referral import pauses
from chalicelib.referral.matching import consultant_leave, reassign
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import reopen
from chalicelib.referral.safety.flag import flag
from chalicelib.referral.status.change import change
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.referral.tiers import urgency
from chalicelib.referral.tiers.urgency import ORDER
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store
from infra.answers import BY_PHONE, DAY, DECLINED
from tests.workflow.lifecycle import WAY
from tests.world import World

from . import acts, acts_of_machines
from .acts import STAFF, Acts, Scene, anything
from .script import CaseScript
from .single_faults import Scenario, pressed, waited

# Answers that move the request to another county, language or way to meet, and those that do not.
ANSWERS: tuple[dict[str, Any], ...] = (
    {"site_name": "Other Place"},
    {"county": "fresno"},
    {"language": "hmn", "language_required": "yes"},
    {"modality": "virtual"},
    {"contact_email": "ana.new@example.org"},
    {"contact_email": "ana@example.org"},
    BY_PHONE | {"contact_email": None},
    {"concerns": ["staff_stress_turnover"]},
)

act = Acts()


# -- the provider ---------------------------------------------------------------------------------
@act(1.5, meanwhile=True, when=anything)
def the_provider_withdraws(scene: Scene, state: Referral) -> None:
    command = scene.command("withdraw")
    scene.sends(lambda: withdraw(state.reference, "not_needed", command), "withdraw")


@act(1, meanwhile=True, when=anything)
def the_provider_pauses(scene: Scene, state: Referral) -> None:
    at, command = scene.harness.world.at, scene.command("pause")
    until = at + scene.rng.randint(2, 60) * DAY

    def decide(fresh: Referral) -> Command | None:
        if not fresh.open:
            return None
        why = ("paused_by_site", "site_asked")
        return pauses.paused(fresh, *why, scene.harness.world.at, until, "provider", command)

    scene.sends(lambda: store.change(state.reference, decide, press=command), "pause", until)


@act(0.7, meanwhile=True, when=lambda state: state.pause)
def the_provider_goes_on(scene: Scene, state: Referral) -> None:
    command = scene.command("resume")

    def decide(fresh: Referral) -> Command | None:
        return pauses.resumed(fresh, scene.harness.world.at, "provider", command)

    scene.sends(lambda: store.change(state.reference, decide, press=command), "go on")


@act(1, meanwhile=True, when=anything)
def the_provider_changes_an_answer(scene: Scene, state: Referral) -> None:
    values, command = scene.rng.choice(ANSWERS), scene.command("am")
    scene.sends(lambda: change(state.reference, values, command), "amend", *values)


# -- staff and consultants ------------------------------------------------------------------------
@act(0.4, meanwhile=True, when=anything)
def a_safety_concern_is_flagged(scene: Scene, state: Referral) -> None:
    command = scene.command("flag")
    values = {"protocol": "self_harm", "completed": "no"}
    scene.sends(
        lambda: flag(state.reference, values, "consultant", command, scene.harness.world.at), "flag"
    )


@act(1, meanwhile=True, when=anything)
def staff_change_the_urgency(scene: Scene, state: Referral) -> None:
    to, why = scene.rng.choice(ORDER), "They told us more."
    command = scene.command("urgency")
    scene.sends(
        lambda: urgency.change(state.reference, to, "learned_in_call", why, STAFF, command),
        *("urgency", state.priority, to),
    )


@act(1, meanwhile=True, when=lambda state: state.consultant)
def staff_hand_a_case_on(scene: Scene, state: Referral) -> None:
    with scene.harness.injector.without_faults():
        others = [row["id"] for row in people.consultants() if row["id"] != state.consultant]
    old, new = state.consultant, scene.rng.choice(["", *others])
    command = scene.command("h")
    scene.sends(
        lambda: reassign.hand_on(
            *(state.reference, old, new, "A note", "left", STAFF, command, scene.harness.world.at)
        ),
        *("hand on", old, "to", new or "whoever is found"),
    )


@act(0.7, meanwhile=True, when=lambda state: state.consultant)
def a_consultant_goes_away(scene: Scene, state: Referral) -> None:
    who, at = state.consultant, scene.harness.world.at
    command = scene.command("away")
    what = scene.rng.choice([consultant_leave.LEAVE, consultant_leave.LEFT])
    until = at + scene.rng.randint(2, 30) * DAY
    ways = [consultant_leave.LOOK]
    if what == consultant_leave.LEAVE:
        ways += [consultant_leave.KEEP, consultant_leave.HOLD]

    def press() -> None:
        cases = consultant_leave.work_of(who)
        chosen = {
            c.state.reference: scene.rng.choice([*ways, c.proposed or ways[0]]) for c in cases
        }
        consultant_leave.begin(who, what, at, until)
        results = consultant_leave.move_all(
            consultant_leave.Departure(who, what, until, "A note", STAFF, at, command), chosen
        )
        if what == consultant_leave.LEFT and all(one.done for one in results):
            consultant_leave.finish(who)

    scene.person(press, what, who)


@act(0.5, meanwhile=True)
def a_consultant_comes_back(scene: Scene) -> None:
    with scene.harness.injector.without_faults():
        gone = [row["id"] for row in people.consultants() if row.get("on_leave_until")]
    if not gone:
        return
    who, at = scene.rng.choice(gone), scene.harness.world.at

    def press() -> None:
        people.set_fields(who, {"on_leave_from": None, "on_leave_until": None})
        consultant_leave.back(who, STAFF, at)

    scene.person(press, "back", who)


@act(1.5, meanwhile=True, when=lambda state: state.closed)
def an_end_is_opened_again(scene: Scene, state: Referral) -> None:
    command, at = scene.command("o"), scene.harness.world.at
    scene.person(
        lambda: reopen(state.reference, "new_concern", STAFF, command, at), "reopen", state.status
    )


def opens(world: World) -> str:
    """A provider sends a request; every second one has no email."""
    return world.submit(**(BY_PHONE if world._requests % 2 else {}))


REFERRAL = CaseScript(
    name="referral",
    opens=opens,
    way=WAY,
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("an offer is declined", "offer", pressed(lambda story: DECLINED)),
        Scenario("an offer is not answered", "offer", waited),
        Scenario(
            "the provider withdraws",
            "plan",
            lambda harness, story: lambda: withdraw(story.reference, "not_needed", "press"),
        ),
        Scenario(
            "changes are asked",
            "plan_agreement",
            pressed(lambda story: {"decision": "changes_asked", "wish": "Later"}),
        ),
    ),
)
