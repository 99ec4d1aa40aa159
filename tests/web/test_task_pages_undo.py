"""An answer is taken back by the page that recorded it, and everything stands as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.referral.matching.tasks import FOUND
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.referral.rows import plan_rows
from chalicelib.services.helpline.model import PromisedCall, tries
from chalicelib.workflow import undo
from chalicelib.workflow.cases import fold, folded, same_story
from chalicelib.workflow.kinds import every_kind, kind_of
from chalicelib.workflow.storage import store
from infra.answers import ACCEPTED, DECLINED
from tests.workflow.lifecycle import WAY, LifecycleHarness, Story, act, at

from .conftest import Browser, Page
from .taskpages import asked, forms, mailed, open_task, press, rows, send_pairs, usual

UNDOABLE = ["triage", "offer", "coordinator", "first_contact", "plan", "plan_agreement", "service",
            "summary"]  # fmt: skip


def places(harness: LifecycleHarness) -> dict[str, list[str]]:
    found = {row["id"]: row.get("held", []) for row in people.consultants()}
    return {who: sorted(held) for who, held in found.items() if held}


def says(browser: Browser, story: Story, answers: dict[str, Any] | None = None) -> Page:
    """Answer the open task, without anything that follows from it."""
    answers = answers or usual(story)  # a session's is given when it is over
    return press(browser, open_task(browser, story), answers)


def takes_back(browser: Browser, page: Page, **more: str) -> Page:
    """Tick the box and press, on a page that offers it."""
    (action,) = [action for _, action, _ in forms(page) if action.endswith("/undo")]
    sent = {"back": "yes", "_nonce": page.hidden["_nonce"]} | more
    return browser.post(action, {k: v for k, v in sent.items() if v})


@pytest.fixture(autouse=True)
def whole(harness: LifecycleHarness) -> Iterator[None]:
    """Whatever happened: the state is the fold of its log, and no place is lost."""
    yield
    for row in rows(harness.world):
        if row["sk"] == "REFERRAL" and "case_type" not in row:
            reference = row["pk"].removeprefix("R#")
            state = harness.world.state(reference)
            assert same_story(fold(Referral, reference, store.log(state)), state)
            held = [who for who, refs in places(harness).items() if reference in refs]
            open_with = [state.consultant] if state.consultant and state.open else []
            assert held == open_with


@pytest.mark.promise("answer-taken-back")
@pytest.mark.parametrize("kind", UNDOABLE)
@pytest.mark.parametrize("ran", [True, False], ids=["the run went on", "at once"])
def test_an_answer_taken_back_leaves_the_referral_as_it_was_and_asks_the_same_person(
    client: Client, harness: LifecycleHarness, kind: str, ran: bool
) -> None:
    story = asked(harness, kind)
    before, held, link = story.state, places(harness), mailed(story)
    browser = Browser(client)
    page = says(browser, story)
    if ran and kind == "summary":
        return  # the referral closes by itself: see below
    if ran:
        harness.settle()
        page = browser.get(page.path)
    page = takes_back(browser, page)
    assert page.status == 200 and "was undone" in page.text, page.text
    harness.settle()
    after = story.state
    own = folded(Referral) - {"generation", "tasks", "task"}
    assert after.model_dump(include=set(own)) == before.model_dump(include=set(own))
    assert before.task is not None and after.task is not None
    apart = {"token"}
    assert after.task.model_dump(exclude=apart) == before.task.model_dump(exclude=apart)
    assert after.task.token, "the new run waits for it"
    assert places(harness) == held
    assert browser.get(f"/t/{link}").status == 200, "the same link works"
    says(browser, story, usual(story))
    harness.settle()
    assert (
        story.state.task is None
        or story.state.task.number != before.task.number
        or kind == "service"
    )


@pytest.mark.promise("answer-taken-back", "helpline-promised-calls")
@pytest.mark.parametrize("kind", ["helpline_call_back", "helpline_follow_up"])
def test_a_try_of_a_promised_call_is_taken_back_by_the_page_that_recorded_it(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    before = store.load(story.reference, PromisedCall, consistent=True)
    browser = Browser(client)
    harness.world.at += 3600
    page = says(browser, story, {"talked": "voicemail_es"})
    tried = store.load(story.reference, PromisedCall, consistent=True)
    assert tries(tried) and tried.task is not None and before.task is not None
    assert tried.task.due != before.task.due, "its standard begins again"
    page = takes_back(browser, page)
    assert page.status == 200 and "was undone" in page.text, page.text
    harness.settle()
    after = store.load(story.reference, PromisedCall, consistent=True)
    assert after.task is not None and after.task.due == before.task.due == before.promised
    assert not tries(after) and after.status == before.status
    assert same_story(fold(PromisedCall, story.reference, store.log(after)), after)
    says(browser, story)
    harness.settle()
    assert store.load(story.reference, PromisedCall, consistent=True).status == "call_made"


@pytest.mark.promise("one-referral-one-run", "always-wakes-up")
@pytest.mark.parametrize("kind", ["offer", "triage"])
def test_the_whole_way_goes_on_after_it(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = at(harness, kind)
    browser = Browser(client)
    page = says(browser, story)
    harness.settle()
    takes_back(browser, browser.get(page.path))
    harness.settle()
    for _ in WAY[WAY.index(kind) :]:
        act(story)
    assert story.state.status == "followed_up"


@pytest.mark.promise("places-match-work", "one-open-offer")
def test_a_decline_taken_back_gives_the_place_back_and_the_next_offer_is_void(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    first, browser = story.state.consultant, Browser(client)
    page = says(browser, story, DECLINED)
    harness.settle()
    second, other_link = story.state.consultant, mailed(story)
    assert second != first and places(harness) == {second: [story.reference]}
    harness.world.mails.clear()
    takes_back(browser, browser.get(page.path))
    harness.settle()
    assert story.state.consultant == first and places(harness) == {first: [story.reference]}
    assert story.state.declined == []
    shown = Browser(client).get(f"/t/{other_link}")
    assert "not needed anymore" in shown.text
    told = [m for m in harness.world.mails if "undone" in m.subject]
    assert [m.to for m in told] == [f"{second}@example.org"] and not told[0].link


@pytest.mark.promise("last-place-taken-twice")
def test_a_place_that_was_given_away_meanwhile_cannot_come_back(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    first, browser = story.state.consultant, Browser(client)
    page = says(browser, story, DECLINED)
    harness.settle()
    row = people.consultant(first)
    others = {f"other-{n}" for n in range(int(row["cap"]))}
    harness.world.table.update_item(
        Key={"pk": people.CONSULTANTS, "sk": first},
        UpdateExpression="SET held = :full",
        ExpressionAttributeValues={":full": others},
    )
    before = story.state
    page = takes_back(browser, browser.get(page.path))
    assert page.status == 422 and "cannot be undone anymore" in page.text
    assert story.state == before
    harness.world.table.update_item(
        Key={"pk": people.CONSULTANTS, "sk": first}, UpdateExpression="REMOVE held"
    )


@pytest.mark.promise("answer-taken-back", "link-expires-to-the-second")
@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_it_ends_after_ten_minutes_to_the_second(
    client: Client, harness: LifecycleHarness, late: int, taken: bool
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = says(browser, story)
    harness.world.at += undo.SECONDS + late
    again = takes_back(browser, page)
    assert ("was undone" in again.text) is taken
    assert story.state.status == ("match_proposed" if taken else "matched")
    if not taken:
        assert again.status == 422 and "1-877-524-2422" in again.text
        assert "Was that a mistake" not in browser.get(page.path).text


@pytest.mark.promise("answer-taken-back")
def test_it_ends_when_the_next_person_has_acted(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    page = says(browser, story)
    harness.settle()
    page = browser.get(page.path)
    assert "Was that a mistake" in page.text
    consultant = Browser(client)
    says(consultant, story, ACCEPTED)
    again = takes_back(browser, page)
    assert again.status == 422 and "the next person has acted" in again.text
    assert story.state.status == "matched"
    assert "Was that a mistake" not in browser.get(page.path).text


@pytest.mark.promise("staff-race-answer")
def test_taking_back_beside_the_next_answer_leaves_one_winner(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = asked(harness, "triage")
    browser, consultant = Browser(client), Browser(client)
    page = says(browser, story)
    harness.settle()
    page, offer = browser.get(page.path), open_task(consultant, story)
    real, once = undo.undone, [lambda: press(consultant, offer, ACCEPTED)]

    def slow(*given: Any) -> Any:
        if once:
            once.pop()()  # the consultant accepts between the look and the write
        return real(*given)

    monkeypatch.setattr(undo, "undone", slow)
    again = takes_back(browser, page)
    assert again.status == 422 and story.state.status == "matched"
    types = [e.event for e in store.log(story.state)]
    assert "undone" not in types and types.count("offer_answered") == 1


@pytest.mark.promise("staff-race-answer")
def test_the_loser_of_the_other_order_is_told(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "triage")
    browser, consultant = Browser(client), Browser(client)
    page = says(browser, story)
    harness.settle()
    page, offer = browser.get(page.path), open_task(consultant, story)
    takes_back(browser, page)
    late = press(consultant, offer, ACCEPTED)
    assert late.status == 200 and "not needed anymore" in late.text
    assert story.asks == "triage" and not places(harness)


@pytest.mark.promise("answer-taken-back", "link-bound-to-task")
def test_only_who_gave_the_answer_takes_it_back(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "offer")
    browser, link = Browser(client), mailed(story)
    page = says(browser, story)
    passed_on = Browser(client)  # the link, but not the browser that proved itself
    shown = passed_on.get(f"/t/{link}")
    assert "answered on" in shown.text and "Was that a mistake" not in shown.text
    sent = {"back": "yes", "_nonce": page.hidden["_nonce"]}
    for path in (f"/t/{link}/undo", f"/task/{story.reference}/{story.state.tasks}/undo"):
        assert passed_on.post(path, sent).status in (404, 422)
    assert story.state.status == "matched"
    assert not undo.take_back(
        story.reference, story.state.tasks, "provider", harness.world.at, "back"
    )
    takes_back(browser, page)
    assert story.state.status == "match_proposed"


@pytest.mark.promise("press-needs-choice-and-nonce")
@pytest.mark.parametrize("fault", ["no tick", "no nonce", "foreign nonce", "switch"])
def test_it_needs_the_tick_and_the_nonce(
    client: Client, harness: LifecycleHarness, fault: str
) -> None:
    from chalicelib.web import links

    story = asked(harness, "offer")
    browser = Browser(client)
    page = says(browser, story)
    more = {"no tick": {"back": ""}, "no nonce": {"_nonce": ""}, "switch": {"_switch": "es"},
            "foreign nonce": {"_nonce": links.nonce("x|1", harness.world.at)}}[fault]  # fmt: skip
    again = takes_back(browser, page, **more)
    assert again.status == (200 if fault == "switch" else 422)
    assert story.state.status == "matched"


@pytest.mark.promise("scanner-submits")
def test_a_scanner_that_sends_the_form_as_rendered_takes_nothing_back(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = says(browser, story)
    before = rows(harness.world)
    for method, action, presses in forms(page):
        for pairs in presses:
            assert send_pairs(browser, method, action, pairs).status < 500
    assert rows(harness.world) == before


@pytest.mark.promise("double-press")
def test_pressing_twice_takes_back_once(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = says(browser, story)
    for _ in range(3):
        takes_back(browser, page)
    assert [e.event for e in store.log(story.state)].count("undone") == 1
    assert story.asks == "offer"


@pytest.mark.promise("answer-taken-back")
@pytest.mark.parametrize("as_planned", [True, False])
def test_a_session_entry_is_taken_back_and_the_run_waits_on(
    client: Client, harness: LifecycleHarness, as_planned: bool
) -> None:
    story = at(harness, "service")
    before, browser, told = story.state, Browser(client), len(story.mails_to("ana@example.org"))
    answers = usual(story)
    page = says(browser, story, answers if as_planned else answers | {"next_time": "15:00"})
    assert story.state.sessions is not None and story.state.sessions.held == 1
    harness.settle()
    takes_back(browser, browser.get(page.path + "?recorded=yes"))
    harness.settle()
    after = story.state
    assert after.sessions == before.sessions and after.generation == before.generation
    assert after.task == before.task
    assert not episode(store.log(after)).sessions
    letters = story.mails_to("ana@example.org")[told:]
    # Who was told of a new date hears that it is not true any more; who was not, hears nothing.
    assert len(letters) == (0 if as_planned else 2)
    assert as_planned or "undone" in letters[-1]


@pytest.mark.promise("plan-agreed")
def test_a_plan_taken_back_is_no_version_of_the_plan(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "plan")
    browser = Browser(client)
    page = says(browser, story)
    harness.settle()
    assert len(plan_rows.versions(story.reference)) == 1
    takes_back(browser, browser.get(page.path))
    assert plan_rows.versions(story.reference) == []
    assert episode(store.log(story.state)).plan is None


@pytest.mark.promise("ended-stays-ended")
def test_what_closed_the_referral_stays_closed(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "summary")
    browser = Browser(client)
    page = says(browser, story)
    harness.settle()
    assert not story.state.open
    assert "Was that a mistake" not in browser.get(page.path).text
    again = takes_back(browser, page)
    assert again.status == 422 and not story.state.open


@pytest.mark.promise("answer-taken-back")
def test_signatures_and_answers_after_the_end_are_not_taken_back() -> None:
    assert {k.name for k in every_kind().values() if k.policy.undo} >= set(UNDOABLE)
    for name in ("agreement", "survey", "follow_up", "eligibility_confirmation", "repair"):
        assert not kind_of(name).policy.undo


@pytest.mark.promise("where-it-stands", "one-timeline")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_both_timelines_say_it_in_plain_words(
    client: Client, harness: LifecycleHarness, lang: str
) -> None:
    from chalicelib.console import timeline as for_staff
    from chalicelib.referral.status import timeline as for_the_provider

    story = asked(harness, "offer")
    browser = Browser(client)
    page = says(browser, story)
    harness.settle()
    takes_back(browser, browser.get(page.path))
    entries = store.log(story.state)
    told = for_staff.lines(entries, (), harness.world.at, lang)
    sentence = {"en": "An answer was undone", "es": "Se retiró una respuesta"}[lang]
    assert any(sentence in line.text for line in told)
    provider = [line.text for line in for_the_provider.lines(entries, lambda who: "Name")]
    assert FOUND not in provider, "what does not count is not told"
    assert "An answer was undone. You will hear from us again." in provider
