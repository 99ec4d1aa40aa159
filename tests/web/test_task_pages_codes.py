"""A link that was passed on opens no contact and accepts nothing without the mailed code."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.workflow.kinds import every_kind, kind_of
from chalicelib.workflow.storage import store
from infra.answers import ACCEPTED, DECLINED
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual

from .conftest import Browser, Page
from .taskpages import (
    KINDS,
    asked,
    first,
    form_of,
    forms,
    hidden,
    inside,
    mailed,
    newest_code,
    open_task,
    press,
    prove,
    rows,
    send_pairs,
)

CONTACT = ("Ana Demo", "ana@example.org")


def accept(browser: Browser, story: Story) -> Page:
    """Press yes on the offer, and stop at whatever comes."""
    page = browser.get(f"/t/{mailed(story)}")
    return browser.post(page.path, {**ACCEPTED, "_nonce": page.hidden["_nonce"]}, follow=False)


def codes(harness: LifecycleHarness) -> list[str]:
    return [m.to for m in harness.world.mails if m.code]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.promise("forwarded-link-harmless")
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_shows_how_to_reach_somebody_asks_a_new_browser_for_the_code(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    page = Browser(client).post(f"/t/{mailed(story)}/open", {"mine": "yes"})
    if kind == "safety":  # somebody may be in danger: no code stands before the phone number
        assert "_code" not in page.names and CONTACT[0] in page.body
    elif kind_of(kind).policy.sensitive:
        assert "_code" in page.names and not any(words in page.body for words in CONTACT)
    else:
        assert "_code" not in page.names
        assert not any(words in page.body for words in CONTACT), "mark this kind as sensitive"


@pytest.mark.promise("forwarded-link-harmless")
def test_an_accept_with_its_choice_is_kept_through_the_code(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    consultant = story.state.consultant
    browser = Browser(client)
    page = accept(browser, story)
    assert page.status == 200 and page.heading == "We mailed you a code"
    assert story.state.status == "match_proposed", "nothing is decided yet"
    assert codes(harness) == [f"{consultant}@example.org"]
    assert page.hidden["decision"] == "accept"
    done = prove(browser, page)
    assert "Ana Demo" in done.body and "recorded=yes" in done.path
    entry = store.log(story.state)[-1]
    assert (entry.event, entry.payload["proof"]) == ("offer_answered", "verified")
    nina = signed_in(harness.world, client, "specialist")
    page = nina.get(f"/console/referrals/{story.reference}")
    assert page.text.count("Checked with a mailed code") == 1, "staff see it, once"


@pytest.mark.promise("forwarded-link-harmless")
def test_a_decline_and_a_logged_session_never_ask_and_are_written_down_as_link_only(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    press(browser, browser.get(f"/t/{mailed(story)}"), DECLINED)
    assert store.log(story.state)[-1].payload["proof"] == "link only"
    story = at(harness, "service")
    browser, before = Browser(client), len(harness.world.mails)

    answers = {k: str(v) for k, v in usual(story).items()}
    page = press(browser, browser.get(f"/t/{mailed(story)}"), answers)
    assert "Recorded" in page.text and len(harness.world.mails) == before
    assert store.log(story.state)[-1].payload["proof"] == "link only"


@pytest.mark.promise("forwarded-link-harmless")
def test_a_browser_is_asked_once_for_a_person_and_not_for_each_task(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    press(browser, open_task(browser, story), ACCEPTED)
    harness.settle()
    assert story.asks == "first_contact"
    sent = len(codes(harness))
    page = open_task(browser, story)
    assert "ana@example.org" in page.body and len(codes(harness)) == sent
    harness.world.at += 90 * 86400 + 1
    story = asked(harness, "triage")
    assert "_code" in browser.post(f"/t/{mailed(story)}/open", {"mine": "yes"}).names


@pytest.mark.promise("forwarded-link-harmless")
def test_a_browser_that_is_known_for_one_person_is_asked_for_another(
    client: Client, harness: LifecycleHarness
) -> None:
    story, browser = asked(harness, "triage"), Browser(client)
    open_task(browser, story)
    story = asked(harness, "offer")
    assert "_code" in accept(browser, story).names
    prove(browser, browser.page)
    assert store.log(story.state)[-1].payload["proof"] == "verified"
    story = asked(harness, "triage")
    page = browser.post(f"/t/{mailed(story)}/open", {"mine": "yes"})
    assert "Ana Demo" in page.body, "and is still known for the first"


@pytest.mark.promise("forwarded-link-harmless")
def test_the_code_mail_is_neutral_has_no_link_and_says_not_to_pass_it_on(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    accept(Browser(client), story)
    mail = next(m for m in reversed(harness.world.mails) if m.code)
    assert "http" not in mail.text and "http" not in mail.html
    assert "do not pass it on" in mail.text and mail.code not in mail.subject
    assert not any(words in mail.text for words in (*CONTACT, "consultation?"))
    assert mail.code not in str(rows(harness.world)), "the code is stored nowhere"


@pytest.mark.promise("forwarded-link-harmless")
def test_a_wrong_code_keeps_what_was_typed_and_the_sixth_try_is_no_try(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = accept(browser, story)
    sent, good = len(harness.world.mails), newest_code()
    action = page.path
    for _ in range(5):
        page = browser.post(action, {**page.hidden, "_code": wrong(good)}, follow=False)
        assert page.status == 422 and page.errors == ["_code"]
        assert page.hidden["decision"] == "accept"
    assert browser.post(action, {**page.hidden, "_code": good}).status == 422
    assert story.state.status == "match_proposed" and len(harness.world.mails) == sent
    page = browser.post(action, {**page.hidden, "_code": "", "_again": "yes"})
    assert page.status == 200 and len(harness.world.mails) == sent + 1
    prove(browser, page)
    assert story.state.status == "matched"


@pytest.mark.promise("forwarded-link-harmless")
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "①②③④⑤⑥⑦", "\x00", "x" * 500])
def test_what_is_no_code_costs_no_try_and_mails_nothing(
    client: Client, harness: LifecycleHarness, typed: str
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = accept(browser, story)
    before, sent = rows(harness.world), len(harness.world.mails)
    page = browser.post(page.path, {**page.hidden, "_code": typed}, follow=False)
    assert page.status == 422
    assert rows(harness.world) == before and len(harness.world.mails) == sent


@pytest.mark.promise("forwarded-link-harmless", "link-expires-to-the-second")
@pytest.mark.parametrize(("late", "status"), [(-1, 303), (0, 422), (1, 422)])
def test_a_code_ends_after_ten_minutes_to_the_second(
    client: Client, harness: LifecycleHarness, late: int, status: int
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = accept(browser, story)
    harness.world.at += 600 + late
    assert prove(browser, page, follow=False).status == status


@pytest.mark.promise("forwarded-link-harmless")
def test_the_code_of_one_browser_opens_nothing_in_another(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    mine, thief = Browser(client), Browser(client)
    page = accept(mine, story)
    good = newest_code()
    stolen = accept(thief, story)
    assert newest_code() != good
    answer = thief.post(stolen.path, {**stolen.hidden, "_code": good}, follow=False)
    assert answer.status == 422 and story.state.status == "match_proposed"
    bare = Browser(client)  # the form without the cookie
    assert bare.post(page.path, {**page.hidden, "_code": good}).status == 422
    assert mine.post(page.path, {**page.hidden, "_code": good}).status == 200
    assert story.state.status == "matched"


@pytest.mark.promise(
    "forwarded-link-harmless", "known-and-unknown-alike", "few-letters-to-strangers"
)
def test_three_codes_an_hour_and_the_fourth_is_not_announced_as_sent(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    pages = []
    for _ in range(6):
        pages.append(accept(browser, story))
        harness.world.at += 601  # the code before is good no more
    assert len(codes(harness)) == 3
    plain = {re.sub(r'value="[^"]*"', "", page.body) for page in pages}
    assert len(plain) == 2 and {page.status for page in pages} == {200}
    told = ["No other code was mailed" in page.text for page in pages]
    assert told == [False] * 3 + [True] * 3
    assert not any("We mailed you a code" in page.text for page in pages[3:])
    harness.world.at += 3601
    accept(Browser(client), story)
    assert len(codes(harness)) == 4


@pytest.mark.promise("forwarded-link-harmless")
def test_a_challenge_that_mailed_nothing_is_never_answered_right(
    client: Client, harness: LifecycleHarness
) -> None:
    from chalicelib.web import links

    story = asked(harness, "offer")
    browser = Browser(client)
    for _ in range(3):
        accept(browser, story)
        harness.world.at += 601
    page = accept(browser, story)
    signed = browser.cookies["code"]
    assert links.digits("code", signed) == ""
    for guess in (links.digits("mute", signed), newest_code()):
        assert browser.post(page.path, {**page.hidden, "_code": guess}).status == 422


@pytest.mark.promise("double-press")
def test_pressing_again_while_a_code_is_good_mails_no_second_one(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    for _ in range(4):
        page = accept(browser, story)
    assert len(codes(harness)) == 1
    prove(browser, page)
    assert story.state.status == "matched"


@pytest.mark.promise("scanner-submits", "answer-once")
def test_a_scanner_that_sends_the_code_page_as_rendered_uses_nothing_up(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = accept(browser, story)
    before, sent = rows(harness.world), len(harness.world.mails)
    for method, action, presses in forms(page):
        for pairs in presses:
            answer = send_pairs(browser, method, action, pairs)
            assert answer.status == (200 if any(n == "_switch" for n, _ in pairs) else 422)
    assert rows(harness.world) == before and len(harness.world.mails) == sent
    prove(browser, page)
    assert story.state.status == "matched", "the person's own press still works"


@pytest.mark.promise("language-switch-keeps-text")
def test_the_code_page_speaks_both_languages_and_a_switch_keeps_all(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client, "es")
    page = accept(browser, story)
    assert page.lang == "es" and page.heading == "Le enviamos un código por correo"
    switched = browser.post(page.path, {**page.hidden, "_code": "", "_switch": "en"})
    assert switched.heading == "We mailed you a code" and not switched.errors
    assert switched.hidden["decision"] == "accept" and len(codes(harness)) == 1
    prove(browser, switched)
    assert story.state.status == "matched"


@pytest.mark.promise("forwarded-link-harmless")
def test_staff_who_come_from_the_console_are_not_asked(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = signed_in(harness.world, client, "specialist", who="sofia-south")
    page = browser.post(f"/t/{mailed(story)}/open", {"mine": "yes"})
    assert "Ana Demo" in page.body and not codes(harness)
    press(browser, page, {"talked": "phone", "decision": "confirm"})
    assert store.log(story.state)[-1].payload["proof"] == "verified"
    story = asked(harness, "triage")
    other = signed_in(harness.world, client, "specialist", who="nina-north")
    assert "_code" in other.post(f"/t/{mailed(story)}/open", {"mine": "yes"}).names


@pytest.mark.promise("forwarded-link-harmless")
def test_the_cookie_of_a_known_browser_is_ours_or_nothing(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    open_task(browser, story)
    good = browser.cookies["known"]
    mark, _, rest = good.partition("-")
    forged = [good[:-1] + ("a" if good[-1] != "a" else "b"), "x", "", "a.b.c", mark + "-ffffffff",
              mark + "-ffffffffff." + rest.partition(".")[2], "\\303\\251.a.b", "0" * 9000]  # fmt: skip
    path = f"/task/{story.reference}/1"
    for cookie in forged:
        browser.cookies["known"] = cookie
        page = browser.get(path)
        assert page.status < 500 and "Ana Demo" not in page.body
    browser.cookies["known"] = good
    assert "Ana Demo" in browser.get(path).body


@pytest.mark.promise("forwarded-link-harmless")
def test_the_page_with_details_asks_again_when_the_browser_is_not_known_any_more(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    page = open_task(browser, story)
    del browser.cookies["known"]
    shown = browser.get(page.path)
    assert shown.status == 200 and "Ana Demo" not in shown.body and "mine" in shown.names
    told = {"talked": "phone", "decision": "confirm", "note": "Typed before"}
    late = browser.post(page.path, hidden(form_of(page)) | told)
    assert "_code" in late.names and "Ana Demo" not in late.body and story.asks == "triage"
    assert "Typed before" in late.body, "what was typed goes along"
    action = next(action for _, action, _ in forms(shown) if action.endswith("/open"))
    again = prove(browser, browser.post(action, {"mine": "yes"}))
    assert "Ana Demo" in again.body


@pytest.mark.promise("forwarded-link-harmless")
def test_whatever_room_shows_how_to_reach_somebody_says_so() -> None:
    import inspect

    shows = {
        k.name
        for k in every_kind().values()
        if re.search(r"contact(?!\.name)|phone", inspect.getsource(k.page.details))
    }
    # On-call leads are paged about somebody in danger: no code stands between them and the phone. Who scores is
    # shown nothing that tells whose application it is: the contact is what is taken out of the texts.
    free = {"safety", "application_score"}
    assert {name for name in shows if not kind_of(name).policy.sensitive} <= free
    assert shows >= {"triage", "first_contact", "call_back", "fix_contact"}


@pytest.mark.promise("forwarded-link-harmless")
def test_every_sensitive_kind_is_known_by_name() -> None:
    sensitive = {kind for kind in KINDS if kind_of(kind).policy.sensitive}
    assert sensitive == {"triage", "offer", "coordinator", "eligibility_confirmation",
                         "first_contact", "plan", "service", "summary", "call_back", "wanted_call", "stipend",
                         "fix_contact", "fix_person", "tell_by_phone", "tell_person", "helpline_call_back", "helpline_follow_up",
                         "helpline_tell", "onboarding_facts"}  # fmt: skip
    assert first and inside
