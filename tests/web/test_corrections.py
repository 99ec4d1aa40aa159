"""One press is one entry: a task that takes many is corrected, and asks before anything counts twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chalice.test import Client

from chalicelib.referral.delivery.session_times import day_of
from chalicelib.referral.records import episode
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual

from .conftest import Browser, Page
from .taskpages import filled, form_of, hidden, inside, mailed, press, prove

pytestmark = pytest.mark.promise("one-entry-corrected")


Held = Callable[..., dict[str, str]]


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    """A consultant holds the first of the planned sessions."""
    return at(harness, "service")


@pytest.fixture
def held(story: Story) -> Held:
    """What they type on the evening of the first session."""
    known = {name: str(value) for name, value in usual(story).items()}
    return lambda **more: known | more


def minutes(story: Story) -> list[int]:
    """Of each session that counts, and the count that dosage and stipend rest on agrees."""
    found = [one.minutes for one in episode(store.log(story.state)).held]
    state, entries = story.state, store.log(story.state)
    assert state.sessions is not None and state.sessions.held == len(found)
    assert same_story(state, fold(type(state), state.reference, entries))
    return found


def opened(client: Client, story: Story) -> tuple[Browser, Page]:
    browser = Browser(client)
    return browser, inside(browser, mailed(story))


def corrects(page: Page) -> str:
    """The address behind "Correct what I recorded"."""
    return next(link for link in page.links if "correct=" in link)


def mails_to(story: Story, who: str) -> int:
    story.harness.settle()
    return len([m for m in story.harness.world.mails if m.to == who])


def test_back_and_another_answer_is_a_correction_of_the_same_session(
    client: Client, story: Story, held: Held
) -> None:
    browser, page = opened(client, story)
    press(browser, page, held(minutes="60"))
    letters = mails_to(story, "ana@example.org")
    shown = press(browser, page, held(minutes="45"))
    assert shown.status == 200 and "Corrected. Thank you." in shown.text
    assert minutes(story) == [45]
    assert mails_to(story, "ana@example.org") == letters, "nothing new for the provider"
    shown = press(browser, page, held(minutes="30"))
    assert minutes(story) == [30] and "Corrected" in shown.text
    sofia = signed_in(story.harness.world, client, "specialist")
    case = sofia.get(f"/console/referrals/{story.reference}")
    assert "It corrects what was recorded" in case.text and "It was corrected later" in case.text


def test_a_correction_that_moves_the_next_session_tells_the_provider_once(
    client: Client, story: Story, held: Held
) -> None:
    browser, page = opened(client, story)
    letters = mails_to(story, "ana@example.org")
    press(browser, page, held(next_time="15:00"))
    coming = story.state.appointment
    assert mails_to(story, "ana@example.org") == letters + 1
    press(browser, page, held())
    assert story.state.appointment != coming and minutes(story) == [60]
    assert mails_to(story, "ana@example.org") == letters + 2, "their calendar is put right"
    press(browser, page, held(minutes="50"))
    assert mails_to(story, "ana@example.org") == letters + 2 and minutes(story) == [50]


def test_a_stale_tab_shows_what_was_recorded_meanwhile_and_asks(
    client: Client, story: Story, held: Held
) -> None:
    browser, old = opened(client, story)
    other, page = opened(client, story)
    press(other, page, held(minutes="60"))
    asked = press(browser, old, held(minutes="45"))
    assert asked.status == 422 and "Something was recorded meanwhile" in asked.text
    assert "60" in asked.text and minutes(story) == [60]
    form = form_of(asked)
    unsure = browser.post(form.get("action"), hidden(form))
    assert unsure.status == 422 and minutes(story) == [60], "neither is chosen for them"
    choice = next(n for n in form.xpath(".//input[@type='radio']/@value") if n != "more")
    shown = browser.post(form.get("action"), hidden(form) | {"_corrects": choice})
    assert "Corrected. Thank you." in shown.text and minutes(story) == [45]
    browser.post(form.get("action"), hidden(form) | {"_corrects": choice})
    assert minutes(story) == [45], "the same press again"


def test_another_session_of_the_same_day_is_asked_about_and_keeps_what_was_typed(
    client: Client, story: Story, held: Held
) -> None:
    browser, old = opened(client, story)
    other, page = opened(client, story)
    press(other, page, held(minutes="60"))
    asked = press(browser, old, held(minutes="45", note="In the garden"))
    form = form_of(asked)
    again = browser.post(form.get("action"), hidden(form) | {"_corrects": "more"})
    assert "In the garden" in again.body and minutes(story) == [60]
    today = day_of(story.harness.world.at)
    typed = held(happened="other", day=today, minutes="45", note="In the garden")
    which = press(browser, again, typed)
    assert which.errors == ["same_day"] and minutes(story) == [60]
    assert "Corrected" not in which.text
    sent = press(browser, which, typed | {"same_day": "second"})
    assert sent.status == 200 and minutes(story) == [60, 45]


def test_a_fresh_page_does_not_count_the_session_of_the_day_twice(
    client: Client, story: Story, held: Held
) -> None:
    browser, page = opened(client, story)
    press(browser, page, held(minutes="60"))
    fresh = browser.get(page.path)
    assert "same_day" not in fresh.names, "nobody is asked without need"
    typed = held(happened="other", day=day_of(story.harness.world.at), minutes="45")
    which = press(browser, fresh, typed)
    assert which.errors == ["same_day"] and minutes(story) == [60]
    looked = press(browser, which, typed | {"same_day": "same"})
    assert looked.status == 200 and "It stays one entry" in looked.text and minutes(story) == [60]
    sent = press(browser, looked, typed)
    assert "Corrected" in sent.text and minutes(story) == [45]


def test_what_was_recorded_is_in_the_form_that_corrects_it_and_the_correction_is_undone(
    client: Client, story: Story, held: Held
) -> None:
    browser, page = opened(client, story)
    done = press(browser, page, held(minutes="60", note="Calm", note_for="team"))
    form = form_of(browser.get(corrects(done)))
    sent = dict(filled(form))
    assert (sent["minutes"], sent["note"], sent["note_for"]) == ("60", "Calm", "team")
    assert (sent["happened"], sent["next"]) == ("planned", "as_planned")
    done = browser.post(form.get("action"), sent | {"minutes": "75"})
    assert "Corrected" in done.text and minutes(story) == [75]
    undo = form_of(done, "undo")
    browser.post(undo.get("action"), hidden(undo) | {"back": "yes"})
    assert minutes(story) == [60], "what was recorded first counts again"


def test_the_minutes_of_a_session_are_put_right_when_the_next_day_has_come(
    client: Client, story: Story, held: Held
) -> None:
    browser, page = opened(client, story)
    press(browser, page, held())
    coming = story.state.appointment
    assert coming is not None
    story.harness.world.at = coming + 9 * 3600
    story.harness.run_scheduler()
    page = inside(browser, mailed(story))
    form = form_of(browser.get(corrects(page)))
    done = browser.post(form.get("action"), dict(filled(form)) | {"minutes": "75"})
    assert "Corrected" in done.text, (done.errors, done.text)
    assert minutes(story) == [75] and story.state.appointment == coming


def test_a_try_that_reached_nobody_is_counted_once(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "first_contact")
    browser, page = opened(client, story)
    tried = {"talked": "no_answer"}
    press(browser, page, tried)
    letters = mails_to(story, "ana@example.org")
    changed = prove(browser, press(browser, page, {"talked": "visited"}))
    assert "Corrected" in changed.text
    assert [one.how for one in episode(store.log(story.state)).attempts] == ["in_person"]
    assert mails_to(story, "ana@example.org") == letters, "the provider hears of one try"
    other, stale = opened(client, story)
    press(browser, browser.get(page.path), tried)
    asked = press(other, stale, {"talked": "sent_email"})
    assert "Something was recorded meanwhile" in asked.text
    assert len(episode(store.log(story.state)).attempts) == 2
