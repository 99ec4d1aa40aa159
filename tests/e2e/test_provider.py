"""A provider asks for help on a phone: 360 px wide, no JavaScript."""

from __future__ import annotations

import re

import pytest

from infra.case import REQUEST
from infra.player import PATIENCE, REFERENCE, Mailbox
from infra.stack import LocalStack
from tests.e2e.visitor import Visitor

EMAIL = "provider-on-a-phone@example.org"
ANSWERS = {
    **REQUEST,
    "contact_name": "Robin Example",
    "contact_email": EMAIL,
    "anything_else": "Mornings are hardest.",
}


def test_a_provider_asks_on_a_phone_and_sees_where_the_request_stands(
    phone: Visitor, stack: LocalStack
) -> None:
    _asks_with_the_keyboard_first(phone)
    _switches_the_language_on_the_way(phone)
    _answers_the_rest(phone)
    _changes_one_answer(phone)
    reference = _sends(phone)
    _reads_the_receipt(phone, stack, reference)
    _sees_the_status(phone, stack, reference)


def _asks_with_the_keyboard_first(phone: Visitor) -> None:
    """The pre-screener and the page behind it, keys only."""
    phone.open("/").follow("Start a request")
    keys = phone.page.keyboard
    phone.tab_to('[name="county"]')
    keys.type("Los Ang")
    phone.tab_to('[name="age_bands"][value="preschool"]')
    keys.press("Space")
    phone.tab_to('[name="outside_scope"][value="none"]')
    keys.press("Space")
    phone.tab_to("main button").enter()
    assert phone.path == "/request/setting", phone.text
    phone.tab_to('[name="setting"]')
    keys.press("Space")
    phone.tab_to("main button").enter()
    assert phone.path == "/request/role", phone.text


def _switches_the_language_on_the_way(phone: Visitor) -> None:
    """Typed text stays through the switch, unsaved, and again with an error showing."""
    phone.fill(ANSWERS).press("Continue")
    assert phone.path == "/request/site"
    phone.fill({"site_name": "Árbol de Niños", "zip": "9001", "city": "Los Angeles"})
    phone.press("Español")
    assert phone.page.locator("html").get_attribute("lang") == "es"
    assert _typed(phone, "site_name") == "Árbol de Niños"
    assert not phone.page.locator(".errors").count()
    phone.press("Continuar")
    assert phone.page.locator(".errors a[href='#zip']").count() == 1
    in_spanish = phone.page.locator("#zip-error").inner_text()
    phone.fill({"zip": "900"}).press("English")
    assert phone.page.locator("html").get_attribute("lang") == "en"
    assert _typed(phone, "zip") == "900"
    assert _typed(phone, "site_name") == "Árbol de Niños"
    assert phone.page.locator("#zip-error").inner_text() != in_spanish
    focused = phone.page.locator(".errors:focus")
    assert focused.count() == 1, "the error summary has no focus"
    phone.page.locator(".errors a[href='#zip']").click()
    phone.fill({"zip": "90012"})
    assert phone.path == "/request/site"


def _typed(phone: Visitor, name: str) -> str:
    return phone.page.locator(f'[name="{name}"]').input_value()


def _answers_the_rest(phone: Visitor) -> None:
    for _ in range(12):
        phone.fill({k: v for k, v in ANSWERS.items() if k not in ("site_name", "zip")})
        phone.press("Continue")
        assert not phone.page.locator(".errors").count(), phone.text
        if phone.path == "/request/check":
            return
    raise AssertionError(f"the form has no end: {phone.path}")


def _changes_one_answer(phone: Visitor) -> None:
    """Change leads back to the summary after one page."""
    assert "Árbol de Niños" in phone.text
    phone.follow(re.compile(r"Change\s*: City"))
    assert phone.path == "/request/site"
    phone.fill({"city": "Pasadena"}).press("Continue")
    assert phone.path == "/request/check"
    assert "Pasadena" in phone.text


def _sends(phone: Visitor) -> str:
    phone.press("Send my request")
    if phone.path == "/request/check":  # who fills in ten pages within 5 seconds is asked again
        phone.press("Send my request")
    assert phone.path == "/request/sent"
    found = REFERENCE.search(phone.text)
    assert found is not None, phone.text
    # Going back and pressing again leads to the same page.
    phone.open("/request/check")
    assert phone.path == "/request/sent" and found[0] in phone.text
    return found[0]


def _reads_the_receipt(phone: Visitor, stack: LocalStack, reference: str) -> None:
    Mailbox(stack.run["messages"]).about(reference, reference)
    phone.open("/mailbox")
    phone.page.locator("a", has_text=EMAIL).filter(has_text=reference).first.click()
    phone.look()
    letter = phone.page.locator("pre.letter")
    assert reference in letter.inner_text()
    with phone.page.expect_navigation():
        letter.locator("a[href*='/status']").first.click()
    phone.look()
    assert phone.path == "/status"


def _sees_the_status(phone: Visitor, stack: LocalStack, reference: str) -> None:
    box = Mailbox(stack.run["messages"])
    phone.fill({"reference": reference}).press("Mail me a code")
    code = box.wait(
        "code",
        PATIENCE,
        lambda m: EMAIL in m["to"] and re.search(r"\b\d{6}\b", m["text"]) is not None,
    )
    digits = re.search(r"\b\d{6}\b", code["text"])
    assert digits is not None
    phone.fill({"code": digits[0]}).press("See the status")
    assert phone.path == "/status/view"
    # The rules may have looked at it meanwhile.
    assert phone.title in ("Received", "Checking") and reference in phone.text
    phone.press("Español", "link")
    assert phone.title not in ("Received", "Checking") and "Cancel my request" not in phone.text
    phone.press("English", "link")
    phone.follow("Cancel my request")
    assert phone.title == "Cancel my request"
    assert not phone.page.locator("main input:checked").count()
    phone.follow("Back")
    phone.press("Leave this page")
    phone.open("/status/view")
    assert phone.path == "/status"


def test_who_is_not_for_us_sees_where_else_to_turn(phone: Visitor) -> None:
    phone.open("/start")
    phone.fill({**ANSWERS, "outside_scope": "diagnosis"}).press("Continue")
    assert phone.path.startswith("/help/")
    assert phone.page.locator("main a[href^='tel:']").count()
    for path in ("/peers", "/privacy", "/request/danger", "/request/later"):
        phone.open(path)


@pytest.mark.promise("gateway-answers-itself")
def test_a_mistyped_address_leads_home_in_both_languages(phone: Visitor) -> None:
    phone.open("/reqest/contact")
    assert phone.status == 404 and phone.title == "We could not find that page."
    phone.follow("Ir a la página de inicio")
    assert phone.path == "/" and phone.status == 200
