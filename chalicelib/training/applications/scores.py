"""What scores come to: whether there are enough, and the order of a cohort's applications.

Two reviewers score an application, and a third where the sums of their points differ by more than the rubric's
threshold. Its score is the mean of the sums. Whoever has the higher score is first; of two with the same score
whoever has more points in the rubric's first criterion, then the second, and so on; then whoever applied first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chalicelib.training.applications.model import ASKED, Application
from chalicelib.training.rubric import Rubric
from chalicelib.web.languages import N_

USUAL: Final = 2
BY_CRITERION: Final = N_("Tied at this score: placed by more points in “%(criterion)s”.")
BY_DATE: Final = N_("Tied in every criterion: placed by who applied first.")


def sums(state: Application) -> list[int]:
    """The sum of points of each score."""
    return [sum(points) for points in state.scores.values()]


def needed(state: Application, rubric: Rubric) -> int:
    """How many scores it needs."""
    found = sums(state)
    far = len(found) >= USUAL and max(found) - min(found) > rubric.threshold
    return USUAL + 1 if far else USUAL


def complete(state: Application, rubric: Rubric) -> bool:
    """Whether it may be decided on."""
    return len(state.scores) >= needed(state, rubric)


def lacking(state: Application, rubric: Rubric) -> int:
    """How many reviewers are to be asked besides those who are."""
    asked = sum(one == ASKED for one in state.reviews.values())
    return max(0, needed(state, rubric) - len(state.scores) - asked)


def mean(state: Application) -> Fraction:
    """Its score."""
    found = sums(state)
    return Fraction(sum(found), len(found)) if found else Fraction(0)


def said(score: Fraction) -> str:
    """A score with one decimal, where it has one."""
    whole = round(float(score), 1)
    return f"{whole:g}"


@dataclass(frozen=True)
class Ranked:
    """A place in the order: ``tie`` says what decided against the one before, as a msgid with its
    ``criterion``; "" where the score did."""

    state: Application
    score: Fraction
    tie: str = ""
    criterion: str = ""


def by_criterion(state: Application) -> list[Fraction]:
    """The mean of the points in each criterion."""
    given = list(state.scores.values())
    return [Fraction(sum(each), len(given)) for each in zip(*given, strict=False)]


def ranked(states: Sequence[Application], rubric: Rubric) -> list[Ranked]:
    """The applications in their order, each with what decided its place among those of the same score."""

    def order(state: Application) -> tuple[object, ...]:
        points = [-one for one in by_criterion(state)]
        return (-mean(state), points, state.submitted, state.reference)

    found: list[Ranked] = []
    for state in sorted(states, key=order):
        tie = criterion = ""
        if found and found[-1].score == mean(state):
            tie, criterion = _tie(found[-1].state, state, rubric)
        found.append(Ranked(state, mean(state), tie, criterion))
    return found


def _tie(before: Application, state: Application, rubric: Rubric) -> tuple[str, str]:
    pairs = zip(rubric.criteria, by_criterion(before), by_criterion(state), strict=False)
    differs = next((one["name"] for one, first, second in pairs if first != second), "")
    return (BY_CRITERION, differs) if differs else (BY_DATE, "")
