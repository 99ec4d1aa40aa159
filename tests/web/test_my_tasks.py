"""All open tasks of a consultant behind one link, as safe as a task's own link."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.mail import task_list_link
from chalicelib.meetings import changing, hosts
from chalicelib.referral.matching.constraints import PAUSED, obstacles
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.web import links
from chalicelib.web.languages import date_words
from infra.answers import ACCEPTED
from tests.canary import sings
from tests.conftest import ENVIRONMENT, LINK_KEYS
from tests.meetings import JOIN, entered
from tests.unit.matching.test_matching_rules import need
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual
from tests.workflow.test_reassign import hand, somebody

from .conftest import FORM, Browser, Page
from .taskpages import forms, newest_code, press, prove, rows, send_pairs

PERSONAL = ("Ana Demo", "ana@example.org", "Demo Center", "90012")


def link_of(harness: LifecycleHarness, who: str = "") -> str:
    """The newest mailed link to somebody's list."""
    found = [re.search(r"/mine/([a-z0-9-]+)", m.text) for m in harness.world.mails
             if not who or m.to == f"{who}@example.org"]  # fmt: skip
    return [m[1] for m in found if m][-1]


def opened(browser: Browser, link: str) -> Page:
    """Tick, type the code, and see the list."""
    return prove(browser, browser.post(f"/mine/{link}/open", {"mine": "yes"}))


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    """A consultant who has accepted, and must contact the provider."""
    return at(harness, "first_contact")


@pytest.mark.promise("task-list-and-drafts")
def test_every_letter_to_a_consultant_has_the_link_and_no_other_letter_has(
    harness: LifecycleHarness, story: Story
) -> None:
    who = f"{story.state.consultant}@example.org"
    assert all(
        "/mine/" in m.text and "/mine/" in m.html for m in harness.world.mails if m.to == who
    )
    assert not any("/mine/" in m.text + m.html for m in harness.world.mails if m.to != who)
    assert story.state.consultant not in link_of(harness), "the address names nobody"


