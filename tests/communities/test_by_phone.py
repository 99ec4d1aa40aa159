"""Somebody with a seat who has no email hears in a call what others read, and staff write down the answer."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.mail.phone.sayings import sayings
from chalicelib.services.communities.model import Seat
from chalicelib.workflow.storage import side_task_rows, store
from infra.answers import BY_PHONE
from tests.communities.script import begins, season
from tests.communities.test_of_referral import seats, targeted
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story

pytestmark = pytest.mark.promise("seat-by-phone")


def calls(seat: Seat) -> list[int]:
    """The open tasks to call them."""
    rows = [side_task_rows.get(seat.reference, n) for n in seat.side_tasks]
    return [row.number for row in rows if row is not None and row.kind == "tell_by_phone"]


def now(reference: str) -> Seat:
    return store.load(reference, Seat, consistent=True)


def test_what_a_letter_would_ask_is_one_call_with_the_words_to_say(
    client: Client, harness: LifecycleHarness
) -> None:
    season(harness.world)
    targeted(harness, **BY_PHONE)
    (seat,) = seats(harness)
    assert not seat.contact.email and seat.task is not None
    assert seat.task.kind == "information_session"
    (call,) = calls(seat)
    (said,) = sayings(seat)
    assert said.task == seat.task.number and "Sesión Informativa" in said.words.title
    staff = signed_in(harness.world, client, "specialist")
    page = staff.get(f"/console/referrals/{seat.reference}/behalf/{seat.task.number}")
    assert page.status == 200 and "Sesión Informativa" in page.text
    Story(harness, seat.reference).says(decision="later")
    assert call not in now(seat.reference).side_tasks or not sayings(now(seat.reference))


def test_an_offer_of_a_seat_is_held_a_day_longer_for_who_is_called(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    reference = begins(harness.world, phone="209-555-0147")
    harness.settle()
    story = Story(harness, reference).says(decision="later")
    task = now(reference).task
    assert task is not None and task.kind == "seat_offer"
    assert task.expires > task.due, "the call is made within a business day"
    (said,) = sayings(now(reference))
    assert said.task == task.number and len(calls(now(reference))) == 1
    story.says(decision="take")
    assert now(reference).seated
    (said,) = sayings(now(reference))
    assert not said.task and len(calls(now(reference))) == 1, "what they have now is said as well"
