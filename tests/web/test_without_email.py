"""Somebody without email is served from asking to closed: staff say the letters and write the answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.calls.tell import TELL
from chalicelib.mail import letter_rows
from chalicelib.mail.bad_addresses import flag
from chalicelib.mail.phone.sayings import sayings
from chalicelib.mail.resend import send_again
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answer
from infra.answers import BY_PHONE, UNSURE
from tests.web.staff import press as console_press
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, usual

from .conftest import Browser, Page
from .taskpages import may_see, press

pytestmark = pytest.mark.promise("served-without-email")

OTHER = {"contact_phone": "209-555-0199"}


def calls(story: Story) -> list[int]:
    """The numbers of the open tasks to call the provider."""
    rows = [side_task_rows.get(story.reference, n) for n in story.state.side_tasks]
    return [row.number for row in rows if row is not None and row.kind == TELL.name]


def open_call(staff: Browser, story: Story) -> Page:
    """Open the call task from the page of the request."""
    (n,) = calls(story)
    case = f"/console/referrals/{story.reference}"
    staff.get(case)
    return may_see(staff, console_press(staff, f"{case}/task", n=str(n)))


def tell(staff: Browser, story: Story, **more: Any) -> Page:
    """Say everything that the call task has, or what ``more`` says became of the call."""
    page = open_call(staff, story)
    page = press(staff, page, {"talked": "phone", "said": ids(page), **more})
    story.harness.settle()
    return page


def records(staff: Browser, story: Story, answers: dict[str, Any], how: str) -> Page:
    """Write down what the provider said to the task that is open."""
    assert story.state.task is not None
    address = f"/console/referrals/{story.reference}/behalf/{story.state.task.number}"
    page = staff.get(address)
    told = {"told_by": "Ana Demo", "told_how": how, "_nonce": page.hidden["_nonce"]}
    sent = {k: v if isinstance(v, list) else str(v) for k, v in {**answers, **told}.items()}
    return staff.post(address, sent)


def test_a_life_by_phone_alone_comes_to_its_end_and_no_letter_is_left_unsaid(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(**BY_PHONE)
    most, said = 0, 0
    while story.asks not in ("follow_up_rest", ""):
        staff = signed_in(harness.world, client, "specialist")
        most = max(most, len(calls(story)))
        if calls(story) and story.asks in ("first_contact", "service", "survey"):
            said += len(sayings(story.state))
            assert tell(staff, story).status == 200 and not calls(story)
        assert story.state.task is not None
        if story.state.task.role == "provider":
            answers = usual(story)
            agrees = kind_of(story.asks).policy.agrees
            page = records(staff, story, answers, "read_aloud" if agrees else "phone")
            assert page.path.endswith(story.reference), page.errors
            harness.settle()
        else:
            story.says(**usual(story))
    assert most == 1, "one call for a person, however many letters"
    assert said >= 3 and not story.state.open and story.state.closure
    assert not [m for m in harness.world.mails if not m.to], "no letter without an address"
    left = [row.get("status") for row in letter_rows.of(story.reference) if row["to"] == "provider"]
    assert set(left) <= {letter_rows.SAID, letter_rows.SKIPPED, letter_rows.TO_SAY} and left
    signed = next(e for e in store.log(story.state) if e.event == "agreement_answered")
    assert signed.actor == "staff:sofia-south"
    assert (signed.payload["told_by"], signed.payload["told_how"]) == ("Ana Demo", "read_aloud")
    assert signed.payload["signed_name"] == "Ana Demo"


def test_who_is_called_for_a_talk_is_told_in_the_same_call_what_a_letter_would_say(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    staff = signed_in(harness.world, client, "specialist")
    assert story.asks == "triage" and len(calls(story)) == 1
    assert story.state.task is not None
    case = f"/console/referrals/{story.reference}"
    staff.get(case)
    page = may_see(staff, console_press(staff, f"{case}/task", n=str(story.state.task.number)))
    assert "Tenemos su solicitud" in page.text, "the words of the receipt, in their language"
    waits = re.findall(r'name="said_too"[^>]*value="([^"]+)"', page.body)
    assert len(waits) == 1
    # Who was not reached has heard nothing.
    press(staff, page, {"talked": "no_answer", "said_too": waits})
    harness.settle()
    assert len(calls(story)) == 1
    staff.get(case)
    page = may_see(staff, console_press(staff, f"{case}/task", n=str(story.state.task.number)))
    press(staff, page, {"talked": "phone", "decision": "confirm", "said_too": waits})
    assert not calls(story), "nobody calls them about it again"
    harness.settle()
    said = [r for r in letter_rows.of(story.reference) if r.get("status") == letter_rows.SAID]
    assert [row["letter"] for row in said] == ["intake/receipt"]


def test_what_is_to_be_said_is_the_letter_itself_in_their_language_and_only_what_is_still_so(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    receipt = sayings(story.state)
    assert [one.words.title for one in receipt] == ["Tenemos su solicitud"]
    said = " ".join(receipt[0].words.paragraphs)
    assert story.reference in said and "línea de ayuda" in said
    story.triaged()
    titles = [one.words.title for one in sayings(story.state)]
    assert len(titles) == 2 and len(calls(story)) == 1, "one call gathers both"
    mails = len(harness.world.mails)
    harness.world.at += 60
    story.withdraws()
    (left,) = sayings(story.state)
    assert left.words.title not in titles, (
        "what was outdated is dropped, and their own notice is said"
    )
    assert len(calls(story)) == 1
    asked = [m for m in harness.world.mails[mails:] if m.to == "sofia-south@example.org"]
    assert all("call somebody who has no email" not in m.subject for m in asked), (
        "nobody is asked twice to call"
    )


def test_what_is_said_late_is_still_true_and_asks_nothing_that_another_letter_asks(
    harness: LifecycleHarness,
) -> None:
    story = harness.submit(**BY_PHONE)
    story.triaged()
    while story.asks != "agreement":
        story.says(**usual(story))
    said = {one.words.title: one.words.paragraphs for one in sayings(story.state)}
    assert "We found a consultant for you" in said and "You have a new consultant" not in said
    (agreement,) = [one for one in sayings(story.state) if one.task]
    for title, paragraphs in said.items():
        text = " ".join(paragraphs)
        assert "Please answer by" not in text or title == agreement.words.title, text
        assert not [one for one in paragraphs if one.startswith("- ")], "nobody says a dash"


@pytest.mark.parametrize(
    ("lang", "nothing"), [("en", "do not have to do"), ("es", "no tiene que hacer")]
)
def test_who_is_asked_something_hears_from_no_letter_that_there_is_nothing_to_do(
    harness: LifecycleHarness, lang: str, nothing: str
) -> None:
    story = harness.submit(letters_language=lang, **BY_PHONE)

    def idle() -> set[str]:
        return {one.words.title for one in sayings(story.state)
                if any(nothing in each for each in one.words.paragraphs)}  # fmt: skip

    assert len(idle()) == len(sayings(story.state)) == 1, "a receipt, and nothing is asked yet"
    story.triaged()
    while story.asks != "agreement":
        story.says(**usual(story))
    assert len(sayings(story.state)) == 4 and not idle()


def test_a_question_is_said_once_more_when_it_is_due_and_their_answer_ends_the_call(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(**BY_PHONE, **UNSURE)
    staff = signed_in(harness.world, client, "specialist")
    task = story.state.task
    assert task is not None and story.asks == "information"
    page = open_call(staff, story)
    assert len(ids(page)) == 2 and f"/behalf/{task.number}" in page.body
    assert tell(staff, story).status == 200 and not calls(story)
    harness.world.at = task.remind[0]
    harness.run_scheduler()
    (one,) = sayings(story.state)
    assert one.task == task.number and len(calls(story)) == 1
    mails = len(harness.world.mails)
    staff = signed_in(harness.world, client, "specialist")
    assert records(staff, story, usual(story), "phone").path.endswith(story.reference)
    harness.settle()
    assert not calls(story) and not sayings(story.state)
    assert not any("wrote down" in m.subject for m in harness.world.mails[mails:]), "they heard it"


def test_what_comes_while_they_talk_stays_to_be_said_and_who_cannot_be_reached_keeps_nobody_busy(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(**BY_PHONE)
    staff = signed_in(harness.world, client, "specialist")
    page = open_call(staff, story)
    story.triaged()
    page = press(staff, page, {"talked": "phone", "said": ids(page)})
    harness.settle()
    assert len(sayings(story.state)) == 1 and len(calls(story)) == 1
    for tried in ("no_answer", "voicemail_es", "sent_text"):
        harness.world.at += 5 * 86400
        staff = signed_in(harness.world, client, "specialist")
        tell(staff, story, talked=tried, said=[])
        assert len(calls(story)) == 1, "a try keeps it, and its clock begins again"
    harness.world.at += 3600
    tell(staff, story, talked="unresponsive", said=[])
    assert not calls(story) and not sayings(story.state) and story.state.open


def test_an_agreement_counts_only_once_it_was_read_to_them_or_signed_on_paper(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    while story.asks != "agreement":
        story.says(**usual(story))
    staff = signed_in(harness.world, client, "specialist")
    page = records(staff, story, usual(story), "phone")
    assert page.status == 422 and page.errors == ["told_how"] and story.asks == "agreement"
    assert "No damos terapia" in page.body, "it is read in their language"
    assert story.state.task is not None
    sheet = staff.get(f"{page.path}/paper")
    assert (
        "Firma" in sheet.body and "No damos terapia" in sheet.body and "209-555" not in sheet.body
    )
    records(staff, story, usual(story), "paper")
    assert story.state.status == "agreement_signed"


def test_staff_tell_whoever_calls_where_it_stands_in_the_words_of_the_status_page(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    staff = signed_in(harness.world, client, "specialist")
    staff.get(f"/console/referrals/{story.reference}")
    assert f"/console/referrals/{story.reference}/status" in staff.page.links
    page = staff.get(f"/console/referrals/{story.reference}/status")
    assert "Una persona especialista de la Red le llamará" in page.text
    assert "Tenemos su solicitud" in page.text and "Ana Demo" not in page.text


def test_letters_that_came_back_are_said_where_no_address_works(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(**UNSURE)
    flag(story.reference, "provider", story.state.contact.email, harness.world.at, "bounced")
    harness.settle()
    (n,) = story.state.side_tasks
    values = {"decision": "call", "note": "We call them on Mondays"}
    answer(story.reference, n, values, "staff:sofia-south", "none-works", harness.world.at)
    harness.settle()
    assert [one.task for one in sayings(story.state)] == [story.state.task.number]
    assert len(calls(story)) == 1 and story.state.pause is None
    assert not any(
        row.get("status") == letter_rows.PARKED for row in letter_rows.of(story.reference)
    )


def test_a_letter_is_asked_for_again_as_often_as_any_but_counts_for_this_person_alone(
    client: Client, harness: LifecycleHarness
) -> None:
    first, other = harness.submit(**BY_PHONE), harness.submit(**BY_PHONE | OTHER)
    for n in range(3):
        assert send_again(first.reference, 1, 1, "staff:sofia-south", f"again:{n}") == "letter"
    assert send_again(first.reference, 1, 1, "staff:sofia-south", "again:9") == "enough"
    assert send_again(other.reference, 1, 1, "staff:sofia-south", "again:1") == "letter"
    harness.settle()
    assert len(sayings(first.state)) == 1, "what is asked for again is said once"


def ids(page: Page) -> list[str]:
    return re.findall(r'name="said"[^>]*value="([^"]+)"', page.body)


def test_a_press_in_a_call_that_comes_twice_is_one_answer(harness: LifecycleHarness) -> None:
    story = harness.submit(**BY_PHONE)
    (n,), at = calls(story), harness.world.at
    said = {"talked": "phone", "said": [one.id for one in sayings(story.state)], "note": ""}
    for _ in range(2):
        state, kind = answer(story.reference, n, said, "specialist:s", "the same press", at)
        assert kind is TELL and not state.side_tasks
