"""What reviewers do not see, and what scores come to."""

from __future__ import annotations

from fractions import Fraction

import pytest

from chalicelib.training.applications import blind, scores
from chalicelib.training.applications.model import Application
from chalicelib.training.rubric import Criterion, Rubric
from chalicelib.workflow.cases import Contact

RUBRIC = Rubric(
    "r", "2026-01-01", "R", 2,
    [Criterion(name="One", anchors=["a", "b", "c"]), Criterion(name="Two", anchors=["a", "b", "c"])],
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("I am ROSA Díaz-Luna.", "I am […] […]-[…]."),
        ("Write to rosa@example.org!", "Write to […]"),
        ("See https://x.example/rosa or www.rosa.example", "See […] or […]"),
        ("Call (209) 555-0142 soon", "Call […] soon"),
        (
            "I rose at dawn for 12 years, 4 to 6 children.",
            "I rose at dawn for 12 years, 4 to 6 children.",
        ),
    ],
)
def test_a_name_and_addresses_are_taken_out_of_the_own_words(words: str, read: str) -> None:
    assert blind.blinded(words, Contact(name="Rosa Díaz-Luna")) == read


def application(reference: str, *given: tuple[int, int], at: int = 0) -> Application:
    points = {f"consultant:{n}": list(one) for n, one in enumerate(given)}
    return Application(reference=reference, scores=points, submitted=at)


def test_two_scores_are_enough_until_they_differ_by_more_than_the_threshold() -> None:
    near, far = application("A", (1, 1), (2, 2)), application("B", (1, 1), (3, 2))
    assert scores.complete(near, RUBRIC) and not scores.complete(far, RUBRIC)
    assert scores.lacking(far, RUBRIC) == 1
    assert scores.complete(application("B", (1, 1), (3, 2), (2, 2)), RUBRIC)
    assert not scores.complete(application("C", (3, 3)), RUBRIC)


def test_ties_are_decided_by_criterion_then_by_who_applied_first_and_it_is_said() -> None:
    first = application("A", (3, 1), (3, 1), at=9)
    second = application("B", (2, 2), (2, 2), at=5)
    third = application("C", (2, 2), (2, 2), at=7)
    top = application("D", (3, 3), (3, 2), at=8)
    found = scores.ranked([third, second, top, first], RUBRIC)
    assert [one.state.reference for one in found] == ["D", "A", "B", "C"]
    assert found[0].score == Fraction(11, 2) and scores.said(found[0].score) == "5.5"
    assert [one.tie for one in found] == ["", "", scores.BY_CRITERION, scores.BY_DATE]
    assert found[2].criterion == "One"
