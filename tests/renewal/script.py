"""A renewal in stories: how one begins, the usual way of a credential, and what else may happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalicelib.directory import people
from chalicelib.training.renewal import credentials, looking, tasks
from chalicelib.training.renewal.credentials import Credential
from chalicelib.training.renewal.model import AGREEMENT, CREDENTIAL, RENEWED, Renewal
from chalicelib.workflow.cases import Case
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.world import World

DAY = 86400
WHO = "alma-reyes"
# Of each a story has one: whose end is put off has no second one on the same day.
EVERYBODY = (WHO, "ben-okafor", "elena-vartan")
act = Acts()


def credential(key: str, until: int, who: str = WHO, *, dropped: bool = False) -> Credential:
    """A credential that is good until then."""
    title, where = "Georgetown IECMHC Certificate", "https://example.org/1"
    return Credential(key, who, title, "Demo school", where, until, dropped=dropped)


def ends(world: World, what: str, days: int, who: str = WHO) -> None:
    """A consultant's agreement or credential ends in so many days."""
    last = world.at + days * DAY
    if what == CREDENTIAL:
        credentials.record(credential("c1", last, who))
    else:
        people.set_fields(who, {"agreement_until": last})
    people.forget()


def asked(world: World, what: str, days: int = 20, who: str = WHO) -> str:
    """They are asked about it."""
    ends(world, what, days, who)
    looking.look(people.consultant_now(who), world.at)
    people.forget()
    return str(dict(people.consultant_now(who))[f"renewing_{what}"])


def opens(world: World, what: str = CREDENTIAL) -> str:
    """The credential, or the agreement, of the next of them ends soon."""
    rows = {who: dict(people.consultant_now(who)) for who in EVERYBODY}
    return asked(
        world, what, who=next(one for one in EVERYBODY if f"renewing_{what}" not in rows[one])
    )


def wrong(states: Sequence[Case]) -> list[str]:
    """A renewal that is done, and nothing is good for longer; an end that is not that of what ends first."""
    rows = {str(row["id"]): dict(row) for row in people.consultants()}
    found = [
        f"{one.reference} is renewed, and its end is the same"
        for one in states
        if isinstance(one, Renewal) and one.status == RENEWED
        if not _now(one, rows[one.consultant]) > one.ends
    ]
    for who in EVERYBODY:
        first, id_ = credentials.first_end(credentials.of(who))
        stands = rows[who].get("credential_until"), rows[who].get("credential")
        if stands != (first or None, id_ or None):
            found.append(f"{who} has {stands}, but what ends first is {id_} at {first}")
    return found


def _now(one: Renewal, row: dict[str, object]) -> int:
    """When what was renewed ends now."""
    if one.what == CREDENTIAL:
        return credentials.one_of(one.consultant, one.credential).ends
    return int(str(row["agreement_until"]))


@act(1, meanwhile=True)
def a_day_begins(scene: Scene) -> None:
    """Whose end is near is looked at, as each day."""
    at = scene.harness.world.at
    scene.machine(lambda: looking.look(people.consultant_now(WHO), at), "a day begins")


@act(1.5, meanwhile=True)
def staff_record_another_credential(scene: Scene) -> None:
    """It ends sooner or later than the first, or it is left out again."""
    days, dropped = scene.rng.choice([5, 30, 400]), scene.rng.random() < 0.3
    new = credential("c2", scene.harness.world.at + days * DAY, dropped=dropped)
    scene.sends(lambda: credentials.record(new), "record", days, "dropped" if dropped else "")


def script(name: str, way: tuple[str, ...], begins: Callable[[World], str],
           scenarios: tuple[Scenario, ...]) -> CaseScript:  # fmt: skip
    """Of one of the two that end."""
    every = acts.act | acts_of_machines.act | act
    return CaseScript(name, begins, way, every, scenarios, wrong=wrong)


RENEWALS = script(
    "renewal",
    ("credential_renewal", "credential_check"),
    opens,
    (
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
)
AGREEMENTS = script(
    "renewal_of_agreement",
    ("agreement_renewal",),
    lambda world: opens(world, AGREEMENT),
    (
        Scenario(
            "they do not sign it again",
            "agreement_renewal",
            pressed(lambda story: {"decision": tasks.NO}),
        ),
        Scenario("they are silent", "agreement_renewal", waited),
    ),
)
