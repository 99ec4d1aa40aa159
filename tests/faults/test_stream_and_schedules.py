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
from chalicelib.workflow import scheduler, store
from chalicelib.workflow.cases import Entry, Referral
from tests.workflow.theater import WAY, Story, act

from .acts import shuffled
from .house import House
from .invariants import Notary

MOMENTS = list(WAY)


def letters(house: House, begun: int = 0) -> Counter[Any]:
    return Counter((m.to, m.subject) for m in house.world.mails[begun:])


def quietly(house: House, story: Story) -> None:
    """The act at hand, before anything that follows from it."""
    raw = WAY[story.moment](story)
    if raw:
        story.theater.voice(story, raw)
    else:
        task = story.state.task
        assert task is not None
        house.world.at = task.expires
        house.clock()


@pytest.mark.promise("stream-record-twice", "log-tells-state", "one-letter-per-reason")
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_record_comes_twice_to_cold_processes(house: House, moment: str) -> None:
    story = house.at(moment)
    begun = len(house.world.mails)
    act(story)
    expected, state = letters(house, begun), story.state
    story = house.at(moment)
    quietly(house, story)
    for _ in range(20):
        house.gather()
        batch, house.queue = house.queue, []
        for _ in range(2):
            people.forget()
            clients.forget()
            assert house.deliver(batch) == []
        while house.engine.ready:
            house.engine.move(house.engine.ready[0])
    assert letters(house, begun) == expected
    assert story.state.model_dump(exclude={"wake_at"}) == state.model_dump(exclude={"wake_at"})


@pytest.mark.promise("stream-out-of-order", "log-tells-state", "always-wakes-up")
@pytest.mark.parametrize("seed", range(6))
def test_records_out_of_order_across_rows(house: House, seed: int) -> None:
    rng = random.Random(seed)
    story = house.at("offer")
    begun = len(house.world.mails)
    act(story)
    expected = letters(house, begun)
    story = house.at("offer")
    quietly(house, story)
    for _ in range(40):
        house.gather()
        house.queue = shuffled(rng, house.queue)
        batch, house.queue = house.queue[:2], house.queue[2:]
        if batch:
            house.deliver(batch)
        if house.engine.ready and rng.random() < 0.5:
            house.engine.move(rng.choice(house.engine.ready))
    house.settle()
    assert letters(house, begun) == expected and story.asks == "first_contact"
    Notary(house).at_rest()


@pytest.mark.promise("old-record-replayed", "month-replayed", "one-letter-per-reason")
@pytest.mark.parametrize("later", [23 * 3600, 31 * 86400])
def test_the_whole_stream_once_more_changes_nothing(house: House, later: int) -> None:
    house.at("triage")
    story = house.submit(contact_email="second@example.org")
    for moment in WAY:
        act(story.remember(moment))
    house.world.at += later
    records, mails = list(house.world.ledger.stream), len(house.world.mails)
    runs, state = set(house.engine.runs), story.state
    assert len(records) > 80
    for start in range(0, len(records), 25):
        assert house.deliver(records[start : start + 25]) == []
    assert len(house.world.mails) == mails and set(house.engine.runs) == runs
    assert story.state == state
    house.minutes(2)
    assert len(house.world.mails) == mails + len(
        [m for m in house.world.mails[mails:] if m.tags["ref"] != story.reference]
    )


@pytest.mark.promise(
    "stream-record-lost", "answer-lost-on-the-way", "one-referral-one-run", "always-wakes-up"
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_stream_is_off_for_a_day_and_the_clock_does_it_all(house: House, moment: str) -> None:
    story = house.at(moment)
    begun = len(house.world.mails)
    act(story)
    expected, asks = letters(house, begun), story.asks
    story = house.at(moment)
    quietly(house, story)
    for _ in range(12):
        house.gather()
        house.queue = []
        house.world.at += 61
        house.clock()
        while house.engine.ready:
            house.engine.move(house.engine.ready[0])
    assert letters(house, begun) == expected and story.asks == asks
    house.gather()
    house.queue = []
    Notary(house).at_rest()


@pytest.mark.promise("poisoned-record")
def test_a_poisoned_record_stands_in_nobodys_way(house: House) -> None:
    story = house.at("offer")

    def poison(state: Referral) -> tuple[Entry, tuple[()]]:
        effects = [{"do": "dance"}]
        return Entry(
            type="poisoned", at=house.world.at, actor="x", command="x", effects=effects
        ), ()

    other = house.world.submit(contact_email="other@example.org")
    house.gather()
    store.change(story.reference, poison)
    third = house.world.submit(contact_email="third@example.org")
    house.gather()
    queue, house.queue = house.queue, []
    assert house.deliver(queue) == [], "what is broken in itself blocks nobody"
    assert {"other@example.org", "third@example.org"} <= {m.to for m in house.world.mails}
    house.settle()
    assert {house.world.state(ref).stage for ref in (other, third)} == {"tiers"}
    house.world.at += 61
    house.clock()
    task = story.state.task
    assert task is not None
    house.world.at = task.expires
    house.tick()
    assert story.state.declined == [task.who], "what is due is done although a letter cannot leave"


EVENT = {"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
         "version": "0", "id": "1", "detail-type": ""}  # fmt: skip


@pytest.mark.promise("async-call-retried", "log-tells-state", "one-letter-per-reason")
@pytest.mark.parametrize("moment", ["offer", "plan", "survey"])
def test_what_is_called_without_an_answer_may_be_called_three_times(
    house: House, moment: str
) -> None:
    story = house.at(moment)
    task = story.state.task
    assert task is not None
    house.world.at = task.remind[0] if task.remind else task.due
    begun = len(house.world.mails)
    for _ in range(3):
        scheduler.clock(dict(EVENT), None)
    for _ in range(3):
        assert house.hour() is not None
    house.settle()
    v, sent = story.state.v, len(house.world.mails) - begun
    assert sent <= 2
    report = {"eventType": "Delivery", "mail": {"tags": {"ref": [story.reference], "v": ["3"], "i": ["0"]}}}  # fmt: skip
    record = {"Sns": {"Message": json.dumps(report), "Subject": "", "MessageAttributes": {}}}
    for _ in range(3):
        mail_events({"Records": [record]}, None)
    house.settle()
    assert (story.state.v, len(house.world.mails) - begun) == (v, sent)
    Notary(house).at_rest()


@pytest.mark.promise("index-lags")
def test_an_index_that_lags_decides_nothing(house: House) -> None:
    for moment in MOMENTS:
        story = house.at(moment)
        ledger = house.world.ledger
        ledger.lagging = dict(ledger.items)
        act(story)
        house.world.at += 5
        house.tick()
        house.hour()
        house.settle()
        ledger.lagging = None
        house.minutes(3)
        Notary(house).at_rest()
        assert story.state.generation == 1, moment


@pytest.mark.promise("outage-backlog")
def test_six_hours_without_a_machine_then_the_backlog_and_no_flood(house: House) -> None:
    for moment in ("triage", "offer", "first_contact", "agreement", "plan"):
        story = house.at(moment)
        task = story.state.task
        assert task is not None
        begun = len(house.world.mails)
        house.world.at = max([*task.remind, task.escalate or 0, house.world.at]) + 6 * 3600
        house.minutes(5)
        asked = Counter(m.to for m in house.world.mails[begun:])
        assert all(number <= 2 for number in asked.values()), (moment, asked)
        Notary(house).at_rest()
