"""The page where somebody chooses how we write to them."""

from __future__ import annotations

import re
from email import message_from_bytes
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.client import BaseClient
from chalice.test import Client
from lxml.html import FormElement

from chalicelib.aws import dynamodb, ses
from chalicelib.directory import mail_choices, people
from chalicelib.mail.choices import links
from tests.unit.mail.test_bounces import bounce, fixed
from tests.web.conftest import Browser
from tests.web.conftest import client as client
from tests.web.staff import press, signed_in
from tests.web.taskpages import filled, form_of
from tests.web.test_status_change import changes, inside
from tests.workflow.lifecycle import LifecycleHarness, at
from tests.world import World

pytestmark = pytest.mark.promise("own-choices")
PROVIDER = "ana@example.org"
KNOWN = {"language": "en", "hours": "day", "wanted": ["invitations", "thanks"]}


def chosen(email: str) -> mail_choices.Choices:
    return mail_choices.of(mail_choices.mark_of(email))


def path_to(email: str) -> str:
    return urlsplit(links.address(email, "en")).path


def test_the_link_at_the_end_of_a_letter_opens_the_page_in_its_language(
    world: World, client: Client
) -> None:
    world.submit("es", letters_language="es")
    world.relay()
    mail = next(m for m in world.mails if m.to == PROVIDER)
    (path,) = re.findall(r"https://network.test(/letters/\S+)", mail.text)
    assert path in mail.html and not mail.headers, "a receipt cannot be left"
    page = Browser(client).get(path)
    assert page.status == 200 and page.lang == "es"
    assert chosen(PROVIDER) == mail_choices.NOTHING_CHOSEN, "a look changes nothing"


def test_what_was_chosen_is_kept_and_shown_again(world: World, client: Client) -> None:
    browser, path = Browser(client), path_to(PROVIDER)
    page = browser.get(path)
    assert "pace" not in page.names, "a digest is for those who work here"
    page = browser.answer({**KNOWN, "language": "es", "hours": "business", "wanted": ["thanks"]})
    assert page.lang == "es" and "Guardamos lo que eligió" in page.text
    kept = chosen(PROVIDER)
    assert (kept.language, kept.hours, kept.left) == ("es", "business", {"invitations"})
    assert re.search(r'value="business"\s+checked', browser.get(path).body)


def test_letters_come_in_the_language_that_was_chosen(world: World) -> None:
    mail_choices.keep(mail_choices.mark_of(PROVIDER), mail_choices.Choices("es"), world.at)
    world.submit("en", letters_language="en")
    world.relay()
    mail = next(m for m in world.mails if m.to == PROVIDER)
    assert "Tenemos su solicitud" in mail.subject


def test_a_consultant_may_want_one_message_each_morning(
    harness: LifecycleHarness, client: Client
) -> None:
    row = people.consultant(at(harness, "offer").state.consultant)
    browser = Browser(client)
    assert "pace" in browser.get(path_to(row["email"])).names
    browser.answer({**KNOWN, "pace": "digest"})
    assert chosen(row["email"]).digest


@pytest.mark.promise("letters-left-by-one-press")
def test_one_press_leaves_all_that_is_not_needed(world: World, client: Client) -> None:
    browser = Browser(client)
    page = browser.get(path_to(PROVIDER))
    assert "everything about safety" in page.text
    browser.answer(KNOWN, leave="all")
    assert chosen(PROVIDER).left == set(mail_choices.MAY_BE_LEFT)


def test_a_program_that_sends_the_form_as_it_is_shown_changes_nothing(
    world: World, client: Client
) -> None:
    browser = Browser(client)
    page = browser.get(path_to(PROVIDER))
    browser.answer({"language": "en", "hours": "day", "wanted": ["invitations", "thanks"]})
    assert chosen(PROVIDER).left == set() and page.status == 200


@pytest.mark.parametrize("path", ["/letters/none", "/letters/none/leave/thanks"])
def test_a_stranger_and_an_old_link_are_answered_alike(
    world: World, client: Client, path: str
) -> None:
    old = path.replace("none", path_to(PROVIDER).rpartition("/")[2])
    browser = Browser(client)
    strange = [browser.get(path).body, browser.post(path, {"List-Unsubscribe": "One-Click"}).body]
    world.at += links.GOOD_FOR + 1
    late = [browser.get(old).body, browser.post(old, {"List-Unsubscribe": "One-Click"}).body]
    plain = [re.sub(r"/letters/[^\"]+|[0-9a-f-]{36}", "", one) for one in strange + late]
    assert len(set(plain[::2])) == len(set(plain[1::2])) == 1
    assert browser.page.status == 410 and "newest message" in browser.page.text
    assert chosen(PROVIDER) == mail_choices.NOTHING_CHOSEN


PARTS = (
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)


