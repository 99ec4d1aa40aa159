"""A provider who comes back meets the same consultant first, unless they say no."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.referral.matching.ranking import ranking
from chalicelib.workflow.storage import store
from tests import episode
from tests.world import World

SAME: dict[str, Any] = {"contact_email": "back@example.org"}


def again(world: World, **answers: Any) -> tuple[str, str]:
    """The consultant of a closed referral, and a new request of the same site up to the offer."""
    first = episode.closed(world, **SAME)
    served = world.state(first).consultant
    world.at += 90 * 86400
    return served, world.offered(**SAME, prior_contacts="1", **answers)


@pytest.mark.promise("same-consultant-first")
def test_the_previous_consultant_is_offered_the_new_request_first(world: World) -> None:
    from chalicelib.console.entry_words import entry_words

    served, reference = again(world)
    state = world.state(reference)
    assert (state.previous, state.consultant) == (served, served)
    asked = next(e for e in store.log(state) if e.event == "offer_asked")
    assert "previous consultant" in entry_words(asked, world.at, "en", served)


@pytest.mark.promise("same-consultant-first")
def test_the_explanation_names_the_previous_consultant(world: World) -> None:
    first = episode.closed(world, **SAME)
    served = world.state(first).consultant
    reference = world.triaged(**SAME)
    best = ranking(world.state(reference)).candidates[0]
    assert best.id == served
    said = {score.criterion: score.words for score in best.scores}
    assert said["continuity"] == "Is the previous consultant."


@pytest.mark.promise("same-consultant-first")
@pytest.mark.parametrize(
    "answers",
    [{"same_consultant": "no"}, {"exclude_consultant": "Ben Okafor"}],
    ids=["no", "not this person"],
)
def test_the_provider_may_want_somebody_else(world: World, answers: dict[str, str]) -> None:
    first = episode.closed(world, **SAME)
    served = world.state(first).consultant
    assert served == "ben-okafor"
    reference = world.triaged(**SAME, **answers)
    found = ranking(world.state(reference))
    assert all(
        score.words != "Is the previous consultant."
        for one in found.candidates
        for score in one.scores
    )
    if "exclude_consultant" in answers:
        assert served in {one.id for one in found.excluded}


@pytest.mark.promise("same-consultant-first")
def test_one_who_is_full_or_away_does_not_hold_up_the_request(world: World) -> None:
    first = episode.closed(world, **SAME)
    served = world.state(first).consultant
    people.set_fields(served, {"active": False})
    reference = world.offered(**SAME)
    assert world.state(reference).previous == served
    assert world.state(reference).consultant not in ("", served)


@pytest.mark.promise("same-consultant-first")
def test_a_previous_consultant_who_declines_is_not_asked_again(world: World) -> None:
    served, reference = again(world)
    world.answer(reference, {"decision": "decline", "decline_reason": "no_time"})
    world.step("ask_offer", reference)
    assert world.state(reference).consultant not in ("", served)


@pytest.mark.promise("same-consultant-first")
def test_an_offer_that_came_to_nothing_is_no_earlier_work(world: World) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    first = world.offered(**SAME)
    withdraw(first, "not_needed", "w")
    assert world.state(world.triaged(**SAME)).previous == ""


@pytest.mark.promise("same-consultant-first")
def test_the_last_of_several_counts(world: World) -> None:
    first = episode.closed(world, **SAME)
    served = world.state(first).consultant
    people.set_fields(served, {"active": False})
    world.at += 86400
    second = episode.closed(world, **SAME)
    later = world.state(second).consultant
    assert later != served
    assert world.state(world.triaged(**SAME)).previous == later
