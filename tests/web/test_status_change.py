"""The provider changes what they told us; rules look again, or those who work on it are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import update
from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.referral.question import SECTIONS
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.status import change
from chalicelib.web import text_input
from chalicelib.web.forms import Cleaned
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import keys, side_task_rows, store
from infra.answers import UNSURE
from tests.unit.mail.test_bounces import GOOD, bounce, the_fix
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.world import World

from .conftest import Browser, Page
from .taskpages import filled, form_of, open_task, shown_status
from .test_every_page import headers_are_strict

pytestmark = pytest.mark.promise("change-or-withdraw")


def inside(client: Client, story: Story, lang: str = "en") -> Browser:
    """The provider's browser, after the code."""
    people.forget()
    browser = Browser(client, lang)
    shown_status(browser, story.reference)
    return browser


def shown(page: Page) -> dict[str, Any]:
    """What the form would send as it is shown."""
    form = form_of(page, "change")
    several = {i.get("name") for i in form.iter("input") if i.get("type") in ("radio", "checkbox")}
    sent: dict[str, Any] = dict(page.hidden)
    for name, value in filled(form):
        if name in several:
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    return sent


def changes(browser: Browser, slug: str, **values: Any) -> Page:
    """Open a part of the request, change some answers and send it."""
    page = browser.get(f"/status/change/{slug}")
    assert page.status == 200, page.text[:300]
    return browser.post(f"/status/change/{slug}", {**shown(page), **values})


def log_types(story: Story) -> list[str]:
    return [e.event for e in store.log(story.state)]


