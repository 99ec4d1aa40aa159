"""The provider gets the days of all sessions once, and a letter when one of them changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest

from chalicelib.domain.calendar import local
from chalicelib.mail.calendar_file import Meeting, calendar_files
from chalicelib.referral.delivery import series, session_times
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.rows import plan_rows
from chalicelib.referral.sessions.calendar import told
from chalicelib.web.text_input import secure_link
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import Appointment, SendLetter, from_row, letters
from chalicelib.workflow.events import of_task
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


def changed(before: Sessions, after: Sessions, at: int = START - WEEK) -> Appointment | None:
    """What the provider's calendar learns of the difference; None for no letter."""
    states = [
        Referral(
            reference="0QXP-0SBS-4", version=19, status="in_service", consultant="c", sessions=one
        )
        for one in (before, after)
    ]
    entry = Entry(event=of_task("service", "answered"), at=at, actor="consultant:c", command="x")
    found = letters(told(states[0], states[1], entry))
    assert [one.to for one in found] == (["provider", "consultant:c"] if found else [])
    return found[0].appointment if found else None


def letter(before: Sessions, after: Sessions) -> Appointment:
    """The same where there is a letter."""
    found = changed(before, after)
    assert found is not None
    return found


def dates(sessions: Sessions) -> list[str]:
    return [local(one).strftime("%m-%d %H:%M") for one in sessions.days().values()]


def test_a_series_keeps_its_time_of_day_through_the_change_of_the_clock() -> None:
    assert dates(SERIES) == [
        "10-27 10:00", "11-03 10:00", "11-10 10:00", "11-17 10:00", "11-24 10:00", "12-01 10:00",
    ]  # fmt: skip
    assert dates(SERIES.model_copy(update={"every": 0})) == ["10-27 10:00"]


def test_a_session_that_was_held_as_planned_is_no_news() -> None:
    assert series.following(SERIES) == at("2026-11-03")
    after = next_one(SERIES, at("2026-11-03"))
    assert not changed(SERIES, after, START + 3600)
    assert dates(after) == dates(SERIES)[1:]


def test_one_that_moves_leaves_the_others_where_they_are() -> None:
    after = moved(SERIES, at("2026-10-29", "15:00"))
    assert dates(after) == ["10-29 15:00", *dates(SERIES)[1:]]
    found = letter(SERIES, after)
    assert found.moved and found.days[0][0] == 1 and found.sequence == 20 and not found.gone
    assert not changed(after, next_one(after, at("2026-11-03")), at("2026-10-29", "16:00"))


def test_one_that_moves_by_a_week_moves_the_others_with_it() -> None:
    after = moved(SERIES, at("2026-11-03"))
    assert dates(after)[:2] == ["11-03 10:00", "11-10 10:00"] and len(dates(after)) == 6
    assert letter(SERIES, after).moved


def test_a_missed_session_is_made_up_for_at_the_end_and_that_is_news() -> None:
    after = next_one(SERIES, at("2026-11-03"), missed=1)
    found = changed(SERIES, after, START + 3600)
    assert found is not None and not found.moved and not found.gone
    assert [number for number, _at in found.days] == [2, 3, 4, 5, 6, 7]
    assert found.days[-1][1] == at("2026-12-08")


def test_fewer_sessions_take_the_last_days_out_and_more_add_some() -> None:
    fewer = changed(SERIES, next_one(SERIES, at("2026-11-03"), held=1, planned=4), START + 3600)
    assert fewer == Appointment(
        gone=((5, at("2026-11-24")), (6, at("2026-12-01"))), minutes=60, mode="virtual", sequence=20
    )
    more = changed(SERIES, next_one(SERIES, at("2026-11-03"), held=1, planned=7), START + 3600)
    assert more is not None and more.days[-1] == (7, at("2026-12-08")) and not more.gone


def test_a_session_on_another_day_takes_the_planned_one_out() -> None:
    found = letter(SERIES, next_one(SERIES, at("2026-11-03")))
    assert found.gone == ((1, START),) and not found.days


def test_another_way_to_meet_is_news() -> None:
    counted = SERIES.model_copy(update={"held": 1})
    after = series.planned(SERIES, counted, at("2026-11-03"), "onsite", done=True)
    assert letter(SERIES, after).mode == "onsite"


def test_without_a_series_every_next_session_is_news() -> None:
    alone = SERIES.model_copy(update={"every": 0})
    found = changed(alone, next_one(alone, at("2026-11-03")), START + 3600)
    assert found is not None and not found.moved
    assert found.days == ((2, at("2026-11-03")),)


def test_an_early_end_takes_the_rest_out_of_the_calendar_and_an_end_on_time_says_nothing() -> None:
    over = SERIES.model_copy(update={"held": 4, "next": None})
    before = SERIES.model_copy(update={"held": 3, "next": at("2026-11-17")})
    found = changed(before, over, at("2026-11-17") + 3600)
    assert found is not None and not found.days
    assert found.gone == ((5, at("2026-11-24")), (6, at("2026-12-01")))
    last = SERIES.model_copy(update={"held": 5, "next": at("2026-12-01")})
    done = last.model_copy(update={"held": 6, "next": None})
    assert not changed(last, done, at("2026-12-01") + 3600)


