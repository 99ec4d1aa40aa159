"""Every text field of every form, with every payload: shown as text, stored as typed, and no letter,
page or header obeys it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.web import links
from chalicelib.web.forms import Field
from chalicelib.workflow.kinds import kind_of
from tests.episode import STAGES
from tests.web.conftest import CENTER, Browser, Page
from tests.web.staff import signed_in
from tests.web.taskpages import form_of, inside
from tests.world import World

from .corpus import PAYLOADS, alive

TEXTS = ("text", "textarea", "email", "tel", "number", "date", "time")


def fields_of(world: World, reference: str) -> list[Field]:
    state = world.state(reference)
    assert state.task is not None
    return [f for f in kind_of(state.task.kind).page.form(state).fields if f.kind in TEXTS]


def harmless(page: Page) -> None:
    assert page.status < 500, page.text[:200]
    assert alive(page.body) == []
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|\b49\b", page.body)
    assert "zqx" not in str({k: v for k, v in page.headers.items() if k != "Set-Cookie"})


def at_form(browser: Browser, world: World, reference: str) -> Page:
    """The page of the open task, with its form."""
    link = world.link(reference)
    page = browser.get(f"/t/{link}")
    state = world.state(reference)
    assert state.task is not None
    return inside(browser, link) if kind_of(state.task.kind).page.shows_details_first else page


ASKING = [
    name for name in STAGES if name not in ("submitted", "tier_is_decided", "consultant_accepted")
]


@pytest.mark.promise("typed-text-never-obeyed")
@pytest.mark.parametrize("stage", ASKING)
def test_what_is_typed_on_a_task_page_is_shown_again_as_text(
    client: Client, world: World, stage: str
) -> None:
    reference = STAGES[stage](world)
    world.relay()
    browser = Browser(client)
    page = at_form(browser, world, reference)
    action = form_of(page).get("action")
    fields = fields_of(world, reference)
    texts = list(PAYLOADS.items())
    for start in range(0, len(texts), 6):
        # Every payload in some field, every field with several.
        name = texts[start][0]
        typed = {f.name: texts[(start + i) % len(texts)][1] for i, f in enumerate(fields)}
        answer = browser.post(action, {"_nonce": page.hidden.get("_nonce", ""), **typed})
        harmless(answer)
        assert answer.status in (200, 422), name
        assert world.state(reference).task is not None, "nothing was chosen, so nothing happens"


FREE = ("site_name", "city", "classroom", "exclude_consultant", "contact_name", "anything_else")


def batches() -> Iterator[dict[str, str]]:
    texts = [text for name, text in PAYLOADS.items() if name not in ("header", "long")]
    for start in range(0, len(texts), len(FREE)):
        yield dict(zip(FREE, texts[start:] + texts, strict=False))


@pytest.mark.promise("typed-text-never-obeyed")
@pytest.mark.parametrize("number", range(len(list(batches()))))
def test_a_request_full_of_payloads_is_text_on_every_page_and_in_every_letter(
    client: Client, world: World, number: int
) -> None:
    lang = "es" if number % 2 else "en"
    answers = {**list(batches())[number], "same_consultant": "no", "prior_contacts": "1"}
    reference = world.triaged(**answers, letters_language=lang)
    world.step("ask_offer", reference)
    world.answer(reference, {"decision": "accept"})
    world.step("ask_first_contact", reference)
    world.relay()
    harmless(at_form(Browser(client, lang), world, reference))
    staff = signed_in(world, client, "admin", lang)
    for path in ("", "?contact=yes", "?kind=mail"):
        harmless(staff.get(f"/console/referrals/{reference}{path}"))
    harmless(staff.get("/console"))
    for one in world.mails:
        assert "\n" not in one.subject and "\r" not in one.subject
        assert alive(one.html) == [] and "{{" not in one.subject
        assert "zqx" not in one.to


@pytest.mark.promise("typed-text-never-obeyed", "notes-stay-private")
@pytest.mark.parametrize("name", list(PAYLOADS)[::3])
def test_notes_and_plans_are_text_wherever_they_are_read(
    client: Client, world: World, name: str
) -> None:
    from tests.episode import in_service

    payload = PAYLOADS[name].replace("\r\n", " ")
    reference = in_service(world)
    world.relay()
    state = world.state(reference)
    day = "2026-01-01"
    held: dict[str, Any] = {
        "happened": "end",
        "end_reason": "site_closed",
        "note": payload,
        "day": day,
    }
    world.answer(reference, held)
    world.step("ask_summary", reference)
    world.relay()
    harmless(at_form(Browser(client), world, reference))
    harmless(signed_in(world, client, "admin").get(f"/console/referrals/{reference}"))
    browser = Browser(client)
    value = links.sign("status", f"{reference}:{world.at + 600}")
    browser.cookies["status"] = value
    page = browser.get("/status/view")
    harmless(page)
    assert page.status == 200 and state.reference in page.text


@pytest.mark.promise("typed-text-never-obeyed", "one-recipient-a-letter")
def test_a_letter_s_headers_refuse_a_line_break_and_take_one_recipient(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.aws import ses

    for bad in ("a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org"):
        with pytest.raises(Exception):  # noqa: B017, PT011  the mail policy's or our own
            ses.send(bad, "Subject", "text", "<p>html</p>", {})
    with pytest.raises(Exception):  # noqa: B017, PT011
        ses.send("a@example.org", "Sub\r\nBcc: x@example.org", "text", "<p>html</p>", {})


@pytest.mark.promise("one-recipient-a-letter")
def test_an_address_with_a_line_break_or_two_people_is_refused_at_the_form(
    browser: Browser,
) -> None:
    from tests.web.conftest import resume_with

    for bad in ("a@example.org, b@example.org", "a@example.org b@example.org", "<a@example.org>",
                "a@@example.org", "a@example", "@example.org"):  # fmt: skip
        resume_with(browser, CENTER)
        browser.get("/request/contact?change=1")
        page = browser.answer({**CENTER, "contact_email": bad})
        assert page.status == 422 and "contact_email" in page.errors, bad