@pytest.mark.promise("change-or-withdraw", "looking-writes-nothing")
def test_every_part_shows_todays_answers_and_as_shown_changes_nothing(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    browser = inside(client, story)
    before = str(harness.world.table.scan()["Items"])
    page = browser.get("/status/change")
    for slug in SECTIONS:
        assert f"/status/change/{slug}" in page.body
        assert browser.get(f"/status/change/{slug}").status == 200
    assert str(harness.world.table.scan()["Items"]) == before
    v = story.state.version
    for slug in SECTIONS:
        assert changes(browser, slug).path == "/status/view"
    assert story.state.version == v


@pytest.mark.promise("change-or-withdraw", "log-tells-state")
def test_while_it_is_early_the_rules_and_the_specialist_look_again(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    browser = inside(client, story)
    page = changes(browser, "care", county="fresno")
    assert page.path == "/status/view" and "You changed: County." in page.text
    harness.settle()
    state = story.state
    assert (state.county, state.generation, story.asks) == ("fresno", 2, "triage")
    assert story.run("referral", 1).where == "A newer run took over"
    log = store.log(state)
    assert same_story(fold(Referral, story.reference, log), state)
    entry = next(e for e in log if e.event == "amended")
    assert entry.payload["before"] == {"county": "los_angeles"}
    assert entry.payload["after"] == {"county": "fresno"}
    assert answers(story.reference).county == "fresno"


@pytest.mark.promise("change-or-withdraw", "more-information-by-link")
def test_a_change_that_answers_what_is_missing_ends_the_questions(
    client: Client, harness: LifecycleHarness
) -> None:
    story = harness.submit(**UNSURE)
    assert story.asks == "information"
    harness.world.at += 3600
    changes(inside(client, story), "care", director_knows="yes")
    harness.settle()
    assert story.asks == "triage" and story.state.paused == 3600


@pytest.mark.promise("change-or-withdraw", "see-only-what-you-may")
def test_later_both_are_told_without_a_word_of_it_and_see_it_where_they_work(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = at(harness, "first_contact")
    browser = inside(client, story, "es")
    sent = len(world.mails)
    changes(browser, "support", anything_else="The room is loud.")
    assert "Usted cambió" in browser.get("/status/view").text
    harness.settle()
    consultant = people.consultant(story.state.consultant)
    told = {m.to for m in world.mails[sent:]}
    assert told == {consultant["email"], "sofia-south@example.org"}
    assert all("loud" not in m.text + m.subject for m in world.mails[sent:])
    assert story.asks == "first_contact" and story.state.generation == 1
    page = open_task(Browser(client), story)
    assert "What changed since" in page.text and "The room is loud." in page.text
    case = signed_in(world, client, "specialist").get(f"/console/referrals/{story.reference}")
    assert "The provider changed: Anything else." in case.text
    assert "– → The room is loud." in case.text


@pytest.mark.promise("offers-roll-on")
def test_who_was_only_asked_is_not_told(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = at(harness, "offer")
    sent = len(world.mails)
    changes(inside(client, story), "meet", availability=["afternoons"])
    harness.settle()
    assert [m.to for m in world.mails[sent:]] == ["sofia-south@example.org"]
    assert "What changed since" not in open_task(Browser(client), story).text


@pytest.mark.promise("change-or-withdraw")
def test_a_new_address_gets_later_letters_and_the_old_one_a_notice(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = at(harness, "agreement")
    world.mails.clear()
    changes(inside(client, story), "contact", contact_email="new@example.org")
    harness.settle()
    letters = {m.to: m.subject for m in world.mails}
    assert letters["ana@example.org"].startswith("We write to another email address now")
    assert "new@example.org" in letters, "what is asked of them is asked there"
    assert story.state.contact.email == "new@example.org"
    case = signed_in(world, client, "specialist").get(f"/console/referrals/{story.reference}")
    assert "new@example.org" not in case.text and "Email: •••" in case.text


@pytest.mark.promise("bounce-repaired")
def test_a_new_address_in_place_of_one_that_does_not_work_lets_all_go_on(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = at(harness, "agreement")
    before = story.state.task
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    fix = the_fix(world, story.reference)
    world.at += 86400
    world.mails.clear()
    changes(inside(client, story), "contact", contact_email=GOOD)
    harness.settle()
    state = story.state
    assert (state.contact.email, state.contact.bad, state.pause) == (GOOD, "", None)
    assert before is not None and state.task is not None
    assert (state.task.number, state.task.due) == (before.number, before.due + 86400)
    assert [m.to for m in world.mails if m.link] == [GOOD], "one new link, and none to the old one"
    assert {m.to for m in world.mails} == {GOOD, f"{state.consultant}@example.org",
                                           f"{state.specialist}@example.org"}  # fmt: skip
    assert state.side_tasks == [], "nobody looks for an address that is known"
    ended = side_task_rows.get(story.reference, fix.number)
    assert ended is not None and ended.over == "void"
    assert same_story(fold(Referral, story.reference, store.log(state)), state)


@pytest.mark.promise("double-press")
def test_ten_presses_are_one_change(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    browser = inside(client, story)
    sent = {**shown(browser.get("/status/change/care")), "city": "Fresno"}
    for _ in range(10):
        assert browser.post("/status/change/care", sent).path == "/status/view"
    assert log_types(story).count("amended") == 1


@pytest.mark.promise("staff-race-answer")
def test_a_change_races_a_task_answer_and_both_are_told(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(harness, "triage")
    browser = inside(client, story)
    real, raced = store.commit, []

    def commit(before: Any, entry: Any, also: Sequence[Any] = ()) -> Any:
        if entry.event == "amended" and not raced:
            raced.append(1)
            story.triaged()
        return real(before, entry, also)

    monkeypatch.setattr(store, "commit", commit)
    changes(browser, "care", city="Fresno")
    harness.settle()
    types = log_types(story)
    assert types.index("triage_answered") < types.index("amended")
    assert story.state.stage == "match" and story.asks == "offer"
    assert same_story(fold(Referral, story.reference, store.log(story.state)), story.state)


@pytest.mark.promise("staff-race-answer")
def test_a_task_answer_that_comes_after_the_change_is_told_that_it_is_over(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    consultant = Browser(client)
    page = open_task(consultant, story)
    changes(inside(client, story), "concerns", concerns=["inclusion"])
    page = consultant.post(page.path, {**page.hidden, "talked": "phone", "decision": "confirm"})
    assert page.status == 200 and "not needed anymore" in page.text


@pytest.mark.promise("child-never-named")
def test_words_that_were_taken_out_do_not_come_back_from_an_open_page(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "plan")
    browser = inside(client, story)
    changes(browser, "support", anything_else="Old words")
    sent = {**shown(browser.get("/status/change/support")), "prior_contacts": "1"}
    request = update(keys.request(story.reference))
    dynamodb.write(request.set_at(("answers", "anything_else"), "[taken out]"))
    page = browser.post("/status/change/support", sent)
    assert page.status == 409 and "Old words" not in page.body and "[taken out]" in page.body
    assert answers(story.reference).anything_else == "[taken out]"


@pytest.mark.promise("child-never-named")
def test_a_childs_name_is_asked_about_here_too(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    page = changes(inside(client, story), "support", anything_else="Mateo bites.")
    assert page.status == 422 and "“Mateo” looks like" in page.text


@pytest.mark.promise("press-needs-choice-and-nonce")
def test_without_a_code_without_a_nonce_and_after_the_end_nothing_changes(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "plan")
    assert Browser(client).get("/status/change").path == "/status"
    assert Browser(client).post("/status/change/care", {"city": "X"}).path == "/status"
    browser = inside(client, story)
    assert changes(browser, "care", city="Fresno", _nonce="x").status == 409
    assert browser.get("/status/change/nothing").status == 404
    story.withdraws()
    assert browser.get("/status/change/care").path.startswith("/status")
    assert "amended" not in log_types(story)


BECOMES_FFN = {"setting": "ffn", "requester_role": "ffn_caregiver"}


@pytest.mark.promise("change-or-withdraw", "check-answers")
def test_a_change_shows_what_it_drops_before_anything_is_recorded(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "first_contact")
    browser = inside(client, story)
    page = changes(browser, "care", **BECOMES_FFN)
    assert page.status == 409 and "What you changed affects other answers" in page.text
    assert "<del>Demo Center</del>" in page.body and "site_name" not in page.names
    assert "amended" not in log_types(story)
    page = browser.post("/status/change/care", shown(page))
    request = answers(story.reference)
    assert request.setting == "ffn" and request.site_name is None and request.focus == ()
    assert request.suspension_expulsion_status is None, "a rule reads it, and nobody asks it of FFN"
    entry = next(e for e in store.log(story.state) if e.event == "amended")
    assert entry.payload["before"]["site_name"] == "Demo Center"
    assert "site_name" not in entry.payload["after"]
    told = open_task(Browser(client), story).text
    assert "Before: Demo Center Now: Not answered" in told
    assert same_story(fold(Referral, story.reference, store.log(story.state)), story.state)


@pytest.mark.promise("change-or-withdraw")
def test_a_change_brings_up_what_the_form_would_ask_next(
    client: Client, harness: LifecycleHarness
) -> None:
    ffn = BECOMES_FFN | {"site_name": None, "license_number": None, "focus": (), "modality": None}
    story = harness.submit(**ffn, suspension_expulsion_status=None)
    browser = inside(client, story)
    center = {"setting": "center", "requester_role": "director", "site_name": "Sunny Days"}
    page = changes(browser, "care", **center)
    page = browser.post("/status/change/care", {**shown(page), **center})
    assert page.path == "/status/change?more=yes" and "It brings up questions" in page.text
    assert "Not answered yet: How to meet" in page.text, "FFN is not asked: it meets online"
    assert changes(browser, "meet", modality="virtual").path == "/status/view"
    browser.get("/status/change")
    assert "Not answered yet: How to meet" not in browser.page.text


@pytest.mark.promise("change-or-withdraw")
def test_a_question_that_a_change_calls_for_on_the_same_page_is_asked_there(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "plan")
    browser = inside(client, story)
    assert "director_knows" not in browser.get("/status/change/care").names
    page = changes(browser, "care", requester_role="teacher")
    assert page.status == 422 and page.errors == ["director_knows"]
    page = browser.post("/status/change/care", {**shown(page), "director_knows": "yes"})
    assert page.path == "/status/view"
    request = answers(story.reference)
    assert (request.requester_role, request.director_knows) == ("teacher", "yes")


TEXT = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["a\x00b", "\u202eabc", "e\u0301", "👩🏽‍👧‍👦", "שלום", "{{ 7*7 }}", "x" * 1001]
    ),
)


@pytest.mark.promise("malformed-input", "text-kept-or-refused")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXT, city=TEXT)
def test_any_text_is_kept_as_typed_or_refused_with_the_input(
    client: Client, harness: LifecycleHarness, text: str, city: str
) -> None:
    from chalicelib.web.forms import clean

    story = at(harness, "triage")
    browser = inside(client, story)
    encodable = text.encode("utf-8", "replace").decode()
    page = changes(browser, "support", anything_else=encodable)
    asked = change.form_of("support", answers(story.reference))
    found: Cleaned = clean(asked, {"anything_else": [encodable]}, "en")
    kept, _ = text_input.text(encodable, lines=True)
    if "anything_else" in found.errors:
        assert page.status == 422
    else:
        assert page.status == 200 and (answers(story.reference).anything_else or "") == kept
    assert changes(browser, "care", city=city.encode("utf-8", "replace").decode()).status < 500
    assert not re.search(r"\x00", page.body)


@pytest.mark.promise("strict-pages", "english-and-spanish")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_part_speaks_both_languages_and_is_strict(
    client: Client, harness: LifecycleHarness, world: World, lang: str
) -> None:
    story = at(harness, "plan")
    browser = inside(client, story, lang)
    pages = [browser.get("/status/change")]
    pages += [browser.get(f"/status/change/{slug}") for slug in SECTIONS]
    staff = signed_in(world, client, "admin", lang)
    pages.append(staff.get(f"/console/referrals/{story.reference}/redact"))
    for page in pages:
        assert page.status == 200 and page.lang == lang and page.heading
        assert len(page.ids) == len(set(page.ids))
        headers_are_strict(page.headers)
    assert pages[0].heading == (
        "Change something I told you" if lang == "en" else "Cambiar algo que les dije"
    )
