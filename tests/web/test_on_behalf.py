"""Staff finish a task from a phone call: whose answer it was is said, and they are told."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.console import timeline
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.on_behalf import HOW
from chalicelib.workflow.storage import store
from infra.answers import DECLINED
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual

from .conftest import Browser, Page
from .taskpages import forms, inside, mailed, rows, send_pairs

pytestmark = pytest.mark.promise("answered-for-somebody")

TOLD = {"told_by": "Ben Example", "told_how": "phone"}
# Whose answers a role may record.
MAY = {
    ("specialist", "provider"),
    ("coordinator", "provider"),
    ("supervisor", "provider"),
    ("coordinator", "consultant"),
    ("supervisor", "consultant"),
}
CONTACT = ("Ana Demo", "ana@example.org")


def path(story: Story) -> str:
    task = story.state.task
    assert task is not None
    return f"/console/referrals/{story.reference}/behalf/{task.number}"


def told(story: Story) -> dict[str, str]:
    """Who told it and how: a text that is agreed to was read to them."""
    agrees = kind_of(story.asks).policy.agrees is not None
    return TOLD | ({"told_how": "read_aloud"} if agrees else {})


def records(browser: Browser, story: Story, answers: dict[str, Any], **more: Any) -> Page:
    """Fill in the form for somebody, and press."""
    address = path(story)
    page = browser.get(address)
    sent = {**answers, **told(story), "_nonce": page.hidden["_nonce"], **more}
    texts = {k: v if isinstance(v, list) else str(v) for k, v in sent.items()}
    return browser.post(address, texts, follow=False)


@pytest.mark.promise("answered-for-somebody")
@pytest.mark.parametrize("kind", ["offer", "first_contact", "plan", "plan_agreement", "summary"])
def test_an_answer_told_on_the_phone_counts_as_its_owners_and_they_are_told(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = at(harness, kind)
    task = story.state.task
    assert task is not None
    owner = f"{task.assignee}@example.org" if task.assignee else "ana@example.org"
    cora = signed_in(harness.world, client, "coordinator")
    assert path(story) in cora.get(f"/console/referrals/{story.reference}").links
    harness.world.mails.clear()
    how = told(story)["told_how"]
    done = records(cora, story, usual(story))
    assert done.status == 303 and done.headers["Location"].endswith(story.reference)
    entry = next(e for e in reversed(store.log(story.state)) if e.event == f"{kind}_answered")
    assert entry.actor == "staff:cora-match"
    assert entry.payload["for"] == (f"consultant:{task.assignee}" if task.assignee else "provider")
    assert (entry.payload["told_by"], entry.payload["told_how"]) == ("Ben Example", how)
    harness.settle()
    assert story.state.task is None or story.state.task.number != task.number, "the run went on"
    (letter,) = [m for m in harness.world.mails if "wrote down an answer" in m.subject]
    assert letter.to == owner and "fix it" in letter.text
    assert not any(words in letter.text for words in (*CONTACT, "Ben Example"))
    lines = timeline.lines(store.log(story.state), (), harness.world.at, "en")
    line = next(one.text for one in lines if "Recorded by" in one.text)
    assert "Recorded by Cora Match for" in line and f"Told by: Ben Example. {HOW[how]}." in line


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
@pytest.mark.parametrize("kind", ["triage", "offer", "plan_agreement", "agreement"])
def test_only_a_role_that_fits_records_and_never_a_signature(
    client: Client, harness: LifecycleHarness, role: str, kind: str
) -> None:
    story = at(harness, kind)
    browser = signed_in(harness.world, client, role)
    may = (role, kind_of(kind).role) in MAY and kind != "agreement"
    address, before = path(story), story.state
    page = browser.get(address, follow=False)
    assert page.status == (200 if may else 403 if role == "admin" else 303)
    shown = browser.get(f"/console/referrals/{story.reference}")
    assert (address in shown.links) is may
    answers = {**usual(story), **told(story), "_nonce": shown.hidden["_nonce"]}
    done = browser.post(address, {k: str(v) for k, v in answers.items()}, follow=False)
    assert done.status == (403 if role == "admin" else 303)
    assert (story.state == before) is not may


@pytest.mark.promise("another-id-looks-missing", "see-only-what-you-may")
def test_the_page_shows_no_contact_and_a_stranger_no_page(
    client: Client, harness: LifecycleHarness
) -> None:
    for kind in ("first_contact", "plan_agreement"):
        story = at(harness, kind)
        page = signed_in(harness.world, client, "supervisor").get(path(story))
        assert page.status == 200 and not any(words in page.body for words in CONTACT)
        assert Browser(client).get(path(story), follow=False).status == 303


@pytest.mark.parametrize("lacks", ["told_by", "told_how", "decision"])
def test_who_told_it_and_how_are_asked_and_what_was_typed_is_kept(
    client: Client, harness: LifecycleHarness, lacks: str
) -> None:
    story = at(harness, "offer")
    browser = signed_in(harness.world, client, "coordinator")
    before = story.state
    page = records(browser, story, {"decision": "accept"}, **{lacks: ""})
    assert page.status == 422 and page.errors == [lacks] and story.state == before
    assert lacks == "told_by" or "Ben Example" in page.body


@pytest.mark.promise("console-presses-are-ours")
def test_without_the_nonce_or_from_elsewhere_nothing_is_recorded(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    browser = signed_in(harness.world, client, "coordinator")
    before = story.state
    for more in ({"_nonce": ""}, {"_nonce": "x"}):
        assert records(browser, story, {"decision": "accept"}, **more).status == 403
    page = browser.get(path(story))
    for method, action, presses in forms(page):
        for pairs in presses:
            if "/behalf/" in action:
                assert send_pairs(browser, method, action, pairs).status in (200, 422)
    assert story.state == before


@pytest.mark.promise("answer-once", "staff-race-answer")
def test_the_consultants_own_press_and_the_record_leave_one_answer(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    cora = signed_in(harness.world, client, "coordinator")
    address = path(story)
    page = cora.get(address)
    consultant = Browser(client)
    offer = consultant.get(f"/t/{mailed(story)}")
    consultant.post(offer.path, {**DECLINED, "_nonce": offer.hidden["_nonce"]})
    before = rows(harness.world)
    sent = {"decision": "accept", **TOLD, "_nonce": page.hidden["_nonce"]}
    late = cora.post(address, sent, follow=False)
    assert late.status == 303 and rows(harness.world) == before


@pytest.mark.promise("double-press")
def test_pressing_twice_records_once_and_the_owner_still_sees_what_is_theirs(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    link, cora = mailed(story), signed_in(harness.world, client, "coordinator")
    address = path(story)
    sent = {"decision": "accept", **TOLD, "_nonce": cora.get(address).hidden["_nonce"]}
    for _ in range(3):
        assert cora.post(address, sent, follow=False).status == 303
    types = [e.event for e in store.log(story.state)]
    assert types.count("offer_answered") == 1
    page = inside(Browser(client), link)
    assert "answered on" in page.text and "ana@example.org" in page.body


@pytest.mark.parametrize("n", ["0", "99", "x", "-1", "99999", "%D9%A3"])
def test_a_task_that_is_not_asked_leads_back_to_the_request(
    client: Client, harness: LifecycleHarness, n: str
) -> None:
    story = at(harness, "offer")
    browser = signed_in(harness.world, client, "coordinator")
    page = browser.get(f"/console/referrals/{story.reference}/behalf/{n}", follow=False)
    assert page.status == 303
    assert browser.get(f"/console/referrals/nothing/behalf/{n}", follow=False).status == 404


@pytest.mark.promise("language-switch-keeps-text")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_speaks_both_languages_and_a_switch_records_nothing(
    client: Client, harness: LifecycleHarness, lang: str
) -> None:
    story = at(harness, "offer")
    browser = signed_in(harness.world, client, "coordinator", lang)
    heading = {"en": "Record an answer", "es": "Anotar una respuesta"}[lang]
    assert browser.get(path(story)).heading.startswith(heading)
    before = story.state
    page = records(browser, story, {"decision": "accept"}, _switch="es" if lang == "en" else "en")
    assert page.status == 200 and 'value="Ben Example"' in page.body and story.state == before
