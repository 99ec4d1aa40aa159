"""The provider gets the days of all sessions once, and a letter when one of them changes."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.calendar import local
from chalicelib.mail.calendar_file import calendar_file
from chalicelib.referral.delivery import series, session_times
from chalicelib.referral.model import Sessions
from chalicelib.workflow.effects import Appointment, SendLetter, from_row
from infra.answers import LAST, day, example
from tests.episode import hold, in_service, planned, post, walk
from tests.world import Mail, World

pytestmark = pytest.mark.promise("days-told-once")

WEEK = 7 * 86400
START = session_times.instant("2026-10-27", "10:00")
SERIES = Sessions(planned=6, next=START, mode="virtual", minutes=60, every=7)
AS_PLANNED = {"next": "as_planned"}


def at(day: str, time: str = "10:00") -> int:
    return session_times.instant(day, time)


def next_one(before: Sessions, start: int, **counts: int) -> Sessions:
    """The sessions after one that took place, or was missed."""
    counted = before.model_copy(update=counts or {"held": before.held + 1})
    return series.planned(before, counted, start, before.mode, done=True)


def moved(before: Sessions, start: int) -> Sessions:
    return series.planned(before, before, start, before.mode, done=False)


def letter(before: Sessions, after: Sessions) -> Appointment:
    """The one letter that tells the difference."""
    (found,) = series.told(before, after, 20, START - WEEK)
    assert found.appointment is not None
    return found.appointment


def dates(sessions: Sessions) -> list[str]:
    return [local(one).strftime("%m-%d %H:%M") for one in series.days(sessions).values()]


def test_a_series_keeps_its_time_of_day_through_the_change_of_the_clock() -> None:
    assert dates(SERIES) == [
        "10-27 10:00", "11-03 10:00", "11-10 10:00", "11-17 10:00", "11-24 10:00", "12-01 10:00",
    ]  # fmt: skip
    assert dates(SERIES.model_copy(update={"every": 0})) == ["10-27 10:00"]


def test_a_session_that_was_held_as_planned_is_no_news() -> None:
    assert series.following(SERIES) == at("2026-11-03")
    after = next_one(SERIES, at("2026-11-03"))
    assert not series.told(SERIES, after, 20, START)
    assert dates(after) == dates(SERIES)[1:]


def test_one_that_moves_leaves_the_others_where_they_are() -> None:
    after = moved(SERIES, at("2026-10-29", "15:00"))
    assert dates(after) == ["10-29 15:00", *dates(SERIES)[1:]]
    told = letter(SERIES, after)
    assert told.moved and told.number == 1 and told.sequence == 20 and not told.gone
    assert not series.told(after, next_one(after, at("2026-11-03")), 21, START)


def test_one_that_moves_by_a_week_moves_the_others_with_it() -> None:
    after = moved(SERIES, at("2026-11-03"))
    assert dates(after)[:2] == ["11-03 10:00", "11-10 10:00"] and len(dates(after)) == 6
    assert letter(SERIES, after).moved


def test_a_missed_session_is_made_up_for_at_the_end_and_that_is_news() -> None:
    after = next_one(SERIES, at("2026-11-03"), missed=1)
    told = letter(SERIES, after)
    assert not told.moved and told.number == 2
    assert len(told.later) == 5 and told.later[-1] == at("2026-12-08")


def test_fewer_sessions_take_the_last_days_out_and_more_add_some() -> None:
    fewer = letter(SERIES, next_one(SERIES, at("2026-11-03"), held=1, planned=4))
    assert fewer.gone == (at("2026-11-24"), at("2026-12-01"))
    more = letter(SERIES, next_one(SERIES, at("2026-11-03"), held=1, planned=7))
    assert more.later[-1] == at("2026-12-08") and not more.gone


def test_another_way_to_meet_is_news() -> None:
    counted = SERIES.model_copy(update={"held": 1})
    after = series.planned(SERIES, counted, at("2026-11-03"), "onsite", done=True)
    assert letter(SERIES, after).mode == "onsite"


def test_without_a_series_every_next_session_is_news() -> None:
    alone = SERIES.model_copy(update={"every": 0})
    told = letter(alone, next_one(alone, at("2026-11-03")))
    assert (told.start, told.number, told.later, told.moved) == (at("2026-11-03"), 2, (), False)


def test_an_early_end_takes_the_rest_out_of_the_calendar_and_an_end_on_time_says_nothing() -> None:
    over = SERIES.model_copy(update={"held": 4, "next": None})
    before = SERIES.model_copy(update={"held": 3, "next": at("2026-11-17")})
    (found,) = series.told_over(before, over, 30, at("2026-11-17") + 3600)
    assert found.letter == "delivery/sessions_over" and found.appointment is not None
    assert found.appointment.days == [(5, at("2026-11-24"), False), (6, at("2026-12-01"), False)]
    last = SERIES.model_copy(update={"held": 5, "next": at("2026-12-01")})
    done = last.model_copy(update={"held": 6, "next": None})
    assert not series.told_over(last, done, 40, at("2026-12-01") + 3600)


def test_the_calendar_has_an_event_each_and_cancels_those_that_went() -> None:
    when = Appointment(start=START, number=2, minutes=60, sequence=21, later=(START + WEEK,),
                       gone=(START + 2 * WEEK,))  # fmt: skip
    events = calendar_file("0QXP-0SBS-4", when, "es").content.split("BEGIN:VEVENT")[1:]
    assert [f"UID:0QXP-0SBS-4-{n}@iecmhc-network" in one for n, one in enumerate(events, 2)] == [
        True
    ] * 3
    assert ["STATUS:CANCELLED" in one for one in events] == [False, False, True]
    assert all("SEQUENCE:21" in one and "Consultoría" not in one[:60] for one in events)


def test_the_days_survive_the_log() -> None:
    when = Appointment(start=START, number=2, later=(START + WEEK,), gone=(1, 2), over=True)
    effect = SendLetter(letter="delivery/sessions_over", to="provider", appointment=when)
    assert from_row(effect.to_row()) == effect


# -- through the forms ------------------------------------------------------------------------------
def files(world: World) -> list[Mail]:
    """The provider's letters with a calendar, since the last look."""
    world.relay()
    found = [m for m in world.mails if m.file is not None]
    world.mails.clear()
    return found


