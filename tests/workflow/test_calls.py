"""A call is recorded as it went, in every task that asks for a talk: the clock, lists and pages follow."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.calls.words import OUTCOMES, TALKED, TRIES
from chalicelib.console.sentence import sentence
from chalicelib.directory.people import name_of
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.referral.events import told_in
from chalicelib.referral.records import episode
from chalicelib.referral.reopen import reopen
from chalicelib.referral.status.view import view
from chalicelib.tasks.recorded import values_of
from chalicelib.web.languages import translator
from chalicelib.workflow import board
from chalicelib.workflow.kinds import Kind, asked_at, every_kind, kind_of
from chalicelib.workflow.lists import queue
from chalicelib.workflow.storage import store
from chalicelib.workflow.undo import correct
from infra.answers import TRIAGED, day

from .lifecycle import LifecycleHarness, Story, at

pytestmark = pytest.mark.promise("calls-as-they-went")

DAY = 86400
MOMENTS = ("triage", "first_contact")
CALLING = [kind for kind in every_kind().values() if OUTCOMES[0] in kind.outcomes]


def shown(story: Story) -> Any:
    """What the provider's status page says."""
    state = story.state
    return view(state, store.log(state), story.harness.world.at, lambda key: name_of(key))


def newest(story: Story) -> dict[str, Any]:
    """What the newest entry tells."""
    return dict(told_in(store.log(story.state)[-1]))


def listed(story: Story) -> board.Waiting:
    (line,) = [one for one in board.page("open", "", 0)[0] if one.reference == story.reference]
    assert line.waiting is not None
    return line.waiting


@pytest.mark.parametrize("kind", CALLING, ids=lambda kind: kind.name)
def test_whoever_is_asked_to_talk_with_a_provider_may_say_how_it_went(kind: Kind) -> None:
    told = {*OUTCOMES} & kind.outcomes
    assert kind.policy.many
    assert told == {*OUTCOMES} or kind.name == "safety", "a concern is never given up"
    for outcome in told:
        assert kind.words.answered[outcome]  # type: ignore[index]
        if kind.words.provider_answered:
            assert kind.words.provider_answered[outcome]  # type: ignore[index]
        assert kind.words.said[outcome]


def test_the_specialist_the_consultant_and_who_calls_after_a_no_are_asked_alike() -> None:
    assert {"triage", "first_contact", "call_back"} <= {kind.name for kind in CALLING}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("how", ["no_answer", "voicemail_es", "sent_text"])
