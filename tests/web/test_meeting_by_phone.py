"""Somebody who has no email signs up on the helpline: they are called the day before, and whenever it changes."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.domain import calendar
from chalicelib.meetings import changing, rows
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.services.helpline.model import NAME, PromisedCall
from chalicelib.workflow.storage import store
from tests.meetings import clock, entered, now
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.taskpages import inside, mailed
from tests.web.taskpages import press as send
from tests.workflow.lifecycle import LifecycleHarness, Story

pytestmark = pytest.mark.promise("meetings-by-phone")
ANA = {"name": "Ana Díaz", "phone": "213-555-0142", "lang": "es"}
DAY = 86400


def signs_up(harness: LifecycleHarness, client: Client, meeting: Meeting, **more: str) -> None:
    """Staff sign somebody up who called and has no email."""
    staff = signed_in(harness.world, client, "specialist")
    staff.get(f"/console/open-door/{meeting.id}/add")
    press(staff, f"/console/open-door/{meeting.id}/add", **(ANA | more))
    harness.settle()


def guest(meeting: Meeting) -> SignUp:
    return next(one for one in rows.guests(meeting.id) if one.phone)


def call(meeting: Meeting) -> PromisedCall:
    """The case of the call that was promised last."""
    return store.load(guest(meeting).call, PromisedCall, consistent=True)


def minute(harness: LifecycleHarness, at: int = 0) -> None:
    """The clock's look, and what follows from it."""
    clock(harness.world, at or harness.world.at)
    harness.settle()


def said(harness: LifecycleHarness, client: Client, state: PromisedCall, **values: str) -> str:
    """The specialist opens the mailed task and writes down how it went; what the page told them to say."""
    browser = Browser(client)
    page = inside(browser, mailed(Story(harness, state.reference)))
    text = page.text
    done = send(browser, page, {"talked": "phone", **values})
    assert done.status == 200, done.text
    harness.settle()
    return text


def test_how_to_join_is_promised_for_the_day_before_and_read_aloud_in_their_language(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10, dial="669-555-0100, code 77")
    signs_up(harness, client, meeting)
    state = call(meeting)
    assert (state.purpose, state.language) == ("tell", "es") and state.specialist
    due = calendar.local(state.promised)
    assert calendar.is_business_day(due.date()) and 8 <= due.hour < 17
    assert 0 < meeting.at - state.promised < 5 * DAY
    assert state.task is not None and state.task.due == state.promised
    for _ in range(3):
        minute(harness)
    assert call(meeting).reference == state.reference, "one call, however often the clock looks"
    harness.world.at = state.promised + 60
    text = said(harness, client, state, comes="comes")
    assert "213-555-0142" in text and "Puede llamar desde cualquier teléfono: 669-555-0100" in text
    assert "Cuando el día es difícil" in text
    ended = store.load(state.reference, PromisedCall, consistent=True)
    assert (ended.status, ended.task) == ("call_made", None)
    who = guest(meeting)
    assert (who.called, who.reminded, who.call_for) == (meeting.sequence, "day", "")
    minute(harness)
    assert guest(meeting).call == "", "nothing more to tell"


@pytest.mark.parametrize(
    ("starts", "promised"),
    [
        ("2026-12-07T09:00", "2026-12-04T16:00"),  # Monday: on Friday
        ("2026-12-08T17:30", "2026-12-07T16:00"),  # an evening: before we close
        ("2026-12-09T07:30", "2026-12-07T16:00"),  # an early morning
        ("2026-12-10T12:00", "2026-12-09T12:00"),
        ("2026-12-28T10:00", "2026-12-24T16:00"),  # over Christmas
    ],
)
def test_the_day_before_is_a_day_on_which_we_work(
    harness: LifecycleHarness, client: Client, starts: str, promised: str
) -> None:
    begins = calendar.typed(starts[:10], starts[11:])
    meeting = entered(harness.world, days=(begins - harness.world.at) / DAY)
    signs_up(harness, client, meeting)
    assert calendar.local(call(meeting).promised).isoformat()[:16] == promised


