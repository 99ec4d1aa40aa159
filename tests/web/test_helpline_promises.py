"""Promises of the helpline on pages: a call-taker's, the public page's, and what becomes of them."""

from __future__ import annotations

import re
from threading import Barrier, Thread

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.domain import calendar
from chalicelib.services.helpline import contacts, slots
from chalicelib.services.helpline.model import PromisedCall
from chalicelib.web.languages import moment_words, time_words, translator
from chalicelib.workflow.storage import store
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.web.test_helpline import CALL, SHORT, kept
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

NUMBER = "559-555-0142"
BACK = SHORT | {"disposition": "callback_scheduled", "phone": NUMBER}
PUBLIC = {"phone": NUMBER, "language": "es"}
DAY = 86400
HOURS = "/console/helpline/hours"


def case_of(reference: str) -> PromisedCall:
    return store.load(reference, PromisedCall, consistent=True)


def evening(world: World) -> None:
    """Nine at night of the same day."""
    world.at = calendar.typed(calendar.pacific_date(world.at).isoformat(), "21:00")


def entered(world: World, hours: dict[int, int]) -> None:
    """Staff have entered how many call backs fit into the hours, the same on every weekday."""
    week = {(day, hour): n for day in slots.WEEKDAYS for hour, n in hours.items()}
    slots.set_capacity(week, "staff:sam-lead", world.at)


def hours_of(page: Page) -> list[str]:
    """The hours that a page offers."""
    return re.findall(r'name="slot"[^>]*value="([0-9]+)"', page.body)


@pytest.mark.promise("helpline-promised-calls")
def test_a_call_taker_promises_a_call_that_stands_in_the_queue_by_its_time(
    harness: LifecycleHarness, client: Client
) -> None:
    world = harness.world
    browser = signed_in(world, client, "specialist")
    day = calendar.local(world.at + DAY).date().isoformat()
    browser.get(CALL)
    assert press(browser, CALL, **BACK).errors == ["call_day", "call_time"]
    browser.get(CALL)
    page = press(browser, CALL, **BACK, call_day=day, call_time="10:00")
    assert "The call is written down." in page.text
    harness.settle()
    state = case_of(kept(world)[-1].became)
    page = browser.get("/console/helpline")
    assert state.reference in page.text and "to call back a caller of the helpline" in page.text
    page = browser.get(f"/console/referrals/{state.reference}")
    assert page.status == 200 and "The helpline promised a call." in page.text
    assert NUMBER not in page.text and "555-" not in page.text, "contact data on demand"
    assert "555" in browser.get(f"{page.path}?contact=yes").text
    page = browser.get("/console/queue")
    assert "Call back a caller of the helpline" in page.text


@pytest.mark.promise("helpline-hours")
def test_outside_the_hours_the_page_says_so_and_takes_a_number_alone(
    harness: LifecycleHarness, client: Client
) -> None:
    world = harness.world
    browser = Browser(client, "es")
    page = browser.get("/helpline")
    assert "Atiende ahora" in page.text or "Abierta" in page.text or "hasta" in page.text
    assert "Ahora está cerrada" not in page.text and not hours_of(page), (
        "nobody entered how many fit"
    )
    evening(world)
    page = browser.get("/helpline")
    assert "Ahora está cerrada" in page.text and not hours_of(page)
    entered(world, {9: 1, 10: 2})
    page = browser.get("/helpline")
    first = hours_of(page)[0]
    here = calendar.local(int(first))
    assert (here.hour, calendar.is_business_day(here.date())) == (9, True)
    page = browser.answer({**PUBLIC, "slot": first})
    assert page.status == 200 and "Esperamos llamarle" in page.text, page.text
    harness.settle()
    (one,) = kept(world)
    assert (one.by, one.channel, one.language, one.name) == ("caller", "web", "es", "")
    state = case_of(one.became)
    assert (state.promised, state.task is not None) == (int(first), True)


