"""A caller at night, and what goes wrong on a phone: two presses, an old page, the last hour, a clock that changes."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.domain import calendar
from chalicelib.services.helpline import contacts, slots
from chalicelib.services.helpline.slots import Slot
from tests.web.conftest import Browser
from tests.web.kinds import asked
from tests.web.taskpages import inside, mailed, press, usual
from tests.web.test_helpline import kept
from tests.web.test_helpline_promises import PUBLIC, entered, evening, hours_of
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

pytestmark = pytest.mark.promise("helpline-hours")


@pytest.fixture
def night(world: World) -> World:
    """Nine at night; one call back fits into one hour of a day."""
    evening(world)
    entered(world, {9: 1})
    return world


def test_a_phone_that_sends_twice_sees_the_promise_twice_and_one_call_is_promised(
    night: World, client: Client
) -> None:
    browser = Browser(client, "es")
    page = browser.get("/helpline")
    said = {**page.hidden, **PUBLIC, "slot": hours_of(page)[0]}
    for wait in (0, 30, 4 * 3600):
        night.at += wait
        again = browser.post("/helpline", said)
        assert again.status == 200 and "Esperamos llamarle" in again.text
    late = contacts.of_day(calendar.pacific_date(night.at))
    assert len(late) + len(contacts.of_day(calendar.pacific_date(night.at - 5 * 3600))) == 1


def test_who_finds_the_last_place_gone_is_told_so_and_offered_the_next(
    night: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Browser(client), Browser(client)
    at = int(hours_of(first.get("/helpline"))[0])
    second.get("/helpline")
    first.answer({**PUBLIC, "slot": str(at)})
    real, shown = slots.offered, iter([[Slot(at, 1)]])
    monkeypatch.setattr(slots, "offered", lambda now: next(shown, None) or real(now))
    page = second.answer({**PUBLIC, "slot": str(at), "phone": "559-555-0199"})
    assert page.status == 422 and "Somebody else has just taken that hour." in page.text
    assert str(at) not in hours_of(page) and 'value="559-555-0199"' in page.body
    assert len(kept(night)) == 1
    page = second.answer({**PUBLIC, "slot": hours_of(page)[0], "phone": "559-555-0199"})
    assert page.status == 200 and len(kept(night)) == 2


def test_an_hour_that_staff_close_is_promised_to_nobody(night: World, client: Client) -> None:
    browser = Browser(client)
    slot = hours_of(browser.get("/helpline"))[0]
    entered(night, {10: 1})
    page = browser.answer({**PUBLIC, "slot": slot})
    assert page.errors == ["slot"] and hours_of(page) and not kept(night)
    assert "Somebody else has just taken that hour." in page.text
    entered(night, {})
    page = browser.post("/helpline", {**page.hidden, **PUBLIC, "slot": slot})
    assert page.status == 422 and not kept(night)


def test_a_page_of_yesterday_promises_nothing_and_keeps_what_was_typed(
    night: World, client: Client
) -> None:
    browser = Browser(client)
    page = browser.get("/helpline")
    night.at += 30 * 3600
    slot = str(slots.offered(night.at)[0].at)
    page = browser.post("/helpline", {**page.hidden, **PUBLIC, "slot": slot})
    assert page.status == 422 and not kept(night)
    assert 'value="559-555-0142"' in page.body and f'value="{slot}" checked' in page.body


def test_one_number_is_one_number_however_it_is_written(night: World, client: Client) -> None:
    entered(night, dict.fromkeys(slots.HOURS, 5))
    for written in ("559-555-0142", "(559) 555-0142", "+1 559 555 0142"):
        browser = Browser(client)
        slot = hours_of(browser.get("/helpline"))[0]
        page = browser.answer({**PUBLIC, "slot": slot, "phone": written})
    assert page.status == 422 and len(kept(night)) == 2


@pytest.mark.parametrize(
    ("friday", "monday"), [("2026-10-30", "2026-11-02"), ("2027-03-12", "2027-03-15")]
)
def test_the_hour_stays_the_hour_when_the_clocks_change(
    world: World, client: Client, friday: str, monday: str
) -> None:
    world.at = calendar.typed(friday, "21:00")
    entered(world, {9: 1})
    browser = Browser(client)
    page = browser.get("/helpline")
    assert hours_of(page)[0] == str(calendar.typed(monday, "09:00"))
    assert "9:00 AM" in page.text and "10:00 AM" in page.text
    browser.answer({**PUBLIC, "slot": hours_of(page)[0]})

    slots_left = [calendar.local(one.at).date().isoformat() for one in slots.offered(world.at)]
    assert monday not in slots_left


@pytest.mark.promise("helpline-promised-calls")
def test_a_call_that_was_written_down_from_its_link_counts_once(
    harness: LifecycleHarness, client: Client
) -> None:
    story = asked(harness, "helpline_call_back")
    browser, link = Browser(client), mailed(story)
    page = inside(browser, link)
    said = {name: str(value) for name, value in usual(story).items() if isinstance(value, str)}
    wrong = press(browser, page, said | {"unmet_note": "Mateo, born 3/4/2023, needs therapy"})
    assert wrong.errors == ["unmet_note"]
    for _ in range(3):
        press(browser, page, said)
        harness.world.at += 1
        harness.settle()
    again = Browser(client).get(f"/t/{link}")
    assert again.status == 200, again.text
    talks = [one for one in kept(harness.world) if one.channel == "called_back"]
    assert len(talks) == 1 and not talks[0].unmet_note
