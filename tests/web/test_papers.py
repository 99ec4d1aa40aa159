"""What was sent, agreed, planned and summed up can be read, printed and saved by the provider."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from chalice.test import Client
from lxml import html as markup

from chalicelib.mail import bad_addresses
from chalicelib.referral.papers.document import Document, Part
from chalicelib.referral.papers.pdf import LACKING, pdf
from infra.answers import BY_PHONE
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual
from tests.world import World

from .conftest import CENTER, Browser, Page, resume_with
from .taskpages import shown_status

pytestmark = pytest.mark.promise("papers-to-keep")

NAMES = "Nguyễn Văn Ánh, Հայկ, 王小明, سارة, नेहा, Zoë 🙂"


def read(text: str) -> str:
    """What another program reads in a PDF, with single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(text.encode()), strict=True).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def provider(client: Client, story: Story, lang: str = "en") -> Browser:
    browser = Browser(client, lang)
    page = shown_status(browser, story.reference)
    assert page.status == 200
    return browser


def words_of(page: Page) -> set[str]:
    """The words of a paper as its page has them."""
    (main,) = markup.fromstring(page.body).xpath("//main")
    for out in main.xpath(
        ".//*[contains(@class, 'actions') or contains(@class, 'no-print') or contains(@class, 'back')]"
    ):
        out.drop_tree()
    return {word for part in main.itertext() for word in part.split()} - {
        "Number",
        "of",
        "your",
        "request:",
    }


def saved(browser: Browser, paper: str) -> Page:
    page = browser.get(f"/status/papers/{paper}/pdf")
    assert page.status == 200 and page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Cache-Control"] == "no-store"
    return page


def test_each_paper_is_there_from_when_it_came_to_be(
    harness: LifecycleHarness, client: Client
) -> None:
    expected = {
        "triage": ["answers"],
        "plan": ["answers", "agreement"],
        "plan_agreement": ["answers", "agreement", "plan-1"],
        "summary": ["answers", "agreement", "plan-1"],
        "survey": ["answers", "agreement", "plan-1", "summary"],
    }
    for moment, papers in expected.items():
        browser = provider(client, at(harness, moment))
        ways = [one for one in browser.page.links if one.startswith("/status/papers/")]
        assert ways == [f"/status/papers/{one}" for one in papers], moment
        for way in ways:
            assert browser.get(way).status == 200


def test_a_paper_says_what_was_told_signed_planned_and_summed_up(
    harness: LifecycleHarness, client: Client
) -> None:
    story = at(harness, "plan_agreement").says(decision="changes_asked", wish="Fewer goals, please")
    story.says(**{**usual(story), "goal_1": "Quiet time"}).says(decision="agreed")
    browser = provider(client, story)
    told = browser.get("/status/papers/answers").text
    assert "Demo Center" in told and "ana@example.org" in told and "You sent this on" in told
    signed = browser.get("/status/papers/agreement").text
    assert "The service is free." in signed and "Ana Demo" in signed and "agreement-1" in signed
    first, second = (browser.get(f"/status/papers/plan-{n}").text for n in (1, 2))
    assert "Fewer goals, please" in first and "Calm mornings" in first
    assert "Quiet time" in second and "You agreed to this plan on" in second
    for paper in ("answers", "agreement", "plan-1", "plan-2"):
        page = browser.get(f"/status/papers/{paper}")
        assert words_of(page) <= set(read(saved(browser, paper).body).split()), paper


def test_the_summary_comes_with_the_end_and_holds_no_note_for_the_network(
    harness: LifecycleHarness, client: Client
) -> None:
    story = at(harness, "summary")
    story.says(**usual(story), note="A word for the team only")
    browser = provider(client, story)
    page = browser.get("/status/papers/summary")
    assert "Trying one thing at a time" in page.text and "Keep the picture schedule" in page.text
    assert "Met" in page.text and "A word for the team only" not in page.text
    assert "A word for the team only" not in read(saved(browser, "summary").body)


def test_a_paper_speaks_the_readers_language(harness: LifecycleHarness, client: Client) -> None:
    browser = provider(client, at(harness, "plan_agreement"), "es")
    page = browser.get("/status/papers/agreement")
    file = read(saved(browser, "agreement").body)
    assert page.lang == "es" and page.heading == "Acuerdo de servicio"
    assert words_of(page) - {"Número", "de", "su", "solicitud:"} <= set(file.split())
    assert "Plan de acción, versión 1" in read(saved(browser, "plan-1").body)


