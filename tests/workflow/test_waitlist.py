"""Waiting in line for a place, and for a language: who gets the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.directory import people
from chalicelib.referral.matching import waitlist
from chalicelib.referral.rows import waitlist_rows
from chalicelib.workflow.storage import store
from infra.answers import DECLINED
from tests.world import World

from .lifecycle import LifecycleHarness, Story

FULL = {"held": {"AAAA-AAAA-A", "BBBB-BBBB-B", "CCCC-CCCC-C", "DDDD-DDDD-D", "EEEE-EEEE-E"}}
HELD = sorted(FULL["held"])


def fill(world: World, *but: str) -> None:
    """Everybody is full, but for one place of each of ``but``."""
    for row in people.consultants():
        taken = HELD[: row["cap"]] if row["id"] not in but else HELD[: row["cap"] - 1]
        held = {"held": set(taken)} if taken else {}
        left = {k: v for k, v in row.items() if k not in ("load", "id", "held")}
        dynamodb.write(put(Key(people.CONSULTANTS, row["id"]), left | held))


def frees(harness: LifecycleHarness, who: str = "ben-okafor") -> None:
    """One place of a consultant comes back from other work; the clock's next minute sees it."""
    assert dynamodb.write(people.release_place(who, sorted(_row(who)["held"])[0]))
    minute(harness)


def minute(harness: LifecycleHarness) -> None:
    harness.world.at += 60
    harness.run_scheduler()


def _row(who: str) -> dict[str, Any]:
    return dynamodb.get(Key(people.CONSULTANTS, who), consistent=True) or {}


def served(row: str) -> list[str]:
    """Who of ours holds a place of a consultant."""
    return [ref for ref in _row(row).get("held", []) if ref not in HELD]


def waiting(harness: LifecycleHarness, lang: str = "en", at: int = 0, **answers: Any) -> Story:
    """A request that waits in line."""
    harness.world.at += at
    story = harness.submit(**answers).triaged()
    assert story.asks == "waitlist" and story.state.status == "waitlisted"
    return story


def promoted(story: Story) -> dict[str, Any]:
    """What the entry of its promotion says."""
    return next(e for e in reversed(store.log(story.state)) if e.event == "promoted").payload


def urgent(harness: LifecycleHarness) -> Story:
    """A request that comes last, and is urgent."""
    harness.world.at += 60
    story = harness.submit(language_required="no")
    return story.says(
        talked="phone", decision="change", tier="intensive", priority="stat",
        override_reason="more_urgent", override_text="A child was hurt in the classroom.",
    )  # fmt: skip


@pytest.mark.promise("waitlist-in-order")
def test_a_request_waits_in_line_when_everybody_who_fits_is_full(harness: LifecycleHarness) -> None:
    fill(harness.world)
    story = waiting(harness)
    assert [row.reference for row in waitlist_rows.line()] == [story.reference]
    letters = story.mails_to("ana@example.org")
    assert "You are on our waitlist and keep your place" in letters[-1]
    assert story.state.task is not None and story.state.task.role == "system"
    assert len(harness.engine.waiting()) == 1


@pytest.mark.promise("waitlist-in-order", "last-place-taken-twice")
def test_a_free_place_goes_to_the_one_who_waits_and_only_once(harness: LifecycleHarness) -> None:
    fill(harness.world)
    first, second = waiting(harness), waiting(harness, at=60)
    frees(harness)
    assert first.asks == "offer" and first.state.consultant == "ben-okafor"
    assert second.asks == "waitlist"
    assert served("ben-okafor") == [first.reference]
    assert promoted(first)["place"] == 1 and promoted(first)["passed"] == []
    minute(harness)
    assert second.asks == "waitlist" and served("ben-okafor") == [first.reference]
    first.says(**DECLINED)
    assert first.asks == "waitlist", "it goes back to its own place"
    minute(harness)
    # Ben said no to the first: now the second gets the place, and the entry says why.
    assert second.asks == "offer"
    assert promoted(second)["passed"] == [{"reference": first.reference, "rules": ["H6"]}]
    assert len([m for m in first.mails_to("ana@example.org") if "waitlist" in m]) == 1