def test_a_try_is_one_choice_and_the_button_and_the_task_stays(
    harness: LifecycleHarness, moment: str, how: str
) -> None:
    story = at(harness, moment)
    before = story.state.task
    harness.world.at += DAY
    story.says(**{TALKED: how})
    task, now = story.state.task, harness.world.at
    assert before is not None and task is not None and task.number == before.number
    limits = asked_at(kind_of(moment), story.state.priority, now)
    assert (task.due, task.expires) == (limits.due, limits.expires), "its standard begins again"
    assert before.due < task.due == listed(story).due
    entry = newest(story)
    assert (
        entry["verdict"] == TRIES[how].outcome
        and entry.get("voicemail", "") == TRIES[how].voicemail
    )
    assert "Tries so far: 1." in sentence(story.state, store.log(story.state), now, "en").text


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_status_page_says_honestly_that_we_called_and_by_when_again(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    assert shown(story).call is None
    story.says(talked="voicemail_es")
    found, task = shown(story), story.state.task
    assert task is not None and found.by == task.due
    assert (found.call.at, found.call.again) == (harness.world.at, True)
    assert (
        translator("en")(found.call.words, date="Monday")
        == "We called you on Monday and left a message."
    )
    assert translator("es")(found.call.words) != found.call.words
    assert "We called you and left a message." in [line.text for line in found.timeline]
    assert "We tried to reach you" in story.mails_to("ana@example.org")[-1]


@pytest.mark.promise("one-entry-corrected")
@pytest.mark.parametrize("how", [*TRIES])
def test_a_try_is_corrected_as_it_was_and_counts_once(harness: LifecycleHarness, how: str) -> None:
    story = at(harness, "triage")
    harness.world.at += DAY
    language = {"voicemail_language": "hmn"} if how == "voicemail_other" else {}
    story.says(**{TALKED: how, "call_note": "A busy line"}, **language)
    state, entry = story.state, store.log(story.state)[-1]
    kind = kind_of("triage")
    shown = values_of(kind, state, kind.page.form(state), entry)
    assert shown[TALKED] == how and shown["call_note"] == "A busy line"
    assert shown.get("voicemail_language") == language.get("voicemail_language")
    harness.world.at += 60
    assert state.task is not None
    other = "visited" if how != "visited" else "no_answer"
    correct(story.reference, state.task.number, entry.version, {TALKED: other},
            entry.actor, "c:2", harness.world.at)  # fmt: skip
    assert [one.outcome for one in episode(store.log(story.state)).attempts] == ["not_reached"]
    assert story.state.task is not None and story.state.task.due == state.task.due


def test_after_the_talk_nothing_of_the_tries_is_shown_any_more(harness: LifecycleHarness) -> None:
    story = at(harness, "triage").says(talked="no_answer").says(**TRIAGED)
    assert story.asks == "offer" and shown(story).call is None


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_asks_to_be_called_later_is_due_then_in_every_list(
    harness: LifecycleHarness, moment: str
) -> None:
    story, world = at(harness, moment), harness.world
    wished = day(world.at, 6)
    story.says(talked="call_later", call_day=wished, call_time="14:00", interpreter=["yes"])
    moment_wished = calendar.typed(wished, "14:00")
    task, waiting = story.state.task, listed(story)
    assert task is not None and task.due == moment_wished < (task.escalate or 0) < task.expires
    assert (waiting.due, waiting.call) == (moment_wished, True)
    assert shown(story).call.words == "You asked us to call you on %(moment)s."
    assert shown(story).by == moment_wished and newest(story)["interpreter"] is True
    if moment == "triage":
        (mine,) = queue.every(["specialist"], world.at)
        assert mine.waiting.call and mine.waiting.due == moment_wished
    world.at = moment_wished
    harness.run_scheduler()
    assert story.state.task is not None and story.state.task.number == task.number
    story.says(talked="no_answer")
    assert not listed(story).call, "the call was made"


@pytest.mark.parametrize(("days", "hour"), [(0, "00:01"), (200, "10:00")])
def test_a_call_is_wished_for_a_day_to_come_and_not_for_next_year(
    harness: LifecycleHarness, days: int, hour: str
) -> None:
    story = at(harness, "triage")
    wished = day(harness.world.at, days)
    with pytest.raises((Invalid, AssertionError)):
        story.says(talked="call_later", call_day=wished, call_time=hour)
    assert story.state.task is not None and not story.state.task.about


def offered(story: Story) -> list[str]:
    form = kind_of(story.asks).page.form(story.state)
    return [option[0] for option in form.fields[0].options]


def tried_out(story: Story) -> Story:
    """Three tries over ten days by two ways."""
    for how in ("no_answer", "sent_email", "voicemail_en"):
        story.says(**{TALKED: how})
        story.harness.world.at += 5 * DAY
        assert "unresponsive" not in offered(story) or how == "voicemail_en"
    return story


@pytest.mark.promise("attempts-then-named-end")
def test_the_specialists_tries_end_by_their_own_name_and_never_by_themselves(
    harness: LifecycleHarness,
) -> None:
    story = tried_out(at(harness, "triage"))
    assert "unresponsive" in offered(story)
    task = story.state.task
    assert task is not None and story.state.open
    story.says(talked="unresponsive")
    assert story.run("tiers").output == {"verdict": "unresponsive"}
    assert story.run().where == "Provider could not be reached"
    assert (story.state.status, story.state.closure) == (
        "unresponsive",
        "unresponsive_after_3_attempts",
    )
    assert "could not reach you" in story.mails_to("ana@example.org")[-1]


@pytest.mark.promise("attempts-then-named-end")
def test_nobody_in_danger_is_closed_by_one_person_or_by_the_clock(
    harness: LifecycleHarness,
) -> None:
    story = harness.submit(safety_now="yes")
    assert story.asks == "triage"
    tried_out(story)
    with pytest.raises((Invalid, AssertionError)):
        story.says(talked="unresponsive")
    task = story.state.task
    assert story.state.open and task is not None
    harness.world.at = task.expires
    harness.run_scheduler()
    assert story.state.open and story.asks == "repair", "a person is asked, nothing is closed"


@pytest.mark.promise("attempts-then-named-end")
def test_who_comes_back_after_that_is_called_again_and_the_tries_begin_anew(
    harness: LifecycleHarness,
) -> None:
    story = tried_out(at(harness, "triage")).says(talked="unresponsive")
    harness.world.at += DAY
    reopen(story.reference, "reachable_again", "provider", "r:1", harness.world.at)
    harness.settle()
    assert story.asks == "triage" and shown(story).call is None
    assert not episode(store.log(story.state)).attempts and "unresponsive" not in offered(story)


@pytest.mark.promise("served-without-email")
def test_who_has_no_email_gets_no_letter_about_a_try(harness: LifecycleHarness) -> None:
    by_phone = {"contact_email": "", "contact_phone": "209 555 0142", "contact_by": "phone"}
    story = harness.submit(**by_phone).says(talked="no_answer")
    assert not [e for e in store.log(story.state)[-1].effects if getattr(e, "letter", "")]
    assert shown(story).call is not None, "the helpline reads it to them"


def test_the_call_after_a_no_ends_as_a_task_alone(harness: LifecycleHarness) -> None:
    from tests.web.kinds import call_back

    story = call_back(harness)
    ended = story.state.status
    tried_out(story).says(talked="unresponsive")
    assert not story.asks and story.state.status == ended
    assert story.run("check_in").output == {"verdict": "unresponsive"}
