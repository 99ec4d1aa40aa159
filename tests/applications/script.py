"""An application in stories: a cohort with a rubric and reviewers, the usual way, and what else may happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from chalicelib import rooms
from chalicelib.domain.ids import check_character
from chalicelib.training import cohort as cohorts
from chalicelib.training import rubric as rubrics
from chalicelib.training import seats
from chalicelib.training.application_rows import Said
from chalicelib.training.applications import line, making_offers, of_cohort, opening, scores
from chalicelib.training.applications.deciding import DECISION, DECLINED
from chalicelib.training.applications.ends import withdrawn
from chalicelib.training.applications.making_offers import Offers
from chalicelib.training.applications.model import APPLICANT, Application, told_in
from chalicelib.training.applications.reviewing import NOT_FAIR, SCORING, rubric_of
from chalicelib.training.rubric import Criterion, Rubric
from chalicelib.training.trainees import opening as trainees
from chalicelib.workflow.cases import Case, Command, Contact
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import lines, store
from chalicelib.workflow.tasks import answer
from tests.cohorts import entered_cohort
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import World

REVIEWERS = ("consultant:alma-reyes", "consultant:ben-okafor", "staff:sofia-south")
MOTIVATION = "I am Rosa Diaz, rosa@example.org, 209-555-0100. I want to help those who give care."


def rubric(threshold: int = 2, since: str = "2020-01-01") -> Rubric:
    """A rubric of two criteria with four points each."""
    anchors = ["not at all", "a little", "well", "very well"]
    made = Rubric(
        id=f"r{threshold}",
        since=since,
        name="Rubric of the tests",
        threshold=threshold,
        criteria=[Criterion(name="Reflection", anchors=anchors),
                  Criterion(name="Experience", anchors=anchors)],
    )  # fmt: skip
    rubrics.add(made)
    return made


def program(
    world: World, places: int = 2, named: Sequence[str] = REVIEWERS, key: str = "fall"
) -> str:
    """A cohort that takes applications, with its rubric and its reviewers."""
    entered_cohort(world, key, places, begins_in=60)
    rubric()
    for who in named:
        of_cohort.name(key, who, True)
    return key


def applies(
    world: World,
    reference: str = "",
    cohort: str = "fall",
    email: str = "",
    language: str = "es",
) -> str:
    """Somebody applies."""
    reference = reference or world.new_reference()
    number = reference.replace("-", "").lower()
    new = Application(
        reference=reference,
        contact=Contact(
            name="Rosa Diaz",
            email=email or f"rosa.{number}@example.org",
        ),
        cohort=cohort,
        county="los_angeles",
        language=language,
    )
    said = Said(
        motivation=MOTIVATION,
        experience="Ten years in family child care. www.example.org/rosa",
        spoken={"es": "work", "other": "Mixteco"},
        counties=["los_angeles"],
        settings=["fcch_small"],
        availability=["evenings"],
        links="https://example.org/rosa",
    )
    opening.open_application(new, said, f"apply:{reference}", world.at)
    return reference


def state_of(reference: str) -> Application:
    """An application as it stands."""
    return store.load(reference, Application, consistent=True)


def reviews_of(reference: str) -> dict[str, int]:
    """Who is asked to score it, and the number of their task."""
    return {row.assignee: row.number for row in open_rows(state_of(reference))
            if row.kind == SCORING.name}  # fmt: skip


def points_for(state: Application, *points: int) -> dict[str, str]:
    """A filled-in form with these points, or with the most."""
    found = rubric_of(state)
    each = points or [len(one["anchors"]) for one in found.criteria] if found else []
    return {"decision": "fair", **{f"criterion_{n}": str(one) for n, one in enumerate(each, 1)}}


def scores_it(world: World, reference: str, who: str, *points: int) -> None:
    """A reviewer scores it."""
    values = points_for(state_of(reference), *points)
    _answers(world, reference, who, values)


def declares(world: World, reference: str, who: str) -> None:
    """A reviewer has a conflict of interest."""
    _answers(world, reference, who, {"decision": NOT_FAIR})


def _answers(world: World, reference: str, who: str, values: Mapping[str, str]) -> None:
    number = reviews_of(reference)[who]
    answer(reference, number, dict(values), f"reviewer:{who}", f"score:{number}", world.at)


def decides(cohort: str, at: int, waitlist: int = 99, key: str = "one") -> None:
    """Staff make the offers of a cohort, by the order of the scores."""
    states = of_cohort.applications(cohort)
    found = rubrics.rubric_of(cohorts.cohort(cohort))
    assert found is not None
    ready = [one for one in states if one.open and one.task and one.task.kind == DECISION.name]
    order = [one.state.reference for one in scores.ranked(ready, found)]
    free = cohorts.cohort(cohort).free
    new = Offers(
        "staff:cora-match", at, order[:free], order[free : free + waitlist],
        order[free + waitlist :], first=max((one.rank for one in states), default=0) + 1,
    )  # fmt: skip
    making_offers.make(cohort, key, new)


def withdraws(reference: str, command: str, at: int) -> None:
    """The applicant does not want it anymore."""

    def decide(state: Application) -> Command | None:
        return withdrawn(state, APPLICANT, command, at) if state.open else None

    store.change(reference, decide, press=command)


def wrong(states: Sequence[Case]) -> list[str]:
    """Seats that are not as the applications say, a decision without two blind scores, and a line that is not
    theirs who wait or that passed somebody over without a reason."""
    cases = [one for one in states if isinstance(one, Application)]
    found = []
    for key in {one.cohort for one in cases}:
        one = cohorts.cohort(key)
        theirs = {seats.seat_of(c.reference) for c in cases if c.cohort == key and c.seat
                  and (c.open or c.status == "place_taken")}  # fmt: skip
        known = {seats.seat_of(c.reference) for c in cases}
        if set(one.held) & known != theirs:
            found.append(f"{key} is held by {one.held}, but {theirs} have a seat")
        if len(one.held) > one.seats:
            found.append(f"{key} has {len(one.held)} in {one.seats} seats")
        standing = {row.place for row in lines.rows(line.line_of(key))}
        waiting = {line.place(c) for c in cases if c.cohort == key and line.waits(c)}
        if waiting - standing:
            found.append(f"not in line: {waiting - standing}")
    return found + [text for one in cases for text in _of(one)]


def _of(state: Application) -> list[str]:
    found = []
    if (state.seat or state.rank) and len(state.scores) < scores.USUAL:
        found.append(f"{state.reference} was decided with {len(state.scores)} scores")
    for entry in store.log(state):
        for passed in told_in(entry).get("passed", ()):
            if not passed["rules"]:
                found.append(f"{passed['reference']} was passed over without a reason")
    return found


# -- in stories ------------------------------------------------------------------------------------
act = Acts()


def _reviewed(scene: Scene, state: Application) -> list[tuple[str, int]]:
    return sorted(reviews_of(state.reference).items())


@act(5, meanwhile=True, when=lambda state: state.open and state.side_tasks)
def a_reviewer_answers(scene: Scene, state: Application) -> None:
    """A score, high or low, or a conflict of interest."""
    with scene.harness.injector.without_faults():
        asked = _reviewed(scene, state)
        given = points_for(state, *(scene.rng.randint(1, 4) for _ in range(2)))
    if not asked:
        return
    who, number = scene.rng.choice(asked)
    values = {"decision": NOT_FAIR} if scene.rng.random() < 0.15 else given
    scene.tell("scores", who, values)
    scene.press(state.reference, number, values, f"reviewer:{who}")


@act(2, meanwhile=True, when=lambda state: state.task and state.task.kind == DECISION.name)
def staff_make_the_offers(scene: Scene, state: Application) -> None:
    at, wait = scene.harness.world.at, scene.rng.randint(0, 3)
    key = scene.command("offers").replace(":", "-")
    scene.sends(lambda: decides(state.cohort, at, wait, key), "offers", wait)


@act(0.7, meanwhile=True, when=lambda state: state.open)
def they_withdraw(scene: Scene, state: Application) -> None:
    command, at = scene.command("withdraw"), scene.harness.world.at
    scene.sends(lambda: withdraws(state.reference, command, at), "withdraw")


@act(1.5, meanwhile=True)
def somebody_else_applies(scene: Scene) -> None:
    reference = scene.harness.world.new_reference()

    def apply() -> None:
        applies(scene.harness.world, reference)

    if scene.person(apply, "another applies", reference):
        scene.references.append(reference)


def opens(world: World) -> str:
    """The first of a cohort with one seat."""
    program(world, places=1)
    return applies(world)


def two_score(harness: LifecycleHarness, story: Story) -> None:
    """Both reviewers who are asked give it the most points."""
    for who in sorted(reviews_of(story.reference)):
        scores_it(harness.world, story.reference, who)
    harness.settle()


def staff_decide(harness: LifecycleHarness, story: Story) -> None:
    """Staff make the offers, and the clock carries them out."""
    decides(state_of(story.reference).cohort, harness.world.at)
    harness.run_scheduler()


def placed(state: Case, version: int, told: TellRoom) -> None:
    """A place becomes a trainee, whose reference follows from the application's: so that what follows is the same
    each time, whatever broke."""
    body = state.reference.replace("-", "")[:8][::-1]
    twin = f"{body[:4]}-{body[4:]}-{check_character(body)}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainees, "new_reference", lambda: twin)
        trainees.place(state, version, told)


@contextmanager
def registered() -> Iterator[None]:
    """Places become trainees by ``placed``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(rooms.TOLD, "training_place", f"{__name__}:placed")
        yield


def _of_answer(value: str) -> Callable[[Story], dict[str, str]]:
    return lambda story: {"decision": value}


APPLICATION = CaseScript(
    name="application",
    opens=opens,
    way=("application_review", "application_ranked", "application_offer", "application_settled"),
    leaves={"application_review": two_score, "application_ranked": staff_decide},
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("they decline", "application_offer", pressed(_of_answer(DECLINED))),
        Scenario("they do not answer", "application_offer", waited),
    ),
    wrong=wrong,
    registered=registered,
)