@pytest.mark.promise("waitlist-in-order")
def test_a_withdrawn_one_gives_its_place_in_line_away(harness: LifecycleHarness) -> None:
    fill(harness.world)
    first, second = waiting(harness), waiting(harness, at=60)
    first.withdraws()
    assert [row.reference for row in waitlist_rows.line()] == [second.reference]
    assert first.run().where == "Withdrawn by the provider"
    frees(harness)
    assert second.asks == "offer" and promoted(second)["passed"] == []


@pytest.mark.promise("waitlist-in-order")
def test_the_most_urgent_goes_first_then_the_oldest(harness: LifecycleHarness) -> None:
    fill(harness.world)
    old, young = waiting(harness), waiting(harness, at=60)
    last = urgent(harness)
    assert last.asks == "waitlist"
    order = [row.reference for row in waitlist_rows.line()]
    assert order == [last.reference, old.reference, young.reference]
    frees(harness)
    assert [s.asks for s in (last, old, young)] == ["offer", "waitlist", "waitlist"]
    frees(harness, "dana-kim")
    assert [s.asks for s in (last, old, young)] == ["offer", "offer", "waitlist"]


@pytest.mark.promise("waitlist-in-order")
def test_somebody_new_does_not_get_the_place_of_one_who_waits(harness: LifecycleHarness) -> None:
    fill(harness.world)
    first = waiting(harness)
    assert dynamodb.write(people.release_place("ben-okafor", HELD[0]))
    harness.world.at += 1
    second = harness.submit().triaged()  # before the clock's minute
    assert second.asks == "waitlist"
    minute(harness)
    assert first.asks == "offer" and second.asks == "waitlist"