def test_six_sessions_as_planned_are_one_letter(world: World) -> None:
    reference = in_service(world)
    (told,) = files(world)
    assert told.to == "ana@example.org" and told.file.content.count("BEGIN:VEVENT") == 6
    for number in range(1, 6):
        more = {"review": "Calmer", "course": "continue"} if number == 4 else {}
        hold(world, reference, **AS_PLANNED, **more)
    assert not files(world)
    hold(world, reference, **LAST)
    assert not files(world) and world.state(reference).status == "closing"


def test_the_page_offers_the_day_of_the_series_and_says_it(world: World) -> None:
    from chalicelib.workflow.kinds import kind_of

    reference = in_service(world)
    state = world.state(reference)
    assert state.sessions is not None and state.sessions.next is not None
    (asked,) = [f for f in kind_of("service").page.form(state).fields if f.name == "next"]
    label = next(option[1] for option in asked.options if option[0] == "as_planned")
    assert "as planned" in label and "10:00 AM" in label
    world.at = state.sessions.next + 40 * 86400  # nobody wrote anything down: that day has passed
    (asked,) = [f for f in kind_of("service").page.form(state).fields if f.name == "next"]
    assert "as_planned" not in [option[0] for option in asked.options]


def test_a_session_that_moves_and_an_early_end_are_told(world: World) -> None:
    reference = in_service(world)
    files(world)
    post(world, reference, happened="move", next_day=day(world.at, 9), next_time="11:00")
    (told,) = files(world)
    assert "moves" in told.text and told.file.content.count("BEGIN:VEVENT") == 6
    hold(world, reference, **AS_PLANNED)
    assert not files(world)
    post(world, reference, happened="end", end_reason="site_closed")
    (told,) = files(world)
    assert told.file.content.count("STATUS:CANCELLED") == 5
    assert "take these days out" in told.text and "site" not in told.subject.lower()


def test_the_provider_sees_all_days_before_they_agree(world: World) -> None:
    from chalicelib.referral.delivery.plan import agreement_details

    reference = planned(world)
    details: dict[str, Any] = agreement_details(world.state(reference))
    assert details["rhythm"] == "Every week" and len(details["days"]) == 6


def test_who_agrees_on_each_day_as_they_go_gets_a_letter_each_time(world: World) -> None:
    reference = walk(world, to="plan")
    post(world, reference, **(example(world.state(reference), world.at) | {"rhythm": "0"}))
    for step in ("plan_agreement", "service"):
        world.step(f"ask_{step}", reference)
        if step == "plan_agreement":
            post(world, reference, decision="agreed")
    (told,) = files(world)
    assert told.file.content.count("BEGIN:VEVENT") == 1
    hold(world, reference)
    assert len(files(world)) == 1
