"""Nobody can lock another out: what a stranger asks for, with an address, a reference or a link that was
passed on, takes nothing from its owner; and guessing stays as hopeless as it was."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from chalice.test import Client

from chalicelib.aws import rate_limits
from chalicelib.domain.ids import new_reference
from chalicelib.mail import email_code
from chalicelib.mail.fresh_links import SAME_PRESS
from chalicelib.referral.rows.sites import Same
from chalicelib.referral.status import codes
from chalicelib.tasks.task_page import fresh_subject
from chalicelib.web import links, press
from tests.web.conftest import CENTER, Browser, Page, resume_with
from tests.web.staff import press as console_press
from tests.web.staff import signed_in
from tests.web.taskpages import asked, forms, mailed, newest_code, send_pairs, shown_status
from tests.web.test_my_tasks import link_of, opened
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.world import World

pytestmark = pytest.mark.promise("stranger-spends-limits")
ANA = "ana@example.org"


@pytest.fixture
def harness(world: World) -> LifecycleHarness:
    """The whole lifecycle in this process, and no referral yet."""
    return LifecycleHarness(world)


def letters(world: World, to: str, kind: str = "") -> int:
    return sum(m.to == to and kind in ("", m.tags.get("kind")) for m in world.mails)


def ask_status(browser: Browser, reference: str) -> Page:
    return browser.post("/status", {"reference": reference})


def type_code(browser: Browser, reference: str, code: str) -> Page:
    return browser.post("/status/code", {"reference": reference, "code": code})


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def renewed(browser: Browser, link: str) -> Page:
    """Press for a fresh link, as on a page of this link that was open when it ended."""
    known = links.read(link)
    assert known is not None
    nonce = press.nonce(fresh_subject(known))
    return browser.post(f"/t/{link}/fresh", {"_nonce": nonce})


def strangers(client: Client, reference: str) -> None:
    """They ask for codes, each in a browser of their own, until no letter leaves anymore."""
    before = -1
    while before < (before := len(World.newest.mails)):
        ask_status(Browser(client), reference)


def status_link(world: World) -> str:
    """The link to the status page in the newest letter that has one."""
    found = [re.search(r"https://\S+(/status\?\S+)", m.text) for m in world.mails]
    return [m[1] for m in found if m][-1]


@pytest.mark.promise("few-letters-to-strangers", "task-list-and-drafts")
def test_who_asks_for_somebodys_list_takes_no_code_and_no_link_from_them(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "first_contact")
    address = f"{story.state.consultant}@example.org"
    for _ in range(5):
        Browser(client).post("/mine/fresh", {"email": address})
    assert letters(harness.world, address, "mine") == 3
    owner = Browser(client)
    assert story.reference in opened(owner, link_of(harness, story.state.consultant)).text
    before = letters(harness.world, address)
    renewed(owner, mailed(story))
    harness.settle()
    assert letters(harness.world, address) == before + 1


@pytest.mark.promise("status-by-code")
def test_wrong_guesses_and_new_codes_of_another_browser_leave_the_code_good(
    client: Client, world: World
) -> None:
    reference = world.submit()
    owner, stranger = Browser(client), Browser(client)
    ask_status(owner, reference)
    good = newest_code()
    ask_status(stranger, reference)
    for _ in range(7):
        assert type_code(stranger, reference, other(good)).status == 422
    bare = Browser(client)
    for code in (other(good), good):
        assert type_code(bare, reference, code).status == 422
    assert type_code(owner, reference, good).path == "/status/view"


@pytest.mark.promise("status-by-code", "few-letters-to-strangers")
def test_whoever_presses_the_link_of_a_letter_gets_a_code_whatever_strangers_asked(
    client: Client, world: World
) -> None:
    reference = world.submit()
    world.relay()
    link = status_link(world)
    strangers(client, reference)
    assert letters(world, ANA, "code") == 3
    owner = Browser(client)
    assert reference in owner.get(link).body
    owner.answer({"reference": reference})
    assert type_code(owner, reference, newest_code()).path == "/status/view"
    assert letters(world, ANA, "code") == 4
    assert "letter=" not in owner.page.path


@pytest.mark.promise("known-and-unknown-alike", "link-secrets")
def test_a_link_of_another_request_or_of_nobody_counts_as_a_stranger(
    client: Client, world: World
) -> None:
    reference, another = world.submit(), world.submit(contact_email="luz@example.org")
    world.relay()
    (ticket,) = re.findall(r"letter=([a-z0-9-]+)", status_link(world))
    strangers(client, reference)
    sent = letters(world, ANA)
    for wrong in (ticket, ticket[:-1], "x", "", "a" * 400, "é"):
        browser = Browser(client)
        browser.post("/status", {"reference": reference, "letter": wrong})
    assert letters(world, ANA) == sent and another != reference


@pytest.mark.promise("status-by-code")
def test_a_browser_that_showed_a_code_before_gets_another_until_one_leaves(
    client: Client, world: World
) -> None:
    reference = world.submit()
    owner = Browser(client)
    ask_status(owner, reference)
    type_code(owner, reference, newest_code())
    world.at += 7200
    strangers(client, reference)
    ask_status(owner, reference)
    assert type_code(owner, reference, newest_code()).path == "/status/view"
    owner.post("/status/leave", {})
    sent = letters(world, ANA)
    ask_status(owner, reference)
    assert letters(world, ANA) == sent, "the next one at a shared computer is a stranger"


@pytest.mark.promise("forwarded-link-harmless", "few-letters-to-strangers")
def test_who_uses_up_the_codes_of_a_passed_on_link_sends_its_owner_another_link(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    address = f"{story.state.consultant}@example.org"
    link = mailed(story)
    most = rate_limits.LETTERS + rate_limits.MORE
    for n in range(most + 5):
        page = says_mine(Browser(client), link)
        harness.settle()
        harness.world.at += SAME_PRESS
        assert page.heading == ("We mailed you a code" if n < most else "No other code was mailed")
    assert (letters(harness.world, address, "code"), mailed(story) != link) == (most, True)
    assert letters(harness.world, address) <= most + 7, "and it ends there"
    newer = mailed(story)
    for _ in range(rate_limits.LETTERS):
        assert says_mine(Browser(client), newer).heading == "We mailed you a code"


def says_mine(browser: Browser, link: str, **more: str) -> Page:
    """ "This was sent to me" on the page of a link."""
    shown = browser.get(f"/t/{link}").hidden
    return browser.post(f"/t/{link}/open", {**shown, "mine": "yes", **more})


@pytest.mark.promise("forwarded-link-harmless", "few-letters-to-strangers")
def test_a_browser_that_asks_for_code_after_code_takes_none_from_another_with_the_same_link(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    link, stranger, owner = mailed(story), Browser(client), Browser(client)
    says_mine(stranger, link)
    for n in range(1, 9):
        page = says_mine(stranger, link, _again="yes")
        assert page.heading == ("We mailed you a code" if n < 3 else "No other code was mailed")
    assert says_mine(owner, link).heading == "We mailed you a code"
    page = owner.post(
        f"/t/{link}/open", {**owner.page.hidden, "mine": "yes", "_code": newest_code()}
    )
    assert page.path == f"/task/{story.reference}/{links_number(link)}"
    harness.world.at += rate_limits.HOUR
    assert says_mine(stranger, link, _again="yes").heading == "We mailed you a code"


def links_number(link: str) -> int:
    known = links.read(link)
    assert known is not None
    return known.n


@pytest.mark.promise("fresh-link", "few-letters-to-strangers")
def test_who_presses_for_fresh_links_takes_none_from_the_status_page_or_from_staff(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "agreement")
    link, to = mailed(story), story.state.contact.email
    before = letters(harness.world, to)
    for _ in range(6):
        renewed(Browser(client), link)
        harness.settle()
        harness.world.at += SAME_PRESS
    stale = letters(harness.world, to)
    assert stale == before + 3
    owner = Browser(client)
    page = shown_status(owner, story.reference)
    (again,) = [f for f in forms(page) if f[1] == "/status/mail"]
    send_pairs(owner, again[0], again[1], again[2][0])
    harness.settle()
    assert letters(harness.world, to) == stale + 1
    renewed(Browser(client), mailed(story))
    harness.settle()
    assert letters(harness.world, to) == stale + 2, "the newer link has presses of its own"
    resent(client, harness, story)
    assert letters(harness.world, to) == stale + 3


def resent(client: Client, harness: LifecycleHarness, story: Story) -> None:
    """A coordinator sends the letter of the open task again."""
    cora = signed_in(harness.world, client, "coordinator")
    page = cora.get(f"/console/referrals/{story.reference}")
    way = re.findall(r'action="(/console/referrals/[^"]+/letters/[^"]+)"', page.body)
    console_press(cora, way[0])
    harness.settle()


@pytest.mark.promise("robots-slowed")
def test_a_network_that_asked_too_often_spends_nothing_of_whom_it_asks_for(world: World) -> None:
    for n in range(rate_limits.FROM_ONE_NETWORK):
        assert rate_limits.mail_to("status/code", f"{n}@example.org", world.at, source="1.1.1.1")
    for _ in range(9):
        assert not rate_limits.mail_to("status/code", ANA, world.at, source="1.1.1.1")
    elsewhere = [rate_limits.mail_to("status/code", ANA, world.at, source="2.2.2.2") for _ in "123"]
    assert all(elsewhere), "nothing of hers was spent"
    assert rate_limits.mail_to("task list", ANA, world.at, source="1.1.1.1"), (
        "nor for anything else"
    )


@pytest.mark.promise("few-letters-to-strangers")
def test_however_many_browsers_ask_an_address_gets_three_letters_an_hour(
    client: Client, world: World
) -> None:
    reference = world.submit()
    for _ in range(9):
        ask_status(Browser(client), reference)
    assert letters(world, ANA, "code") == 3
    world.at += rate_limits.HOUR
    ask_status(Browser(client), reference)
    assert letters(world, ANA, "code") == 4


@pytest.mark.promise("status-by-code", "forwarded-link-harmless")
def test_each_code_has_five_tries_in_all_however_often_its_cookie_is_copied(
    client: Client, world: World
) -> None:
    reference = world.submit()
    thief = Browser(client)
    for _ in range(3):
        ask_status(thief, reference)
    good = newest_code()
    for _ in range(email_code.TRIES):
        copy = Browser(client)
        copy.cookies = dict(thief.cookies)
        assert type_code(copy, reference, other(other(good))).status == 422
    assert type_code(thief, reference, good).status == 422
    for _ in range(9):  # and no letter more, so no code more to guess at
        ask_status(Browser(client), reference)
    assert letters(world, ANA, "code") == 3


@pytest.mark.promise("save-and-return")
def test_who_has_a_draft_by_the_mailed_link_gets_it_again_whatever_strangers_asked(
    client: Client, world: World
) -> None:
    owner = Browser(client)
    resume_with(owner, CENTER)
    way_back(owner, "rosa@example.org")
    (link,) = re.findall(r"/request/back/([a-z0-9-]+)", world.mails[-1].text)
    for _ in range(3):
        stranger = Browser(client)
        resume_with(stranger, CENTER)
        way_back(stranger, "rosa@example.org")
    assert letters(world, "rosa@example.org") == 3
    phone = Browser(client)
    phone.post(f"/request/back/{link}", {})
    way_back(phone, "rosa@example.org")
    assert letters(world, "rosa@example.org") == 4


def way_back(browser: Browser, email: str) -> Page:
    browser.get("/request/later")
    return browser.answer({"return_to": email})


@pytest.mark.promise("robots-slowed")
def test_requests_with_somebodys_address_from_elsewhere_do_not_stop_hers(world: World) -> None:
    from chalicelib.referral.intake import duplicates

    lately = [Same(new_reference(), "email", False, None, world.at)] * duplicates.PER_ADDRESS
    for _ in lately:
        assert not duplicates.too_many(lately, "9.9.9.9", world.at)
    assert duplicates.too_many(lately, "9.9.9.9", world.at)
    assert not duplicates.too_many(lately, "127.0.0.1", world.at), "its owner may be here"


@pytest.mark.promise("robots-slowed", "emergency-short-form")
def test_in_an_emergency_hundreds_may_be_behind_one_address_of_a_shelter(world: World) -> None:
    from chalicelib.referral.intake import duplicates

    sent = [duplicates.too_many([], "9.9.9.9", world.at, "butte-1") for _ in range(200)]
    assert not any(sent)
    assert not duplicates.too_many([], "9.9.9.9", world.at), "others are counted apart"
    more = range(duplicates.PER_SOURCE_IN_EMERGENCY - 200)
    assert not any(duplicates.too_many([], "9.9.9.9", world.at, "butte-1") for _ in more)
    assert duplicates.too_many([], "9.9.9.9", world.at, "butte-1")


@pytest.mark.promise("robots-slowed", "save-and-return")
@pytest.mark.usefixtures("patient")
def test_a_network_over_its_limit_stops_nobody_who_came_by_a_mailed_link(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.referral.intake import duplicates

    monkeypatch.setattr(duplicates, "PER_SOURCE", 1)
    assert not duplicates.too_many([], "127.0.0.1", world.at)
    owner = Browser(client)
    resume_with(owner, CENTER)
    assert "Many requests came from here" in owner.answer({}).text
    way_back(owner, "rosa@example.org")
    (link,) = re.findall(r"/request/back/([a-z0-9-]+)", world.mails[-1].text)
    phone = Browser(client)
    phone.post(f"/request/back/{link}", {})
    assert phone.page.path == "/request/check"
    assert phone.answer({}).path == "/request/sent"


def test_the_way_to_the_status_page_is_our_own(client: Client, world: World) -> None:
    reference = world.submit()
    world.relay()
    page = Browser(client).get(status_link(world))
    assert page.status == 200 and reference in page.body
    assert urlsplit(status_link(world)).path == "/status" and codes.person(reference)