@pytest.mark.promise("waitlist-in-order")
def test_one_whom_nobody_free_can_serve_does_not_hold_up_the_others(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    armenian = waiting(harness, language="hy")
    english = waiting(harness, at=60)
    frees(harness)
    assert armenian.asks == "waitlist" and english.asks == "offer"
    passed = promoted(english)["passed"]
    assert passed == [{"reference": armenian.reference, "rules": ["H3"]}]
    assert promoted(english)["place"] == 2


@pytest.mark.promise("waitlist-in-order")
def test_an_end_of_leave_and_a_pause_that_is_over_free_a_place_too(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world, "ben-okafor")
    people.pause_offers("ben-okafor", True)
    story = waiting(harness)
    minute(harness)
    assert story.asks == "waitlist"
    people.pause_offers("ben-okafor", False)
    minute(harness)
    assert story.asks == "offer"


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("asks", ["coordinator", "language_choice"])
def test_a_run_that_is_lost_after_the_wait_still_waits_for_the_same_person(
    harness: LifecycleHarness, asks: str
) -> None:
    if asks == "coordinator":
        fill(harness.world)
    story = waiting(harness).falls_silent() if asks == "coordinator" else speechless(harness)
    if story.asks == "waitlist":
        story.falls_silent()
    task = story.state.task
    assert story.asks == asks and task is not None
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    from chalicelib.workflow.reconciler.reconcile import reconcile_one

    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    assert story.state.generation == 2 and story.state.task is not None
    assert (story.asks, story.state.task.number) == (asks, task.number)


@pytest.mark.promise("waitlist-in-order")
def test_a_wait_that_lasts_too_long_comes_to_the_coordinator_who_keeps_the_place(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    story = waiting(harness).falls_silent()
    assert story.asks == "coordinator" and len(waitlist_rows.line()) == 1
    story.says(decision="wait")
    assert story.asks == "waitlist" and len(waitlist_rows.line()) == 1
    story.falls_silent()
    frees(harness)
    assert story.asks == "offer", "who becomes free is not kept waiting for the coordinator"
    assert waitlist_rows.line() == []
    story.says(decision="accept")
    assert story.asks == "first_contact"


@pytest.mark.promise("restart-from-table")
def test_a_run_that_is_lost_while_it_waits_waits_on_in_its_place(harness: LifecycleHarness) -> None:
    fill(harness.world)
    story = waiting(harness)
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    from chalicelib.workflow.reconciler.reconcile import reconcile_one

    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    assert story.asks == "waitlist" and story.state.generation == 2
    frees(harness)
    assert story.asks == "offer"


@pytest.mark.promise("offers-roll-on")
def test_three_misses_still_go_to_the_coordinator(harness: LifecycleHarness) -> None:
    story = harness.submit().triaged()
    for _ in range(3):
        story.says(**DECLINED)
    assert story.asks == "coordinator" and waitlist_rows.line() == []


@pytest.mark.promise("waitlist-in-order")
def test_a_row_without_its_wait_is_taken_out(harness: LifecycleHarness) -> None:
    fill(harness.world)
    story = waiting(harness)
    row = waitlist_rows.line()[0]
    story.withdraws()
    dynamodb.write(waitlist_rows.join(story.state, row.n))
    dynamodb.write(put(Key("WAITLIST", "0#1800000000#7K3M-9QXA-5"), {"n": 1}))
    frees(harness)
    assert waitlist_rows.line() == []


@pytest.mark.promise("waitlist-in-order")
def test_a_paused_one_is_passed_over_and_the_entry_says_so(harness: LifecycleHarness) -> None:
    from chalicelib.workflow.cases import Entry
    from chalicelib.workflow.pause import pause

    fill(harness.world)
    first, second = waiting(harness), waiting(harness, at=60)
    at = harness.world.at
    held = pause(first.state, "paused_by_site", "site_asked", at, at + 86400)
    entry = Entry(event="paused", at=at, actor="provider", command="p", changes=held)
    store.change(first.reference, lambda state: (entry, ()))
    frees(harness)
    assert first.state.status == "paused_by_site" and second.asks == "offer"
    assert promoted(second)["passed"] == [{"reference": first.reference, "rules": ["on_hold"]}]


@pytest.mark.promise("waitlist-in-order")
def test_an_empty_line_costs_one_small_read_a_minute(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waitlist, "consultants", lambda: pytest.fail("nobody waits"))
    waitlist.promote(harness.world.at)


@pytest.mark.promise("waitlist-in-order")
def test_a_line_that_nobody_free_can_serve_is_not_read_again_each_minute(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(harness.world)
    waiting(harness)
    waitlist.promote(harness.world.at // waitlist.ANEW * waitlist.ANEW)
    monkeypatch.setattr(waitlist, "_turns", lambda *given: pytest.fail("nothing has changed"))
    waitlist.promote(harness.world.at // waitlist.ANEW * waitlist.ANEW + 60)


@pytest.mark.promise("waitlist-in-order", "waitlist-any-length")
def test_a_line_is_read_in_as_many_calls_for_six_as_for_two(harness: LifecycleHarness) -> None:
    fill(harness.world)
    two = [waiting(harness, at=60, language="hy") for _ in range(2)]
    people.set_fields("ben-okafor", {"cap": 5})
    harness.settle()

    def calls(look: Callable[[], object]) -> list[str]:
        waitlist._seen.clear()
        harness.world.aws.begin()
        look()
        harness.world.aws.end()
        return harness.world.aws.calls

    def looks() -> tuple[list[str], list[str]]:
        new = harness.world.state(harness.world.submit())
        promotion = calls(lambda: waitlist.promote(harness.world.at))
        return calls(lambda: waitlist.fair_ranking(new, harness.world.at)), promotion

    before = looks()
    assert "BatchGetItem" in before[0]
    people.set_fields("ben-okafor", {"cap": 4})
    more = [waiting(harness, at=60, language="hy") for _ in range(4)]
    people.set_fields("ben-okafor", {"cap": 5})
    assert looks() == before
    assert [row.reference for row in waitlist_rows.line()] == [s.reference for s in (*two, *more)]


@pytest.mark.promise("waitlist-any-length")
def test_behind_a_very_long_line_a_new_one_waits_and_is_served_in_its_turn(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(harness.world)
    armenian = waiting(harness, language="hy")
    assert dynamodb.write(people.release_place("ben-okafor", HELD[0]))
    monkeypatch.setattr(waitlist, "LOOK_AT", 0)
    story = waiting(harness, at=1)
    minute(harness)
    assert story.asks == "offer" and armenian.asks == "waitlist"


@pytest.mark.promise("waitlist-any-length")
def test_a_look_that_takes_too_long_ends_and_goes_on_a_minute_later(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(harness.world)
    first, second = waiting(harness), waiting(harness, at=60)
    monkeypatch.setattr(waitlist, "SECONDS", -1)
    people.set_fields("ben-okafor", {"cap": 6})
    minute(harness)
    assert (first.asks, second.asks) == ("offer", "waitlist")
    minute(harness)
    assert second.asks == "offer"


# -- a language that nobody speaks ------------------------------------------------------------


def speechless(harness: LifecycleHarness) -> Story:
    """Only the language is in the way, and five business days have passed."""
    story = waiting(harness, language="hmn", modality="onsite")
    assert story.state.task is not None
    days = (story.state.task.expires - harness.world.at) / 86400
    assert 4 < days < 12, "five business days"
    return story.falls_silent()


@pytest.mark.promise("language-nobody-speaks")
def test_after_five_business_days_the_provider_is_asked_about_the_language(
    harness: LifecycleHarness,
) -> None:
    story = speechless(harness)
    assert story.asks == "language_choice"
    assert story.state.task is not None and story.state.task.role == "provider"
    assert "Please choose how we go on" in story.mails_to("ana@example.org")[-1]
    assert len(waitlist_rows.line()) == 1


@pytest.mark.promise("language-nobody-speaks")
def test_with_an_interpreter_the_match_goes_on_by_itself(harness: LifecycleHarness) -> None:
    story = speechless(harness).says(choice="interpreter")
    assert story.state.language_choice == "interpreter" and story.asks == "offer"
    assert waitlist_rows.line() == []


@pytest.mark.promise("language-nobody-speaks")
def test_somebody_from_another_county_by_video_is_offered(harness: LifecycleHarness) -> None:
    from infra import seed_data

    mai = next(c for c in seed_data.consultants() if c["id"] == "mai-xiong")
    dynamodb.write(put(Key(people.CONSULTANTS, "mai-xiong"), mai))
    story = speechless(harness).says(choice="online")
    assert story.asks == "offer" and story.state.consultant == "mai-xiong"
    assert story.state.modality == "virtual"


@pytest.mark.promise("language-nobody-speaks")
def test_video_is_offered_only_when_there_is_somebody(harness: LifecycleHarness) -> None:
    from chalicelib.referral.matching.waiting import language_form

    values = [value for value, *_ in language_form(speechless(harness).state).fields[0].options]
    assert values == ["wait", "interpreter"]


@pytest.mark.promise("language-nobody-speaks")
def test_who_keeps_waiting_keeps_the_place_and_is_not_asked_again(
    harness: LifecycleHarness,
) -> None:
    story = speechless(harness).says(choice="wait")
    assert story.asks == "waitlist" and story.state.language_choice == "wait"
    assert len(waitlist_rows.line()) == 1
    assert story.falls_silent().asks == "coordinator"


@pytest.mark.promise("language-nobody-speaks")
def test_a_silent_provider_comes_to_the_coordinator(harness: LifecycleHarness) -> None:
    story = speechless(harness).falls_silent()
    assert story.asks == "coordinator" and len(waitlist_rows.line()) == 1


@pytest.mark.promise("language-nobody-speaks")
def test_a_speaker_who_comes_while_the_provider_thinks_is_offered_at_once(
    harness: LifecycleHarness,
) -> None:
    story = speechless(harness)
    people.set_fields(
        "ben-okafor", {"languages": ["en", "hmn"], "modalities": ["onsite", "virtual"]}
    )
    minute(harness)
    assert story.asks == "offer" and story.state.consultant == "ben-okafor"


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("kind", ["waitlist", "language_choice"])
def test_a_withdrawal_while_it_waits_ends_everything(harness: LifecycleHarness, kind: str) -> None:
    if kind == "waitlist":
        fill(harness.world)
    story = waiting(harness) if kind == "waitlist" else speechless(harness)
    story.withdraws()
    assert story.run().where == "Withdrawn by the provider"
    assert waitlist_rows.line() == [] and not harness.engine.waiting()


@pytest.mark.promise("run-stopped-by-hand")
@pytest.mark.parametrize(
    ("step", "kind"), [("ask_waitlist", "waitlist"), ("ask_language_choice", "language_choice")]
)
def test_a_broken_wait_asks_a_person_and_goes_on(
    harness: LifecycleHarness, step: str, kind: str
) -> None:
    harness.fail_step(step)
    if kind == "waitlist":
        fill(harness.world)
        story = harness.submit().triaged()
    else:
        story = speechless(harness)
    assert story.asks == "repair"
    story.says(decision="restart")
    if kind == "language_choice":
        # The wait for the language begins anew: its time was not used up by the repair.
        assert story.asks == "waitlist"
        story.falls_silent()
    assert story.asks == kind
    assert [row.reference for row in waitlist_rows.line()] == [story.reference]


@pytest.mark.promise("language-nobody-speaks")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_provider_reads_the_choices_in_their_language(
    harness: LifecycleHarness, lang: str
) -> None:
    from chalice.test import Client

    from tests.web.conftest import Browser, the_app

    story = speechless(harness)
    page = Browser(Client(the_app()), lang).get(f"/t/{harness.world.link(story.reference)}")
    assert page.status == 200 and page.lang == lang
    assert ("interpreter" if lang == "en" else "intérprete") in page.text
    assert "Ana" not in page.text


@pytest.mark.promise("answer-taken-back", "waitlist-in-order")
@pytest.mark.parametrize("ran", [True, False], ids=["the run went on", "at once"])
@pytest.mark.parametrize("decision", ["wait", "look_again"])
def test_a_coordinator_who_takes_an_answer_back_leaves_the_place_in_line_as_it_was(
    harness: LifecycleHarness, decision: str, ran: bool
) -> None:
    fill(harness.world)
    story = waiting(harness).falls_silent()
    decided_and_taken_back(story, decision, ran)
    assert [row.reference for row in waitlist_rows.line()] == [story.reference]
    frees(harness)
    assert story.asks == "offer", "who becomes free still comes here"
    assert waitlist_rows.line() == []


@pytest.mark.promise("answer-taken-back", "waitlist-in-order")
@pytest.mark.parametrize("ran", [True, False], ids=["the run went on", "at once"])
def test_who_was_not_in_line_is_not_after_it_either(harness: LifecycleHarness, ran: bool) -> None:
    from .lifecycle import coordinated

    story = coordinated(harness)
    fill(harness.world)
    assert story.asks == "coordinator" and waitlist_rows.line() == []
    decided_and_taken_back(story, "wait", ran)
    assert waitlist_rows.line() == []


def decided_and_taken_back(story: Story, decision: str, ran: bool) -> None:
    """The coordinator decides, and takes it back before or after the run has gone on."""
    from chalicelib.workflow.undo import take_back
    from tests import episode

    stage, task = story.harness, story.state.task
    assert task is not None
    episode.post(stage.world, story.reference, decision=decision)
    if ran:
        stage.settle()
    newest = next(e for e in store.log(story.state)[::-1] if e.event == "coordinator_answered")
    assert take_back(story.reference, task.number, newest.actor, stage.world.at, "back")
    stage.settle()
    assert story.asks == "coordinator" and story.state.task is not None
    assert story.state.task.number == task.number
