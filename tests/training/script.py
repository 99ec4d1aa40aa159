"""A trainee in stories: how one is enrolled, the usual way, and what else may happen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.calendar import pacific_date
from chalicelib.meetings.model import Meeting
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort, Requirements
from chalicelib.training.trainees import acts as recorded
from chalicelib.training.trainees import changing, opening
from chalicelib.training.trainees.model import CONFIRMED, Trainee
from chalicelib.training.trainees.pages.trainee_pages import decided
from chalicelib.training.trainees.schedule import plan
from chalicelib.training.trainees.schedule.plan import Whose
from chalicelib.web.forms import Values
from chalicelib.web.press import Hindered
from chalicelib.workflow.cases import Case, Command, Contact
from chalicelib.workflow.storage import store
from tests.cohorts import DAY, FACILITATOR, entered_cohort
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.harness import FaultHarness
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, waited
from tests.workflow.lifecycle import Story
from tests.world import World

WORK = "journal"
BY = "staff:cora-match"
act = Acts()


def short_cohort(world: World, key: str = "fall", **more: int) -> Cohort:
    """A cohort that asks for one piece of coursework and nothing else, unless ``more`` is said."""
    one = entered_cohort(world, key)
    nothing = {"sessions": 0, "small_groups": 0, "practicum_minutes": 0}
    asked = Requirements(one.begins_on, **{**nothing, **more})
    assert cohorts.change(cohorts.require(cohorts.cohort(key), asked))
    return cohorts.cohort(key)


def enrolled(
    world: World, cohort: str = "fall", reference: str = "", name: str = "Rosa", phone: str = ""
) -> str:
    """Somebody is enrolled, who has an email unless they have a ``phone`` alone."""
    reference = reference or world.new_reference()
    number = reference.replace("-", "").lower()
    new = Trainee(
        reference=reference,
        contact=Contact(
            name=name, email="" if phone else f"rosa.{number}@example.org", phone=phone
        ),
        county="los_angeles",
        language="es",
        cohort=cohort,
    )
    opening.enroll(new, f"enroll:{reference}", world.at, BY)
    return reference


def opens(world: World) -> str:
    """The first of a cohort, beside which there is a later one."""
    short_cohort(world)
    entered_cohort(world, "spring", begins_in=200)
    planned_meetings(world, "fall", 1)
    return enrolled(world)


def changes(reference: str, decide: Callable[[Trainee], Command | None], command: str) -> Trainee:
    """A command of staff."""
    return store.change(reference, decide, press=command)


def confirms(reference: str, at: int, command: str = "confirm", item: str = WORK) -> None:
    """Staff find a piece of coursework in order."""
    changes(reference, lambda one: recorded.confirm_work(one, item, BY, command, at), command)


def decides(reference: str, values: Values, at: int, command: str) -> None:
    """Staff decide how they go on."""
    changes(reference, lambda one: decided(one, values, BY, command, at), command)


def wrong(states: Sequence[Case]) -> list[str]:
    """Seats that are not as the trainees say, and counts that their logs do not tell."""
    found = []
    trainees = [one for one in states if isinstance(one, Trainee)]
    for cohort in cohorts.cohorts():
        theirs = {one.seat for one in trainees if one.open and one.cohort == cohort.id and one.seat}
        if set(cohort.held) != theirs:
            found.append(f"{cohort.id} holds {cohort.held}, but has {theirs}")
        if len(cohort.held) > cohort.seats:
            found.append(f"{cohort.id} is overfull")
    for one in trainees:
        if one.talks != len(recorded.talks(one)):
            found.append(f"{one.reference} counts {one.talks} meetings that its log does not tell")
        if one.closure == "completed" and CONFIRMED not in one.work.values():
            found.append(f"{one.reference} completed what it does not have")
    return found


def given(reference: str, group: str, at: int) -> None:
    """They have a facilitator, and a small group."""
    changes(
        reference, lambda one: recorded.place(one, group, FACILITATOR, BY, "given", at), "given"
    )


def planned_meetings(world: World, group: str, times: int = 2) -> list[Meeting]:
    """Monthly meetings from three days on, of a cohort's sessions or of a small group."""
    room = plan.SESSIONS if group in [one.id for one in cohorts.cohorts()] else plan.SMALL_GROUPS
    day = pacific_date(world.at + 3 * DAY).isoformat()
    values: Values = {
        "first": day, "time": "17:30", "repeat": "monthly", "times": times, "on_holiday": "next",
        "minutes": 90, "language": "es", "join": "https://meet.example.org/fall",
    }  # fmt: skip
    whose = Whose(room, group, {"en": "Fall", "es": "Otoño"}, FACILITATOR)
    return plan.enter(whose, values, BY, world.at, f"enter {group}")


@act(2, meanwhile=True, when=lambda state: state.open)
def coursework_is_confirmed(scene: Scene, state: Trainee) -> None:
    command, at = scene.command("confirm"), scene.harness.world.at
    scene.sends(lambda: confirms(state.reference, at, command), "confirm")


@act(2, meanwhile=True, when=lambda state: state.open)
def a_talk_is_written_down_or_struck(scene: Scene, state: Trainee) -> None:
    command, at = scene.command("talk"), scene.harness.world.at
    talks = recorded.talks(state)
    if talks and scene.rng.random() < 0.4:
        version = talks[0].version
        scene.sends(
            lambda: changes(
                state.reference,
                lambda one: recorded.strike_talk(one, version, BY, command, at),
                command,
            ),
            "strike",
        )
        return
    scene.sends(
        lambda: changes(
            state.reference,
            lambda one: recorded.log_talk(one, "2026-10-20", 60, FACILITATOR, command, at),
            command,
        ),
        "talk",
    )


@act(2, meanwhile=True, when=lambda state: state.open and state.task is not None)
def staff_decide(scene: Scene, state: Trainee) -> None:
    at, command = scene.harness.world.at, scene.command("decide")
    until = changing.in_days(at, scene.rng.randint(3, 90))
    other = "spring" if state.cohort == "fall" else "fall"
    values = scene.rng.choice([
        {"decision": "leave", "until": until}, {"decision": "time", "until": until},
        {"decision": "transfer", "cohort": other}, {"decision": "end", "why": "own_wish"},
        *([{"decision": "back"}] if state.pause else []),
    ])  # fmt: skip
    scene.sends(lambda: _if_possible(state.reference, values, at, command), "decide", values)


def _if_possible(reference: str, values: Values, at: int, command: str) -> None:
    with contextlib.suppress(Hindered):
        decides(reference, values, at, command)


def completes(harness: FaultHarness, story: Story) -> Callable[[], Any]:
    """Their coursework is in order: the coordinator is asked to confirm the rest."""
    at = harness.world.at
    return lambda: confirms(story.reference, at)


def goes_elsewhere(harness: FaultHarness, story: Story) -> Callable[[], Any]:
    """They go to the later cohort."""
    at = harness.world.at
    values = {"decision": "transfer", "cohort": "spring"}
    return lambda: decides(story.reference, values, at, "transfer")


TRAINEES = CaseScript(
    name="trainee",
    opens=opens,
    way=("training", "training_review"),
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("they complete it", "training", completes),
        Scenario("they go to a later cohort", "training", goes_elsewhere),
        Scenario("the time is over", "training", waited),
    ),
    wrong=wrong,
)
