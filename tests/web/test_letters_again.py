"""Staff send a letter again from the timeline, and see what did not arrive."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.mail import letter_rows
from tests.unit.mail.test_bounces import bounce
from tests.web.conftest import Page
from tests.web.staff import press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("sent-again-on-request")


def asked(world: World) -> str:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    world.relay()
    return reference


@pytest.mark.promise("sent-again-on-request")
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
def test_any_staff_send_a_letter_again_from_the_timeline(
    world: World, client: Client, role: str, lang: str
) -> None:
    reference = asked(world)
    browser = signed_in(world, client, role, lang)
    page = browser.get(f"/console/referrals/{reference}")
    words = {"en": "Send it again", "es": "Enviar otra vez"}[lang]
    assert page.text.count(words) == 2
    row = next(r for r in letter_rows.of(reference) if r["letter"] == "tiers/triage")
    page = press(browser, f"/console/referrals/{reference}/letters/{row['v']}.{row['number']}")
    assert page.status == 200
    said = {"en": "A new link is on its way", "es": "Un enlace nuevo va en camino"}[lang]
    assert said in page.text
    world.relay()
    assert len([m for m in world.mails if m.link]) == 2


def gets(page: Page) -> list[str]:
    """Who would get each letter again, as the page says before the press."""
    found = page.root.xpath("//p[starts-with(@id, 'gets-')]")
    return [" ".join(one.text_content().split()).partition(": ")[2] for one in found]


def test_who_will_get_a_letter_again_is_shown_before_the_press(
    world: World, client: Client
) -> None:
    reference = asked(world)
    browser = signed_in(world, client, "coordinator")
    path = f"/console/referrals/{reference}"
    assert sorted(gets(browser.get(path))) == [
        "Provider: by email",
        "Sofia South: sofia-south@example.org",
    ]
    assert "Ana Demo: ana@example.org" in gets(browser.get(f"{path}?contact=yes"))
    bounce(world, reference, "intake/receipt")
    assert "Provider: by email, but letters come back" in gets(browser.get(path))


@pytest.mark.parametrize("name", ["x", "1", "1.1.1", "0.0", "999999.9", "1.0"])
def test_a_letter_that_is_none_is_a_page_that_is_none(
    world: World, client: Client, name: str
) -> None:
    reference = asked(world)
    browser = signed_in(world, client, "admin")
    browser.get(f"/console/referrals/{reference}")
    assert press(browser, f"/console/referrals/{reference}/letters/{name}").status == 404


@pytest.mark.promise("deny-by-default")
def test_a_letter_is_not_sent_again_without_the_sessions_nonce(
    world: World, client: Client
) -> None:
    reference = asked(world)
    browser = signed_in(world, client, "admin")
    before = len(world.mails)
    page = browser.post(f"/console/referrals/{reference}/letters/1.1", {"_nonce": "x"})
    world.relay()
    assert page.status == 403 and len(world.mails) == before