@pytest.mark.promise("letters-left-by-one-press")
@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
     ("multipart/form-data; boundary=b", PARTS)],
)  # fmt: skip
def test_a_mail_program_leaves_a_kind_with_one_post_and_without_a_cookie(
    world: World, client: Client, kind: str, body: str
) -> None:
    browser, path = Browser(client), path_to(PROVIDER)
    assert browser.post(f"{path}/leave/thanks", {}).status == 410, "not what RFC 8058 sends"
    assert browser.post(f"{path}/leave/tasks", {"List-Unsubscribe": "One-Click"}).status == 410
    assert chosen(PROVIDER) == mail_choices.NOTHING_CHOSEN
    page = browser.send("POST", f"{path}/leave/thanks", body.encode(), {"content-type": kind})
    assert page.status == 200 and chosen(PROVIDER).left == {"thanks"}


@pytest.mark.promise("letters-left-by-one-press")
def test_what_a_mail_program_is_told_stands_whole_in_one_line(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []

    def take(client: BaseClient, operation: str, given: dict[str, Any]) -> dict[str, str]:
        sent.append(given["Content"]["Raw"]["Data"])
        return {"MessageId": "1"}

    monkeypatch.setattr(BaseClient, "_make_api_call", take)
    address = f"<https://{'a' * 60}.test/letters/{'b' * 80}/leave/thanks>"
    ses.send(PROVIDER, "A", "b", "<p>b</p>", {}, (), "N", {"List-Unsubscribe": address})
    assert f"List-Unsubscribe: {address}\r\n".encode() in sent[0]
    read = message_from_bytes(sent[0])
    assert (read["Subject"], read["Reply-To"]) == ("A", "people@network.test"), "people read it"


CHOSEN = mail_choices.Choices("es", hours="business", left=frozenset({"thanks"}))
NEW = "new@example.org"


def keep(email: str, what: mail_choices.Choices = CHOSEN) -> None:
    mail_choices.keep(mail_choices.mark_of(email), what, 1)


@pytest.mark.promise("choices-move-with-address")
def test_choices_move_with_an_address_that_its_own_reader_changes_and_nobody_inherits_them(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    keep(PROVIDER)
    harness.world.mails.clear()
    changes(inside(client, story), "contact", contact_email=NEW)
    harness.settle()
    assert (chosen(NEW), chosen(PROVIDER)) == (CHOSEN, mail_choices.NOTHING_CHOSEN)
    (asked,) = [m for m in harness.world.mails if m.to == NEW and m.link]
    assert "acuerdo" in asked.subject, "and the next letter speaks their language"


@pytest.mark.promise("choices-move-with-address")
def test_choices_move_with_an_address_that_staff_find_for_one_that_does_not_work(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    keep(PROVIDER)
    bounce(harness.world, story.reference, "delivery/agreement")
    harness.settle()
    fixed(harness.world, story.reference, NEW)
    assert (chosen(NEW), chosen(PROVIDER)) == (CHOSEN, mail_choices.NOTHING_CHOSEN)


@pytest.mark.promise("choices-move-with-address")
def test_what_was_chosen_at_the_other_address_already_stands(world: World) -> None:
    theirs = mail_choices.Choices("en", left=frozenset({"invitations"}))
    keep(PROVIDER)
    keep(NEW, theirs)
    dynamodb.transact(mail_choices.moved(PROVIDER, NEW, world.at))
    assert (chosen(NEW), chosen(PROVIDER)) == (theirs, mail_choices.NOTHING_CHOSEN)
    assert mail_choices.moved(NEW, NEW, world.at) == mail_choices.moved("", NEW, world.at) == []


def sent_as_shown(form: FormElement) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name, value in filled(form):
        sent.setdefault(name, []).append(value)
    return sent


@pytest.mark.promise("choices-move-with-address")
@pytest.mark.parametrize(
    ("path", "form"),
    [("/console/staff/sofia-south", "staff"),
     ("/console/consultants/ben-okafor/details", "consultant")],
)  # fmt: skip
def test_choices_move_with_an_address_that_the_console_changes(
    world: World, client: Client, path: str, form: str
) -> None:
    ada = signed_in(world, client, "admin")
    old = f"{path.split('/')[3]}@example.org"
    keep(old)
    sent = sent_as_shown(form_of(ada.get(path), form)) | {"email": [NEW]}
    page = press(ada, path, **sent)
    press(ada, path, **sent | {"seen": [page.hidden["seen"]]})
    assert (chosen(NEW), chosen(old)) == (CHOSEN, mail_choices.NOTHING_CHOSEN)


@pytest.mark.promise("choices-move-with-address")
def test_a_language_that_is_asked_for_elsewhere_takes_the_place_of_the_one_chosen_before(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    keep(PROVIDER)
    changes(inside(client, story), "contact", letters_language="es")
    assert chosen(PROVIDER) == CHOSEN
    keep(PROVIDER, mail_choices.Choices("en"))
    changes(inside(client, story), "contact", letters_language="en")
    changes(inside(client, story), "contact", letters_language="es")
    assert chosen(PROVIDER).language == "es"
