"""A practicum in stories: how one begins, the usual way, and what else may happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.training.practicum import events, follow, hours, opening
from chalicelib.training.practicum.confirm import CONFIRM
from chalicelib.training.practicum.log import HOURS
from chalicelib.training.practicum.model import Practicum, PracticumChanges
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import find, open_rows
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer
from tests.episode import cleaned
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.harness import FaultHarness
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.training.script import enrolled, short_cohort
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import World

GUIDE, OTHER_GUIDE = "elena-vartan", "dana-kim"
YEAR = 365 * 86400
act = Acts()


def begun(world: World, minutes: int = 120, phone: str = "") -> Practicum:
    """The practicum of somebody in a cohort that requires so many minutes of it."""
    short_cohort(world, practicum_minutes=minutes)
    trainee = enrolled(world, phone=phone)
    case = store.load(trainee)
    opening.open_practicum(case, GUIDE, world.at + YEAR, "staff:cora-match", "begin", world.at)
    found = opening.of_trainee(trainee)
    assert found is not None
    return found


def opens(world: World) -> str:
    """A practicum whose trainee has worked with a home, which is over."""
    state = begun(world)
    home = world.submit(setting="fcch_small", requester_role="owner_licensee", focus=["home"])
    Story(None, home).withdraws_quietly()  # type: ignore[arg-type]
    had(state.reference, home, world.at)
    return state.reference


def had(reference: str, home: str, at: int) -> None:
    """A home is written down as one that they had."""

    def decide(state: Practicum) -> Command:
        changes = PracticumChanges(homes=[home])
        return Entry(
            event=events.HOME_OVER, at=at, actor="system", command="had", changes=changes
        ), ()

    store.change(reference, decide)


def beside(harness: LifecycleHarness, reference: str, asks: str = "practicum_", **raw: Any) -> None:
    """Whoever is asked beside a case, in a kind that begins so, answers."""
    case = store.load(reference, consistent=True)
    row = next(one for one in open_rows(case) if one.kind.startswith(asks) and not one.over)
    view = find(case, row.number)
    assert view is not None
    found = cleaned(view, row.kind, raw)  # type: ignore[arg-type]
    assert found.ok, found.errors
    actor = f"{row.role}:{row.assignee}" if row.assignee else row.role
    answer(reference, row.number, found.values, actor, f"{row.kind}:{row.number}", harness.world.at)
    harness.settle()


def wrong(states: Sequence[Case]) -> list[str]:
    """Hours that count twice, or a provider who is asked twice at once."""
    found = []
    for one in states:
        if not isinstance(one, Practicum):
            continue
        lines = hours.tally(one).lines
        if len({line.id for line in lines}) < len(lines):
            found.append(f"{one.reference} counts hours twice")
        for home in one.homes:
            open_now = [
                row
                for row in open_rows(store.load(home))
                if row.kind == CONFIRM.name and not row.over
            ]
            if len(open_now) > 1:
                found.append(f"the provider of {home} is asked {len(open_now)} times at once")
    return found


@act(4, meanwhile=True, when=lambda state: state.task is not None and state.task.kind == HOURS.name)
def hours_are_logged_or_put_right(scene: Scene, state: Practicum) -> None:
    assert state.task is not None
    at = scene.harness.world.at
    every = [HOURS.example(state, at)]
    lines = scene.machine(lambda: hours.tally(state).lines) or ()
    own = [one.id for one in lines if not one.session]
    if own:
        which = {"which": scene.rng.choice(own)}
        every += [
            {**every[0], "decision": "fix", "minutes": 30, **which},
            {"decision": "strike", **which},
        ]
    chosen = scene.rng.choice(every)
    values = scene.machine(lambda: cleaned(state, HOURS.name, chosen))
    if values is not None and values.ok:
        scene.tell("hours", values.values.get("decision"))
        scene.press(state.reference, state.task.number, values.values, state.task.role)


@act(3, meanwhile=True)
def the_provider_answers(scene: Scene) -> None:
    """Whatever they are asked about hours, they say yes or that something is not right."""
    outcome = scene.rng.choice(["confirmed", "disputed"])
    at = scene.harness.world.at
    for home, number, values in scene.machine(lambda: asked_now(outcome, at)) or ():
        says(scene, home, number, values)


def asked_now(outcome: str, at: int) -> list[tuple[str, int, Values]]:
    """The homes that are asked about hours now, each with the task's number and an answer."""
    kind, found = kind_of(CONFIRM.name), []
    for home in {home for one in opening.practicums() for home in one.homes}:
        case = store.load(home, consistent=True)
        for row in open_rows(case):
            if row.kind == CONFIRM.name and not row.over:
                view = case.model_copy(update={"task": row})
                found.append((home, row.number, kind.example(view, at, outcome)))
    return found


def says(scene: Scene, home: str, number: int, values: Values) -> None:
    command, at = scene.command("says"), scene.harness.world.at
    scene.sends(lambda: answer(home, number, values, "provider", command, at), "says", values)


@act(1, meanwhile=True, when=lambda state: state.open)
def somebody_else_guides(scene: Scene, state: Practicum) -> None:
    other = OTHER_GUIDE if state.facilitator == GUIDE else GUIDE
    command, at = scene.command("guide"), scene.harness.world.at
    scene.sends(
        lambda: opening.guide(state.reference, other, "staff:cora-match", command, at), "guide"
    )


def withdraws(harness: FaultHarness, story: Story) -> Callable[[], Any]:
    """They leave the program."""

    def go() -> None:
        state = store.load(story.reference, Practicum)
        told = TellRoom(room="practicum_of_trainee", about={"stands": "left"})
        follow.of_trainee(store.load(state.trainee), 9, told)

    return go


PRACTICUMS = CaseScript(
    name="practicum",
    opens=opens,
    way=("practicum_profile", "practicum_hours"),
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("they do not say where", "practicum_profile", waited),
        Scenario(
            "hours are logged",
            "practicum_hours",
            pressed(lambda story: HOURS.example(story.state, story.harness.world.at)),
        ),  # type: ignore[arg-type]
        Scenario("they leave the program", "practicum_hours", withdraws),
    ),
    wrong=wrong,
)