def test_the_files_say_all_that_a_calendar_needs_and_no_more(world: World) -> None:
    when = Appointment(days=((2, START), (3, START + WEEK)), gone=((4, START + 2 * WEEK),),
                       minutes=45, mode="virtual", sequence=21)  # fmt: skip
    meeting = Meeting(
        "Sesión; con, todo", "Online \\ ñ", "Línea\n" + "ñandú " * 40, "https://n.test/a"
    )
    found = calendar_files("0QXP-0SBS-4", when, meeting, "ana@example.org", START - WEEK)
    assert [(one.filename, one.method) for one in found] == [
        ("sessions.ics", "REQUEST"), ("canceled.ics", "CANCEL"),
    ]  # fmt: skip
    stands, off = (icalendar.Calendar.from_ical(one.content) for one in found)
    assert (stands["METHOD"], off["METHOD"]) == ("REQUEST", "CANCEL")
    for event in (*stands.walk("VEVENT"), *off.walk("VEVENT")):
        assert event["SEQUENCE"] == 21 and event["DTSTAMP"].dt.timestamp() == START - WEEK
        assert event["ORGANIZER"].startswith("mailto:") and "mailto:ana@" in event["ATTENDEE"]
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    first, second = stands.walk("VEVENT")
    assert [one["UID"] for one in (first, second, *off.walk("VEVENT"))] == [
        f"0QXP-0SBS-4-{n}@iecmhc-network" for n in (2, 3, 4)
    ]
    assert first["SUMMARY"] == "Sesión; con, todo 0QXP-0SBS-4" and first["STATUS"] == "CONFIRMED"
    assert (first["LOCATION"], first["URL"]) == (meeting.place, meeting.link)
    assert first["DESCRIPTION"] == meeting.text
    (alarm,) = first.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-1)
    assert off.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
    assert all(len(line.encode()) <= 75 for one in found for line in one.content.split("\r\n"))


def test_the_days_survive_the_log() -> None:
    when = Appointment(days=((2, START), (3, START + WEEK)), gone=((4, 1), (5, 2)), moved=True)
    effect = SendLetter(letter="delivery/sessions_over", to="provider", appointment=when)
    assert from_row(effect.to_row()) == effect


# -- through the forms ------------------------------------------------------------------------------
def files(world: World) -> list[Mail]:
    """The provider's letters with a calendar, since the last look."""
    world.relay()
    found = [m for m in world.mails if m.files and m.to == "ana@example.org"]
    world.mails.clear()
    return found


def test_six_sessions_as_planned_are_one_letter(world: World) -> None:
    reference = in_service(world)
    (sent,) = files(world)
    assert sent.to == "ana@example.org" and sent.file.content.count("BEGIN:VEVENT") == 6
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
    (sent,) = files(world)
    assert "moves" in sent.text and sent.file.content.count("BEGIN:VEVENT") == 6
    hold(world, reference, **AS_PLANNED)
    assert not files(world)
    post(world, reference, happened="end", end_reason="site_closed")
    (sent,) = files(world)
    assert sent.files[0].content.count("STATUS:CANCELLED") == 5
    assert "do not meet on these days" in sent.text and "site" not in sent.subject.lower()


ROOM, OTHER_ROOM = "https://meet.example.org/j/82?pwd=a,b", "https://meet.example.org/j/83"


def places(sent: Mail) -> set[tuple[str, str]]:
    events = icalendar.Calendar.from_ical(sent.files[0].content).walk("VEVENT")
    return {(str(one["LOCATION"]), str(one["URL"])) for one in events}


def test_where_an_online_session_is_joined_is_in_both_calendars_and_a_new_address_is_told(
    world: World,
) -> None:
    from chalicelib.referral.delivery.plan import agreement_details

    reference = walk(world, to="plan")
    written = example(world.state(reference), world.at)
    post(world, reference, **(written | {"mode": "virtual", "join": ROOM}))
    details: dict[str, Any] = agreement_details(world.state(reference))
    assert details["join"] == ROOM
    world.step("ask_plan_agreement", reference)
    post(world, reference, decision="agreed")
    world.step("ask_service", reference)
    world.relay()
    both = [m for m in world.mails if m.files]
    assert {m.to for m in both} == {
        "ana@example.org",
        f"{world.state(reference).consultant}@example.org",
    }
    assert all(places(m) == {(ROOM, ROOM)} for m in both)
    told = [m for m in both if m.to == "ana@example.org"][-1]
    assert ROOM in told.text and "tell you how to join" not in told.text
    files(world)
    hold(world, reference, **AS_PLANNED)
    assert not files(world), "as it was is no news"
    hold(world, reference, **AS_PLANNED, join=OTHER_ROOM)
    (sent,) = files(world)
    assert places(sent) == {(OTHER_ROOM, OTHER_ROOM)} and OTHER_ROOM in sent.text
    plan = plan_rows.latest(reference)
    assert plan is not None and plan.join == OTHER_ROOM


@pytest.mark.parametrize(
    "typed",
    ["meet.example.org", "http://meet.example.org/j", "https://[", "javascript:x", "https://x"],
)
def test_an_address_to_join_is_a_whole_secure_link(typed: str) -> None:
    assert secure_link(typed) and not secure_link(ROOM)


def test_redaction_reaches_the_address_to_join(world: World) -> None:
    from chalicelib.console.redact import _texts
    from chalicelib.referral.sessions import join
    from chalicelib.workflow.storage import free_text

    reference = walk(world, to="plan")
    named = "https://meet.example.org/mia-lopez"
    written = example(world.state(reference), world.at)
    post(world, reference, **(written | {"mode": "virtual", "join": named}))
    found = [one for one in _texts(world.state(reference)) if one.words == named]
    assert {one.sk.partition("#")[0] for one in found} == {"PLAN", "LOG"}
    free_text.take_out(reference, [one.id for one in found], ["mia-lopez"])
    assert join.address(world.state(reference)) == "", "what leads nowhere is not shown as a link"


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
    (sent,) = files(world)
    assert sent.file.content.count("BEGIN:VEVENT") == 1
    hold(world, reference)
    assert len(files(world)) == 1
