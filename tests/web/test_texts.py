"""Text messages: who asks for them gets a short line with a link, and STOP, HELP and START are heard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from chalice.test import Client
from hypothesis import strategies as st

import chalicelib
from chalicelib.aws import clients
from chalicelib.aws.errors import AwsError
from chalicelib.aws.settings import settings
from chalicelib.aws.texts import text_messages
from chalicelib.calls.tell import TELL
from chalicelib.directory import people, text_choices
from chalicelib.domain import calendar
from chalicelib.domain.ids import reference_of
from chalicelib.mail import delivery_reports, letter_rows, queue
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.mail.texts import answers
from chalicelib.mail.texts.compose import compose, has_line, plain, segments
from chalicelib.mail.texts.ending import WELCOME
from chalicelib.referral import questions
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import request_rows
from chalicelib.web import links
from chalicelib.workflow.kinds import every_kind
from chalicelib.workflow.storage import side_task_rows, store
from infra import text_office
from tests.unit.mail.test_bounces import bounce, fixed
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual
from tests.world import Text, World

from .conftest import CENTER, Browser, fill_in, keep_draft
from .staff import signed_in
from .taskpages import shown_status
from .test_my_tasks import link_of, opened

pytestmark = pytest.mark.promise("text-messages")

PHONE, NUMBER = "209-555-0147", "+12095550147"
BY_TEXT = {"contact_phone": PHONE, "contact_by": "text"}
TEXT_ALONE = {**BY_TEXT, "contact_email": ""}


def to_agreement(story: Story) -> Story:
    """Up to the question that only the provider can answer."""
    while story.asks != "agreement":
        story.says(**usual(story))
    return story


def by_text(harness: LifecycleHarness, **answers: Any) -> Story:
    """A request of somebody who wants texts, who is asked to sign the agreement."""
    return to_agreement(harness.submit(**{**BY_TEXT, **answers}))


def reminded(story: Story) -> None:
    """Time passes until they are reminded; the clock has other things to do as well."""
    assert story.state.task is not None
    story.harness.world.at = story.state.task.remind[0]
    for _ in range(3):
        story.harness.world.at += 61
        story.harness.run_scheduler()


def calls(story: Story) -> list[int]:
    """The open tasks to call the provider."""
    rows = [side_task_rows.get(story.reference, n) for n in story.state.side_tasks]
    return [row.number for row in rows if row is not None and row.kind == TELL.name]


def to_say(story: Story) -> list[str]:
    """What is to be said to them in a call."""
    return [
        str(r["letter"]) for r in letter_rows.of(story.reference) if r.get("status") == "to_say"
    ]


def publish(harness: LifecycleHarness, *messages: Any) -> None:
    """AWS publishes to the topic, and what follows from it."""
    texts = [one if isinstance(one, str) else json.dumps(one) for one in messages]
    delivery_reports.mail_events({"Records": [{"Sns": {"Message": one}} for one in texts]}, None)
    harness.settle()


def text_row(story: Story) -> letter_rows.LetterRow:
    """The row of the text about the agreement."""
    mine = [r for r in letter_rows.of(story.reference) if r.get("letter") == "delivery/agreement"]
    (row,) = [r for r in mine if r.get("channel") == "text"]
    return row


def events(story: Story) -> list[str]:
    """The log, as event and verdict."""
    return [f"{e.event} {e.payload.get('verdict', '')}".strip() for e in store.log(story.state)]


def report(text: Text, what: str, **more: Any) -> dict[str, Any]:
    """What AWS says became of a text."""
    mail = text_office.read_text(
        {"DestinationPhoneNumber": text.number, "MessageBody": text.text, "Context": text.about},
        "m",
        1,
    )
    return text_office.report(mail) | {"eventType": f"TEXT_{what}"} | more


def test_who_asks_for_texts_on_the_form_is_told_the_terms_and_gets_each_question_as_a_text_that_opens(
    client: Client, harness: LifecycleHarness
) -> None:
    world, browser = harness.world, Browser(client)
    browser.get("/")
    fill_in(browser, CENTER | BY_TEXT)
    world.at += 60
    page = browser.answer({})
    assert page.path == "/request/sent", page.text
    harness.settle()
    (welcome,) = world.texts
    assert welcome.number == NUMBER and welcome.text.startswith("Red IECMHC de California")
    assert "STOP" in welcome.text and "tarifas" in welcome.text
    chosen = text_choices.of(NUMBER)
    assert "Pueden aplicar tarifas" in chosen["words"] and chosen["how"] == "request provider"
    (reference,) = chosen["cases"]
    story = to_agreement(Story(harness, reference))
    text = world.texts[-1]
    assert text.text.startswith(f"Red IECMHC {reference}: Lea y firme") and len(text.text) <= 160
    assert [m.subject for m in world.mails if m.to == "rosa@example.org" and m.link], "and an email"
    page = browser.get(f"/t/{text.link}")
    assert page.status == 200 and reference in page.text
    assert story.state.contact.by == "text"


def test_who_has_no_email_gets_the_question_as_a_text_in_place_of_a_call_and_its_reminder_in_one(
    harness: LifecycleHarness,
) -> None:
    story, world = by_text(harness, **TEXT_ALONE), harness.world
    assert "delivery/agreement" not in to_say(story) and "intake/receipt" in to_say(story)
    (asked,) = [text for text in world.texts if text.link]
    assert "sign the service agreement" in asked.text
    reminded(story)
    assert "delivery/agreement" in to_say(story), "who does not answer is called"
    assert len([text for text in world.texts if text.link]) == 2, "and texted once more"
    assert len(calls(story)) == 1


def test_a_text_keeps_the_hours_of_letters_and_answers_a_press_at_once(
    harness: LifecycleHarness,
) -> None:
    world = harness.world
    story = harness.submit(**BY_TEXT)
    assert len(world.texts) == 1, "who has just sent it looks for it, by day and by night"
    while story.asks != "first_contact":
        story.says(**usual(story))
    night = calendar.morning_after(world.at) - 8 * 3600
    world.at, told = max(night, world.at), len(world.texts)
    story.says(**usual(story))
    assert story.asks == "agreement" and len(world.texts) == told
    world.at = calendar.into_waking_hours(world.at) + 61
    for _ in range(2):
        harness.run_scheduler()
    assert len(world.texts) == told + 1


def test_no_text_leaves_without_a_number_that_agreed_and_nothing_is_offered_where_none_can_be_sent(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions.ever_asked.cache_clear()
    monkeypatch.setenv("TEXT_IDENTITY", "")
    clients.forget()
    assert not settings().sends_texts
    browser = Browser(client)
    keep_draft(browser, CENTER)
    page = browser.get("/request/contact")
    assert "Phone call" in page.text and "Text message" not in page.text
    story = by_text(harness, **TEXT_ALONE)
    assert harness.world.texts == [] and "delivery/agreement" in to_say(story)
    questions.ever_asked.cache_clear()


def test_texts_need_a_number_that_a_text_can_go_to(
    client: Client, harness: LifecycleHarness
) -> None:
    browser = Browser(client)
    for phone in ("", "209-555-0147 ext 5"):
        keep_draft(browser, CENTER)
        browser.get("/request/contact")
        page = browser.answer(CENTER | {"contact_by": "text", "contact_phone": phone})
        assert page.errors == ["contact_phone"] and "Type a mobile phone number" in page.text


def test_stop_is_heard_once_confirmed_once_seen_by_staff_and_leads_to_a_call(
    client: Client, harness: LifecycleHarness
) -> None:
    story, world = by_text(harness, **TEXT_ALONE), harness.world
    before = len(world.texts)
    stop = text_office.inbound(NUMBER, "Stop, please")
    publish(harness, stop, stop)
    publish(harness, text_office.inbound(NUMBER, "STOP"))
    assert [text.text for text in world.texts[before:]] == [
        "California IECMHC Network: no more texts from us. We will reach you another way. "
        "To get texts again, text START. Questions: 1-877-524-2422"
    ]
    assert events(story).count("texts_ended stopped") == 1
    assert story.state.contact.by == "phone" and not text_choices.wanted(NUMBER)
    assert "delivery/agreement" in to_say(story) and len(calls(story)) == 1
    assert request_rows.answers(story.reference).contact_by == "phone", "so they can ask again"
    staff = signed_in(world, client, "specialist")
    assert "they said STOP" in staff.get(f"/console/referrals/{story.reference}").text
    reminded(story)
    assert len(world.texts) == before + 1, "no more texts"


def test_start_brings_texts_back_to_who_stopped_and_to_nobody_else(
    harness: LifecycleHarness,
) -> None:
    story, world = by_text(harness, letters_language="es"), harness.world
    publish(harness, text_office.inbound(NUMBER, "ALTO"))
    assert world.texts[-1].text.startswith("Red IECMHC de California: ya no")
    before = len(world.texts)
    start = text_office.inbound(NUMBER, "start")
    publish(harness, start, start)
    (welcome,) = world.texts[before:]
    assert "Pueden aplicar tarifas" in welcome.text and story.state.contact.by == "text"
    assert events(story)[-1] == "texts_began" and text_choices.wanted(NUMBER)
    publish(harness, text_office.inbound("+12095550188", "START"))
    assert not text_choices.wanted("+12095550188"), "nobody who never asked"
    assert "Text STOP to end" in world.texts[-1].text, "only told who we are"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("HELP", "free support for child care providers"),
        ("ayuda", "apoyo gratis"),
        ("When do you come?", "nobody reads texts here"),
        ("", "nobody reads texts here"),
    ],
)
def test_help_says_who_we_are_and_other_words_that_nobody_reads_them_at_most_three_times_an_hour(
    world: World, words: str, told: str
) -> None:
    one = text_office.inbound("+12095550199", words)
    delivery_reports.mail_events({"Records": [{"Sns": {"Message": json.dumps(one)}}] * 2}, None)
    (answer,) = world.texts
    assert told in answer.text and "1-877-524-2422" in answer.text and segments(answer.text) == 1
    for _ in range(4):
        again = json.dumps(text_office.inbound("+12095550199", words))
        delivery_reports.mail_events({"Records": [{"Sns": {"Message": again}}]}, None)
    assert len(world.texts) == 3


@pytest.mark.parametrize(
    ("what", "by"), [("BLOCKED", "email"), ("INVALID", "email"), ("UNREACHABLE", "text")]
)
def test_a_text_that_does_not_arrive_stands_on_the_timeline_and_ends_texts_where_the_number_takes_none(
    client: Client, harness: LifecycleHarness, what: str, by: str
) -> None:
    story = by_text(harness)
    lost = report(harness.world.texts[-1], what)
    publish(harness, lost, lost)
    assert story.state.contact.by == by
    assert events(story).count("texts_ended lost") == (by == "email")
    told = [m for m in harness.world.mails if m.subject.startswith("Our text messages do not")]
    assert [m.to for m in told] == ["ana@example.org"] * (by == "email"), "so they can mend it"
    page = signed_in(harness.world, client, "specialist").get(
        f"/console/referrals/{story.reference}?kind=mail"
    )
    assert "Bounced" in page.text and what.lower() in page.text and "Text message to" in page.text


def test_who_has_no_email_is_called_about_what_a_lost_text_asked(harness: LifecycleHarness) -> None:
    story = by_text(harness, **TEXT_ALONE)
    publish(harness, report(harness.world.texts[-1], "UNREACHABLE"))
    assert "delivery/agreement" in to_say(story) and len(calls(story)) == 1
    assert story.state.contact.by == "phone"


def test_what_aws_says_besides_changes_nothing(harness: LifecycleHarness) -> None:
    story = by_text(harness)
    before = story.state.version
    text = harness.world.texts[-1]
    publish(
        harness,
        report(text, "DELIVERED"), report(text, "UNKNOWN"), report(text, "SOMETHING_NEW"),
        report(text, "BLOCKED", isFinal=False), report(text, "BLOCKED", context={}),
        report(text, "BLOCKED", context={"ref": "0000-0000-0", "v": "1", "i": "1"}),
        {"inboundMessageId": "x", "originationNumber": "", "messageBody": "STOP"},
        "a sentence that is no JSON",
    )  # fmt: skip
    assert story.state.version == before
    row = text_row(story)
    assert row.get("status") == "sent"


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("text_access_denied", "queued"), ("text_throttled", "queued"), ("text_spend_limit", "queued"),
        ("text_sandbox", "queued"), ("text_no_pool", "queued"), ("text_opted_out", "rejected"),
        ("text_invalid_number", "rejected"),
    ],
)  # fmt: skip
def test_a_text_that_aws_does_not_take_waits_by_itself_or_leads_to_another_way_and_letters_leave_all_the_same(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, name: str, becomes: str
) -> None:
    refused = text_office.TEXT_REFUSALS[name]
    error = AwsError(
        refused.code,
        refused.message,
        "SendTextMessage",
        reason=refused.reason,
        fields=refused.fields,
    )
    meant = text_messages.refusal(error)
    assert meant is not None
    taken = text_messages.send

    def no(*_: Any) -> str:
        raise meant

    story, world = harness.submit(**BY_TEXT), harness.world
    monkeypatch.setattr(text_messages, "send", no)
    mails = len(world.mails)
    to_agreement(story)
    row = text_row(story)
    assert row.get("status") == becomes
    assert [m for m in world.mails[mails:] if m.to == "ana@example.org" and m.link], (
        "the letter left"
    )
    assert story.state.contact.by == ("text" if becomes == "queued" else "email")
    monkeypatch.setattr(text_messages, "send", taken)
    world.at += 2000
    queue.each_minute(world.at)
    links = [text for text in world.texts if text.link]
    assert len(links) == (becomes == "queued"), "it leaves once it may"
    queue.each_minute(world.at + 2000)
    assert len([text for text in world.texts if text.link]) == len(links)


def test_who_asks_for_texts_later_on_the_status_page_agrees_to_the_same_words(
    client: Client, harness: LifecycleHarness
) -> None:
    story, browser = harness.submit(), Browser(client)
    shown_status(browser, story.reference)
    page = browser.get("/status/change/contact")
    assert "Message and data rates may apply" in page.text
    known = {
        "contact_name": "Ana Demo",
        "contact_email": "ana@example.org",
        "letters_language": "en",
    }
    page = browser.answer({**known, **BY_TEXT})
    harness.settle()
    assert text_choices.of(NUMBER)["how"] == "status page provider", page.text
    assert [text.number for text in harness.world.texts] == [NUMBER]
    to_agreement(story)
    assert harness.world.texts[-1].link


def test_a_consultant_who_wants_texts_gets_offers_by_text_too_until_they_say_stop(
    client: Client, harness: LifecycleHarness
) -> None:
    world, story, browser = harness.world, at(harness, "offer"), Browser(client)
    assert story.state.task is not None
    who = story.state.task.assignee
    page = opened(browser, link_of(harness, who))
    assert "/mine/texts" in page.links
    browser.get("/mine/texts")
    assert browser.answer({"texts": "yes", "phone": "call me"}).errors == ["phone"]
    assert browser.answer({"texts": "yes", "phone": PHONE}).path == "/mine?saved=yes"
    chosen = text_choices.of(NUMBER)
    assert chosen["how"] == "own page" and "rates may apply" in chosen["words"]
    people.forget()
    for expected in (2, 3):
        world.at += 3600
        assert send_fresh(story.reference, story.state.task.number, own=str(expected))
        harness.settle()
        assert len(world.texts) == expected
    first, offer, again = world.texts
    assert "rates may apply" in first.text and "Can you take a new consultation?" in offer.text
    assert offer.link != again.link and browser.get(f"/t/{again.link}").status == 200
    publish(harness, text_office.inbound(NUMBER, "STOP"))
    assert not people.consultant_now(who).get("texts") and len(world.texts) == 4
    people.forget()
    world.at += 3600
    assert send_fresh(story.reference, story.state.task.number, own="more")
    harness.settle()
    assert len(world.texts) == 4
    browser.get("/mine/texts")
    browser.answer({"texts": "no"})
    assert not text_choices.wanted(NUMBER)


def choices_link(harness: LifecycleHarness, to: str = "ana@example.org") -> str:
    mail = [m for m in harness.world.mails if m.to == to][-1]
    return re.findall(r"https://network.test(/letters/\S+)", mail.text)[0]


def test_the_page_of_choices_turns_texts_to_the_known_number_on_and_off(
    client: Client, harness: LifecycleHarness
) -> None:
    story, browser = to_agreement(harness.submit(contact_phone=PHONE)), Browser(client)
    link = choices_link(harness)
    page = browser.get(link)
    assert "ends in 0147" in page.text and "rates may apply" in page.text and PHONE not in page.text
    known = {"language": "es", "hours": "day", "wanted": ["thanks"]}
    page = browser.answer({**known, "texts": "yes"})
    harness.settle()
    assert page.status == 200 and story.state.contact.texted
    chosen = text_choices.of(NUMBER)
    assert chosen["how"] == "page of choices" and "Pueden aplicar tarifas" in chosen["words"]
    (welcome,) = harness.world.texts
    assert welcome.number == NUMBER and "STOP" in welcome.text
    assert request_rows.answers(story.reference).contact_by == "text"
    assert 'value="yes" checked' in re.sub(
        r"\s+", " ", browser.get(link).body.split('name="texts"')[1]
    )
    browser.answer({**known, "texts": "yes"})
    assert events(story).count("texts_began chosen") == 1, "nothing new is nothing"
    browser.get(link)
    browser.answer({**known, "texts": "no"})
    harness.settle()
    assert story.state.contact.by == "email" and events(story)[-1] == "texts_ended chosen"
    assert len(harness.world.texts) == 1


@pytest.mark.parametrize("gone", ["no number", "another address", "no texts here", "consultant"])
def test_the_page_of_choices_offers_no_texts_that_cannot_be_sent_or_are_not_its_readers_to_choose(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    story = to_agreement(harness.submit(contact_phone="" if gone == "no number" else PHONE))
    link = choices_link(harness)
    if gone == "another address":
        fixed_at(harness, story)
    if gone == "no texts here":
        monkeypatch.setenv("TEXT_IDENTITY", "")
        clients.forget()
    if gone == "consultant":
        link = choices_link(harness, f"{story.state.consultant}@example.org")
    browser = Browser(client)
    page = browser.get(link)
    assert page.status == 200 and "texts" not in page.names and "ends in" not in page.text
    browser.answer({"language": "en", "hours": "day", "wanted": [], "texts": "yes"})
    assert story.state.contact.by == "email"


def fixed_at(harness: LifecycleHarness, story: Story) -> None:
    """The address came back, and staff found another one."""
    bounce(harness.world, story.reference, "delivery/agreement")
    harness.settle()
    fixed(harness.world, story.reference)


@pytest.mark.promise("choices-move-with-address")
def test_whoever_has_the_number_of_before_stops_and_starts_nothing_of_a_provider_with_another(
    client: Client, harness: LifecycleHarness
) -> None:
    story, browser, other = by_text(harness), Browser(client), "+12095550188"
    shown_status(browser, story.reference)
    browser.get("/status/change/contact")
    known = {
        "contact_name": "Ana Demo",
        "contact_email": "ana@example.org",
        "letters_language": "en",
    }
    browser.answer({**known, **BY_TEXT, "contact_phone": "209-555-0188"})
    harness.settle()
    assert harness.world.texts[-1].number == other and "STOP" in harness.world.texts[-1].text
    for word in ("STOP", "START"):
        publish(harness, text_office.inbound(NUMBER, word))
        assert story.state.contact.texted and {*text_choices.of(other)["cases"]} == {
            story.reference
        }
    publish(harness, text_office.inbound(other, "STOP"))
    assert story.state.contact.by == "email"


@pytest.mark.promise("choices-move-with-address")
def test_whoever_has_the_number_of_before_gets_no_texts_of_a_consultant(
    client: Client, harness: LifecycleHarness
) -> None:
    story, browser = at(harness, "offer"), Browser(client)
    assert story.state.task is not None
    who = story.state.task.assignee
    opened(browser, link_of(harness, who))
    for phone in (PHONE, "209-555-0188"):
        browser.get("/mine/texts")
        browser.answer({"texts": "yes", "phone": phone})
    for word in ("STOP", "START"):
        publish(harness, text_office.inbound(NUMBER, word))
        assert people.consultant_now(who).get("texts") == "+12095550188"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_text_is_one_message_in_the_alphabet_of_phones_names_us_and_nobody_else(
    lang: str,
) -> None:
    link = f"https://www.iecmhc-network.org/t/{'x' * 37}"
    reference, state = "7K3M-9QXA-5", Referral(reference="7K3M-9QXA-5")
    told = [
        compose(
            one,
            lang,
            reference=reference,
            link=None if one == WELCOME else link,
            state=state,
            planned=lambda: planned,  # noqa: B023 (called at once)
        )
        for one in letters_with_a_line()
        for planned in (True, False)
    ]
    told += [answers.words(one, lang) for one in (answers.ENDED, answers.WHO, answers.UNREAD)]
    assert len(told) >= 15
    for text in told:
        assert segments(text) == 1, (len(text), text)
        assert "IECMHC" in text and not re.search("[áíóú]", text)


def letters_with_a_line() -> list[str]:
    """Every letter that can be a text."""
    found = Path(chalicelib.__path__[0]).rglob("letters/*.j2")
    names = sorted(f"{path.parent.parent.name}/{path.stem}" for path in found)
    return [name for name in names if has_line(name)]


def test_every_question_to_a_person_outside_can_be_a_text() -> None:
    asked = {
        kind.letter for kind in every_kind().values() if kind.role == "provider" and kind.letter
    }
    assert asked <= set(letters_with_a_line()), asked - set(letters_with_a_line())


def test_a_text_is_counted_as_phones_count_it() -> None:
    assert (segments("a" * 160), segments("a" * 161), segments("a" * 307)) == (1, 2, 3)
    assert (segments("[" * 80), segments("[" * 81)) == (1, 2)
    assert (segments("á" * 70), segments("á" * 71)) == (1, 2)
    assert plain("¿Está aquí el niño? “Sí”, dijo.") == '¿Esta aqui el niño? "Si", dijo.'


@hypothesis.given(
    st.integers(0, 2**40 - 1), st.integers(0, 1023), st.integers(0, 499), st.integers(0, 2**29 - 1)
)
def test_a_short_link_says_what_the_long_one_says(bits: int, n: int, number: int, end: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            links, "link_keys", lambda needed="": ("b", {"a": b"5f" * 32, "b": b"6f" * 32})
        )
        _says_the_same(bits, n, number, end)


def _says_the_same(bits: int, n: int, number: int, end: int) -> None:
    reference, expires = reference_of(bits), links._SINCE + end
    text = links.mint_short(reference, n, number, expires)
    assert re.fullmatch("[0-9A-Za-z]{37}", text)
    found = links.read(f" {text}. ")
    assert found is not None
    assert (found.reference, found.n, found.number, found.expires) == (
        reference,
        n,
        number,
        expires,
    )
    at = bits % 37
    other = "a" if text[at] != "a" else "b"
    assert links.read(text[:at] + other + text[at + 1 :]) is None
