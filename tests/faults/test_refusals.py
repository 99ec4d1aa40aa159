"""AWS refuses something for good: it is red within minutes, one person is asked, nothing is lost, and
what waited leaves once when somebody has mended it."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.aws import refusals, send_gate
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.mail import letter_rows, queue
from chalicelib.mail.delivery_reports import record
from chalicelib.mail.health import checkup
from chalicelib.mail.health.doctor import examine, verdict
from chalicelib.mail.health.ses_health import Facts
from chalicelib.web import links
from chalicelib.workflow.storage import side_task_rows, store
from infra.answers import ACCEPTED, DECLINED
from tests.web.test_mail_doctor import WELL

from .harness import FaultHarness
from .invariants import InvariantChecker
from .test_aws_calls import press

FIVE_MINUTES = 300
CALLS = ("SendEmail", "GetSecretValue", "StartExecution", "SendTaskSuccess")


def minute(harness: FaultHarness) -> None:
    """A minute passes: the stream, the runs and the clock do what they can."""
    harness.gather()
    batch, harness.queue = harness.queue, []
    if batch:
        assert harness.deliver(batch) == [], "what is refused blocks nobody behind it"
    while harness.engine.ready:
        harness.engine.move(harness.engine.ready[0])
    links.forget_keys()
    harness.world.at += 61
    harness.clock()


def facts(harness: FaultHarness) -> Facts:
    """What the doctor finds: all is well but for what the row of the post says."""
    row, at = send_gate.read(), harness.world.at
    return replace(WELL, post=row, refused=refusals.standing(row, at), at=at)


def asked_to_mend(harness: FaultHarness) -> list[str]:
    """The cases in which somebody is asked to have it mended."""
    found = []
    for reference in InvariantChecker(harness).references():
        tasks = [
            side_task_rows.get(reference, n) for n in harness.world.state(reference).side_tasks
        ]
        found += [reference for task in tasks if task and task.about.get("what") == "refused"]
    return found


@pytest.mark.promise("refused-is-red", "one-letter-per-reason")
@pytest.mark.parametrize("operation", CALLS)
def test_what_aws_refuses_is_red_in_five_minutes_and_leaves_once_when_it_is_mended(
    harness: FaultHarness, caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    logger().setLevel(logging.ERROR)
    story = harness.at("offer")
    began = harness.world.at
    harness.injector.begin()
    harness.injector.down = {operation: "refuse"}
    links.forget_keys()
    assert press(story, ACCEPTED)[0].status == "matched", "who presses is thanked all the same"
    others = [harness.world.submit(contact_email=f"other{n}@example.org") for n in range(3)]
    while not asked_to_mend(harness):
        minute(harness)
        assert harness.world.at - began <= FIVE_MINUTES, "nobody was asked"
    row, at = send_gate.read(), harness.world.at
    assert [one.operation for one in refusals.standing(row, at)] == [operation]
    assert refusals.outage(row, at) is not None
    assert send_gate.closed(row, at) == (operation in send_gate.LETTERS)
    assert verdict(examine(facts(harness))) == "red"
    assert "refused by aws" in caplog.messages
    for _ in range(10):
        minute(harness)
    assert len(asked_to_mend(harness)) == 1, "one person, and not one for each case"
    harness.injector.down = {}
    harness.injector.end()
    for _ in range(5):
        minute(harness)
    harness.minutes(40)
    InvariantChecker(harness).at_rest()
    assert letter_rows.listed(letter_rows.POST, 9) == []
    assert refusals.outage(send_gate.read(), harness.world.at) is None
    assert all(harness.world.state(one).task is not None for one in others)
    sent = Counter(
        (m.tags["ref"], m.tags["v"], m.tags["i"]) for m in harness.world.mails if "v" in m.tags
    )
    assert set(sent.values()) == {1}
    assert not any(
        "parked" in e.event for one in others for e in store.log(harness.world.state(one))
    )


@pytest.mark.promise("refused-is-red")
def test_the_clock_lets_the_doctor_look_at_once_and_intake_opens_when_it_is_mended(
    harness: FaultHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    monkeypatch.setattr(checkup, "hourly", importlib.import_module("tests.world").HOURLY)
    monkeypatch.setattr(checkup, "facts", lambda: facts(harness))
    harness.at("offer")
    harness.minutes(2)
    for mail in [m for m in harness.world.mails if m.tags.get("kind") == "doctor"]:
        tags = {name: [value] for name, value in mail.tags.items()}
        record({"eventType": "Delivery", "mail": {"tags": tags}})
    harness.minutes(3)
    assert send_gate.read()["doctor"] == "green" and send_gate.read()["test_status"] == "delivered"
    harness.injector.begin()
    harness.injector.down = {"SendEmail": "refuse"}
    harness.world.submit(contact_email="other@example.org")
    for _ in range(4):
        minute(harness)
    assert send_gate.read()["doctor"] == "red"
    send_gate.forget()
    assert not send_gate.takes_requests(harness.world.at)
    harness.injector.down = {}
    harness.injector.end()
    for _ in range(6):
        minute(harness)
    send_gate.forget()
    assert send_gate.read()["doctor"] == "green" and send_gate.takes_requests(harness.world.at)


@pytest.mark.promise("refused-is-red", "dependency-down")
@pytest.mark.parametrize("operation", ["GetItem", "Query", "TransactWriteItems", "UpdateItem"])
def test_a_table_that_refuses_is_said_aloud_and_nothing_is_half_done(
    harness: FaultHarness, caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    story = harness.at("offer")
    logger().setLevel(logging.ERROR)
    reference = harness.world.submit(contact_email="other@example.org")
    harness.injector.begin()
    harness.injector.down = {operation: "refuse"}
    with suppress(AwsError):  # a page that says so, and keeps what was typed
        press(story, DECLINED)
    harness.gather()
    batch, harness.queue = harness.queue, []
    harness.deliver(batch)
    harness.world.at += 61
    with suppress(AwsError):  # the function fails, and its own alarm rings
        harness.clock()
    assert "refused by aws" in caplog.messages
    harness.injector.down = {}
    harness.injector.end()
    harness.minutes(40)
    InvariantChecker(harness).at_rest()
    assert harness.world.state(reference).task is not None


@pytest.mark.promise("mail-daily-quota", "refused-is-red")
def test_a_post_that_is_closed_for_long_is_a_persons_task_too_and_keeps_its_alarm_ringing(
    harness: FaultHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    from chalicelib.aws import ses

    harness.at("offer")
    closed = ses.PostClosed(ses.CLOSED, "LimitExceededException")
    harness.world.monkeypatch.setattr(ses, "send", lambda *_: (_ for _ in ()).throw(closed))
    reference = harness.world.submit(contact_email="other@example.org")
    for _ in range(3):
        minute(harness)
    assert asked_to_mend(harness) == [reference]
    capsys.readouterr()
    queue.each_minute(harness.world.at)
    assert '"PostClosed"' in capsys.readouterr().out
    assert asked_to_mend(harness) == [reference]
