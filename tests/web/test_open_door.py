"""Open-Door sessions, from the page on which staff enter them to the thank-you of those who came."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.meetings import rows
from chalicelib.meetings.model import HOST, Meeting
from tests.meetings import JOIN, clock, entered, now, sign
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("open-door")
TYPED = {
    "title_en": "When a day is hard",
    "title_es": "Cuando el día es difícil",
    "first": "2026-11-24",
    "time": "17:30",
    "repeat": "monthly",
    "last": "2027-03-31",
    "on_holiday": "skip",
    "minutes": "60",
    "language": "es",
    "host": "consultant:alma-reyes",
    "join": JOIN,
    "capacity": "30",
}
NEW = "/console/open-door/new"


def links(mail: str, what: str) -> list[str]:
    return re.findall(rf"/meeting/{what}/[a-z0-9-]+", mail)


def test_staff_see_the_days_of_a_series_before_a_second_press_enters_them(
    world: World, client: Client
) -> None:
    cora = signed_in(world, client, "coordinator")
    cora.get(NEW)
    shown = press(cora, NEW, **TYPED)
    assert "Tuesday, November 24, 2026" in shown.text and "Tuesday, March 23, 2027" in shown.text
    assert rows.ahead("open_door", world.at) == []
    seen = shown.hidden["_dates"]
    # Another time than the one that was shown is shown first.
    again = press(cora, NEW, **{**TYPED, "time": "18:00", "_dates": seen})
    assert rows.ahead("open_door", world.at) == [] and again.hidden["_dates"] != seen
    assert press(cora, NEW, **{**TYPED, "_dates": seen}).status == 200
    made = rows.ahead("open_door", world.at)
    assert [one.starts for one in made] == [
        "2026-11-24T17:30", "2026-12-22T17:30", "2027-01-26T17:30", "2027-02-23T17:30",
        "2027-03-23T17:30",
    ]  # fmt: skip
    assert len({one.series for one in made}) == 1 and made[0].language == "es"
    hosts = [mail for mail in clock(world) if mail.tags["kind"] == "signed_up"]
    assert len(hosts) == 5 and all(JOIN in mail.text for mail in hosts)


def test_the_same_page_answers_everybody_who_signs_up_and_their_letter_tells(
    world: World, client: Client
) -> None:
    meeting = entered(world, capacity=2)
    path = f"/open-door/{meeting.id}"
    answers = []
    for email in ("rosa@example.org", "rosa@example.org", "luis@example.org"):
        browser = Browser(client)
        assert JOIN not in browser.get(path).body
        answers.append(browser.answer({"email": email}).text)
    assert len(set(answers)) == 1
    assert [mail.to for mail in world.mails] == [
        "rosa@example.org", "rosa@example.org", "luis@example.org",
    ]  # fmt: skip
    assert now(meeting).taken == 2
    full = Browser(client).get(path)
    assert "All places are taken" in full.text and "email" not in full.names


def test_a_stranger_cannot_fill_somebodys_mailbox(world: World, client: Client) -> None:
    meeting = entered(world)
    for _ in range(5):
        browser = Browser(client)
        browser.get(f"/open-door/{meeting.id}")
        assert browser.answer({"email": "rosa@example.org"}).status == 200
    assert len(world.mails) == 3


def test_i_cannot_come_is_one_press_and_looking_does_nothing(world: World, client: Client) -> None:
    meeting = entered(world)
    sign(world, meeting)
    (letter,) = clock(world)
    (link,) = set(links(letter.text, "no"))
    browser = Browser(client)
    for _ in range(3):
        assert "rosa@" not in browser.get(link).body
    assert now(meeting).taken == 1
    assert "not on the list" in browser.answer({"decision": "cannot"}).text
    assert now(meeting).taken == 0
    assert world.mails[-1].tags["kind"] == "taken_off"
    assert "METHOD:CANCEL" in world.mails[-1].files[0].content
    other = entered(world)
    sign(world, other, "stranger@example.org")
    clock(world)
    before = len(world.mails)
    browser.get(links(world.mails[-1].text, "no")[0])
    browser.answer({"decision": "not_me"})
    assert len(world.mails) == before and now(other).taken == 0


def hosted(world: World, client: Client) -> tuple[Meeting, str]:
    """A session with a host, and the host's own page."""
    cora = signed_in(world, client, "coordinator")
    cora.get(NEW)
    one = {**TYPED, "repeat": "once"}
    shown = press(cora, NEW, **one)
    press(cora, NEW, **{**one, "_dates": shown.hidden["_dates"]})
    (meeting,) = rows.ahead("open_door", world.at)
    (letter,) = clock(world)
    return meeting, links(letter.text, "host")[0]


def opened(browser: Browser, link: str) -> Page:
    page = browser.get(link)
    return browser.post(f"{link}/open", {"_nonce": page.hidden["_nonce"]})