@pytest.mark.promise("helpline-hours")
def test_no_hour_is_offered_on_a_holiday_and_none_twice_as_often_as_staff_entered(
    world: World, client: Client
) -> None:
    world.at = calendar.typed("2026-11-25", "21:00")  # the evening before Thanksgiving
    entered(world, {9: 1})
    browser = Browser(client)
    page = browser.get("/helpline")
    days = [calendar.local(int(one)).date().isoformat() for one in hours_of(page)]
    assert days[:2] == ["2026-11-30", "2026-12-01"]
    first = hours_of(page)[0]
    browser.answer({**PUBLIC, "slot": first})
    other = Browser(client)
    assert first not in hours_of(other.get("/helpline"))
    late = other.post(
        "/helpline", {**other.page.hidden, **PUBLIC, "phone": "559-555-0199", "slot": first}
    )
    assert late.status == 422 and len(kept(world)) == 1


@pytest.mark.promise("helpline-hours")
def test_an_hour_in_which_staff_promised_a_call_is_offered_to_nobody_else_until_the_call(
    harness: LifecycleHarness, client: Client
) -> None:
    world = harness.world
    entered(world, {10: 1})
    first = slots.offered(world.at)[0].at
    day = calendar.local(first).date().isoformat()
    browser = signed_in(world, client, "specialist")
    for number in (NUMBER, "559-555-0199"):  # staff may promise more than fit
        browser.get(CALL)
        page = press(browser, CALL, **BACK | {"phone": number}, call_day=day, call_time="10:00")
        assert "The call is written down." in page.text
    assert first not in [one.at for one in slots.offered(world.at)]
    harness.settle()
    one, other = (case_of(made.became) for made in kept(world))
    for state in (one, other):
        assert first not in [free.at for free in slots.offered(world.at)]
        dynamodb.write(slots.given_back(state.promised, state.reference))
    assert first in [free.at for free in slots.offered(world.at)]


