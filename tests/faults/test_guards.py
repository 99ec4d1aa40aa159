"""Each guard on its own: what must be refused is refused. ``mutants.py`` takes each away in turn."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from chalicelib.aws import rate_limits
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone, NotFound, TryAgain
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import request_drafts
from chalicelib.web import links
from chalicelib.workflow import outbox, tasks
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.steps import _settled
from chalicelib.workflow.storage import store

from .harness import FaultHarness
from .invariants import InvariantChecker

AT = 1_778_169_600


def note(harness: FaultHarness, name: str = "noted", **changes: Any) -> Any:
    """A small command."""

    def decide(state: Referral) -> tuple[Entry, tuple[()]]:
        return Entry(event=name, at=harness.world.at, actor="x", command=name, changes=changes), ()

    return decide


# -- commands -------------------------------------------------------------------------------------
@pytest.mark.promise("answer-before-token")
def test_a_token_that_changed_meanwhile_makes_the_command_decide_again(
    harness: FaultHarness,
) -> None:
    story = harness.at("offer")
    seen = story.state
    assert store.attach_token(seen, "a-newer-token")
    with pytest.raises(store.Conflict):
        store.commit(seen, note(harness)(seen)[0])


@pytest.mark.promise("one-referral-one-run")
def test_a_referral_is_made_once(harness: FaultHarness) -> None:
    harness.at("triage")
    made = Entry(
        event="submitted", at=AT, actor="provider", command="submit", changes={"county": "kern"}
    )
    store.create(Referral(reference="AAAA-AAAA-A"), made, [])
    once = store.load("AAAA-AAAA-A")
    again = made.model_copy(update={"changes": {"county": "fresno"}})
    store.create(Referral(reference="AAAA-AAAA-A"), again, [])
    assert store.load("AAAA-AAAA-A") == once, "the same command changes nothing more"
    other = made.model_copy(update={"command": "other"})
    with pytest.raises(store.Conflict):
        store.create(Referral(reference="AAAA-AAAA-A"), other, [])


@pytest.mark.promise("always-wakes-up", "stream-record-lost")
def test_a_command_moves_the_wake_up_nearer(harness: FaultHarness) -> None:
    story = harness.at("offer")
    harness.minutes(3)
    far = story.state.wake_at
    assert far is not None and far > harness.world.at + store.SWEEP_AFTER
    harness.answer_by(story, {"decision": "accept"})
    assert story.state.wake_at == harness.world.at + store.SWEEP_AFTER


@pytest.mark.promise("always-wakes-up")
def test_a_command_without_effects_is_looked_at_when_its_task_is_due_and_not_before(
    harness: FaultHarness,
) -> None:
    story = harness.at("offer")
    harness.minutes(3)
    own = story.state.wake_at
    assert own is not None and story.state.swept == story.state.version
    after = store.change(story.reference, note(harness))
    assert story.state.wake_at == own and story.state.swept == after.version


@pytest.mark.promise("always-wakes-up", "stream-record-lost")
def test_a_command_without_effects_hides_no_letter_that_has_not_left(
    harness: FaultHarness,
) -> None:
    story = harness.at("offer")
    assert story.state.swept < story.state.version
    store.change(story.reference, note(harness))
    wake = story.state.wake_at
    assert wake is not None and wake <= harness.world.at + store.SWEEP_AFTER
    assert story.state.swept < story.state.version - 1


@pytest.mark.promise("always-wakes-up", "one-letter-per-reason")
def test_a_command_is_decided_again_when_the_scheduler_moves_its_wake_up_on_meanwhile(
    harness: FaultHarness,
) -> None:
    story = harness.at("offer")
    near = story.state
    assert near.wake_at is not None and near.wake_at <= harness.world.at + store.SWEEP_AFTER
    far = near.wake_at + 86_400
    moved: list[int] = []

    def decide(state: Referral) -> tuple[Entry, tuple[()]]:
        if not moved:
            store.rearm(state, state.swept, far)
            moved.append(far)
        return note(harness)(state)

    store.change(story.reference, decide, near)
    assert story.state.wake_at == harness.world.at + store.SWEEP_AFTER


@pytest.mark.promise("reply-lost", "one-letter-per-reason")
def test_a_lost_reply_mails_one_fresh_link(harness: FaultHarness) -> None:
    for number in range(1, 9):
        story = harness.at("offer")
        begun = len(harness.world.mails)
        harness.injector.begin({number: "lost"})
        with suppress(TryAgain):
            send_fresh(story.reference, 2)
        harness.injector.end()
        harness.settle()
        assert story.state.task is not None and story.state.task.link_number <= 2, number
        assert len(harness.world.mails) <= begun + 1


@pytest.mark.promise("one-referral-one-run")
def test_a_token_is_not_given_to_another_task_or_generation(harness: FaultHarness) -> None:
    story = harness.at("offer")
    old = story.state
    story.says(decision="accept")
    token = story.state.task.token if story.state.task else ""
    assert not store.attach_token(old, "late")
    newer = restart(story.state, harness.world.at, "x", "y")
    assert not store.attach_token(old.model_copy(update={"task": newer.task}), "late")
    harness.settle()
    assert story.state.task is not None and story.state.task.token not in ("late", token)


@pytest.mark.promise("always-wakes-up")
def test_the_clock_forgets_no_command_that_came_meanwhile(harness: FaultHarness) -> None:
    story = harness.at("offer")
    seen = story.state
    store.change(story.reference, note(harness))
    wake = story.state.wake_at
    store.rearm(seen, seen.version, None)
    assert story.state.wake_at == wake and story.state.swept < story.state.version


@pytest.mark.promise("answer-once")
def test_an_answer_to_another_task_changes_nothing(harness: FaultHarness) -> None:
    story = harness.at("first_contact")
    v = story.state.version
    for n in (1, 2, 4):
        with pytest.raises(AlreadyDone):
            tasks.answer(story.reference, n, {"talked": "no_answer"}, "c", "x", AT)
    assert story.state.version == v


@pytest.mark.promise("link-expires-to-the-second", "timeout-races-answer")
def test_an_answer_at_the_second_of_expiry_is_late(harness: FaultHarness) -> None:
    story = harness.at("offer")
    task = story.state.task
    assert task is not None
    with pytest.raises(AlreadyDone):
        tasks.answer(story.reference, task.number, {"decision": "accept"}, "c", "x", task.expires)
    assert tasks.answer(
        story.reference, task.number, {"decision": "accept"}, "c", "y", task.expires - 1
    )


@pytest.mark.promise("answer-once")
def test_a_task_beside_is_ended_once(harness: FaultHarness) -> None:
    from chalicelib.workflow.storage import side_task_rows

    story = harness.at("offer")
    task = side_task_rows.SideTask(
        number=9, kind="repair", role="coordinator", opened=1, due=2, expires=3
    )
    store._transact([side_task_rows.begin(story.reference, task)], own=0)
    store._transact([side_task_rows.end(story.reference, 9, "one", "a", AT)], own=0)
    with pytest.raises(store.Refused):
        store._transact([side_task_rows.end(story.reference, 9, "two", "b", AT)], own=0)
    assert (found := side_task_rows.get(story.reference, 9)) is not None and found.over == "one"


@pytest.mark.promise("one-referral-one-run")
def test_two_who_restart_a_run_start_it_once(harness: FaultHarness) -> None:
    story = harness.at("plan")
    seen = story.state
    for who in ("reconciler", "staff:x"):
        restart(seen, harness.world.at, who, "lost")
    assert story.state.generation == seen.generation + 1
    harness.settle()
    InvariantChecker(harness).at_rest()


# -- effects --------------------------------------------------------------------------------------
@pytest.mark.promise("one-letter-per-reason")
def test_a_letter_is_judged_by_a_state_as_new_as_its_entry(harness: FaultHarness) -> None:
    story = harness.at("triage")
    old = story.state
    raw = {"talked": "phone", "decision": "confirm", "note": None}
    task = old.task
    assert task is not None
    tasks.answer(story.reference, task.number, raw, "specialist", "press", harness.world.at)
    harness.settle()
    asked = next(e for e in store.log(story.state) if e.event == "offer_asked")
    row = harness.world.fake_table.items[f"R#{story.reference}"]
    harness.world.fake_table.items[f"R#{story.reference}"] = {
        sk: one for sk, one in row.items() if sk != f"MAIL#{asked.version:06d}.0"
    }
    begun = len(harness.world.mails)
    outbox.dispatch(story.reference, asked, old)
    assert len(harness.world.mails) == begun + 1, "the old state knows no such task"


@pytest.mark.promise("one-letter-per-reason")
def test_a_letter_whose_task_is_over_does_not_leave(harness: FaultHarness) -> None:
    story = harness.at("offer")
    asked = next(e for e in store.log(story.state) if e.event == "offer_asked")
    story.says(decision="accept")
    harness.world.fake_table.items[f"R#{story.reference}"].pop(f"MAIL#{asked.version:06d}.0", None)
    begun = len(harness.world.mails)
    outbox.dispatch(story.reference, asked)
    assert len(harness.world.mails) == begun


@pytest.mark.promise("one-letter-per-reason")
def test_a_late_letter_that_somebody_sends_is_left_to_them(harness: FaultHarness) -> None:
    from chalicelib.mail import letter_rows

    story = harness.at("offer")
    story.harness.answer_by(story, {"decision": "accept"})
    entry = store.log(story.state)[-1]
    number = next(i for i, e in enumerate(entry.effects) if isinstance(e, SendLetter))
    harness.world.at += 100
    assert letter_rows.claim(story.reference, entry.version, number, harness.world.at)
    begun = len(harness.world.mails)
    with pytest.raises(outbox.NotLeft):
        outbox.dispatch(story.reference, entry)
    assert len(harness.world.mails) == begun


@pytest.mark.promise("old-record-replayed", "one-referral-one-run")
def test_the_start_of_an_older_generation_wakes_no_run(harness: FaultHarness) -> None:
    story = harness.at("plan")
    first = restart(story.state, harness.world.at, "x", "lost")
    old = store.log(first)[-1]
    restart(first, harness.world.at, "x", "lost again")
    harness.queue, harness.world._seen = [], len(harness.world.fake_table.stream)
    outbox.dispatch(story.reference, old.model_copy(update={"effects": old.effects[-1:]}))
    assert ("referral", f"{story.reference}-referral-2") not in harness.engine.runs


# -- steps ----------------------------------------------------------------------------------------
def test_a_step_of_an_older_run_does_nothing(harness: FaultHarness) -> None:
    state = harness.at("plan").state.model_copy(update={"generation": 3})
    assert _settled(state, 2, "plan", False) == "superseded"
    assert _settled(state, 3, "plan", False) is None
    done = state.model_copy(update={"done": {"plan": "planned"}})
    assert _settled(done, 3, "plan", False) == "planned"


@pytest.mark.promise("answer-before-token")
def test_an_answer_while_its_token_was_stored_is_heard(harness: FaultHarness) -> None:
    story = harness.at("offer")
    restart(story.state, harness.world.at, "x", "lost")
    task = story.state.task
    assert task is not None

    def answered() -> None:
        tasks.answer(
            story.reference, task.number, {"decision": "accept"}, "c", "press", harness.world.at
        )

    for number in range(1, 25):
        story = harness.at("offer")
        restart(story.state, harness.world.at, "x", "lost")
        harness.injector.meanwhile = answered
        harness.injector.begin({number: "while_before"})
        harness.settle()
        harness.injector.end()
        harness.settle()
        if story.state.status == "matched":
            # No minute has passed: the run itself must have heard it.
            assert story.asks == "first_contact", number


# -- places ---------------------------------------------------------------------------------------
def places(harness: FaultHarness, *members: Any) -> None:
    for member in members:
        store._transact([member], own=0)


@pytest.mark.promise("places-match-work", "last-place-taken-twice")
def test_a_place_is_taken_once_while_active_and_free(harness: FaultHarness) -> None:
    harness.at("triage")
    rows = harness.world.fake_table.items["CONSULTANTS"]
    someone = next(iter(rows))
    row = {k: v for k, v in rows[someone].items() if k != "held"} | {
        "cap": type(rows[someone]["cap"])(1)
    }
    harness.world.fake_table.items["CONSULTANTS"] = rows | {someone: row}
    places(harness, people.reserve_place(someone, "A", AT))
    for reference in ("A", "B"):
        with pytest.raises(store.Refused):
            places(harness, people.reserve_place(someone, reference, AT))
    places(harness, people.release_place(someone, "A"))
    with pytest.raises(store.Refused):
        places(harness, people.release_place(someone, "A"))
    harness.world.fake_table.items["CONSULTANTS"] = rows | {someone: row | {"active": False}}
    with pytest.raises(store.Refused):
        places(harness, people.reserve_place(someone, "A", AT))


# -- links, codes, drafts, limits -------------------------------------------------------------------
@pytest.mark.promise("press-needs-choice-and-nonce")
def test_a_nonce_is_good_for_its_subject_and_its_half_day(harness: FaultHarness) -> None:
    text = links.nonce("one|1", AT, 7)
    assert links.read_nonce(text, "one|1", AT + links.NONCE_SECONDS) == 7
    assert links.read_nonce(text, "one|1", AT + links.NONCE_SECONDS + 1) is None
    assert links.read_nonce(text, "one|2", AT) is None
    assert links.read_nonce(text, "one|1", AT - 601) is None


@pytest.mark.promise("expired-row-visible")
def test_a_draft_ends_and_a_sent_one_takes_nothing_more(harness: FaultHarness) -> None:
    secret, draft = request_drafts.begin("en", AT)
    request_drafts.create(secret, draft)
    assert request_drafts.get(secret, AT + request_drafts.KEEP - 1) is not None
    assert request_drafts.get(secret, AT + request_drafts.KEEP) is None
    request_drafts.finish(secret, AT)
    with pytest.raises(NotFound):
        request_drafts.save(secret, {"county": "kern"}, "p", "en", AT)


@pytest.mark.promise("known-and-unknown-alike", "few-letters-to-strangers", "expired-row-visible")
def test_a_limit_counts_and_begins_anew(harness: FaultHarness) -> None:
    def use(at: int) -> bool:
        return rate_limits.allow("kind", "key", 2, 60, at)

    assert [use(AT), use(AT + 1), use(AT + 59)] == [True, True, False]
    assert [use(AT + 60), use(AT + 61), use(AT + 62)] == [True, True, False]
