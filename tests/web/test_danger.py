"""Who answers that someone is in danger: the on-call lead hears with that answer, and calls today."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer
from tests.world import World

from .conftest import CENTER, FFN, Answers, Browser, Page, keep_draft
from .staff import signed_in
from .taskpages import inside, shown_status
from .test_return_link import DAY, minute

LEAD = "sam-lead@example.org"
NOBODY_KNOWN = {"contact_name": "", "contact_email": "", "contact_phone": ""}
pytestmark = pytest.mark.promise("danger-heard-at-once")


def paged(world: World) -> int:
    world.relay()
    return [mail.to for mail in world.mails].count(LEAD)


def main(page: Page) -> str:
    """What stands below the head of the page."""
    return page.body.partition("<main")[2]


def says_danger(browser: Browser, answers: Answers, page: str = "safety") -> None:
    keep_draft(browser, answers)
    browser.get(f"/request/{page}?change=1")
    browser.answer({**answers, "safety_now": "yes"})


def reference_of(world: World) -> str:
    (row,) = [r for r in world.table.scan()["Items"] if r["sk"] == "REFERRAL"]
    return str(row["pk"]).removeprefix("R#")


def test_the_lead_is_paged_when_the_answer_is_saved_and_the_page_asks_for_a_number(
    world: World, browser: Browser, patient: None
) -> None:
    says_danger(browser, {**CENTER, **NOBODY_KNOWN})
    page = browser.page
    assert page.path == "/request/danger" and paged(world) == 1
    assert main(page).index("tel:911") < main(page).index('name="contact_phone"')
    assert "today" in page.text
    reference = reference_of(world)
    state = world.state(reference)
    assert state.status == "draft" and not state.open, "nothing runs before it is sent"
    assert world.started == []
    browser.answer({"contact_phone": "(213) 555-0147"})
    assert paged(world) == 2, "the lead hears of the number"
    assert (
        "we will call: (213) 555-0147" in browser.page.text
        and 'name="contact_phone"' not in browser.page.body
    )
    assert world.state(reference).contact.phone == "(213) 555-0147"
    lead = inside(Browser(browser.client), world.mails[-1].link)
    assert "tel:" in lead.body and "(213) 555-0147" in lead.text
    assert 'mailto:"' not in lead.body
    # What was typed there stands in the form, and nobody types it twice.
    assert 'value="(213) 555-0147"' in browser.get("/request/contact").body


def test_the_number_is_asked_once_and_a_wrong_one_is_said(world: World, browser: Browser) -> None:
    says_danger(browser, {**CENTER, **NOBODY_KNOWN})
    page = browser.answer({"contact_phone": "5"})
    assert page.status == 422 and page.errors == ["contact_phone"]
    assert main(page).index("tel:911") < main(page).index("contact_phone-error")
    for _ in range(2):
        browser.get("/request/danger")
        browser.post("/request/danger", {**browser.page.hidden, "contact_phone": "213 555 0147"})
    assert paged(world) == 2


def test_who_left_a_number_before_is_not_asked_again(world: World, browser: Browser) -> None:
    says_danger(browser, {**CENTER, "contact_phone": "213 555 0147"})
    assert 'name="contact_phone"' not in browser.page.body and "213 555 0147" in browser.page.text
    assert world.state(reference_of(world)).contact.phone == "213 555 0147"


@pytest.mark.parametrize("press", [{"_go": "later"}, {"recent_event": ""}])
def test_it_is_heard_however_the_page_is_left(
    world: World, browser: Browser, press: dict[str, str]
) -> None:
    keep_draft(browser, {**FFN, **NOBODY_KNOWN})
    browser.get("/request/around")
    browser.answer({**FFN, "safety_now": "yes", **press})
    assert browser.page.path == "/request/danger" and paged(world) == 1


def test_it_is_told_once_and_sent_under_the_same_number(
    world: World, browser: Browser, patient: None
) -> None:
    says_danger(browser, CENTER)
    browser.get("/request/safety?change=1")
    browser.answer({**CENTER, "safety_now": "yes"})
    reference = reference_of(world)
    browser.get("/request/check")
    for _ in range(2):
        browser.post("/request/check", browser.page.hidden)
    assert browser.page.path == "/request/sent" and reference in browser.page.text
    state = world.state(reference)
    assert (state.open, state.status, state.side_tasks) == (True, "submitted", [1])
    assert state.contact.email == "rosa@example.org" and state.submitted == world.at
    assert paged(world) == 1 and world.started == [("referral", reference, 1, "eligibility")]
    log = store.log(state)
    assert [entry.event for entry in log] == ["safety_flagged", "submitted"]
    assert same_story(fold(Referral, reference, log), state)


def test_another_danger_after_the_first_is_settled_is_heard_too(
    world: World, browser: Browser
) -> None:
    says_danger(browser, CENTER)
    reference = reference_of(world)
    answer(reference, 1, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    for said in ("yes", "no", "yes"):
        browser.get("/request/safety?change=1")
        browser.answer({**CENTER, "safety_now": said})
    assert world.state(reference).side_tasks == [2]


def test_page_receipt_and_status_speak_of_today_and_of_911_first(
    world: World, browser: Browser, patient: None
) -> None:
    says_danger(browser, {**CENTER, "letters_language": "en"})
    browser.get("/request/check")
    page = browser.answer({})
    today = "We aim to call you today, Tuesday, October 20."
    assert today in page.text and main(page).index("tel:911") < main(page).index(today)
    reference = reference_of(world)
    world.relay()
    (receipt,) = [m for m in world.mails if m.to == "rosa@example.org"]
    assert today in receipt.text and receipt.text.index("911") < receipt.text.index(today)
    assert "do not have to do anything" not in receipt.text
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    status = shown_status(Browser(browser.client), reference)
    assert today in status.text and main(status).index("tel:911") < main(status).index(today)
    assert "Who acts next The person on call at the Network" in status.text
    answer(reference, 1, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    status = shown_status(Browser(browser.client), reference)
    assert today not in status.text and "We aim to call you by" in status.text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_answer_that_changes_to_danger_later_is_heard_too(
    world: World, client: Client, lang: str
) -> None:
    reference = world.matched(safety_now="no", letters_language=lang)
    before = paged(world)
    browser = Browser(client, lang)
    shown_status(browser, reference)
    browser.get("/status/change/concerns")
    known = {"concerns": ["challenging_behavior"], "suspension_expulsion_status": "none"}
    browser.answer({**CENTER, **known, "safety_now": "yes"})
    assert browser.page.path == "/status/view" and paged(world) == before + 1
    assert ("today" if lang == "en" else "hoy") in browser.page.text
    assert main(browser.page).index("tel:911") < main(browser.page).index("<dl")


@pytest.mark.promise("unsent-danger-forgotten")
def test_never_sent_it_is_forgotten_with_its_draft_once_the_concern_is_settled(
    world: World, browser: Browser
) -> None:
    says_danger(browser, {**CENTER, **NOBODY_KNOWN})
    browser.answer({"contact_phone": "(213) 555-0147"})
    reference = reference_of(world)
    world.at += 31 * DAY  # nobody has looked at it yet, so they may still have to call
    minute(world)
    assert world.state(reference).contact.phone == "(213) 555-0147"
    (n,) = world.state(reference).side_tasks
    answer(reference, n, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    world.at += 2 * DAY
    minute(world)
    state = world.state(reference)
    kept = [r for r in world.table.scan()["Items"] if r["pk"] == f"R#{reference}"]
    assert "555-0147" not in str(kept) and "UNSENT" not in {r["sk"] for r in kept}
    log = store.log(state)
    assert same_story(fold(Referral, reference, log), state)
    (flagged,) = [one for one in log if one.event == "safety_flagged"]
    assert flagged.payload["protocol"] == "danger_911", "what kind, when and what was done stay"
    (settled,) = [one for one in log if one.event == "safety_answered"]
    assert settled.payload["outcome"] == "safe_now"
    staff = signed_in(world, browser.client, "supervisor")
    page = staff.get(f"/console/referrals/{reference}")
    assert page.status == 200 and "never sent" in page.text


@pytest.mark.promise("unsent-danger-forgotten")
def test_it_is_forgotten_at_once_where_its_draft_is_deleted(world: World, browser: Browser) -> None:
    says_danger(browser, CENTER)
    reference = reference_of(world)
    answer(reference, 1, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    minute(world)
    assert world.state(reference).contact.email == "rosa@example.org", "they may still send it"
    browser.get("/request/later")
    browser.post("/request/forget", browser.page.hidden)
    minute(world)
    assert world.state(reference).contact.email == ""


@pytest.mark.promise("unsent-danger-forgotten")
def test_once_sent_it_is_kept(world: World, browser: Browser, patient: None) -> None:
    says_danger(browser, CENTER)
    browser.get("/request/check")
    browser.answer({})
    reference = reference_of(world)
    world.at += 33 * DAY
    minute(world)
    assert world.state(reference).contact.email == "rosa@example.org"
    assert "UNSENT" not in {r["sk"] for r in world.table.scan()["Items"]}
