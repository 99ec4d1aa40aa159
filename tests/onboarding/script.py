"""An onboarding in stories: how one begins, the usual way, and what else may happen."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.directory import people
from chalicelib.training.onboarding import approval, opening, tasks
from chalicelib.training.onboarding.model import ONBOARDED, Onboarding
from chalicelib.workflow.cases import Case, Contact
from tests.faults import acts, acts_of_machines
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.world import World


def opens(world: World, email: str = "") -> str:
    """Staff begin with somebody who was trained elsewhere."""
    reference = world.new_reference()
    number = reference.replace("-", "").lower()
    new = Onboarding(
        reference=reference,
        contact=Contact(name="Rosa Demo", email=email or f"rosa.{number}@example.org"),
        language="es",
        county="los_angeles",
    )
    told = {"counties": ["los_angeles", "ventura"], "languages": ["es"]}
    opening.begin(new, f"open:{reference}", world.at, told, "staff:cora-match")
    return reference


def wrong(states: Sequence[Case]) -> list[str]:
    """Cases that are over as onboarded without a row of the directory, and rows without such a case."""
    found = []
    rows = {row["id"] for row in people.consultants()}
    for one in (one for one in states if isinstance(one, Onboarding)):
        done = one.status == ONBOARDED
        if done != bool(one.consultant) or (done and one.consultant not in rows):
            found.append(f"{one.reference} is {one.status} with the row {one.consultant!r}")
    made = {one.consultant for one in states if isinstance(one, Onboarding)}
    found += [
        f"{row} came from nowhere" for row in rows if row.startswith("c-") and row not in made
    ]
    return found


ONBOARDINGS = CaseScript(
    name="onboarding",
    opens=opens,
    way=("onboarding_agreement", "onboarding_facts", "onboarding_approval"),
    acts=acts.act | acts_of_machines.act,
    scenarios=(
        Scenario(
            "they do not want to",
            "onboarding_agreement",
            pressed(lambda story: {"decision": tasks.NO}),
        ),
        Scenario("they do not sign", "onboarding_agreement", waited),
        Scenario("they do not say how they work", "onboarding_facts", waited),
        Scenario(
            "they are asked once more",
            "onboarding_approval",
            pressed(lambda story: {"decision": approval.AGAIN, "note": "More counties, please."}),
        ),
        Scenario(
            "they are not approved",
            "onboarding_approval",
            pressed(lambda story: {"decision": approval.NO, "note": "Next year, please."}),
        ),
        Scenario("nobody approves", "onboarding_approval", waited),
    ),
    wrong=wrong,
)