@pytest.mark.promise("forwarded-link-harmless", "first-page-neutral")
def test_the_list_shows_what_is_open_after_tick_and_code_only(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    browser, link = Browser(client), link_of(harness)
    page = browser.get(f"/mine/{link}")
    assert page.status == 200 and story.reference not in page.text
    page = browser.post(f"/mine/{link}/open", {"mine": "yes"})
    assert "_code" in page.names and story.reference not in page.text
    page = prove(browser, page)
    assert page.path == "/mine" and story.reference in page.text
    assert "Contact the provider for the first time" in page.text
    assert "Demo Center" in page.text and link not in page.body
    assert sings(PERSONAL, page.body) == ["Demo Center"]
    again = browser.get(f"/mine/{link}")
    assert again.path == "/mine" and "mine" not in again.names, "this browser is known"


@pytest.mark.promise("task-list-and-drafts")
def test_each_line_opens_its_task_and_takes_the_answer(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:

    browser = Browser(client)
    page = opened(browser, link_of(harness))
    (target,) = [link for link in page.links if link.startswith("/task/")]
    task = browser.get(target)
    assert "ana@example.org" in task.body
    raw = {k: str(v) for k, v in usual(story).items()}
    assert "You have talked" in press(browser, task, raw).text
    harness.settle()
    assert story.asks == "agreement"
    assert "Nothing waits for you" in browser.get("/mine").text


@pytest.mark.promise("reassign-with-note")
def test_a_page_that_the_list_opened_ends_when_somebody_else_takes_over(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    browser = Browser(client)
    page = opened(browser, link_of(harness))
    (target,) = [link for link in page.links if link.startswith("/task/")]
    task = browser.get(target)
    assert "ana@example.org" in task.body
    assert hand(story, somebody(story))
    harness.settle()
    assert not sings(PERSONAL, browser.get(target).body)
    answered = press(browser, task, {k: str(v) for k, v in usual(story).items()})
    assert not sings(PERSONAL, answered.body)
    assert story.asks == "first_contact", "their answer counts no more"


@pytest.mark.promise("task-list-and-drafts")
def test_the_list_is_sorted_by_due_date_and_marks_what_is_overdue_and_kept(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    who = story.state.consultant
    other = harness.submit()
    other.triaged()
    state = other.state
    assert state.task is not None
    from chalicelib.workflow.cases import Entry
    from chalicelib.workflow.storage import store

    # The same consultant has an offer, too.
    task = state.task.model_copy(update={"assignee": who}).model_dump(exclude_defaults=True)
    entry = Entry(event="task_taken", at=harness.world.at, actor="staff:x", command="x",
                  changes={"task": task, "consultant": who})  # fmt: skip
    also = (
        [people.reserve_place(who, other.reference, harness.world.at)]
        if state.consultant != who
        else []
    )
    store.change(other.reference, lambda s: None if s.command == "x" else (entry, also))
    browser = Browser(client)
    page = opened(browser, link_of(harness, who))
    places = [page.body.index(one.reference) for one in (other, story)]
    dues = [one.state.task.due for one in (other, story) if one.state.task]
    assert (places[0] < places[1]) == (dues[0] < dues[1]) and "Overdue" not in page.text
    target = f"/task/{story.reference}/{story.state.tasks}"
    press(browser, browser.get(target), {"note": "Half", "_keep": "1"})
    harness.world.at = max(dues) + 1
    page = browser.get("/mine")
    assert page.text.count("Overdue") == 2
    assert (
        page.body.index("Begun and not sent yet")
        < page.body.index(f'"{target}"')
        < page.body.index("Overdue")
    )


@pytest.mark.promise("reassign-with-note")
def test_who_takes_over_finds_the_note_on_their_list_while_it_is_not_their_turn(
    client: Client, harness: LifecycleHarness
) -> None:
    from tests.workflow.test_reassign import NOTE, hand, somebody

    story = at(harness, "agreement")
    new = somebody(story)
    hand(story, new)
    harness.settle()
    page = opened(Browser(client), link_of(harness, new))
    assert story.reference in page.text and NOTE in page.text
    assert "The provider has the service agreement to sign." in page.text
    assert "Demo Center" in page.text, "what they know it by"
    assert sings(PERSONAL, page.body) == ["Demo Center"]


@pytest.mark.promise("session-by-link")
def test_the_next_session_stands_on_the_list(client: Client, harness: LifecycleHarness) -> None:
    at(harness, "service")
    page = opened(Browser(client), link_of(harness))
    assert "Next session:" in page.text


@pytest.mark.promise("never-over-the-cap")
def test_a_consultant_pauses_new_offers_and_takes_them_again(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    who, browser = story.state.consultant, Browser(client)
    opened(browser, link_of(harness))

    def row() -> dict[str, Any]:
        return dict(people.consultant_now(who))

    for wish, expected in (("pause", True), ("resume", None)):
        page = browser.get("/mine/offers")
        refused = browser.post("/mine/offers", {"_nonce": page.hidden["_nonce"]})
        assert refused.status == 422 and refused.errors == ["offers"]
        assert browser.post("/mine/offers", {"offers": wish, "_nonce": "x"}).status == 422
        sent = {"offers": wish, "_nonce": page.hidden["_nonce"]}
        done = browser.post("/mine/offers", sent)
        assert done.path.startswith("/mine?") and "Saved" in done.text
        assert row().get("paused_offers") is expected
        assert browser.post("/mine/offers", sent).status == 422, "one press, once"
    assert "Pause new offers" in browser.get("/mine").text


@pytest.mark.promise("rest-until-a-day")
def test_a_rest_from_offers_ends_by_itself_on_its_day(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    who, browser, at = story.state.consultant, Browser(client), harness.world.at
    opened(browser, link_of(harness))
    page = browser.get("/mine/offers")
    lacks = browser.post("/mine/offers", {"offers": "until", "_nonce": page.hidden["_nonce"]})
    assert lacks.status == 422 and lacks.errors == ["first_day"]
    day = pacific_date(at + 9 * 86400)
    sent = {"offers": "until", "first_day": day.isoformat(), "_nonce": page.hidden["_nonce"]}
    assert f"before {date_words(midnight(day), 'en')}" in browser.post("/mine/offers", sent).text

    def paused(at: int) -> bool:
        one = Consultant.read(people.consultant_now(who))
        return ("H9", PAUSED) in obstacles(need(), one, at)

    assert paused(at) and paused(midnight(day) - 1) and not paused(midnight(day))
    harness.world.at = midnight(day)
    assert "We offer you new consultations" in browser.get("/mine").text
    assert "Offer me new consultations again" not in browser.get("/mine/offers").text


@pytest.mark.promise("scanner-looks", "scanner-submits", "looking-writes-nothing")
@pytest.mark.parametrize("kind", ["first", "code", "list", "mail"])
def test_a_scanner_changes_nothing_on_any_page_of_the_list(
    client: Client, harness: LifecycleHarness, story: Story, kind: str
) -> None:
    browser, link = Browser(client), link_of(harness)
    ways: dict[str, Any] = {
        "first": lambda: browser.get(f"/mine/{link}"),
        "code": lambda: browser.post(f"/mine/{link}/open", {"mine": "yes"}),
        "list": lambda: opened(browser, link),
        "mail": lambda: browser.get("/mine"),
    }
    page = ways[kind]()
    before, sent = rows(harness.world), len(harness.world.mails)
    for path in (f"/mine/{link}", "/mine"):
        for method in ("HEAD", "GET"):
            assert browser.send(method, path).status < 500
    assert rows(harness.world) == before
    for method, action, presses in forms(page):
        for pairs in presses:
            assert send_pairs(browser, method, action, pairs).status < 500
    assert len(harness.world.mails) == sent
    changed = [r for r in rows(harness.world) if r not in before]
    assert all(row["pk"].startswith("LIMIT#") for row in changed)
    assert kind == "mail" or not changed


@pytest.mark.promise("link-expires-to-the-second")
@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 410), (1, 410)])
def test_the_link_ends_at_its_second(
    client: Client, harness: LifecycleHarness, story: Story, late: int, status: int
) -> None:
    link = task_list_link.address(story.state.consultant).rpartition("/")[2]
    harness.world.at += task_list_link.LINK_SECONDS + late
    assert Browser(client).get(f"/mine/{link}").status == status


@pytest.mark.promise("mangled-link", "link-secrets", "known-and-unknown-alike")
def test_mangled_forged_ended_and_unknown_links_get_one_page(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    good = link_of(harness)
    for mended in (good.upper(), good + ".", good + "%3E", good[:20] + "=%0D%0A" + good[20:]):
        assert Browser(client).get(f"/mine/{mended}").status == 200, mended
    parts = good.split("-")
    bad = [good[:-3], "x", "%00", "a" * 300, "-".join([*parts[:-1], "a" * 26]),
           "-".join(["0" * 24, *parts[1:]]), "-".join([parts[0], "ffffffff", *parts[2:]]),
           links.ticket("other", parts[0], harness.world.at + 99)]  # fmt: skip
    pages = [Browser(client).get(f"/mine/{link}") for link in bad]
    assert {page.status for page in pages} == {410} and len({page.body for page in pages}) == 1
    for link in bad:
        page = Browser(client).post(f"/mine/{link}/open", {"mine": "yes"})
        assert page.status == 200 and "_code" not in page.names and "email" in page.names


@pytest.mark.promise("link-key-rotated")
def test_a_rotated_key_opens_the_list_until_the_link_ends(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    old = link_of(harness)
    keys = {"current": "b", "a": str(LINK_KEYS["a"]), "b": "7c" * 32}
    harness.world.aws.secrets[ENVIRONMENT["LINK_KEYS_SECRET"]] = json.dumps(keys)
    links.forget_keys()
    browser = Browser(client)
    assert story.reference in opened(browser, old).text


@pytest.mark.promise("forwarded-link-harmless", "two-people-one-link")
def test_a_link_that_was_passed_on_shows_nothing_without_the_code(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    link, owner, thief = link_of(harness), Browser(client), Browser(client)
    opened(owner, link)
    page = thief.post(f"/mine/{link}/open", {"mine": "yes"})
    guess = f"{(int(newest_code()) + 1) % 10**6:06d}"
    for code in (guess, ""):
        assert thief.post(f"/mine/{link}/open", {"mine": "yes", "_code": code}).status == 422
    thief.cookies["mine"] = owner.cookies["mine"]  # even with the list's cookie
    for path in ("/mine", f"/task/{story.reference}/{story.state.tasks}"):
        page = thief.get(path)
        assert story.reference not in page.text and not sings(PERSONAL, page.body)
    thief.cookies["mine"] = owner.cookies["mine"][:-1] + "x"
    thief.cookies["known"] = owner.cookies["known"]
    assert story.reference not in thief.get("/mine").text


@pytest.mark.promise("link-bound-to-task", "another-id-looks-missing")
def test_the_list_opens_no_task_of_somebody_else(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    browser = Browser(client)
    opened(browser, link_of(harness))
    other = harness.submit()
    for path in (f"/task/{story.reference}/1", f"/task/{other.reference}/1", "/task/x/1",
                 f"/task/{story.reference}/99", f"/task/{story.reference}/-1",
                 f"/task/{story.reference}/%D9%A3", "/task/0QXP-0SBS-4/1"):  # fmt: skip
        page = browser.get(path)
        assert page.status == 404 and not sings(PERSONAL, page.body), path


@pytest.mark.promise("consultant-leaves")
def test_somebody_who_left_the_network_has_no_list_any_more(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    browser, link = Browser(client), link_of(harness)
    opened(browser, link)
    harness.world.table.update_item(
        Key={"pk": people.CONSULTANTS, "sk": story.state.consultant},
        UpdateExpression="SET active = :no",
        ExpressionAttributeValues={":no": False},
    )
    people.forget()
    assert story.reference not in browser.get("/mine").text
    assert Browser(client).get(f"/mine/{link}").status == 410


@pytest.mark.promise("known-and-unknown-alike", "few-letters-to-strangers")
def test_a_fresh_link_goes_to_a_consultants_own_address_and_nobody_learns_whose_it_is(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    harness.world.mails.clear()
    address = f"{story.state.consultant}@example.org"
    typed = [
        address,
        address.upper(),
        "nobody@example.org",
        "",
        "x" * 500,
        "\x00",
        "ana@example.org",
    ]
    pages = [Browser(client).post("/mine/fresh", {"email": one}) for one in typed]
    assert {page.status for page in pages} == {200} and len({page.body for page in pages}) == 1
    assert [m.to for m in harness.world.mails] == [address, address]
    for _ in range(5):
        Browser(client).post("/mine/fresh", {"email": address})
    assert len(harness.world.mails) == 3
    browser = Browser(client)
    assert story.reference in opened(browser, link_of(harness)).text


@pytest.mark.promise("english-and-spanish", "language-switch-keeps-text")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_list_speaks_both_languages_and_a_switch_decides_nothing(
    client: Client, harness: LifecycleHarness, story: Story, lang: str
) -> None:
    browser, link = Browser(client, lang), link_of(harness)
    heading = {"en": "Your open tasks", "es": "Sus tareas pendientes"}[lang]
    assert browser.get(f"/mine/{link}").heading == heading
    page = opened(browser, link)
    assert page.heading == heading and page.lang == lang
    other = "es" if lang == "en" else "en"
    page = browser.get("/mine/offers")
    answers = {"_switch": other, "offers": "pause", "_nonce": page.hidden["_nonce"]}
    assert browser.post("/mine/offers", answers).lang == other
    people.forget()
    assert not people.consultant(story.state.consultant).get("paused_offers")


@pytest.mark.promise("press-needs-choice-and-nonce")
def test_a_press_from_another_site_is_refused(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    browser, link = Browser(client), link_of(harness)
    opened(browser, link)
    head = {"content-type": FORM, "sec-fetch-site": "cross-site"}
    for path in (f"/mine/{link}/open", "/mine/open", "/mine/fresh", "/mine/offers"):
        assert browser.send("POST", path, b"mine=yes&offers=pause", head).status == 403
    assert ACCEPTED


@pytest.mark.promise("sessions-from-the-desk")
def test_the_list_shows_sessions_to_come_and_a_calendar_that_follows_them(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "third session")
    state = story.state
    browser = Browser(client)
    page = opened(browser, link_of(harness, state.consultant))
    ahead = {n: when for n, when in state.appointments.items() if when > harness.world.at}
    assert ahead and "Your sessions" in page.text and "Demo Center" in page.text
    assert re.search(r"Hours this month Consultations [0-9.]+ In all [0-9.]+", page.text)
    path = re.search(r'href="[^"]*(/mine/calendar/[a-z0-9-]+)"', page.body)
    assert path is not None
    # A calendar program has no cookies.
    saved = Browser(client).get(path[1])
    assert saved.status == 200 and saved.headers["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(saved.body).walk("VEVENT")
    assert sorted(int(e.start.timestamp()) for e in events) == sorted(state.appointments.values())
    assert not sings(PERSONAL, saved.body)
    meeting = entered(harness.world)
    after = replace(meeting, host=hosts.consultant(state.consultant))
    at_work = hosts.rows_for(after, meeting.host, "staff:x", harness.world.at)
    changing.change(meeting, after, "staff:x", harness.world.at, at_work)
    saved = Browser(client).get(path[1])
    events = icalendar.Calendar.from_ical(saved.body).walk("VEVENT")
    assert after.at in {int(one.start.timestamp()) for one in events}, (
        "what they lead is there, too"
    )
    assert JOIN not in saved.body
    assert Browser(client).get("/mine/calendar/nonsense").status == 404
    people.set_fields(state.consultant, {"active": False})
    assert Browser(client).get(path[1]).status == 404, "who left has no calendar here"


@pytest.mark.promise("hours-of-all-services")
def test_hours_stay_with_whoever_served_them_when_a_consultation_goes_on_with_somebody_else(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "third session")
    old, world = story.state.consultant, harness.world
    browser = Browser(client)
    hours = r"Hours this month Consultations ([0-9.]+)"
    before = re.search(hours, opened(browser, link_of(harness, old)).text)
    new = somebody(story)
    hand(story, new)
    harness.settle()
    after = re.search(hours, browser.get("/mine").text)
    assert before and after and before[1] == after[1] != "0.0"
    theirs = Browser(client)
    assert "Nothing is recorded for this month" in opened(theirs, link_of(harness, new)).text
    world.at = midnight(pacific_date(world.at).replace(day=28)) + 5 * 86400
    assert "Nothing is recorded for this month" in browser.get("/mine").text


@pytest.mark.promise("hours-of-all-services", "sessions-from-the-desk")
def test_meetings_that_a_consultant_leads_stand_on_their_page_and_in_their_hours(
    client: Client, harness: LifecycleHarness, story: Story
) -> None:
    who, world, browser = story.state.consultant, harness.world, Browser(client)
    host = f"consultant:{who}"
    one = entered(world, days=2, title={"en": "Open-Door at noon", "es": "Puertas Abiertas"})
    led = hosts.rows_for(replace(one, host=host), "", "staff:x", world.at)
    changing.change(one, replace(one, host=host), "staff:x", world.at, led)
    page = opened(browser, link_of(harness))
    assert "Meetings that you lead" in page.text and "Open-Door at noon" in page.text
    (link,) = [link for link in page.links if "/meeting/host/" in link]
    assert browser.get(urlsplit(link).path).status == 200
    world.at = one.ends
    page = browser.get("/mine")
    assert f"Meetings and groups that you led {one.minutes / 60:.1f}" in page.text
    assert "Meetings that you lead" not in page.text


@pytest.mark.promise("session-in-four-taps")
def test_the_record_of_a_session_begins_on_the_list_with_its_first_tap(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "third session")
    browser = Browser(client)
    page = opened(browser, link_of(harness, story.state.consultant))
    (way,) = [link for link in page.links if "?begin=" in link]
    before = rows(harness.world)
    form = browser.get(way)
    assert form.root.xpath("//input[@name='happened'][@checked]/@value") == ["planned"]
    assert rows(harness.world) == before, "a look chooses nothing for good"
    harness.world.at = max(harness.world.at, story.state.appointment or 0)
    held = story.state.sessions.held if story.state.sessions else 0
    said = {"happened": "planned", "next": "as_planned", "note": "Calm", "note_for": "private"}
    press(browser, browser.get(way), {**{k: str(v) for k, v in usual(story).items()}, **said})
    assert story.state.sessions and story.state.sessions.held == held + 1
    odd = browser.get(way.replace("begin=planned", "begin=nonsense"))
    assert not odd.root.xpath("//input[@name='happened'][@checked]")