@pytest.mark.promise("helpline-hours")
def test_two_who_press_at_once_do_not_both_get_the_last_place(world: World) -> None:
    entered(world, {9: 1})
    at = slots.offered(world.at)[0].at
    barrier, got = Barrier(8), list[bool]()

    def takes(reference: str) -> None:
        place = slots.reserved(at, reference)
        assert place is not None
        barrier.wait()
        got.append(dynamodb.write(place))

    threads = [Thread(target=takes, args=(f"R{n}",)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got.count(True) == 1
    dynamodb.write(slots.given_back(at, "R-nobody"))
    assert at not in [one.at for one in slots.offered(world.at)]


def test_a_number_is_promised_no_more_than_two_calls_a_day(world: World, client: Client) -> None:
    entered(world, dict.fromkeys(slots.HOURS, 5))
    evening(world)
    for _ in range(3):
        browser = Browser(client)
        slot = hours_of(browser.get("/helpline"))[0]
        page = browser.answer({**PUBLIC, "slot": slot})
    assert page.status == 422 and len(kept(world)) == 2
    robot = Browser(client)
    slot = hours_of(robot.get("/helpline"))[0]
    sent = {**robot.page.hidden, **PUBLIC, "phone": "559-555-0177", "slot": slot, "website": "x"}
    assert robot.post("/helpline", sent).status == 422


def test_whoever_leads_enters_the_hours_and_nobody_else_may(world: World, client: Client) -> None:
    page = signed_in(world, client, "specialist").get(HOURS)
    assert page.status == 403
    browser = signed_in(world, client, "supervisor")
    browser.get(HOURS)
    press(browser, HOURS, h0_9="2", h1_10="x")
    assert (
        browser.page.errors == ["h1_10"] and "Tuesday, 10 to 11 in the morning" in browser.page.text
    )
    press(browser, HOURS, h0_9="2", h2_10="1")
    assert {when: n for when, n in slots.capacity().items() if n} == {(0, 9): 2, (2, 10): 1}
    page = browser.get(HOURS)
    assert re.findall(r'name="(\w+)"[^>]*value="([1-9])"', page.body) == [
        ("h0_9", "2"),
        ("h2_10", "1"),
    ]
    press(browser, HOURS, h0_9="3", h2_10="1", every_day="yes")
    assert {when: n for when, n in slots.capacity().items() if n} == {
        (day, 9): 3 for day in range(5)
    }


@pytest.mark.promise("helpline-hours")
def test_an_hour_is_offered_on_the_weekdays_alone_on_which_somebody_can_call(
    world: World, client: Client
) -> None:
    evening(world)
    slots.set_capacity({(2, 9): 1, (4, 15): 1}, "staff:sam-lead", world.at)
    offered = [calendar.local(int(at)) for at in hours_of(Browser(client).get("/helpline"))]
    assert {(one.weekday(), one.hour) for one in offered} == {(2, 9), (4, 15)}
    assert slots.reserved(int(offered[0].timestamp()) + DAY, "R") is None


@pytest.mark.promise("helpline-becomes-request")
def test_a_request_that_is_opened_from_a_promised_call_ends_the_call(
    harness: LifecycleHarness, client: Client
) -> None:
    from tests.web.conftest import CENTER

    world = harness.world
    evening(world)
    entered(world, {9: 1})
    caller = Browser(client, "es")
    slot = hours_of(caller.get("/helpline"))[0]
    caller.answer({**PUBLIC, "slot": slot, "name": "Rosa", "county": "fresno"})
    harness.settle()
    state = case_of(kept(world)[-1].became)
    world.at = int(slot) + 60
    browser = signed_in(world, client, "specialist")
    page = browser.get(f"/console/referrals/{state.reference}")
    (link,) = [one for one in page.links if "/console/new?call=" in one]
    page = browser.get(f"{link}&setting=center")
    assert (
        "559-555-0142" in page.body
        and "Rosa" in page.body
        and 'value="fresno" selected' in page.body
    )
    answers = {**CENTER, "came_by": "phone", "county": "fresno", "contact_phone": NUMBER}
    page = browser.answer(answers)
    harness.settle()
    state = case_of(state.reference)
    assert (state.status, state.closure) == ("call_made", "converted_to_request")
    assert contacts.find(state.contact_key).became not in ("", state.reference)


@pytest.mark.promise("helpline-hours")
def test_every_page_and_letter_names_the_hours_that_the_calendar_has() -> None:
    from chalicelib.web.languages import LOCALE

    text = (LOCALE / "es" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    joined = re.sub(r'"\n"', "", text)
    hours = (str(calendar.OPENS.hour), str(calendar.CLOSES.hour - 12))
    for words in (r"onday to Friday, (\d+) to (\d+)", r"unes a viernes,? de (\d+) a (\d+)"):
        named = re.findall(words, joined)
        assert len(named) > 20 and set(named) == {hours}


@pytest.mark.promise("helpline-hours")
@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-10-30T17:00", "2026-11-02T08:00"),  # the clocks go back over the weekend
        ("2026-11-01T01:30", "2026-11-02T08:00"),
        ("2027-03-12T21:00", "2027-03-15T08:00"),  # and forward
        ("2026-11-25T17:00", "2026-11-30T08:00"),  # Thanksgiving and the day after
        ("2026-12-24T18:00", "2026-12-28T08:00"),
        ("2026-12-07T16:59", ""),
        ("2026-12-07T07:59", "2026-12-07T08:00"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_that_says_when_the_helpline_opens_says_the_same_as_the_calendar(
    world: World, client: Client, moment: str, opens: str, lang: str
) -> None:
    _ = translator(lang)
    world.at = calendar.typed(moment[:10], moment[11:])
    entered(world, dict.fromkeys(slots.HOURS, 1))
    if opens:
        at = calendar.typed(opens[:10], opens[11:])
        said = _("Closed now. It opens %(when)s.", when=moment_words(at, lang))
    else:
        at = world.at
        until = time_words(calendar.typed(moment[:10], "17:00"), lang)
        said = _("Open now, until %(time)s.", time=until)
    for path in ("/", "/helpline"):
        assert " ".join(said.split()) in Browser(client, lang).get(path).text, path
    hours = [int(one) for one in hours_of(Browser(client, lang).get("/helpline"))]
    assert min(hours) >= at and all(calendar.into_business_time(one) == one for one in hours)