def test_a_host_says_who_came_without_an_account_and_those_are_thanked(
    world: World, client: Client
) -> None:
    meeting, link = hosted(world, client)
    rosa = sign(world, meeting)
    sign(world, meeting, "luis@example.org", lang="es")
    clock(world)
    browser = Browser(client)
    assert "@example.org" not in browser.get(link).body
    assert "came" not in opened(browser, link).names  # not before it has begun
    asked = clock(world, meeting.ends + 60)
    assert [mail.tags["kind"] for mail in asked if mail.to.startswith("alma")][-1:] == [
        "attendance"
    ]
    opened(browser, link)
    said = {"came": [rosa.key], "names": "Ana Díaz\nAna Díaz\nLuz", "drop_ins": "4"}
    done = browser.post(link, {**browser.page.hidden, **said})
    assert "Saved: who came" in done.text
    stands = now(meeting)
    assert (stands.recorded_by, stands.drop_ins) == ("consultant:alma-reyes", 4)
    names = [one.name for one in rows.guests(meeting.id) if one.part == "drop_in"]
    assert sorted(names) == ["Ana Díaz", "Luz"]
    (thanks,) = clock(world, world.at + 60)
    assert (thanks.to, thanks.tags["kind"]) == ("rosa@example.org", "thanks")
    assert clock(world, world.at + 3600) == []
    guest = Browser(client)
    page = guest.get(links(thanks.text, "thanks")[0])
    assert {"_nonce", "useful"} <= set(page.names) and "1-877-524-2422" in page.text
    assert "We read what you wrote" in guest.answer({"useful": "yes", "wish": "Naps"}).text
    kept = rows.guest(meeting.id, rosa.key)
    assert kept is not None and (kept.useful, kept.wish) == ("yes", "Naps")


def test_a_move_to_another_host_ends_the_link_of_the_first(world: World, client: Client) -> None:
    meeting, link = hosted(world, client)
    cora = signed_in(world, client, "coordinator")
    path = f"/console/open-door/{meeting.id}/change"
    page = cora.get(path)
    assert "1" in page.text
    known = {k: v for k, v in TYPED.items() if k not in ("repeat", "last", "on_holiday")}
    press(
        cora, path, **{**known, "host": "staff:sam-lead", "first": "2026-12-01", "why_en": "Sick."}
    )
    stands = now(meeting)
    assert (stands.status, stands.starts) == ("moved", "2026-12-01T17:30")
    told = {mail.to.split("@")[0]: mail.tags["kind"] for mail in clock(world)}
    assert sorted(told.values()) == ["signed_up", "taken_off"]
    assert Browser(client).get(link).status == 410
    assert [one.status for one in rows.guests(meeting.id) if one.part == HOST].count("coming") == 1


def test_whom_the_helpline_signs_up_by_phone_is_called_when_it_is_canceled(
    world: World, client: Client
) -> None:
    meeting = entered(world, days=20)
    own = f"/console/open-door/{meeting.id}"
    sofia = signed_in(world, client, "specialist")
    sofia.get(f"{own}/add")
    assert press(sofia, f"{own}/add", lang="es").errors == ["email"]
    said = {"name": "Ana Díaz", "phone": "213-555-0142", "lang": "es"}
    press(sofia, f"{own}/add", **said)
    sign(world, meeting)
    clock(world)
    assert now(meeting).taken == 2
    sam = signed_in(world, client, "supervisor")
    sam.get(f"{own}/cancel")
    page = press(sam, f"{own}/cancel", why_en="We are sorry: the host is ill.")
    assert "Please call them" in page.text and "555-0142" in page.text
    assert [mail.tags["kind"] for mail in clock(world)] == ["cancelled"]
    key = next(one.key for one in rows.guests(meeting.id) if one.name)
    sam.get(f"{own}/called")
    page = press(sam, f"{own}/called", called=[key])
    assert "Please call them" not in page.text
    assert sam.get("/open-door").text.count("Canceled") == 1


@pytest.mark.promise("open-door")
def test_staff_take_off_who_calls_and_their_place_is_free(world: World, client: Client) -> None:
    meeting = entered(world, days=20, capacity=2)
    rosa = sign(world, meeting)
    sofia = signed_in(world, client, "specialist")
    own = f"/console/open-door/{meeting.id}"
    sofia.get(f"{own}/add")
    press(sofia, f"{own}/add", name="Ana Díaz", phone="213-555-0142", lang="es")
    clock(world)
    ana = next(one.key for one in rows.guests(meeting.id) if one.name)
    assert f"{own}/off" in sofia.get(own).links and now(meeting).taken == 2
    sofia.get(f"{own}/off")
    assert press(sofia, f"{own}/off").errors == ["off"]
    sofia.get(f"{own}/off")
    page = press(sofia, f"{own}/off", off=[rosa.key, ana])
    assert page.text.count("Cannot come") == 2 and now(meeting).taken == 0
    (told,) = clock(world)
    assert (told.to, told.tags["kind"]) == (rosa.email, "taken_off")
    assert [file.method for file in told.files] == ["CANCEL"], "their calendar is put right"
    assert "Nobody has signed up" in sofia.get(f"{own}/off").text


def test_the_next_session_stands_on_the_start_page_and_where_providers_meet(
    world: World, client: Client
) -> None:
    browser = Browser(client)
    assert "/open-door" not in browser.get("/").links
    entered(world, days=30)
    from chalicelib.meetings import upcoming

    upcoming.forget()
    assert "/open-door" in browser.get("/").links
    assert "When a day is hard" in browser.get("/peers").text
    assert "/open-door" in browser.get("/help/older").links
