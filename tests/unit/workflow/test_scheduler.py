"""Every wait has reminders, an escalation and an exit, and the clock keeps them."""

from __future__ import annotations

import pytest

from chalicelib.aws import stepfunctions
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.events import RECONCILED
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from chalicelib.workflow.scheduler import clock, look
from chalicelib.workflow.storage import indexes, store
from tests.world import World

pytestmark = pytest.mark.promise("every-wait-ends")


def tick(world: World, **how: int) -> None:
    clock({"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
           "version": "0", "id": "1", "detail-type": "", **how}, None)  # fmt: skip
    world.relay()


@pytest.fixture(autouse=True)
def live_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepfunctions, "describe", lambda *_: {"status": "RUNNING"})
    monkeypatch.setattr(stepfunctions, "waits", lambda *_: None)


@pytest.mark.promise("stream-record-lost", "one-letter-per-reason")
def test_what_the_stream_never_had_leaves_at_once_when_it_begins_anew(world: World) -> None:
    before = world.submit()
    world.records()  # and nobody hears of them: the rows are put back past the stream
    world.at += 5
    after = world.submit(contact_email="other@example.org")
    tick(world)
    assert [mail.to for mail in world.mails] == ["other@example.org"], "it rests for a minute"
    tick(world, unheard=world.at)
    assert [mail.to for mail in world.mails] == ["other@example.org", "ana@example.org"]
    assert world.state(before).swept == 1 and world.state(after).swept == 0, "that is the stream's"


@pytest.mark.promise("stream-record-lost")
def test_a_command_made_while_the_stream_begins_anew_hides_nothing_older(world: World) -> None:
    reference = world.submit()
    world.records()
    world.at += 300  # its wake-up is over
    newer = Entry(event=RECONCILED, at=world.at + 5, actor="system", command="meanwhile")
    store.change(reference, lambda state: (newer, ()))
    tick(world, unheard=world.at)
    assert [mail.to for mail in world.mails] == ["ana@example.org"]


def test_silence_on_an_offer_reminds_then_moves_on(world: World) -> None:
    reference = world.offered()
    world.relay()
    task = world.state(reference).task
    assert task is not None
    first = len(world.mails)
    world.at = task.remind[0]
    tick(world)
    assert world.mails[-1].to == f"{task.assignee}@example.org"
    assert len(world.mails) == first + 1
    tick(world)
    assert len(world.mails) == first + 1
    world.at = task.expires
    tick(world)
    assert ("token-ask_offer-2", "expired") in world.said
    assert world.state(reference).declined == [task.assignee]
    assert world.state(reference).task is None


@pytest.mark.promise("stream-record-lost", "answer-lost-on-the-way", "always-wakes-up")
def test_a_reminder_that_the_stream_lost_leaves_a_minute_later(world: World) -> None:
    reference = world.offered()
    world.relay()
    task = world.state(reference).task
    assert task is not None
    world.at += 61
    tick(world)
    world.at = task.remind[0]
    before = len(world.mails)
    clock({"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
           "version": "0", "id": "1", "detail-type": ""}, None)  # fmt: skip
    world.records()  # and nobody hears of them
    assert len(world.mails) == before
    world.at += 61
    tick(world)
    assert len(world.mails) == before + 1 and world.mails[-1].to == f"{task.assignee}@example.org"


@pytest.mark.promise("stream-record-lost", "always-wakes-up")
def test_a_reminder_leaves_its_case_due_until_the_next_look_has_made_sure_of_the_letter(
    world: World,
) -> None:
    reference = world.offered()
    world.relay()
    world.at += 60
    tick(world)
    due = world.state(reference).wake_at
    task = world.state(reference).task
    assert task is not None and due == task.remind[0]
    world.at, before = due + 30, len(world.mails)
    clock({}, None)
    world.records()  # and nobody hears of the reminder
    assert world.state(reference).wake_at == due, (
        "to move it costs two units, and it would come back"
    )
    world.at += 60
    clock({}, None)
    newest = world.state(reference)
    assert newest.task is not None and newest.wake_at == indexes.next_of(newest.task)
    assert len(world.mails) == before + 1


def test_an_overdue_task_is_escalated_once(world: World) -> None:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    world.relay()
    task = world.state(reference).task
    assert task is not None and task.escalate is not None
    world.at = task.escalate
    for _ in range(3):
        tick(world)
    assert [m.to for m in world.mails].count("sam-lead@example.org") == 1
    types = [e.event for e in store.log(world.state(reference))]
    assert types.count("escalated") == 1
    assert types.count("reminded") == 1


@pytest.mark.promise("always-wakes-up")
def test_every_open_referral_always_has_a_wake_up(world: World) -> None:
    references = [world.submit(), world.triaged(), world.offered(), world.matched()]
    for _ in range(3):
        for reference in references:
            assert world.state(reference).wake_at is not None
        world.at += 61
        tick(world)
    assert set(references) <= {one.reference for some in rows.expecting() for one in some}


@pytest.mark.promise("run-stopped-by-hand")
def test_a_run_that_is_gone_is_started_again_at_its_stage(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.offered()
    monkeypatch.setattr(stepfunctions, "describe", lambda *_: None)
    world.at += 121
    reconcile_one(world.state(reference), world.at)
    state = world.state(reference)
    assert state.generation == 2
    world.relay()
    assert ("referral", reference, 2, "match") in world.started
    assert state.task is not None and state.task.token == ""


def test_a_quiet_referral_that_waits_for_nobody_is_found_by_the_clock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.triaged()
    monkeypatch.setattr(stepfunctions, "describe", lambda *_: None)
    world.at += 300
    look(reference, world.at)
    assert world.state(reference).generation == 2


@pytest.mark.promise("poisoned-record")
def test_one_referral_that_fails_does_not_stop_the_clock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.workflow import scheduler

    poisoned, fine = world.submit(), world.submit(contact_email="other@example.org")
    real = scheduler.look

    def look_or_fail(reference: str, at: int, unheard: int) -> None:
        if reference == poisoned:
            raise RuntimeError("poison")
        real(reference, at, unheard)

    monkeypatch.setattr(scheduler, "look", look_or_fail)
    world.at += 61
    tick(world)
    assert "other@example.org" in {m.to for m in world.mails}
    assert world.state(fine).swept >= 1
