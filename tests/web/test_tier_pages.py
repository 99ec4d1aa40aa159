"""The pages of lighter support, second persons, urgency and declared emergencies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.aws.settings import settings
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import local
from chalicelib.referral.status.view import view
from chalicelib.web.languages import translator
from chalicelib.workflow.storage import store
from infra import answers
from tests.web.conftest import CENTER, Browser, Page, resume_with
from tests.web.staff import press as press_staff
from tests.web.staff import signed_in
from tests.web.taskpages import open_task, press
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.workflow.test_lifecycle import UNFIT, chosen
from tests.world import World

LANGUAGES = ["en", "es"]
WHY = "The county is on fire, they told us."


def lighter(harness: LifecycleHarness) -> Story:
    return chosen(at(harness, "triage"), "universal").falls_silent()


def speaks(page: Page, text: str, lang: str) -> bool:
    """Whether a page says a sentence in its language, and that language is not English by chance."""
    said = translator(lang)(text)
    return said in page.text and (lang == "en" or said != text)


@pytest.mark.promise("step-up-and-down")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_provider_answers_whether_it_helped_on_one_page(
    client: Client, harness: LifecycleHarness, lang: str
) -> None:
    story = lighter(harness)
    browser = Browser(client, lang)
    page = open_task(browser, story)
    assert page.lang == lang and speaks(page, "Did the support help?", lang)
    refused = press(browser, page, {})
    assert refused.status == 422 and refused.errors == ["decision"]
    assert story.asks == "check_in"
    page = press(browser, page, {"decision": "not_helped", "note": "It was full"})
    harness.settle()
    assert speaks(page, "Thank you for telling us. A specialist will talk with you again.", lang)
    assert story.asks == "triage"
    specialist = Browser(client)
    assert "It was full" in open_task(specialist, story).text


@pytest.mark.promise("no-has-a-hand-off")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_a_no_the_page_asks_for_help_found_elsewhere_and_offers_a_call(
    client: Client, harness: LifecycleHarness, lang: str
) -> None:
    story = harness.submit(**UNFIT).says(decision="redirected_local", alternatives="helpline")
    story.falls_silent()
    browser = Browser(client, lang)
    page = open_task(browser, story)
    assert speaks(page, "Did you find help?", lang)
    page = press(browser, page, {"decision": "call_wanted"})
    harness.settle()
    assert speaks(page, "Thank you for telling us. A specialist will call you.", lang)
    specialist = Browser(client, lang)
    page = open_task(specialist, story)
    assert "ana@example.org" in page.text and speaks(page, "How did it go?", lang)
    assert press(specialist, page, {"talked": "phone"}).status == 200
    assert not story.asks


@pytest.mark.promise("override-needs-reason")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["tier_review", "eligibility_review"])
def test_the_second_person_sees_who_decided_what_and_why(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, kind: str, lang: str
) -> None:
    monkeypatch.setenv("SECOND_PERSON", "on")
    settings.cache_clear()
    if kind == "tier_review":
        story = chosen(at(harness, "triage"), "universal")
    else:
        story = harness.submit(**UNFIT).says(
            decision="eligible", override_reason="other", override_text=WHY
        )
    assert story.asks == kind
    browser = Browser(client, lang)
    page = open_task(browser, story)
    assert "Sofia South" in page.text and speaks(page, "What your colleague decided", lang)
    refused = press(browser, page, {"decision": "refuse", "note": "no"})
    assert refused.status == 422 and refused.errors == ["note"]
    page = press(browser, page, {"decision": "refuse", "note": "Please call them once more."})
    harness.settle()
    assert page.status == 200 and story.asks in ("triage", "eligibility_confirmation")
    again = open_task(Browser(client, lang), story)
    assert speaks(again, "The second person did not agree", lang)
    assert "Please call them once more." in again.text


def test_the_status_page_says_what_can_be_used_while_a_lighter_support_goes_on(
    harness: LifecycleHarness,
) -> None:
    story = chosen(at(harness, "triage"), "universal")
    shown = view(story.state, store.log(story.state), harness.world.at, lambda who: who)
    assert shown.next.startswith("You can use the helpline and Open-Door sessions now")
    assert shown.word == "In progress" and shown.open and not shown.late
    assert [word for word, _ in shown.steps] == ["Received", "Checking", "In progress", "Closed"]
    task = story.state.task
    assert task is not None and shown.by == task.expires and not shown.asked
    story.falls_silent()
    shown = view(story.state, store.log(story.state), harness.world.at, lambda who: who)
    assert shown.asked == "Tell us if you found the help that you need"


@pytest.mark.promise("step-up-and-down")
def test_the_status_page_keeps_the_summary_after_a_step_down(harness: LifecycleHarness) -> None:
    story = at(harness, "summary").says(**answers.SUMMED_UP, lighter="universal")
    shown = view(story.state, store.log(story.state), harness.world.at, lambda who: who)
    assert shown.helped and shown.open and shown.consultant == ""
    assert shown.timeline[0].text == "Your consultation is over. Lighter support goes on for you."
    assert ("Consultant found", "done") in shown.steps


# -- urgency ---------------------------------------------------------------------------------------


@pytest.mark.promise("urgency-sets-clocks")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_change_the_urgency_with_a_reason(world: World, client: Client, lang: str) -> None:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    browser = signed_in(world, client, "specialist", lang)
    path = f"/console/referrals/{reference}/urgency"
    case = browser.get(f"/console/referrals/{reference}")
    assert any(link.endswith("/urgency") for link in case.links)
    page = browser.get(path)
    assert page.lang == lang and speaks(page, "Change how soon help is needed", lang)
    page = press_staff(browser, path, priority="stat", override_text="short")
    assert page.status == 422 and set(page.errors) == {"reason", "override_text"}
    assert "short" in page.body, "what was typed is kept"
    before = world.state(reference).priority
    same = press_staff(browser, path, priority=before, reason="other", override_text=WHY)
    assert same.status == 422 and same.errors == ["priority"]
    page = press_staff(browser, path, priority="stat", reason="more_urgent", override_text=WHY)
    assert page.path == f"/console/referrals/{reference}" and WHY in page.text
    assert world.state(reference).priority == "stat"
    assert "Sofia South" in page.text


@pytest.mark.promise("urgency-sets-clocks")
def test_a_request_that_has_ended_keeps_its_urgency(world: World, client: Client) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = world.submit()
    withdraw(reference, "", "w:1")
    page = signed_in(world, client, "admin").get(f"/console/referrals/{reference}/urgency")
    assert page.status == 200 and "This request has ended." in page.text
    assert "priority" not in page.names


# -- declared emergencies --------------------------------------------------------------------------


def day(world: World, days: int) -> str:
    return (local(world.at) + timedelta(days=days)).date().isoformat()


@pytest.mark.promise("emergency-declared")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_supervisor_declares_an_emergency_and_ends_it(
    world: World, client: Client, lang: str
) -> None:
    browser = signed_in(world, client, "supervisor", lang)
    page = browser.get("/console/emergencies")
    assert page.lang == lang and speaks(page, "No emergency is declared.", lang)
    page = press_staff(browser, "/console/emergencies", until=day(world, -1), note="fire")
    assert page.status == 422 and set(page.errors) == {"counties", "reason", "until", "note"}
    good = {"counties": "butte", "reason": "disaster", "until": day(world, 3), "note": WHY}
    page = press_staff(browser, "/console/emergencies", **good)
    assert page.status == 200 and "Butte" in page.text and "Sam Lead" in page.text
    assert emergencies.of_place("butte", "", world.at) is not None
    twice = press_staff(browser, "/console/emergencies", **good)
    assert twice.status == 422 and twice.errors == ["counties"]
    (one,) = emergencies.all_of_them()
    page = browser.get(f"/console/emergencies/{one.id}")
    assert page.status == 200 and WHY in page.text
    page = press_staff(browser, f"/console/emergencies/{one.id}")
    assert page.status == 422 and page.errors == ["note"]
    page = press_staff(browser, f"/console/emergencies/{one.id}", note="The fire is out, they say.")
    assert speaks(page, "No emergency is declared.", lang) and "Butte" in page.text
    assert emergencies.of_place("butte", "", world.at) is None
    page = browser.get(f"/console/emergencies/{one.id}")
    assert "The fire is out, they say." in page.text and "note" not in page.names


@pytest.mark.parametrize("key", ["butte-1", "butte", "%00", "x" * 300, "..%2Fqueue"])
def test_an_emergency_that_nobody_declared_is_not_found(
    world: World, client: Client, key: str
) -> None:
    browser = signed_in(world, client, "admin")
    assert browser.get(f"/console/emergencies/{key}").status in (400, 404)


def test_only_those_who_serve_in_an_emergency_see_the_way_there(
    world: World, client: Client
) -> None:
    for role, sees in (("specialist", False), ("coordinator", True), ("admin", True)):
        page = signed_in(world, client, role).get("/console")
        assert any(link.endswith("/console/emergencies") for link in page.links) is sees


@pytest.mark.promise("emergency-declared")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_pages_name_the_counties_and_the_form_only_its_own(
    world: World, client: Client, lang: str
) -> None:
    begins = {"en": "An emergency is declared in:", "es": "Hay una emergencia declarada en:"}

    def notices(browser: Browser, path: str) -> bool:
        return begins[lang] in browser.get(path).text

    browser = Browser(client, lang)
    assert not notices(browser, "/") and not notices(browser, "/start")
    since = world.at - 86400
    for county in ("butte", "kern"):
        emergencies.declare(Emergency((county,), since, day(world, 2), "disaster", "staff:x", WHY))
    for path in ("/", "/start"):
        assert notices(browser, path) and "Butte, Kern" in browser.page.text
    resume_with(browser, CENTER | {"county": "butte"})
    assert notices(browser, "/request/contact")
    assert "Butte" in browser.page.text and "Kern" not in browser.page.text
    resume_with(browser, CENTER | {"county": "fresno"})
    assert not notices(browser, "/request/contact")


@pytest.mark.promise("dependency-down")
def test_a_page_is_shown_without_the_notice_when_it_cannot_be_read(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(now: int) -> list[Emergency]:
        raise RuntimeError("down")

    monkeypatch.setattr(emergencies, "in_force", down)
    assert Browser(client).get("/").status == 200
