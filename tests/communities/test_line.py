"""Whoever comes, in any order and whatever they can follow: places are given in the order of the line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.line import Free, told_of
from chalicelib.services.communities.model import Seat
from chalicelib.workflow.cases import Pause

NAMES = ("a", "b", "c", "d")
LANGUAGES = ("en", "es")
GROUPS = st.lists(
    st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(("spring", "fall")), st.integers(0, 3)),
    min_size=1,
    max_size=4,
)
SOME = st.lists(st.sampled_from(NAMES), unique=True, max_size=3)
PEOPLE = st.lists(
    st.tuples(
        st.lists(st.sampled_from(LANGUAGES), unique=True, min_size=1), SOME, SOME, st.booleans()
    ),
    max_size=12,
)


@pytest.mark.promise("seat-line-in-order", "seat-capacity", "seat-language")
@settings(max_examples=30, deadline=None)
@given(GROUPS, PEOPLE)
def test_nobody_is_passed_over_without_a_reason(
    made: list[tuple[str, str, int]],
    people: list[tuple[list[str], list[str], list[str], bool]],
) -> None:
    groups = [
        Group(name, season, name, language, "staff:x", places, 1, 9, 9, entered=5)
        for name, (language, season, places) in zip(NAMES, made, strict=False)
    ]
    seasons = {one.id: one.season for one in groups}
    free = Free(groups, {one.id: one.cap for one in groups}, seasons, frozenset({"spring"}))
    passed: list[Seat] = []
    for number, (spoken, chosen, refused, paused) in enumerate(people):
        pause = Pause(since=0, until=9, status="waiting", reason="away") if paused else None
        seat = Seat(
            reference=str(number),
            languages=spoken,
            groups=chosen,
            refused=refused,
            registered=number,
        ).model_copy(update={"pause": pause})
        found = free.serve(seat)
        if found is None:
            assert all(free.against(seat, one) for one in groups if free.left[one.id])
            passed.append(seat)
            continue
        assert found.language in spoken and not paused and found.id not in refused
        assert free.left[found.id] >= 0
        told = told_of(found, passed, free)
        assert [one["reference"] for one in told["passed"]] == [one.reference for one in passed]
        assert all(one["rules"] for one in told["passed"])
