"""What cannot leave is parked with a person's task, and never blocks what can."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws import ses, stepfunctions
from chalicelib.domain.errors import TryAgain
from chalicelib.mail import send_letter
from chalicelib.referral.model import Referral
from chalicelib.workflow import scheduler, tasks
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.storage import side_task_rows, store
from tests.world import IDLE, World

BROKEN: dict[str, dict[str, Any]] = {
    "an unknown effect": {"do": "dance"},
    "an effect without its word": {"letter": "intake/receipt"},
    "an unknown letter": {"do": "mail", "letter": "intake/nothing", "to": "provider"},
    "a letter that lacks its facts f41": {
        "do": "mail", "letter": "delivery/session_planned", "to": "provider",
    },
    "an answer without its token": {"do": "answer", "verdict": "yes"},
}  # fmt: skip
FINE = {"do": "mail", "letter": "intake/receipt", "to": "provider"}


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepfunctions, "describe", lambda *_: {"status": "RUNNING"})
    monkeypatch.setattr(stepfunctions, "waits", lambda *_: None)


def happens(world: World, reference: str, *effects: dict[str, Any]) -> Entry:
    """A command whose outbox has these effects."""

    def decide(state: Referral) -> Any:
        entry = Entry(
            event="reminded", at=world.at, actor="clock", command=f"x:{state.version}",
            payload={"task": 0, "kind": "triage"}, effects=list(effects),
        )  # fmt: skip
        return entry, ()

    return store.log(store.change(reference, decide))[-1]


def minutes(world: World, count: int) -> None:
    for _ in range(count):
        world.at += 61
        world.relay()
        event = {"time": "", "detail": {}, "source": "", "account": "", "region": "",
                 "resources": [], "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
        assert scheduler.clock(event, None)["failed"] == 0
    world.relay()


def parked(world: World, reference: str) -> list[Entry]:
    state = world.state(reference)
    entries = store.log(state)
    assert same_story(fold(Referral, reference, entries), state)
    return [e for e in entries if e.event == "parked"]


@pytest.mark.promise("poisoned-record", "partial-batch-failure")
@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_stands_in_nobodys_way_and_is_parked(world: World, what: str) -> None:
    reference, other = world.submit(), world.submit()
    world.relay()
    before = len(world.mails)
    bad = happens(world, reference, BROKEN[what], FINE)
    happens(world, reference, FINE)
    happens(world, other, FINE)
    assert world.relay() == {"batchItemFailures": []}, "the batch goes on"
    assert len(world.mails) == before + 3, "what can leave has left"
    minutes(world, 6)
    (entry,) = parked(world, reference)
    assert entry.payload["entry"] == bad.version
    state = world.state(reference)
    (n,) = state.side_tasks
    row = side_task_rows.get(reference, n)
    assert row is not None and row.about["v"] == bad.version and row.about["numbers"] == [0]
    assert state.swept >= bad.version
    asked = [m for m in world.mails if f"-{n}-" in m.link]
    assert len(asked) == 1 and "could not leave" in asked[0].text
    tried = len(world.mails)
    minutes(world, 10)
    assert len(world.mails) == tried and len(parked(world, reference)) == 1


@pytest.mark.promise("poisoned-record", "one-letter-per-reason")
def test_a_button_tries_again_and_sends_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = world.submit()
    world.relay()
    real = send_letter.compose

    def broken(name: str, lang: str, **ctx: Any) -> Any:
        if name == "intake/receipt":
            raise KeyError("a fact that is missing")
        return real(name, lang, **ctx)

    monkeypatch.setattr(send_letter, "compose", broken)
    happens(world, reference, FINE)
    minutes(world, 6)
    (n,) = world.state(reference).side_tasks
    before = len(world.mails)
    tasks.answer(reference, n, {"decision": "again"}, "coordinator", "one", world.at)
    minutes(world, 6)
    (again,) = world.state(reference).side_tasks
    assert again != n, "it failed again: somebody is asked again"
    first, second = (side_task_rows.get(reference, i) for i in (n, again))
    assert first is not None and second is not None
    assert second.about == {**first.about, "do": ["mail"]}
    monkeypatch.setattr(send_letter, "compose", real)
    tasks.answer(reference, again, {"decision": "again"}, "coordinator", "two", world.at)
    world.relay()
    world.relay(world.records(every=True))
    sent = [m for m in world.mails[before:] if m.to == "ana@example.org"]
    assert len(sent) == 1
    assert world.state(reference).side_tasks == []


def test_it_can_be_left_with_a_note_or_taken_care_of_by_hand(world: World) -> None:
    reference = world.submit()
    happens(world, reference, BROKEN["an unknown effect"])
    minutes(world, 6)
    (n,) = world.state(reference).side_tasks
    left = {"decision": "leave", "note": "Waiting for the fix"}
    tasks.answer(reference, n, left, "coordinator", "one", world.at)
    assert world.state(reference).side_tasks == [n]
    done = {"decision": "done", "note": "I called them"}
    tasks.answer(reference, n, done, "coordinator", "two", world.at)
    assert world.state(reference).side_tasks == []
    types = [e.event for e in store.log(world.state(reference))]
    assert types[-2:] == ["attention_noted", "attention_answered"]
    minutes(world, 6)
    assert world.state(reference).side_tasks == []


def test_nobody_looks_in_time_and_the_same_is_asked_again(world: World) -> None:
    reference = world.submit()
    happens(world, reference, BROKEN["an unknown effect"])
    minutes(world, 6)
    (n,) = world.state(reference).side_tasks
    row = side_task_rows.get(reference, n)
    assert row is not None
    world.at = row.expires
    scheduler.look_beside(reference, n, world.at)
    (again,) = world.state(reference).side_tasks
    newer = side_task_rows.get(reference, again)
    assert again > n and newer is not None and newer.about == row.about


@pytest.mark.promise("mail-rate-limit", "outage-backlog")
def test_while_aws_is_away_nothing_is_parked_and_the_batch_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.submit()
    world.relay()
    send = ses.send

    def away(*_: Any) -> str:
        raise TryAgain("Throttling")

    monkeypatch.setattr(ses, "send", away)
    happens(world, reference, FINE)
    assert len(world.relay([IDLE, *world.records()])["batchItemFailures"]) == 1
    for _ in range(6):
        world.at += 3600
        scheduler.look(reference, world.at)
    assert parked(world, reference) == []
    before = len(world.mails)
    monkeypatch.setattr(ses, "send", send)
    world.at += 3600
    scheduler.look(reference, world.at)
    assert len(world.mails) == before + 1
    assert world.state(reference).side_tasks == []


@pytest.mark.promise("mail-daily-quota")
def test_after_a_day_of_refusals_a_person_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.submit()
    world.relay()

    def away(*_: Any) -> str:
        raise TryAgain("Daily quota exceeded")

    monkeypatch.setattr(ses, "send", away)
    happens(world, reference, FINE)
    world.records()
    world.at += 86_400
    scheduler.look(reference, world.at)
    (entry,) = parked(world, reference)
    assert entry.payload["why"] == "TryAgain"


def test_a_letter_about_the_parked_letter_that_is_broken_too_parks_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.submit()
    world.relay()

    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("every letter is broken")

    monkeypatch.setattr(send_letter, "compose", broken)
    happens(world, reference, FINE)
    minutes(world, 12)
    assert len(parked(world, reference)) == 1 and len(world.state(reference).side_tasks) == 1


@pytest.mark.promise("poisoned-record")
def test_a_record_that_cannot_be_read_does_not_block_its_batch(world: World) -> None:
    world.submit()
    good = world.records()
    poisoned = {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": "1",
            "NewImage": {
                "pk": {"S": "R#0QXP-0SBS-4"}, "sk": {"S": "REFERRAL"}, "pending_entry": {"S": "rubbish"},
            },
        },
    }  # fmt: skip
    assert world.relay([poisoned, *good]) == {"batchItemFailures": []}
    assert [m.to for m in world.mails] == ["ana@example.org"]


@pytest.mark.promise("poisoned-record")
def test_a_clock_that_breaks_on_one_referral_asks_a_person_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.offered()
    world.relay()
    task = world.state(reference).task
    assert task is not None
    real = scheduler.kind_of

    def broken(name: str) -> Any:
        if name == "offer":
            raise RuntimeError("poison")
        return real(name)

    monkeypatch.setattr(scheduler, "kind_of", broken)
    event = {"time": "", "detail": {}, "source": "", "account": "", "region": "",
             "resources": [], "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
    world.at = task.remind[0]
    for _ in range(12):
        world.at += 121
        scheduler.clock(event, None)
        world.relay()
    state = world.state(reference)
    assert [e.event for e in store.log(state)].count("clock_stuck") == 1
    (n,) = state.side_tasks
    assert any(f"-{n}-" in m.link and "deadlines" in m.text for m in world.mails)
