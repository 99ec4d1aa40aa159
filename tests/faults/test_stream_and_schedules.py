"""The stream and the schedules at their worst: twice, late, out of order, never, or with poison in it."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from chalicelib.aws import clients
from chalicelib.directory import people
from chalicelib.mail.delivery_reports import mail_events
from chalicelib.referral.model import Referral
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.storage import store
from tests.workflow.lifecycle import WAY, Story, act, usual

from .acts_of_machines import shuffled
from .harness import FaultHarness
from .invariants import InvariantChecker

MOMENTS = list(WAY)


def letters(harness: FaultHarness, begun: int = 0) -> Counter[Any]:
    return Counter((m.to, m.subject) for m in harness.world.mails[begun:])


def quietly(harness: FaultHarness, story: Story) -> None:
    """The act at hand, before anything that follows from it."""
    raw = usual(story)
    if raw:
        story.harness.answer_by(story, raw)
    else:
        task = story.state.task
        assert task is not None
        harness.world.at = task.expires
        harness.clock()


@pytest.mark.promise("stream-record-twice", "log-tells-state", "one-letter-per-reason")
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_record_comes_twice_to_cold_processes(harness: FaultHarness, moment: str) -> None:
    story = harness.at(moment)
    begun = len(harness.world.mails)
    act(story)
    expected, state = letters(harness, begun), story.state
    story = harness.at(moment)
    quietly(harness, story)
    for _ in range(20):
        harness.gather()
        batch, harness.queue = harness.queue, []
        for _ in range(2):
            people.forget()
            clients.forget()
            assert harness.deliver(batch) == []
        while harness.engine.ready:
            harness.engine.move(harness.engine.ready[0])
    assert letters(harness, begun) == expected
    assert story.state.model_dump(exclude={"wake_at"}) == state.model_dump(exclude={"wake_at"})


@pytest.mark.promise("stream-out-of-order", "log-tells-state", "always-wakes-up")
@pytest.mark.parametrize("seed", range(6))
def test_records_out_of_order_across_rows(harness: FaultHarness, seed: int) -> None:
    rng = random.Random(seed)
    story = harness.at("offer")
    begun = len(harness.world.mails)
    act(story)
    expected = letters(harness, begun)
    story = harness.at("offer")
    quietly(harness, story)
    for _ in range(40):
        harness.gather()
        harness.queue = shuffled(rng, harness.queue)
        batch, harness.queue = harness.queue[:2], harness.queue[2:]
        if batch:
            harness.deliver(batch)
        if harness.engine.ready and rng.random() < 0.5:
            harness.engine.move(rng.choice(harness.engine.ready))
    harness.settle()
    assert letters(harness, begun) == expected and story.asks == "first_contact"
    InvariantChecker(harness).at_rest()


@pytest.mark.promise("old-record-replayed", "month-replayed", "one-letter-per-reason")
@pytest.mark.parametrize("later", [23 * 3600, 31 * 86400])
def test_the_whole_stream_once_more_changes_nothing(harness: FaultHarness, later: int) -> None:
    harness.at("triage")
    story = harness.submit(contact_email="second@example.org")
    for _ in WAY:
        act(story)
    harness.world.at += later
    records, mails = list(harness.world.fake_table.stream), len(harness.world.mails)
    runs, state = set(harness.engine.runs), story.state
    assert len(records) > 80
    for start in range(0, len(records), 25):
        assert harness.deliver(records[start : start + 25]) == []
    assert len(harness.world.mails) == mails and set(harness.engine.runs) == runs
    assert story.state == state
    harness.minutes(2)
    assert len(harness.world.mails) == mails + len(
        [m for m in harness.world.mails[mails:] if m.tags["ref"] != story.reference]
    )


@pytest.mark.promise(
    "stream-record-lost", "answer-lost-on-the-way", "one-referral-one-run", "always-wakes-up"
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_stream_is_off_for_a_day_and_the_clock_does_it_all(
    harness: FaultHarness, moment: str
) -> None:
    story = harness.at(moment)
    begun = len(harness.world.mails)
    act(story)
    expected, asks = letters(harness, begun), story.asks
    story = harness.at(moment)
    quietly(harness, story)
    for _ in range(12):
        harness.gather()
        harness.queue = []
        harness.world.at += 61
        harness.clock()
        while harness.engine.ready:
            harness.engine.move(harness.engine.ready[0])
    assert letters(harness, begun) == expected and story.asks == asks
    harness.gather()
    harness.queue = []
    InvariantChecker(harness).at_rest()


@pytest.mark.promise("poisoned-record")
def test_a_poisoned_record_stands_in_nobodys_way(harness: FaultHarness) -> None:
    story = harness.at("offer")

    def poison(state: Referral) -> tuple[Entry, tuple[()]]:
        effects = [{"do": "dance"}]
        return Entry(
            event="poisoned", at=harness.world.at, actor="x", command="x", effects=effects
        ), ()

    other = harness.world.submit(contact_email="other@example.org")
    harness.gather()
    store.change(story.reference, poison)
    third = harness.world.submit(contact_email="third@example.org")
    harness.gather()
    queue, harness.queue = harness.queue, []
    assert harness.deliver(queue) == [], "what is broken in itself blocks nobody"
    assert {"other@example.org", "third@example.org"} <= {m.to for m in harness.world.mails}
    harness.settle()
    assert {harness.world.state(ref).stage for ref in (other, third)} == {"tiers"}
    harness.world.at += 61
    harness.clock()
    task = story.state.task
    assert task is not None
    harness.world.at = task.expires
    harness.run_scheduler()
    assert story.state.declined == [task.assignee], (
        "what is due is done although a letter cannot leave"
    )


EVENT = {"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
         "version": "0", "id": "1", "detail-type": ""}  # fmt: skip


@pytest.mark.promise("async-call-retried", "log-tells-state", "one-letter-per-reason")
@pytest.mark.parametrize("moment", ["offer", "plan", "survey"])
def test_what_is_called_without_an_answer_may_be_called_three_times(
    harness: FaultHarness, moment: str
) -> None:
    story = harness.at(moment)
    task = story.state.task
    assert task is not None
    harness.world.at = task.remind[0] if task.remind else task.due
    begun = len(harness.world.mails)
    for _ in range(3):
        scheduler.clock(dict(EVENT), None)
    for _ in range(3):
        assert harness.hour() is not None
    harness.settle()
    v, sent = story.state.version, len(harness.world.mails) - begun
    assert sent <= 2
    report = {"eventType": "Delivery", "mail": {"tags": {"ref": [story.reference], "v": ["3"], "i": ["0"]}}}  # fmt: skip
    record = {"Sns": {"Message": json.dumps(report), "Subject": "", "MessageAttributes": {}}}
    for _ in range(3):
        mail_events({"Records": [record]}, None)
    harness.settle()
    assert (story.state.version, len(harness.world.mails) - begun) == (v, sent)
    InvariantChecker(harness).at_rest()


@pytest.mark.promise("strange-mail-report")
@pytest.mark.parametrize(
    "text",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "", "null", "[]", '"text"', "{}", '{"mail": null}', '{"mail": []}', '{"mail": {"tags": null}}',
        json.dumps({"eventType": "Subscription", "mail": {"tags": {"ref": ["R"], "v": ["1"]}}}),
        json.dumps({"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You have"}),
        json.dumps({"eventType": "Delivery", "mail": {"tags": {"ref": ["R"], "v": ["x"]}}}),
    ],
)  # fmt: skip
def test_what_is_on_the_mail_topic_and_no_report_of_a_letter_is_noted_and_no_more(
    harness: FaultHarness, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """An error would send it again, then to the dead letters, and ring."""
    caplog.set_level("INFO", logger="iecmhc-network")
    before = dict(harness.world.fake_table.items)
    mail_events({"Records": [{"Sns": {"Message": text}}]}, None)
    assert dict(harness.world.fake_table.items) == before
    assert len(caplog.records) == 1
    assert not [r for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")]


@pytest.mark.promise("index-lags")
def test_an_index_that_lags_decides_nothing(harness: FaultHarness) -> None:
    for moment in MOMENTS:
        story = harness.at(moment)
        fake_table = harness.world.fake_table
        fake_table.lagging = dict(fake_table.items)
        act(story)
        harness.world.at += 5
        harness.run_scheduler()
        harness.hour()
        harness.settle()
        fake_table.lagging = None
        harness.minutes(3)
        InvariantChecker(harness).at_rest()
        assert story.state.generation == 1, moment


@pytest.mark.promise("outage-backlog")
def test_six_hours_without_a_machine_then_the_backlog_and_no_flood(harness: FaultHarness) -> None:
    for moment in ("triage", "offer", "first_contact", "agreement", "plan"):
        story = harness.at(moment)
        task = story.state.task
        assert task is not None
        begun = len(harness.world.mails)
        harness.world.at = max([*task.remind, task.escalate or 0, harness.world.at]) + 6 * 3600
        harness.minutes(5)
        asked = Counter(m.to for m in harness.world.mails[begun:])
        assert all(number <= 2 for number in asked.values()), (moment, asked)
        InvariantChecker(harness).at_rest()
