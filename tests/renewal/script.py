"""A renewal in stories: how one begins, the usual way of a credential, and what else may happen."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.aws import dynamodb
from chalicelib.directory import people
from chalicelib.training.renewal import credentials, looking, tasks
from chalicelib.training.renewal.credentials import Credential
from chalicelib.training.renewal.model import CREDENTIAL, RENEWED, Renewal
from chalicelib.workflow.cases import Case
from tests.faults import acts, acts_of_machines
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.world import World

DAY = 86400
WHO = "alma-reyes"


def ends(world: World, what: str, days: int, who: str = WHO) -> None:
    """A consultant's agreement or credential ends in so many days."""
    last = world.at + days * DAY
    if what == CREDENTIAL:
        one = Credential(
            "c1", who, "Georgetown IECMHC Certificate", "Demo school", "https://example.org/1", last
        )
        dynamodb.transact(credentials.recording(one))
    else:
        people.set_fields(who, {"agreement_until": last})
    people.forget()


def asked(world: World, what: str, days: int = 20, who: str = WHO) -> str:
    """They are asked about it."""
    ends(world, what, days, who)
    looking.look(people.consultant_now(who), world.at)
    people.forget()
    return str(dict(people.consultant_now(who))[f"renewing_{what}"])


def opens(world: World) -> str:
    """A credential ends soon."""
    return asked(world, CREDENTIAL)


def wrong(states: Sequence[Case]) -> list[str]:
    """A renewal that is done, and nothing is good for longer."""
    rows = {str(row["id"]): dict(row) for row in people.consultants()}
    return [
        f"{one.reference} is renewed, and its end is the same"
        for one in states
        if isinstance(one, Renewal) and one.status == RENEWED
        if not int(rows[one.consultant].get(f"{one.what}_until") or 0) > one.ends  # type: ignore[call-overload]
    ]


RENEWALS = CaseScript(
    name="renewal",
    opens=opens,
    way=("credential_renewal", "credential_check"),
    acts=acts.act | acts_of_machines.act,
    scenarios=(
        Scenario(
            "they do not renew it",
            "credential_renewal",
            pressed(lambda story: {"decision": tasks.NO}),
        ),
        Scenario("they do not answer", "credential_renewal", waited),
        Scenario(
            "it is not good",
            "credential_check",
            pressed(lambda story: {"decision": tasks.AGAIN, "note": "Another paper, please."}),
        ),
        Scenario("nobody checks", "credential_check", waited),
    ),
    wrong=wrong,
)