def test_a_move_is_told_soon_and_how_to_join_again_the_day_before_the_new_day(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10)
    signs_up(harness, client, meeting)
    first = call(meeting)
    becomes = calendar.local(meeting.at + 14 * DAY).strftime("%Y-%m-%dT%H:%M")
    why = {"en": "Ill.", "es": "Enfermedad."}
    changing.move(now(meeting), becomes, "staff:sam-lead", harness.world.at, why)
    minute(harness)
    gone = store.load(first.reference, PromisedCall, consistent=True)
    assert (gone.status, gone.closure, gone.task) == ("call_moot", "call_moot", None)
    news = call(meeting)
    assert news.reference != first.reference and news.promised - harness.world.at < DAY
    harness.world.at = news.promised + 60
    text = said(harness, client, news, comes="comes")
    assert "Estaba prevista para el" in text and "Enfermedad." in text
    minute(harness)
    again = call(meeting)
    assert again.reference != news.reference
    assert 0 < now(meeting).at - again.promised < 5 * DAY
    assert now(meeting).taken == 1


def test_a_cancellation_is_told_soon_and_nothing_after_it(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10)
    signs_up(harness, client, meeting)
    first = call(meeting)
    changing.cancel(now(meeting), "staff:sam-lead", harness.world.at)
    minute(harness)
    news = call(meeting)
    assert news.reference != first.reference and news.promised - harness.world.at < DAY
    text = said(harness, client, news)
    assert "no tendrá lugar" in text and "Will they come?" not in text
    for days in (1, 12):
        minute(harness, meeting.at + days * DAY)
    assert guest(meeting).call == ""


def test_who_cannot_come_is_off_the_list_and_their_place_is_free(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10, capacity=1)
    signs_up(harness, client, meeting)
    state = call(meeting)
    said(harness, client, state, comes="cannot")
    assert not guest(meeting).coming and now(meeting).taken == 0
    minute(harness)
    assert guest(meeting).call == "", "nobody is called again"
    signs_up(harness, client, meeting)
    assert now(meeting).taken == 1 and call(meeting).open


def test_a_call_that_nobody_made_ends_with_the_meeting_it_was_about(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10)
    signs_up(harness, client, meeting)
    state = call(meeting)
    minute(harness, meeting.ends + 60)
    ended = store.load(state.reference, PromisedCall, consistent=True)
    assert (ended.status, ended.task, guest(meeting).call) == ("call_moot", None, "")
    run = harness.engine.runs[NAME, f"{state.reference}-{NAME}-1"]
    assert run.status == "SUCCEEDED"


def test_a_try_that_found_nobody_leaves_the_call_to_be_made_and_can_be_undone(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10)
    signs_up(harness, client, meeting)
    state = call(meeting)
    harness.world.at = state.promised
    said(harness, client, state, talked="no_answer")
    tried = store.load(state.reference, PromisedCall, consistent=True)
    assert tried.open and tried.task is not None and tried.task.due > state.promised
    assert guest(meeting).called == 0 and guest(meeting).call == state.reference


def test_the_meetings_page_says_which_call_is_promised_and_a_call_by_hand_ends_it(
    harness: LifecycleHarness, client: Client
) -> None:
    meeting = entered(harness.world, days=10)
    signs_up(harness, client, meeting)
    state = call(meeting)
    changing.cancel(now(meeting), "staff:sam-lead", harness.world.at)
    minute(harness)
    sam = signed_in(harness.world, client, "supervisor")
    own = f"/console/open-door/{meeting.id}"
    page = sam.get(own)
    news = call(meeting).reference
    assert f"/console/referrals/{news}" in page.links and state.reference not in page.body
    sam.get(f"{own}/called")
    press(sam, f"{own}/called", called=[guest(meeting).key])
    minute(harness)
    assert store.load(news, PromisedCall, consistent=True).status == "call_moot"
    assert "Please call them" not in sam.get(own).text
