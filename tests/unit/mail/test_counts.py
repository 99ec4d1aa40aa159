"""What is counted is really in the log, in the form that CloudWatch reads as a metric."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib.aws import ses as aws_ses
from chalicelib.aws.clients import call, client
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric
from chalicelib.mail.health import checkup
from chalicelib.mail.health.doctor import RED, Finding
from chalicelib.mail.send_now import send_now
from chalicelib.workflow.scheduler import clock
from tests.communities.script import begins
from tests.faults.fake_table import refused
from tests.infra.test_grants import EVENT
from tests.unit.mail.test_send_gate import Ses, asked
from tests.unit.mail.test_send_gate import ses as ses
from tests.world import World

pytestmark = pytest.mark.promise("watched")

Counted = Callable[[], Counter[str]]


@pytest.fixture
def counted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What was counted since the last look, as CloudWatch reads it from the log."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "iecmhc-test")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "iecmhc")

    def look() -> Counter[str]:
        found: Counter[str] = Counter()
        for line in capsys.readouterr().out.splitlines():
            if '"_aws"' not in line:
                continue
            said = json.loads(line)
            (one,) = said["_aws"]["CloudWatchMetrics"]
            assert one["Namespace"] == "iecmhc-test" and one["Dimensions"] == [["service"]]
            for metric in one["Metrics"]:
                assert metric["Unit"] == "Count"
                found[metric["Name"]] += int(sum(said[metric["Name"]]))
        return found

    return look


def test_a_request_is_counted_when_its_run_begins_and_a_restart_is_none(
    world: World, counted: Counted
) -> None:
    world.submit()
    world.relay()
    assert counted() == {Metric.REQUESTS_RECEIVED: 1}
    world.at += 61
    clock(EVENT, None)
    assert counted() == {}


def test_a_case_of_another_type_is_no_request(world: World, counted: Counted) -> None:
    begins(world)
    world.relay()
    assert counted()[Metric.REQUESTS_RECEIVED] == 0


def test_a_task_that_is_late_is_counted_once(world: World, counted: Counted) -> None:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    task = world.state(reference).task
    assert task is not None and task.escalate is not None
    world.relay()
    counted()
    world.at = task.escalate
    for _ in range(3):
        clock(EVENT, None)
        world.relay()
        world.at += 61
    assert counted()[Metric.WAITS_OVER_STANDARD] == 1


def test_letters_that_wait_and_a_post_that_is_closed_are_counted(
    world: World, ses: Ses, counted: Counted
) -> None:
    asked(world)
    ses.error = aws_ses.PostClosed(aws_ses.CLOSED, "LimitExceededException")
    world.relay()
    found = counted()
    assert found[Metric.LETTERS_QUEUED] == 2 and found[Metric.POST_CLOSED] == 1


def test_a_letter_that_can_never_leave_is_counted_and_so_is_a_code(
    world: World, ses: Ses, counted: Counted
) -> None:
    ses.error = aws_ses.BadAddress("MessageRejected")
    world.submit()
    world.relay()
    assert counted()[Metric.LETTERS_REFUSED] == 1
    assert not send_now("status/code", "ana@example.org", "en", code="123456")
    assert counted() == {Metric.LETTERS_REFUSED: 1}


def test_a_red_doctor_and_a_refused_call_are_counted(
    world: World, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "facts", lambda: None)
    monkeypatch.setattr(checkup, "examine", lambda facts: [Finding("identity", RED, "no")])
    checkup.look(world.at)
    assert counted() == {Metric.MAIL_DOCTOR_RED: 1}

    def denied(**arguments: object) -> None:
        raise refused("AccessDeniedException", "SendEmail")

    client("dynamodb")
    with pytest.raises(Exception, match="AccessDenied"):
        call(denied)
    assert counted() == {Metric.CALLS_REFUSED: 1}


def test_a_line_of_the_log_has_a_timestamp_by_which_lambda_reads_its_level() -> None:
    line = logger().registered_formatter.format(logging.makeLogRecord({"msg": "a line"}))
    rfc_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)"
    assert re.fullmatch(rfc_3339, json.loads(line)["timestamp"])
