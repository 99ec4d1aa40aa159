"""What can break is watched: every machine, function, queue, index and count, by alarm and dashboard."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.aws import ses
from chalicelib.aws.metrics import Metric
from chalicelib.mail.health import checkup

pytestmark = pytest.mark.promise("watched")

Find = Callable[[str], dict[str, dict[str, Any]]]
OURS = {"Ref": "AWS::StackName"}


def watched(of_type: Find) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Namespace, metric and dimensions of what each alarm looks at."""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        says = alarm["Properties"]
        places = {d["Name"]: d["Value"] for d in says.get("Dimensions", [])}
        yield json.dumps(says["Namespace"]), says["MetricName"], places


def of(of_type: Find, namespace: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(m, d) for space, m, d in watched(of_type) if space == json.dumps(namespace)]


def test_every_queue_of_given_up_work_has_an_alarm(of_type: Find) -> None:
    queues = {places["QueueName"]["Fn::GetAtt"][0] for _, places in of(of_type, "AWS/SQS")}
    assert queues == set(of_type("AWS::SQS::Queue"))


def test_every_machine_has_an_alarm_on_each_end_that_none_should_have(of_type: Find) -> None:
    bad = {f"Executions{how}" for how in ("Failed", "TimedOut", "Aborted")}
    seen = {(m, places["StateMachineArn"]["Ref"]) for m, places in of(of_type, "AWS/States")}
    machines = of_type("AWS::StepFunctions::StateMachine")
    assert seen == {(metric, name) for metric in bad for name in machines}


def test_every_function_has_an_alarm_on_its_errors_and_on_calls_that_lambda_does_not_take(
    of_type: Find,
) -> None:
    seen = {(m, places["FunctionName"]["Ref"]) for m, places in of(of_type, "AWS/Lambda")}
    functions = of_type("AWS::Lambda::Function")
    assert seen >= {(metric, name) for metric in ("Errors", "Throttles") for name in functions}
    assert {name for _, name in seen} <= set(functions)


def test_throttles_of_the_table_and_of_each_index_ring(of_type: Find) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    names = [None, *(i["IndexName"] for i in table["Properties"]["GlobalSecondaryIndexes"])]
    seen = {(m, d.get("GlobalSecondaryIndexName")) for m, d in of(of_type, "AWS/DynamoDB")}
    assert seen == {(f"{kind}ThrottleEvents", n) for kind in ("Read", "Write") for n in names}


def test_every_count_is_made_by_the_code_and_has_an_alarm_and_a_place_on_the_dashboard(
    of_type: Find,
) -> None:
    made = set()
    for path in Path(chalicelib.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name(id="count"),
                    args=[ast.Attribute(value=ast.Name(id="Metric"), attr=name), *_],
                ):
                    made.add(Metric[name])
    assert made == set(Metric)
    ours = of(of_type, OURS)
    assert {metric for metric, _ in ours} == set(Metric)
    # The functions say the same namespace and dimension as the alarms.
    for function in of_type("AWS::Lambda::Function").values():
        said = function["Properties"]["Environment"]["Variables"]
        assert said["POWERTOOLS_METRICS_NAMESPACE"] == OURS
        assert all(places == {"service": said["POWERTOOLS_SERVICE_NAME"]} for _, places in ours)
    body = dashboard(of_type)
    for metric in Metric:
        assert f'["${{AWS::StackName}}", "{metric}", "service"' in body, metric


@pytest.mark.promise("refused-is-red")
def test_what_is_still_wrong_is_counted_more_often_than_its_alarm_forgets(of_type: Find) -> None:
    again = {
        Metric.POST_CLOSED: 60,
        Metric.MAIL_DOCTOR_RED: checkup.UNSETTLED,
        Metric.CALLS_REFUSED: ses.REFUSED,
    }
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        says = alarm["Properties"]
        if says["MetricName"] in again:
            seconds = again.pop(Metric(says["MetricName"]))
            assert says["DatapointsToAlarm"] == 1
            # A look that comes a minute late does not end it either.
            assert says["EvaluationPeriods"] * says["Period"] >= seconds + 2 * 60
    assert not again


def test_every_alarm_reaches_the_topic_when_it_rings_and_when_it_ends(of_type: Find) -> None:
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["Properties"]["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["Properties"]["AlarmDescription"], name


def test_the_dashboard_shows_every_alarm_and_every_machine(of_type: Find) -> None:
    body = dashboard(of_type)
    json.loads(re.sub(r"\$\{[^}]+\}", "x", body))
    shown = set(re.findall(r"\$\{(\w+Alarm)\.Arn\}", body))
    assert shown == set(of_type("AWS::CloudWatch::Alarm"))
    for name in of_type("AWS::StepFunctions::StateMachine"):
        assert body.count(f"${{{name}}}") == 4, name  # started, and each bad end


def dashboard(of_type: Find) -> str:
    (made,) = of_type("AWS::CloudWatch::Dashboard").values()
    body: str = made["Properties"]["DashboardBody"]["Fn::Sub"]
    return body
