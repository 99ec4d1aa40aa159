"""The runbook names every alarm of the template, and can be read in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.aws.metrics import Metric
from chalicelib.workflow.machines import titles
from infra.concurrency import KEPT, reserved
from infra.machines import camel

RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text()


def test_every_alarm_of_the_template_is_in_the_runbook_and_no_other(
    of_type: Callable[[str], dict[str, Any]],
) -> None:
    alarms = set(of_type("AWS::CloudWatch::Alarm"))
    machines = {camel(name) for name in titles()}
    assert {f"{camel(name)}Machine" for name in titles()} == set(
        of_type("AWS::StepFunctions::StateMachine")
    )
    # One entry tells of an alarm that each machine, function or index has.
    shared = set(re.findall(r"`…(\w+Alarm)`", RUNBOOK))
    (table,) = of_type("AWS::DynamoDB::Table").values()
    indexes = {camel(i["IndexName"]) for i in table["Properties"]["GlobalSecondaryIndexes"]}
    places = {f"{name}{kind}" for name in {"Table", *indexes} for kind in ("Read", "Write")}
    each = {
        f"{name}{kind}"
        for name in machines | places | set(of_type("AWS::Lambda::Function"))
        for kind in shared
    }
    named = set(re.findall(r"`(\w+Alarm)`", RUNBOOK))
    assert named <= alarms
    assert alarms - each <= named
    assert all(any(alarm.endswith(kind) for alarm in alarms) for kind in shared)
    counted = re.search(r"(\d+) alarms 0\.10 each.*?; (\d+) counts", RUNBOOK, re.DOTALL)
    assert counted is not None
    assert [int(n) for n in counted.groups()] == [len(alarms), len(Metric)]


def test_every_parameter_of_the_template_is_in_the_runbook(template: dict[str, Any]) -> None:
    assert [name for name in template["Parameters"] if not re.search(rf"\b{name}\b", RUNBOOK)] == []


def test_no_line_of_the_runbook_is_longer_than_120_characters() -> None:
    assert [line for line in RUNBOOK.splitlines() if len(line) > 120] == []


def test_the_runbook_says_how_many_calls_are_kept_and_names_every_parameter(
    template: dict[str, Any],
) -> None:
    assert f"{reserved(template)} are kept for the relay and the clock" in RUNBOOK
    assert f"wants {KEPT} left" in RUNBOOK
    assert {name for name in template["Parameters"] if f"`{name}`" not in RUNBOOK} == set()
