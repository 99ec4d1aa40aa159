"""Who is asked to score an application: of the cohort's reviewers whoever has the fewest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.aws.writes import Write
from chalicelib.training.applications import of_cohort
from chalicelib.training.applications.model import ASKED, SILENT, Application
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import begin


@dataclass
class Asking:
    """What a command takes over to ask reviewers: merged into its own changes, effects and rows.

    ``tasks``: the greatest number of a task then; ``beside``: the open tasks beside.
    """

    reviews: dict[str, str]
    tasks: int
    beside: list[int]
    effects: list[Effect] = field(default_factory=list)
    rows: list[Write] = field(default_factory=list)


def asking(
    state: Application,
    kind: str,
    wanted: int,
    at: int,
    reviews: dict[str, str] | None = None,
    ahead: int = 0,
) -> Asking:
    """Ask so many more by tasks of the kind of that name, as far as there are any. ``reviews``: as they are by then; ``ahead``: tasks that the same
    command opens before."""
    reviews = dict(state.reviews if reviews is None else reviews)
    made = Asking(reviews, state.tasks + ahead, list(state.side_tasks))
    for who in _next(state, reviews)[:wanted]:
        made.tasks += 1
        begun = begin(state, kind_of(kind), who, at, n=made.tasks)
        made.reviews[who] = ASKED
        made.beside.append(made.tasks)
        made.effects += begun.effects
        made.rows += [*begun.same_transaction, of_cohort.counted(state.cohort, who, 1)]
    return made


def _next(state: Application, reviews: dict[str, str]) -> Sequence[str]:
    """Who can be asked, in turn; whoever did not answer comes last."""
    named = [one.who for one in of_cohort.reviewers(state.cohort)] if state.cohort else []
    silent = [who for who in named if reviews.get(who) == SILENT]
    return [who for who in named if who not in reviews] + silent