def test_only_who_showed_the_code_sees_a_paper_and_only_one_that_there_is(
    harness: LifecycleHarness, client: Client
) -> None:
    story = at(harness, "offer")
    stranger = Browser(client)
    for way in ("/status/papers/answers", "/status/papers/answers/pdf"):
        assert stranger.get(way).path == "/status"
    browser = provider(client, story)
    for paper in ("agreement", "plan-1", "summary", "plan-0", "nothing"):
        assert browser.get(f"/status/papers/{paper}").status == 404
        assert browser.get(f"/status/papers/{paper}/pdf").status == 404


def test_letters_that_the_font_lacks_never_break_a_file_and_are_spoken_of() -> None:
    long = "y" * 400
    part = Part("Firma", (f"«¿Cómo está?» — 50 % \\ (así)\n{long}",), (("Nombre", NAMES),))
    text = pdf(Document("Acuerdo", "7K3M-9QXA-5", "en", "El 3 de mayo", (part,) * 30))
    file = read(text)
    assert "«¿Cómo está?» — 50 % \\ (así)" in file
    assert "Nguyễn Văn Ánh" in file and "Zoë" in file and "????" in file
    assert LACKING in file and "7 / 7" not in file
    plain = pdf(Document("Agreement", "7K3M-9QXA-5", "en", "May 3", (Part("A", ("B",)),)))
    assert LACKING not in read(plain)
    assert plain.isascii() or set(plain) - set(map(chr, range(128))) == {"🖤"}


def test_what_was_just_sent_can_be_read_where_it_was_sent_from_for_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr("chalicelib.referral.intake.submit.QUICKEST", 0)
    browser = Browser(client)
    resume_with(browser, CENTER)
    browser.get("/request/check")
    page = browser.answer({})
    assert page.path == "/request/sent"
    assert "What you told us" in page.text and "Sunny Days" in page.text
    world.at += 3600
    later = browser.get("/request/sent")
    assert later.status == 200 and "Sunny Days" not in later.text


def test_staff_print_for_whoever_has_no_email_what_they_signed_in_their_language(
    harness: LifecycleHarness, client: Client
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    while story.asks != "plan":
        story.says(**usual(story))
    staff = signed_in(harness.world, client, "specialist")
    case = f"/console/referrals/{story.reference}"
    assert f"{case}/papers" in staff.get(f"{case}/act").links
    page = staff.get(f"{case}/papers")
    assert [link for link in page.links if "/papers/" in link] == [
        f"{case}/papers/answers",
        f"{case}/papers/agreement",
    ]
    page = staff.get(f"{case}/papers/agreement")
    assert "Acuerdo de servicio" in page.text and "Ana Demo" in page.text
    assert "Nombre escrito como firma" in page.text
    assert staff.get(f"{case}/papers/plan-1").status == 404


def test_the_link_to_them_is_mailed_on_request_and_no_paper_is_attached(
    harness: LifecycleHarness, client: Client
) -> None:
    story = at(harness, "service")
    world, browser = harness.world, provider(client, story, "es")
    harness.settle()
    since = len(world.mails)
    page, _press = browser.page, "/status/mail-papers"
    (nonce,) = re.findall(
        rf'{_press}"><input type="hidden" name="_nonce" value="([^"]+)"', page.body
    )
    assert browser.post(_press, {"_nonce": "forged"}).path == "/status/view"
    for _ in range(2):  # Back, and pressed again: one letter
        browser.post(_press, {"_nonce": nonce})
    assert "va en camino" in browser.page.text
    harness.settle()
    (letter,) = world.mails[since:]
    assert letter.to == "ana@example.org" and not letter.files
    assert "/status?letter=" in letter.text and "Open my papers" in letter.text
    assert "Ana" not in letter.text + letter.html
    browser.get("/status/view")
    told = "Nos pidió que le enviáramos por correo el enlace"
    assert told in browser.page.text


def test_it_is_mailed_a_few_times_an_hour_and_not_to_an_address_that_fails(
    world: World, client: Client
) -> None:
    reference = world.matched()
    browser, _press = Browser(client), "/status/mail-papers"
    for _ in range(5):
        page = shown_status(browser, reference)
        (nonce,) = re.findall(
            rf'{_press}"><input type="hidden" name="_nonce" value="([^"]+)"', page.body
        )
        browser.post(_press, {"_nonce": nonce})
        world.at += 60
    assert "a few times in this hour" in browser.page.text
    bad_addresses.flag(reference, "provider", "ana@example.org", world.at, "bounced")
    assert _press not in browser.get("/status/view").body
