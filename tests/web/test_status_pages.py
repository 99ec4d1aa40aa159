"""The status page in a browser: a code by mail, where it stands, taking it back; and what nobody may learn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.aws import rate_limits, ses
from chalicelib.domain.ids import new_reference
from chalicelib.mail import email_code
from chalicelib.web.languages import translator
from chalicelib.workflow.storage import store
from tests.episode import STAGES
from tests.web.conftest import Browser, Page
from tests.world import World

pytestmark = pytest.mark.promise("status-by-code")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pause before an answer is written down and not waited for."""
    waited: list[float] = []
    monkeypatch.setattr(email_code.time, "sleep", waited.append)
    return waited


@pytest.fixture
def provider(world: World, client: Client) -> Browser:
    """A provider's browser in the small world."""
    return Browser(client)


def code_of(world: World) -> str:
    """The digits of the newest letter."""
    return re.findall(r"\b(\d{6})\b", world.mails[-1].text.splitlines()[0])[0]


def enter(world: World, browser: Browser, reference: str) -> Page:
    """Ask for a code, read it in the mail, type it."""
    browser.get(f"/status?reference={reference}")
    browser.answer({"reference": reference})
    return browser.answer({"code": code_of(world)})


def skeleton(page: Page, reference: str) -> str:
    """A page without what belongs to its reference."""
    return page.body.replace(reference, "REF")


def test_a_mailed_code_opens_the_page(world: World, provider: Browser) -> None:
    reference = world.submit()
    page = enter(world, provider, reference)
    assert page.path == "/status/view"
    assert page.status == 200
    assert reference in page.text
    assert page.heading == "Received"
    assert world.mails[-1].to == "ana@example.org"
    assert world.mails[-1].tags["ref"] == reference
    assert code_of(world) not in world.mails[-1].subject


