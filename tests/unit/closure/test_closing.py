"""The summary, what a closure lacks, and the end that returns the consultant's place."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.domain.errors import Invalid
from chalicelib.domain.reasons import CLOSURE_REASONS, STATUS_REASONS
from chalicelib.domain.statuses import STATUSES
from chalicelib.referral.closure import ends, summary
from chalicelib.referral.closure.ends import ENDS
from chalicelib.referral.delivery import session_times
from chalicelib.referral.records import Agreement, Episode, Plan, Review, Session, Summary
from chalicelib.web.forms import clean
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from infra.answers import SUMMED_UP
from tests.episode import fill, hold, in_service, post, record, served
from tests.world import World

AT = session_times.instant("2026-05-06", "12:00")
WHOLE: dict[str, Any] = {
    "agreement": Agreement(AT, "Ana", "agreement-1"),
    "plans": [Plan(1, AT, (), agreed=AT)],
    "sessions": [Session(n, True, "2026-05-06", 60) for n in range(1, 5)],
    "review": Review(AT, "calmer"),
}


@pytest.mark.promise("closes-itself")
@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, []),
        ({"agreement": None}, [ends.NO_AGREEMENT]),
        ({"plans": []}, [ends.NO_PLAN]),
        ({"plans": [Plan(1, AT, ())]}, [ends.NO_PLAN]),
        ({"sessions": WHOLE["sessions"][:3], "review": None}, [ends.TOO_FEW]),
        ({"sessions": [Session(n, False, "") for n in range(9)]}, [ends.TOO_FEW]),
        ({"review": None}, [ends.NO_REVIEW]),
    ],
)
def test_goals_can_only_be_met_by_a_whole_consultation(
    change: dict[str, Any], lacks: list[str]
) -> None:
    found = Episode(**(WHOLE | change))
    assert ends.missing(found, "goals_met") == lacks
    assert ends.missing(found, "goals_partly_met") == lacks
    assert ends.missing(found, "site_closed") == []


def test_nothing_closes_without_a_summary() -> None:
    assert ends.missing_to_close(Episode(**WHOLE)) == [ends.NO_SUMMARY]
    done = Episode(**WHOLE, summary=Summary(AT, "goals_met"))
    assert ends.missing_to_close(done) == []


@pytest.mark.promise("summary-shared")
def test_the_summary_asks_for_each_goal_of_the_plan_and_shows_the_sessions(world: World) -> None:
    reference = served(world)
    state = world.state(reference)
    assert state.status == "closing" and state.stage == "closure"
    fields = {f.name: f for f in summary.form(state).fields}
    assert fields["progress_1"].hint == "Calm mornings"
    assert "progress_3" not in fields
    shown = summary.details(state)
    assert len(shown["episode"].held) == 4 and shown["episode"].minutes == 240
    assert shown["missing"] == []


def test_an_early_end_lists_what_a_whole_consultation_lacks_and_closes_for_its_own_reason(
    world: World,
) -> None:
    reference = in_service(world)
    hold(world, reference, next="last", end_reason="site_closed")
    world.step("ask_summary", reference)
    state = world.state(reference)
    assert summary.details(state)["missing"] == [ends.TOO_FEW]
    with pytest.raises(Invalid) as error:
        summary.decide(state, fill(state, "summary", **SUMMED_UP), world.at)
    assert error.value.errors == {"closure": ends.TOO_FEW}
    post(world, reference, **(SUMMED_UP | {"closure": "site_closed"}))
    assert world.step("close_referral", reference) == "cannot_be_served"
    state = world.state(reference)
    assert (state.status, state.closure, state.stage) == (
        "cannot_be_served", "site_closed", "closed",
    )  # fmt: skip


@pytest.mark.promise("named-ends")
def test_every_closure_reason_has_its_own_status_reason_and_end() -> None:
    assert set(ENDS) == set(CLOSURE_REASONS)
    for closure, end in ENDS.items():
        status = STATUSES[end.status]
        assert status.terminal, closure
        if status.needs_reason:
            assert (end.reason or closure) in STATUS_REASONS[end.status], closure
        assert end.followed == (end.status == "closed"), closure


def test_goals_met_needs_every_goal_met(world: World) -> None:
    state = world.state(served(world))
    values = fill(state, "summary", **(SUMMED_UP | {"progress_2": "partly"}))
    with pytest.raises(Invalid) as error:
        summary.decide(state, values, world.at)
    assert error.value.errors == {"closure": summary.NOT_ALL_MET}
    values["closure"] = "goals_partly_met"
    assert summary.decide(state, values, world.at).verdict == "summarized"


@pytest.mark.promise("scanner-submits")
def test_a_summary_without_choices_is_refused(world: World) -> None:
    state = world.state(served(world))
    errors = clean(kind_of("summary").page.form(state), {}, "en").errors
    assert set(errors) >= {"progress_1", "progress_2", "helped", "confidence", "removal", "closure"}


def test_closing_ends_returns_the_place_and_starts_the_follow_up_as_a_run_of_its_own(
    world: World,
) -> None:
    reference = served(world)
    who = world.state(reference).consultant
    people.forget()
    assert reference in people.consultant(who)["held"]
    post(world, reference, **SUMMED_UP, note="For the team only")
    assert world.step("close_referral", reference) == "closed"
    world.relay()
    state = world.state(reference)
    assert (state.status, state.closure, state.stage) == ("closed", "goals_met", "follow_up")
    assert not state.open and state.task is None
    people.forget()
    assert reference not in people.consultant(who).get("held", [])
    assert world.started[-1] == ("follow_up", reference, state.generation, "follow_up")
    before = len(world.mails)
    world.step("ask_survey", reference)
    world.relay()
    (letter,) = world.mails[before:]  # the end and the survey are one letter
    assert letter.to == "ana@example.org" and "Your consultation is complete." in letter.text
    assert "one thing at a time" not in letter.text + letter.html  # never mailed in full
    assert record(world, reference).summary is not None


@pytest.mark.promise("ended-stays-ended")
def test_closing_twice_closes_once(world: World) -> None:
    reference = served(world)
    post(world, reference, **SUMMED_UP)
    assert [world.step("close_referral", reference) for _ in range(3)] == ["closed"] * 3
    assert [e.event for e in store.log(world.state(reference))].count("referral_closed") == 1


def test_what_is_incomplete_is_handed_to_a_person_and_looked_at_again_after_the_repair(
    world: World,
) -> None:
    reference = served(world)
    assert world.step("close_referral", reference) == "incomplete"
    assert store.log(world.state(reference))[-1].payload["missing"] == [ends.NO_SUMMARY]
    assert world.state(reference).open
    post(world, reference, **SUMMED_UP)
    assert world.step("close_referral", reference) == "closed"


def test_a_referral_that_held_no_session_is_asked_nothing_afterwards(world: World) -> None:
    reference = in_service(world)
    post(world, reference, happened="end", end_reason="site_closed")
    world.step("ask_summary", reference)
    post(world, reference, **(SUMMED_UP | {"closure": "site_closed"}))
    world.step("close_referral", reference)
    world.relay()
    state = world.state(reference)
    assert (state.status, state.stage) == ("cannot_be_served", "closed")
    assert not any(machine == "follow_up" for machine, *_ in world.started)
    assert "survey" not in world.mails[-1].text
