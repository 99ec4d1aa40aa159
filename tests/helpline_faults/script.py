"""A promised call in stories: how one is opened, its usual way, and what else may happen."""

from __future__ import annotations

from chalicelib.services.helpline.model import CALL_BACK, TELL
from tests.faults import acts, acts_of_machines
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.promised_calls import promised
from tests.world import World


def opens(world: World) -> str:
    """Somebody was promised a call back."""
    return promised(world.at, CALL_BACK, world.new_reference())


def opens_to_tell(world: World) -> str:
    """Somebody without email signed up for a meeting."""
    return promised(world.at, TELL)


CALLS = CaseScript(
    name="promised_call",
    opens=opens,
    way=("helpline_call_back",),
    acts=acts.act | acts_of_machines.act,
    scenarios=(
        Scenario("nobody calls", "helpline_call_back", waited),
        Scenario(
            "nobody answers", "helpline_call_back", pressed(lambda s: {"talked": "no_answer"})
        ),
    ),
)
TELLS = CaseScript(
    name="promised_call_to_tell",
    opens=opens_to_tell,
    way=("helpline_tell",),
    acts=acts.act | acts_of_machines.act,
    # Not "nobody calls": when their time is over the meeting is, too, and which of the two the clock sees first is
    # chance. Stories play it: both end alike.
    scenarios=(
        Scenario("nobody answers", "helpline_tell", pressed(lambda s: {"talked": "no_answer"})),
    ),
)
