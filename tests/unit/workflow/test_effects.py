"""Effects leave by the stream, are made certain by the clock, and leave once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws import stepfunctions
from chalicelib.directory import people
from chalicelib.domain.errors import TryAgain
from chalicelib.mail import letter_rows, send_letter
from chalicelib.workflow import outbox
from chalicelib.workflow.scheduler import look
from chalicelib.workflow.storage import store
from infra.answers import TRIAGED
from tests import episode
from tests.world import IDLE, World


def asked(world: World) -> str:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    return reference


@pytest.mark.promise("stream-record-twice", "one-letter-per-reason")
def test_a_stream_record_delivered_twice_sends_one_mail(world: World) -> None:
    asked(world)
    records = world.records()
    world.relay(records)
    sent = len(world.mails)
    world.relay(records)
    assert len(world.mails) == sent == 2  # the receipt and the specialist's task


def test_the_stream_calls_for_a_command_with_effects_and_for_no_other(world: World) -> None:
    def called() -> bool:
        return bool(world.records())

    reference = world.submit()
    assert called()  # a run starts, and the receipt leaves
    world.step("decide_eligibility", reference)
    assert not called()
    world.step("ask_triage", reference)
    assert called()  # the specialist is asked
    world.at += store.SWEEP_AFTER + 1
    look(reference, world.at)  # it has seen that all of them left
    assert not called()
    episode.post(world, reference, **TRIAGED)
    assert called()  # the run hears it
    world.step("ask_offer", reference)
    assert called()


@pytest.mark.promise("stream-out-of-order")
def test_records_out_of_order_send_the_same_letters(world: World) -> None:
    asked(world)
    world.submit(contact_email="other@example.org")
    records = world.records()
    world.relay(list(reversed(records)))
    world.relay(records)
    assert sorted(m.to for m in world.mails) == [
        "ana@example.org",
        "other@example.org",
        "sofia-south@example.org",
    ]
    assert len(world.started) == 2


@pytest.mark.promise("old-record-replayed", "month-replayed")
def test_every_record_replayed_a_day_later_changes_nothing(world: World) -> None:
    reference = world.matched()
    world.relay()
    before, sent, started = world.state(reference), len(world.mails), len(world.started)
    world.at += 23 * 3600
    world.relay(world.records(every=True))
    assert (len(world.mails), len(world.started)) == (sent, started)
    assert world.state(reference) == before


@pytest.mark.promise("stream-record-lost", "answer-lost-on-the-way")
def test_what_the_stream_lost_the_clock_sends(world: World) -> None:
    reference = asked(world)
    assert world.mails == []
    world.at += store.SWEEP_AFTER + 1
    look(reference, world.at)
    assert {mail.to for mail in world.mails} == {"ana@example.org", "sofia-south@example.org"}
    assert world.started == [("referral", reference, 1, "eligibility")]
    world.relay()
    assert len(world.mails) == 2


@pytest.mark.promise("answer-lost-on-the-way")
def test_a_lost_callback_is_sent_again_by_the_clock(world: World) -> None:
    reference = world.triaged()
    world.at += store.SWEEP_AFTER + 1
    look(reference, world.at)
    assert ("token-ask_triage-1", "intensive") in world.said


@pytest.mark.promise("engine-forgot-token")
@pytest.mark.parametrize("code", ["TaskTimedOut", "InvalidToken", "TaskDoesNotExist"])
def test_an_answer_stays_recorded_when_the_engine_no_longer_waits(
    world: World, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    from botocore.exceptions import ClientError

    class Engine:
        def send_task_success(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "SendTaskSuccess")

    monkeypatch.undo()
    reference = None
    monkeypatch.setattr(stepfunctions, "client", lambda _: Engine())
    assert stepfunctions.answer("token", "yes") is False
    assert reference is None


@pytest.mark.promise("partial-batch-failure")
def test_a_batch_with_a_failure_reports_it_and_what_follows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(world)
    records = [IDLE, *world.records()]
    real = send_letter.send_letter

    def broken_post(*_: object) -> None:
        raise TryAgain("SES is away")

    monkeypatch.setattr(send_letter, "send_letter", broken_post)
    failures = world.relay(records)["batchItemFailures"]
    assert len(failures) == 1
    monkeypatch.setattr(send_letter, "send_letter", real)
    numbers = [r["dynamodb"]["SequenceNumber"] for r in records]
    again = records[numbers.index(failures[0]["itemIdentifier"]) :]
    assert world.relay(again) == {"batchItemFailures": []}
    assert len(world.mails) == 2


@pytest.mark.promise("partial-batch-failure")
def test_a_batch_whose_first_record_fails_is_repeated_whole_by_any_event_source(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(world)
    records = [r for r in world.records() if r["dynamodb"]["Keys"]["sk"] == {"S": "REFERRAL"}]
    with monkeypatch.context() as away:

        def broken_post(*_: object) -> None:
            raise TryAgain("SES is away")

        away.setattr(send_letter, "send_letter", broken_post)
        with pytest.raises(outbox.NotLeft):
            world.relay(records)
    assert world.mails == []
    assert world.relay(records) == {"batchItemFailures": []}
    assert len(world.mails) == 2


@pytest.mark.promise("one-letter-per-reason")
def test_an_entry_that_comes_again_is_read_as_it_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asked(world)
    entry = next(e for e in store.log(world.state(reference)) if e.event == "triage_asked")
    read: list[bool] = []
    find = letter_rows.find

    def found(*args: Any, consistent: bool = False) -> Any:
        read.append(consistent)
        return find(*args, consistent=consistent)

    monkeypatch.setattr(letter_rows, "find", found)
    outbox.dispatch(reference, entry)
    world.at += send_letter.FIRST
    outbox.dispatch(reference, entry)
    assert read == [False, True]


@pytest.mark.promise("run-start-repeated")
def test_a_duplicate_start_is_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ClientError

    class Engine:
        def start_execution(self, **_: str) -> None:
            code = {"Error": {"Code": "ExecutionAlreadyExists", "Message": ""}}
            raise ClientError(code, "StartExecution")

    monkeypatch.setattr(stepfunctions, "client", lambda _: Engine())
    stepfunctions.start("referral", "0QXP-0SBS-4", 1, "eligibility")


@pytest.mark.promise("one-letter-per-reason")
def test_a_task_mail_is_not_sent_once_its_task_is_over(world: World) -> None:
    reference = world.triaged()
    world.relay()
    assert [m.to for m in world.mails if m.link] == []
    assert world.state(reference).status == "tier_assigned"


@pytest.mark.promise("report-before-sent")
def test_a_bounce_that_is_faster_than_our_note_stays_a_bounce(world: World) -> None:
    reference = asked(world)
    letter_rows.move(reference, 1, 1, "bounced", world.at, "Permanent")
    letter_rows.note_sent(reference, 1, 1, {"letter": "intake/receipt", "to": "provider"})
    letter_rows.move(reference, 1, 1, "delivered", world.at)
    row = next(r for r in letter_rows.of(reference) if r["v"] == 1)
    assert (row["status"], row["bounce"]) == ("bounced", "Permanent")


def test_reports_of_ses_land_beside_the_letter(world: World) -> None:
    from chalicelib.mail.delivery_reports import record

    reference = asked(world)
    world.relay()
    tags = {"ref": [reference], "v": ["1"], "i": ["1"]}
    assert record({"eventType": "Delivery", "mail": {"tags": tags}})
    assert record({"eventType": "Delivery", "mail": {"tags": tags}})
    assert not record({"eventType": "Delivery", "mail": {"tags": {}}})
    assert next(r for r in letter_rows.of(reference) if r["v"] == 1)["status"] == "delivered"


def test_a_letter_that_arrives_at_once_writes_nothing_and_one_that_was_late_says_so(
    world: World,
) -> None:
    from chalicelib.mail.delivery_reports import record

    reference = asked(world)
    world.relay()
    before = letter_rows.of(reference)
    mail = {"tags": {"ref": [reference], "v": ["1"], "i": ["1"]}, "destination": ["a@b.org"]}
    report = {"eventType": "Delivery", "mail": mail}
    world.records()
    assert record(report | {"delivery": {"processingTimeMillis": 1_200}})
    assert letter_rows.of(reference) == before and world.records() == []
    assert record(report | {"delivery": {"processingTimeMillis": 600_000}})
    assert next(r for r in letter_rows.of(reference) if r["v"] == 1)["status"] == "delivered"


def test_one_person_is_found_by_key_and_not_by_reading_everybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the whole directory was read")

    monkeypatch.setattr(people.dynamodb, "query", refuse)
    assert people.consultant("alma-reyes")["name"] == "Alma Reyes"
    assert people.consultant("nobody") == people.consultant("") == {}
