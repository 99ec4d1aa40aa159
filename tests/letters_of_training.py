"""Lives of the training program for the file of letters: an application, and a trainee up to the directory."""

from __future__ import annotations

from chalicelib.domain.calendar import into_waking_hours, pacific_date
from chalicelib.training.onboarding import opening as onboarding
from chalicelib.training.trainees import acts, opening
from chalicelib.training.trainees.model import Trainee
from chalicelib.workflow.cases import Contact
from tests.applications.script import applies, program, staff_decide, two_score
from tests.cohorts import DAY
from tests.training.script import BY, WORK, changes, confirms, decides, short_cohort
from tests.workflow.lifecycle import LifecycleHarness, Story, usual


def applicant(harness: LifecycleHarness, language: str, email: str) -> Story:
    """Somebody applies for a place."""
    program(harness.world)
    story = Story(harness, applies(harness.world, email=email, language=language))
    harness.settle()
    return story


def takes_the_place(story: Story) -> None:
    """Two read it, a place is offered, and they take it."""
    two_score(story.harness, story)
    staff_decide(story.harness, story)
    story.harness.settle()
    story.says(decision="accepted")
    passes(story, 1200)


def trainee(harness: LifecycleHarness, language: str, email: str) -> Story:
    """Staff enroll somebody."""
    short_cohort(harness.world)
    new = Trainee(
        reference=harness.world.new_reference(),
        contact=Contact(name="Rosa Demo", email=email),
        county="los_angeles",
        language=language,
        cohort="fall",
    )
    opening.enroll(new, "enroll", harness.world.at, BY)
    harness.settle()
    return Story(harness, new.reference)


def becomes_a_consultant(story: Story) -> None:
    """Coursework comes back once, a leave, the completion, and the way into the directory."""
    harness, at = story.harness, story.harness.world.at
    story.says(decision="report", item=WORK, link="https://example.org/journal")
    changes(
        story.reference,
        lambda one: acts.return_work(one, WORK, "The link does not open.", BY, "back", at),
        "back",
    )
    until = pacific_date(at + 30 * DAY).isoformat()
    decides(story.reference, {"decision": "leave", "until": until}, at, "leave")
    passes(story, 25 * DAY)
    story.says(decision="back")
    confirms(story.reference, harness.world.at)
    harness.settle()
    story.says(decision="confirm")
    passes(story, 60)
    rows = harness.world.fake_table.items[f"R#{story.reference}"]
    new = Story(harness, str(rows[onboarding.ONCE]["onboarding"]))
    for _ in range(3):
        new.says(**usual(new))


def passes(story: Story, seconds: int) -> None:
    """So long, to a time at which letters leave."""
    world = story.harness.world
    world.at = into_waking_hours(world.at + seconds)
    for _ in range(2):
        story.harness.run_scheduler()
        story.harness.settle()
