"""The runbook names every alarm of the template, and can be read in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.workflow.machines import titles
from infra.machines import camel

RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text()


def test_every_alarm_of_the_template_is_in_the_runbook_and_no_other(
    of_type: Callable[[str], dict[str, Any]],
) -> None:
    alarms = set(of_type("AWS::CloudWatch::Alarm"))
    assert len(alarms) > 15
    # A machine's alarm is named after it: one entry tells of them all.
    each = {f"{camel(name)}FailedAlarm" for name in titles()}
    assert each <= alarms and "each other machine's `…FailedAlarm`" in RUNBOOK
    named = set(re.findall(r"`(\w+Alarm)`", RUNBOOK))
    assert named <= alarms and alarms - each <= named


def test_no_line_of_the_runbook_is_longer_than_120_characters() -> None:
    assert [line for line in RUNBOOK.splitlines() if len(line) > 120] == []
