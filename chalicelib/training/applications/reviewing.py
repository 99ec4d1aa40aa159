"""What a reviewer is asked, blind: whether they can judge it fairly, then a score in each criterion; and the wait
until there are enough scores."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import days_later
from chalicelib.domain.service_standards import Deadline, Deadlines
from chalicelib.training import application_rows, cohort, rubric
from chalicelib.training.applications import blind, of_cohort, scores
from chalicelib.training.applications.asking import asking
from chalicelib.training.applications.ends import ended
from chalicelib.training.applications.form import LEVELS
from chalicelib.training.applications.model import (
    CONFLICT,
    SCORED,
    SILENT,
    Application,
    ApplicationChanges,
    ApplicationPayload,
)
from chalicelib.training.begun import begun
from chalicelib.training.rubric import Rubric
from chalicelib.web.forms import Form, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import AnswerRun, Effect
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords

REVIEW: Final = "application_review"
ENOUGH, TOLD, CONFLICTED, CLOSED = "scored", "score_given", "conflict_declared", "closed"
FAIR, NOT_FAIR = "fair", "not_fair"
# Days until the wait is looked at again: while a reviewer is missing, and else.
MISSING_DAYS, LOOK_DAYS = 1, 30


def rubric_of(state: Application) -> Rubric | None:
    """The rubric by which it is scored."""
    return rubric.rubric_of(cohort.cohort(state.cohort)) if state.cohort else None


# -- one score -------------------------------------------------------------------------------------
def score_form(state: Application) -> Form:
    """Whether they can judge it fairly; and if so, points in each criterion."""
    found = rubric_of(state)

    def is_fair(values: Values) -> bool:
        return values.get("decision") == FAIR

    asked = [
        radios(
            f"criterion_{number}",
            one["name"],
            *((str(point), f"{point}: {words}") for point, words in enumerate(one["anchors"], 1)),
            when=is_fair,
        )
        for number, one in enumerate(found.criteria if found else (), 1)
    ]
    first = radios(
        "decision",
        N_("Can you judge this application fairly?"),
        (FAIR, N_("Yes: I do not know whose it is, and I have nothing to gain from it")),
        (
            NOT_FAIR,
            N_("No: I have a conflict of interest"),
            N_("You do not have to say why. Somebody else is asked, and you are done."),
        ),
        ahead=True,
    )
    return Form(first, *asked)


def score(state: Application, values: Values, now: int) -> Outcome:
    """Their points; or somebody else is asked."""
    assert state.task is not None
    who = state.task.assignee
    if values["decision"] == NOT_FAIR:
        return _instead_of(state, who, CONFLICT, CONFLICTED, now)
    found = rubric_of(state)
    criteria = found.criteria if found else ()
    points = [int(words(values, f"criterion_{n}")) for n in range(1, len(criteria) + 1)]
    return _taken(state, who, points, found, now)


def _taken(
    state: Application, who: str, points: list[int], found: Rubric | None, now: int
) -> Outcome:
    """The score is kept; a third reviewer is asked where two are far apart, and with enough the run goes on."""
    given = {**state.scores, who: points}
    reviews = {**state.reviews, who: SCORED}
    after = state.model_copy(update={"scores": given, "reviews": reviews})
    changes = ApplicationChanges(scores=given, reviews=reviews)
    effects: list[Effect] = []
    told = ApplicationPayload(points=points)
    if found is None or not scores.complete(after, found):
        wanted = scores.lacking(after, found) if found is not None else 0
        more = asking(state, SCORING.name, wanted, now, reviews)
        changes |= ApplicationChanges(
            reviews=more.reviews, tasks=more.tasks, side_tasks=more.beside
        )
        return Outcome(TOLD, changes, told, more.effects, more.rows)
    main = state.main_task
    if main is not None and main.kind == REVIEW:
        changes |= {"task": None, "done": {**state.done, REVIEW: ENOUGH}}
        effects += [AnswerRun(token=main.token, verdict=ENOUGH)] if main.token else []
    return Outcome(TOLD, changes, told, effects)


def _instead_of(state: Application, who: str, why: str, verdict: str, now: int) -> Outcome:
    reviews = {**state.reviews, who: why}
    more = asking(state, SCORING.name, 1, now, reviews)
    changes = ApplicationChanges(reviews=more.reviews, tasks=more.tasks, side_tasks=more.beside)
    fewer = of_cohort.counted(state.cohort, who, -1)
    rows = more.rows if who in _asked_again(reviews, more.reviews) else [*more.rows, fewer]
    return Outcome(verdict, changes, effects=more.effects, same_transaction=rows)


def _asked_again(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {who for who, what in after.items() if before.get(who) != what}


def silent(state: Application, now: int) -> Outcome:
    """No answer in time: somebody else is asked, or the same again where there is nobody else."""
    assert state.task is not None
    return _instead_of(state, state.task.assignee, SILENT, "expired", now)


def details(state: Application) -> TemplateValues:
    """The application without what tells whose it is."""
    return {
        "said": blind.of(application_rows.said_by(state.reference), state.contact),
        "rubric": rubric_of(state),
        "levels": LEVELS,
        "times": vocabulary.AVAILABILITY,
    }


def score_facts(state: Application) -> list[Fact]:
    """For which cohort it is."""
    return [(N_("Cohort"), [cohort.cohort(state.cohort).name])]


def _example(state: Application, now: int) -> Values:
    found = rubric_of(state)
    criteria = found.criteria if found else ()
    points = {f"criterion_{n}": str(len(one["anchors"])) for n, one in enumerate(criteria, 1)}
    return {"decision": FAIR, **points}


SCORING: Final = Kind[Application](
    name="application_score",
    role="reviewer",
    deadline=Deadline("application_score", None),
    letter="applications/score",
    words=TaskWords(
        title=N_("Score an application for the training program"),
        waiting=N_("Waiting for a reviewer to score the application"),
        short=N_("to score the application"),
        then=N_("If nobody answers, another reviewer is asked %(when)s."),
        overdue=N_("A reviewer should score an application for the training program."),
        asked=N_("A reviewer was asked to score it."),
        answered={
            TOLD: N_("A reviewer scored it."),
            CONFLICTED: N_("A reviewer has a conflict of interest. Another one is asked."),
        },
        expired=N_("A reviewer did not answer in time. Another one is asked."),
        said={
            TOLD: N_("Thank you. Your score is recorded."),
            CONFLICTED: N_("Thank you for telling us. We ask somebody else."),
        },
    ),
    page=TaskPage(
        form=score_form,
        facts=score_facts,
        details=details,
        template="applications/score.html",
        shows_details_first=True,
    ),
    policy=TaskPolicy(),
    decide=score,
    expire=silent,
    outcomes=frozenset({TOLD, CONFLICTED, "expired"}),
    examples={TOLD: _example, CONFLICTED: {"decision": NOT_FAIR}},
)


# -- until there are enough scores -----------------------------------------------------------------
def review_limits(state: Application, missing: bool, now: int) -> Deadlines:
    """Until it is looked at again; at the latest when the cohort begins."""
    days = days_later(now, MISSING_DAYS if missing else LOOK_DAYS)
    begins = max(cohort.cohort(state.cohort).begins, now + 60)
    until = min(scaled(now, days), begins)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def waited(state: Application, values: Values, now: int) -> Outcome:
    """Nobody answers a wait."""
    return Outcome("expired", final=False)


def looked_at(state: Application, now: int) -> Outcome:
    """Reviewers who are missing are asked; or the cohort has begun without it."""
    if not begun(cohort.cohort(state.cohort), now):
        return Outcome("expired", final=False)
    return ended(state, now, "not_this_time", "applications/not_this_time", CLOSED)


REVIEWED: Final = Kind[Application](
    name=REVIEW,
    stage="application",
    role="system",
    words=TaskWords(
        title=N_("Wait for the scores"),
        waiting=N_("Waiting for the reviewers to score it"),
        short=N_("for the scores of the reviewers"),
        then=N_("We look for missing reviewers again %(when)s."),
        asked=N_("Reviewers read it without the name."),
        answered={
            ENOUGH: N_("There are enough scores."),
            CLOSED: N_("The cohort began without it."),
        },
        expired={
            "": N_("Some scores are missing."),
            CLOSED: N_("The cohort began without it."),
        },
    ),
    decide=waited,
    expire=looked_at,
    outcomes=frozenset({ENOUGH, CLOSED, "expired"}),
)