@pytest.mark.promise("known-and-unknown-alike")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_known_and_unknown_references_look_the_same(
    lang: str,
    world: World,
    client: Client,
    no_waiting: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(email_code, "FLOOR_SECONDS", 0.6)
    pages: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for reference in (world.submit(), new_reference()):
        world.relay()
        browser = Browser(client, lang)
        before = len(world.table.scan()["Items"])
        asked = browser.post("/status", {"reference": reference}, follow=False)
        rows[reference] = len(world.table.scan()["Items"]) - before
        wrong = browser.post("/status/code", {"reference": reference, "code": "000000"})
        pages[reference] = [
            skeleton(asked, reference),
            str(asked.headers["Location"]).replace(reference, "REF"),
            skeleton(browser.get(f"/status/code?reference={reference}"), reference),
            skeleton(wrong, reference),
            str(wrong.status),
        ]
    known, unknown = pages.values()
    assert known == unknown
    # The second one shares the counter of the source with the first.
    assert list(rows.values()) == [2, 1]
    assert all(0 < seconds <= email_code.FLOOR_SECONDS for seconds in no_waiting)
    assert len(no_waiting) == 2


def test_a_typing_mistake_is_told_by_its_shape_alone(provider: Browser) -> None:
    page = provider.post("/status", {"reference": "7K3M-9QXA-6"})
    assert page.status == 422
    assert page.errors == ["reference"]
    assert "7K3M-9QXA-6" in page.body


def test_a_reference_is_read_as_people_type_it(world: World, provider: Browser) -> None:
    reference = world.submit()
    typed = reference.lower().replace("-", " ")
    assert provider.post("/status", {"reference": typed}).path.endswith(reference)


def test_a_code_works_once_for_ten_minutes_and_five_tries(world: World, provider: Browser) -> None:
    reference = world.submit()
    assert enter(world, provider, reference).path == "/status/view"
    spent = {"reference": reference, "code": code_of(world)}
    assert provider.post("/status/code", spent).status == 422

    provider.post("/status", {"reference": reference})
    good = code_of(world)
    wrong = f"{(int(good) + 1) % 10**6:06d}"
    for _ in range(5):
        assert provider.post("/status/code", {"reference": reference, "code": wrong}).status == 422
    assert provider.post("/status/code", {"reference": reference, "code": good}).status == 422

    provider.post("/status", {"reference": reference})
    good = code_of(world)
    world.at += email_code.GOOD_FOR
    assert provider.post("/status/code", {"reference": reference, "code": good}).status == 422


def test_every_code_that_this_browser_asked_for_counts_and_only_for_its_request(
    world: World, provider: Browser
) -> None:
    one, other = world.submit(), world.submit()
    provider.post("/status", {"reference": one})
    old = code_of(world)  # a slow mail: it comes when another was asked for
    provider.post("/status", {"reference": one})
    assert provider.post("/status/code", {"reference": other, "code": old}).status == 422
    spaced = {"reference": one, "code": f" {old[:3]} {old[3:]} "}
    assert provider.post("/status/code", spaced).status == 200


@pytest.mark.promise("few-letters-to-strangers")
def test_three_codes_an_hour_and_the_page_says_the_same(world: World, provider: Browser) -> None:
    reference = world.submit()
    pages = {
        skeleton(provider.post("/status", {"reference": reference}), reference) for _ in range(5)
    }
    assert len(pages) == 1
    assert len([m for m in world.mails if "code" in m.subject]) == 3
    world.at += 3601
    provider.post("/status", {"reference": reference})
    assert len([m for m in world.mails if "code" in m.subject]) == 4


def test_one_address_gets_no_more_than_three_codes_for_all_its_requests(
    world: World, provider: Browser
) -> None:
    for _ in range(3):
        reference = world.submit(contact_email="same@example.org")
        for _ in range(2):
            provider.post("/status", {"reference": reference})
    assert len([m for m in world.mails if m.to == "same@example.org"]) == 3


@pytest.mark.promise("robots-slowed")
def test_one_source_is_limited_whatever_it_asks_for(
    world: World, provider: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "FROM_ONE_NETWORK", 2)
    pages = set()
    for _ in range(3):
        reference = world.submit()
        pages.add(skeleton(provider.post("/status", {"reference": reference}), reference))
    assert len(pages) == 1
    assert len([m for m in world.mails if "code" in m.subject]) == 2


def test_the_code_is_nowhere_in_the_table(world: World, provider: Browser) -> None:
    reference = world.submit()
    provider.post("/status", {"reference": reference})
    assert code_of(world) not in str(world.table.scan()["Items"])


def test_a_mail_that_cannot_be_sent_changes_nothing_of_the_page(
    world: World, provider: Browser, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    reference = world.submit()

    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("550 ana@example.org is not verified")

    good = skeleton(provider.post("/status", {"reference": reference}), reference)
    monkeypatch.setattr(ses, "send", broken)
    assert skeleton(provider.post("/status", {"reference": reference}), reference) == good
    assert "ana@example.org" not in capsys.readouterr().out


def test_without_a_code_there_is_nothing_to_see_or_to_press(
    world: World, provider: Browser
) -> None:
    reference = world.submit()
    version = world.state(reference).version
    for path in ("/status/view", "/status/withdraw"):
        assert provider.get(path).path == "/status"
    for forged in (f"{reference}:9999999999.a.aaaa", f"{reference}:9999999999", "x.y.z", "."):
        provider.cookies["status"] = forged
        assert provider.get("/status/view").path == "/status"
        press = {"decision": "withdraw", "_nonce": "0"}
        assert provider.post("/status/withdraw", press).path == "/status"
    assert world.state(reference).version == version


def test_the_page_closes_after_half_an_hour_and_when_one_leaves(
    world: World, provider: Browser
) -> None:
    reference = world.submit()
    enter(world, provider, reference)
    world.at += 30 * 60 + 1
    assert provider.get("/status/view").path == "/status"
    enter(world, provider, reference)
    assert provider.get("/status").path == "/status/view"
    provider.post("/status/leave", {})
    assert provider.cookies["status"] == ""
    assert provider.get("/status/view").path == "/status"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_speaks_the_language_of_its_reader(
    lang: str, world: World, client: Client
) -> None:
    page = enter(world, Browser(client, lang), world.matched())
    assert page.status == 200
    assert page.lang == lang
    assert (
        page.heading == {"en": "Consultant found", "es": translator("es")("Consultant found")}[lang]
    )


@pytest.mark.promise("looking-writes-nothing")
def test_looking_writes_nothing(world: World, provider: Browser) -> None:
    reference = world.matched()
    enter(world, provider, reference)
    world.relay()
    before = sorted(map(str, world.table.scan()["Items"]))
    for path in (
        "/status",
        "/status/view",
        "/status/withdraw",
        f"/status/code?reference={reference}",
    ):
        for method in ("GET", "HEAD"):
            provider.send(method, path)
    assert sorted(map(str, world.table.scan()["Items"])) == before


def test_the_providers_own_task_is_mailed_again_at_a_press_and_nothing_else_changes(
    world: World, provider: Browser
) -> None:
    reference = STAGES["waits_for_agreement"](world)
    world.relay()
    page = enter(world, provider, reference)
    assert "Read and sign the service agreement" in page.text
    before = world.state(reference)
    sent = len(world.mails)
    for _ in range(3):
        page = provider.post("/status/mail", {"_nonce": page.nonce("/status/mail")})
    world.relay()
    after = world.state(reference)
    assert "on its way" in page.text
    assert [m.to for m in world.mails[sent:]] == ["ana@example.org"]
    assert after.task is not None
    assert before.task is not None
    assert after.task == before.task.model_copy(update={"link_number": 2})


def test_nobody_elses_task_is_mailed_by_the_provider(world: World, provider: Browser) -> None:
    reference = world.offered()
    world.relay()
    enter(world, provider, reference)
    sent = len(world.mails)
    provider.post("/status/mail", {})
    world.relay()
    assert len(world.mails) == sent


@pytest.mark.promise("provider-withdraws")
def test_taking_it_back_by_the_page(world: World, provider: Browser) -> None:
    reference = world.matched()
    enter(world, provider, reference)
    page = provider.get("/status/withdraw")
    assert not re.search(r"<input[^>]*checked", page.body)
    page = provider.answer({"decision": "withdraw", "reason": "took_too_long"})
    assert page.path == "/status/view"
    assert page.heading == "Closed"
    assert "You canceled this request." in page.text
    assert world.state(reference).reason == "took_too_long"


@pytest.mark.promise("double-press")
def test_ten_presses_are_one_withdrawal(world: World, provider: Browser) -> None:
    reference = world.matched()
    enter(world, provider, reference)
    page = provider.get("/status/withdraw")
    press = {**page.hidden, "decision": "withdraw"}
    for _ in range(10):
        assert provider.post("/status/withdraw", press).heading == "Closed"
    types = [e.event for e in store.log(world.state(reference))]
    assert types.count("withdrawn") == 1


def test_keeping_it_keeps_it(world: World, provider: Browser) -> None:
    reference = world.submit()
    enter(world, provider, reference)
    provider.get("/status/withdraw")
    assert provider.answer({"decision": "keep"}).path == "/status/view"
    assert world.state(reference).open


@pytest.mark.promise("press-needs-choice-and-nonce")
@pytest.mark.parametrize(
    "press",
    [
        {},  # the form as it is rendered, nothing chosen
        {"decision": "withdraw", "_nonce": ""},
        {"decision": "withdraw", "_nonce": "6a000000-a-aaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"decision": "both"},
    ],
)
def test_no_choice_or_a_wrong_nonce_takes_nothing_back(
    press: dict[str, str], world: World, provider: Browser
) -> None:
    reference = world.submit()
    enter(world, provider, reference)
    page = provider.get("/status/withdraw")
    page = provider.post("/status/withdraw", {**page.hidden, **press})
    assert page.status == 422
    assert world.state(reference).open


@pytest.mark.promise("stale-page")
def test_a_nonce_of_another_request_or_day_is_stale(world: World, provider: Browser) -> None:
    one, other = world.submit(), world.submit()
    enter(world, provider, one)
    press = {**provider.get("/status/withdraw").hidden, "decision": "withdraw"}
    enter(world, provider, other)
    assert provider.post("/status/withdraw", press).status == 422
    assert world.state(other).open
    world.at += 13 * 3600
    enter(world, provider, one)
    assert provider.post("/status/withdraw", press).status == 422
    assert world.state(one).open


def test_a_foreign_page_cannot_press_for_the_provider(world: World, provider: Browser) -> None:
    reference = world.submit()
    enter(world, provider, reference)
    press = {**provider.get("/status/withdraw").hidden, "decision": "withdraw"}
    page = provider.post("/status/withdraw", press, sec_fetch_site="cross-site")
    assert page.status == 403
    assert world.state(reference).open


def test_the_language_switch_keeps_what_is_typed_and_sends_nothing(
    world: World, provider: Browser
) -> None:
    reference = world.submit()
    page = provider.post("/status", {"reference": reference, "_switch": "es"})
    assert page.lang == "es"
    assert reference in page.body
    assert world.mails == []


@pytest.mark.promise("no-secret-in-addresses")
def test_the_address_of_the_page_holds_no_secret_and_its_headers_keep_it_private(
    world: World, provider: Browser
) -> None:
    reference = world.submit()
    page = enter(world, provider, reference)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "code" not in page.path


@pytest.mark.promise("provider-withdraws", "stale-page")
def test_a_form_of_one_request_does_nothing_to_another_that_was_opened_in_a_second_tab(
    world: World, provider: Browser
) -> None:
    first, second = world.submit(), world.submit()
    enter(world, provider, first)
    page = provider.get("/status/withdraw")
    press = {**page.hidden, "decision": "withdraw", "reason": "took_too_long"}
    enter(world, provider, second)
    page = provider.post("/status/withdraw", press)
    assert page.status == 422 and second in page.text
    assert "another request" in page.text and "checked" not in page.body
    page = provider.answer({})
    assert page.status == 422, "nothing is chosen beforehand: a second press cancels nothing"
    assert world.state(first).open and world.state(second).open
