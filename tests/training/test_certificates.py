"""Certificates: printed so that everybody can read them, verified by their code, revoked and restored."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import page as checker
import pypdf
import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Key
from chalicelib.domain.calendar import pacific_date, typed
from chalicelib.mail.phone.sayings import sayings
from chalicelib.referral.papers.pdf import pdf
from chalicelib.referral.papers.typeface import written
from chalicelib.training.application_rows import Said, write
from chalicelib.training.certificates import issuing, letter, paper, public_pages, rows
from chalicelib.training.trainees.graduate import graduate
from chalicelib.training.trainees.model import Trainee
from chalicelib.web import links, request_context
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.storage import store
from infra.answers import BY_PHONE
from tests.training.certificates import PROGRAM, certificate, revoked
from tests.training.script import enrolled, short_cohort
from tests.web.conftest import Browser, Page
from tests.web.conftest import client as client
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

HOME = "/console/training/certificates"
# What a page may differ in from one press to the next.
NONCE = re.compile(r'name="_nonce" value="[^"]+"')


def read(file: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(file.encode()), strict=True)


def asked(browser: Browser, code: str) -> Page:
    browser.get("/certificates")
    return browser.answer({"code": code})


# -- the paper -------------------------------------------------------------------------------------------
@pytest.mark.promise("papers-for-everybody")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_file_keeps_to_pdf_ua_and_says_its_title_and_language(world: World, lang: str) -> None:
    one = certificate(world.at, credits="12", credited_by="Demo board")
    file = pdf(paper.document(one, lang))
    report = checker.validate_pdf_bytes(file.encode(), profile=checker.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, str(report)
    made = read(file)
    root: Any = made.trailer["/Root"]
    assert root["/Lang"] == lang and bool(root["/MarkInfo"]["/Marked"])
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert one.code in str(made.metadata and made.metadata.title)
    text = made.pages[0].extract_text()
    assert "Rosa Nguyễn-Hernández" in text and one.code in text and "9.5" in text and "12" in text


@pytest.mark.promise("papers-for-everybody")
def test_a_screen_reader_reads_it_in_order_and_skips_the_foot(world: World) -> None:
    file = pdf(paper.document(certificate(world.at), "en"))
    made = read(file)
    root: Any = made.trailer["/Root"]
    heard: list[tuple[str, int]] = []

    def walk(element: Any, under: str) -> None:
        for child in element["/K"]:
            child = child.get_object()
            if "/MCID" in child:
                heard.append((under, child["/MCID"]))
            else:
                walk(child, str(child["/S"]))

    walk(root["/StructTreeRoot"]["/K"].get_object(), "/Document")
    tags = [tag for tag, _ in heard]
    assert tags[0] == "/H1" and set(tags[1:4]) == {"/P"}
    assert [mark for _, mark in heard] == list(range(len(heard))), "as it stands on the page"
    assert tags.count("/H2") == 2 and tags.count("/Lbl") == tags.count("/LBody") == 3
    content = made.pages[0].get_contents()
    assert content is not None and content.get_data().count(b"/Artifact") == 1


# -- by its code -------------------------------------------------------------------------------------------
@pytest.mark.promise("certificate-verified")
@pytest.mark.parametrize(("lang", "said"), [("en", "is valid"), ("es", "es válido")])
def test_whoever_has_the_code_reads_what_is_printed_and_no_more(
    world: World, client: Client, lang: str, said: str
) -> None:
    one = certificate(world.at, credits="12", credited_by="Demo board")
    for typed_ in (
        one.code,
        one.code.lower().replace("-", " "),
        f"  {one.code.replace('0', 'o')} ",
    ):
        page = asked(Browser(client, lang), typed_)
        assert page.status == 200 and said in page.text and one.name in page.text
        assert "2026" in page.text
        for secret in ("rosa@example.org", "Demo board", "Demo cohort", one.id, "9.5"):
            assert secret not in page.body
    by_link = Browser(client, lang)
    assert one.code in by_link.get(f"/certificates?code={one.code}").body
    assert one.name not in by_link.page.text, "a link alone shows nothing"
    assert one.name in by_link.answer({"code": one.code}).text
    assert ("not valid" if lang == "en" else "no es válido") in asked(
        Browser(client, lang), revoked(world.at).code
    ).text


class Work:
    """What a press takes: its calls to the table, and the functions of ours that it goes through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        self.functions: set[str] = set()
        for name in ("get", "write", "query", "transact", "batch_get"):
            monkeypatch.setattr(dynamodb, name, self._counted(getattr(dynamodb, name), name))

    def _counted(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            self.calls.append(name)
            return real(*given, **more)

        return call

    def of(self, press: Callable[[], Page]) -> Page:
        """Look at what one press takes."""
        self.calls.clear()
        self.functions.clear()
        sys.setprofile(self._seen)
        try:
            return press()
        finally:
            sys.setprofile(None)

    def _seen(self, frame: FrameType, event: str, _of: object) -> None:
        if event == "call" and "/chalicelib/" in frame.f_code.co_filename:
            self.functions.add(frame.f_code.co_qualname)


@pytest.mark.promise("certificate-says-nothing")
def test_a_code_that_was_never_given_and_a_text_that_is_none_get_one_answer_for_one_work(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, gone = certificate(world.at), revoked(world.at)
    work, seen, done, browser = Work(monkeypatch), set(), set(), Browser(client)
    for first in (good.code, "7K3M-9QXA-52TV-0000"):
        asked(browser, first)  # what is read once for all
    for code in (
        "7K3M-9QXA-52TV-HB41",
        "no-such-code",
        "%00%27;--",
        "🙂🙂",
        "x" * 5000,
        "‮abc",
        "NULL\x00",
        "-",
        # The last letter of a good one, and of one that was revoked.
        good.code[:-1] + ("0" if good.code[-1] != "0" else "1"),
        gone.code[:-1] + ("0" if gone.code[-1] != "0" else "1"),
    ):
        browser.get("/certificates")
        page = work.of(lambda code=code: browser.answer({"code": code}))
        # What was typed stays in its field; nothing else differs.
        body = re.sub(
            r'(<input class="input" id="code"[^>]*?value=")[^"]*"', r'\1"', NONCE.sub("", page.body)
        )
        seen.add((page.status, body, len(page.hidden["_nonce"])))
        done.add((tuple(work.calls), frozenset(work.functions)))
    ((status, *_),), ((calls, _),) = seen, done
    assert status == 422 and calls, (seen, done)
    found = set()
    for code, said in ((good.code, "is valid"), (gone.code, "not valid")):
        browser.get("/certificates")
        page = work.of(lambda code=code: browser.answer({"code": code}))
        assert page.status == 200 and said in page.text
        assert tuple(work.calls) == calls, "whatever was typed, the table is asked the same"
        found.add(frozenset(work.functions))
    assert len(found) == 1, "one that is good and one that was revoked take one path"


@pytest.mark.promise("certificate-says-nothing")
def test_who_tries_many_codes_is_slowed_down_and_nobody_else(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_pages, "FROM_ONE_SOURCE", 3)
    one, stranger = certificate(world.at), Browser(client)
    for n in range(3):
        assert "no certificate" in asked(stranger, f"guess-{n}").text
    assert "Too many codes" in asked(stranger, "guess-4").text
    assert "Too many codes" in asked(stranger, one.code).text, "a good one tells nothing, either"
    real = request_context._part
    with monkeypatch.context() as elsewhere:
        away = {"sourceIp": "203.0.113.9"}
        elsewhere.setattr(
            request_context,
            "_part",
            lambda event, name: away if name == "identity" else real(event, name),
        )
        assert one.name in asked(Browser(client), one.code).text
    world.at += 3601
    assert one.name in asked(stranger, one.code).text


# -- issued, mailed, revoked ---------------------------------------------------------------------------------
def completes(world: World) -> str:
    """Somebody whose training is over, as any case tells it."""
    reference = world.submit()
    state = store.load(reference)
    state.contact = Contact(name="Rosa Demo", email="rosa@example.org")
    for version in (97, 97, 98):
        issuing.completed(state, version, TellRoom(room="training_completed"))
    return reference


@pytest.mark.promise("certificate-issued-once")
def test_completion_issues_one_certificate_and_mails_its_link_in_the_morning(
    world: World, client: Client
) -> None:
    world.at = typed("2026-12-01", "23:00")
    completes(world)
    (one,) = rows.every()
    assert one.name == "Rosa Demo" and one.on == "2026-12-01"
    scheduler.clock({}, None)
    assert not [mail for mail in world.mails if "certificate" in mail.subject], "the night is quiet"
    world.at = typed("2026-12-02", "10:00")
    scheduler.clock({}, None)
    scheduler.clock({}, None)
    (mail,) = [mail for mail in world.mails if "certificate" in mail.subject]
    assert one.code in mail.text and mail.to == "rosa@example.org"
    way = re.search(r"/certificate/\S+", mail.text)
    assert way is not None
    browser = Browser(client)
    page = browser.get(way.group())
    assert page.status == 200 and "Rosa" not in page.text
    saved = browser.answer({"paper": "es"})
    assert saved.headers["Content-Type"] == "application/pdf"
    assert "Rosa Demo" in read(saved.body).pages[0].extract_text()


@pytest.mark.promise("served-without-email", "certificate-issued-once")
def test_who_has_no_email_hears_on_the_phone_that_a_certificate_is_ready_revoked_and_good_again(
    harness: LifecycleHarness, client: Client
) -> None:
    story = harness.submit(letters_language="es", **BY_PHONE)
    before = {one.id for one in sayings(story.state)}
    told_of = TellRoom(room="training_completed")
    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr(issuing, "tell", lambda *given: None)
        issuing.completed(story.state, 99, told_of)  # and nothing after it
    for _ in range(2):
        harness.world.at += 60
        issuing.completed(story.state, 99, told_of)
    harness.settle()
    (one,), said = rows.every(), set[str]()

    def news() -> list[str]:
        found = [each for each in sayings(story.state) if each.id not in before | said]
        said.update(each.id for each in found)
        return [each.words.title for each in found]

    assert news() == ["Su certificado está listo"]
    cora = signed_in(harness.world, client, "coordinator")
    for answers, told in (
        ({"decision": "revoke", "why": "mistake"}, "Su certificado ya no es válido"),
        ({"decision": "restore"}, "Su certificado es válido otra vez"),
    ):
        harness.world.at += 60
        cora.get(f"{HOME}/{one.id}/change")
        cora.answer(answers)
        harness.settle()
        assert news() == [told]
    cora.get(f"{HOME}/{one.id}/reissue")
    harness.world.at += 60
    cora.answer({"name": "Rosa H", "language": "es", "program": PROGRAM, "on": one.on})
    harness.settle()
    assert news() == ["Su certificado está listo"]


@pytest.mark.promise("certificate-revoked")
def test_who_has_an_email_reads_there_that_a_certificate_was_revoked_and_gets_one_letter_when_it_is_ready(
    harness: LifecycleHarness, client: Client
) -> None:
    story = harness.submit()
    issuing.completed(story.state, 99, TellRoom(room="training_completed"))
    harness.settle()
    (one,) = rows.every()
    cora = signed_in(harness.world, client, "coordinator")
    cora.get(f"{HOME}/{one.id}/change")
    cora.answer({"decision": "revoke", "why": "misuse"})
    harness.settle()
    (letter_,) = [m for m in harness.world.mails if "certificate" in m.subject]
    assert letter_.subject.startswith("Your certificate is not valid anymore")
    assert "misuse" not in letter_.text


@pytest.mark.promise("certificate-issued-once")
def test_a_link_that_is_none_of_ours_or_too_old_opens_no_certificate(
    world: World, client: Client
) -> None:
    one = certificate(world.at)
    good = letter.address(one.id, world.at).rpartition("/")[2]
    other = links.ticket("meeting-no", one.id, world.at + 100)
    for way in (other, "none", good.replace(one.id[:4], "0000")):
        page = Browser(client).get(f"/certificate/{way}")
        assert page.status == 410 and "still counts" not in page.text, "nobody knows whose it is"
    world.at += letter.LASTS + 1
    assert Browser(client).get(f"/certificate/{good}").status == 410


@pytest.mark.promise("certificate-revoked")
def test_staff_revoke_a_certificate_with_a_reason_and_let_it_count_again(
    world: World, client: Client
) -> None:
    one = certificate(world.at)
    cora = signed_in(world, client, "coordinator")
    cora.get(f"{HOME}/{one.id}/change")
    assert cora.answer({"decision": "revoke"}).status == 422, "not without a reason"
    cora.answer({"decision": "revoke", "why": "mistake"})
    page = cora.get(f"{HOME}/{one.id}")
    assert page.text.count("issued by mistake") == 2 and "Cora" in page.text, (
        "and so is its history"
    )
    assert "not valid" in asked(Browser(client), one.code).text
    assert "not valid" in read(cora.get(f"{HOME}/{one.id}/pdf?in=en").body).pages[0].extract_text()
    assert "why" not in cora.get(f"{HOME}/{one.id}/change").names, "no reason is asked for that"
    cora.answer({"decision": "restore"})
    assert "is valid" in asked(Browser(client), one.code).text
    assert "Counts again" in cora.get(f"{HOME}/{one.id}").text


@pytest.mark.promise("certificate-revoked")
def test_of_two_who_revoke_or_restore_at_once_the_second_is_told(world: World) -> None:
    one = certificate(world.at)
    assert rows.revoke(one, "mistake", "staff:cora-match", world.at)
    assert not rows.revoke(one, "misuse", "staff:sam-lead", world.at + 60)
    was = rows.one_of(one.id)
    assert was.why == "mistake" and len(rows.history(one.id)) == 1
    with pytest.raises(ConditionFailed):
        issuing.printed_anew(one, replace(one, name="Other Name"), "staff:sam-lead", world.at)
    assert [c.id for c in rows.every()] == [one.id]
    assert rows.restore(was, "staff:cora-match", world.at + 120)
    assert not rows.restore(was, "staff:sam-lead", world.at + 180)
    rows.revoke(rows.one_of(one.id), "misuse", "staff:sam-lead", world.at + 240)
    assert not rows.restore(was, "staff:cora-match", world.at + 300), "that was another time"


@pytest.mark.promise("certificate-revoked")
def test_one_that_was_revoked_before_its_letter_left_is_not_mailed(world: World) -> None:
    world.at = typed("2026-12-01", "23:00")
    completes(world)
    (one,) = rows.every()
    rows.revoke(one, "mistake", "staff:cora-match", world.at)
    world.at = typed("2026-12-02", "10:00")
    scheduler.clock({}, None)
    assert not [mail for mail in world.mails if "certificate" in mail.subject]


@pytest.mark.promise("certificate-revoked")
def test_one_that_is_printed_anew_has_another_code_and_the_older_one_counts_no_more(
    world: World, client: Client
) -> None:
    one = certificate(world.at)
    cora = signed_in(world, client, "coordinator")
    cora.get(f"{HOME}/{one.id}/reissue")
    told = {"name": "Rosa Hernández", "language": "es", "program": PROGRAM, "on": one.on}
    cora.answer(told | {"hours": "\n".join(f"{what}: {many}" for what, many in one.hours)})
    new = next(c for c in rows.every() if c.id != one.id)
    assert (new.name, new.hours, new.replaces) == ("Rosa Hernández", one.hours, one.id)
    assert rows.one_of(one.id).why == "replaced" and new.code != one.code
    assert "not valid" in asked(Browser(client), one.code).text
    page = cora.get(f"{HOME}/{one.id}/change")
    assert "restore" not in page.body, "two that say the same would count"


def test_staff_issue_one_by_hand_and_a_wrong_line_of_hours_is_said_beside_it(
    world: World, client: Client
) -> None:
    cora = signed_in(world, client, "coordinator")
    cora.get(f"{HOME}/new")
    told = {"name": "Ned Demo", "on": "2026-05-01", "program": PROGRAM, "language": "en"}
    told |= {"hours": "18 sessions"}
    page = cora.answer(told)
    assert page.status == 422 and "Monthly sessions: 18" in page.text
    tomorrow = pacific_date(world.at + 86_400).isoformat()
    assert cora.answer({**told, "hours": "Sessions: 18", "on": tomorrow}).status == 422
    cora.get(f"{HOME}/new")
    page = cora.answer({**told, "hours": "Sessions: 18\n\nPracticum: 8.5"})
    (one,) = rows.every()
    assert one.hours == (("Sessions", "18"), ("Practicum", "8.5")) and one.name in page.text
    row = dynamodb.get(Key(rows.PARTITION, rows.SK + one.id))
    assert row is not None and "wake_at" not in row, "nobody is written to without an address"


@pytest.mark.promise("onboarded-once")
def test_what_an_applicant_said_is_not_typed_again(world: World) -> None:
    said = Said(spoken={"es": "work", "en": "conversation"}, counties=["kern"], settings=["ffn"])
    dynamodb.write(write("APPL-1CAT-0", said))
    short_cohort(world)
    state = store.load(enrolled(world), Trainee)
    told = graduate(state.model_copy(update={"application": "APPL-1CAT-0"}))
    known = told.known
    assert known["languages"] == ["es"] and known["languages_some"] == ["en"]
    assert known["counties"] == [state.county, "kern"] and known["settings"] == ["ffn"]
    assert told.cohort and ("Coursework", "0") in told.hours


# -- names that the paper cannot print -----------------------------------------------------------------------
@pytest.mark.parametrize("name", ["王小明", "محمد علي", "김민지", "Հայկ", "ສົມສັກ"])
def test_a_name_that_the_paper_cannot_print_is_asked_for_in_latin_letters(
    world: World, client: Client, name: str
) -> None:
    one = certificate(world.at, name=name)
    browser = Browser(client)
    way = letter.address(one.id, world.at).partition("/certificate/")[2]
    assert name in browser.get(f"/certificate/{way}").text
    assert "like Wang Xiaoming" in browser.answer({"spelled": name, "paper": "en"}).text
    browser.answer({"spelled": "Wang Xiaoming", "paper": "en"})
    made = rows.one_of(one.id)
    assert paper.document(made, "en").name == "Wang Xiaoming" and made.name == name
    assert "spelled" not in browser.get(f"/certificate/{way}").names, "it is said once"
    assert f"{name} (Wang Xiaoming)" in asked(browser, one.code).text, "who checks it sees both"


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh Đào", "Ntxhi Vaj", "Ольга Ivánova", "Ελένη"])
def test_a_name_with_marks_or_in_greek_or_cyrillic_is_printed_as_it_is(name: str) -> None:
    assert written(name) == (name, False)
