"""The runbook names every alarm of the template, and can be read in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text()


def test_every_alarm_of_the_template_is_in_the_runbook_and_no_other(
    of_type: Callable[[str], dict[str, Any]],
) -> None:
    alarms = set(of_type("AWS::CloudWatch::Alarm"))
    assert len(alarms) > 15
    assert set(re.findall(r"`(\w+Alarm)`", RUNBOOK)) == alarms


def test_no_line_of_the_runbook_is_longer_than_120_characters() -> None:
    assert [line for line in RUNBOOK.splitlines() if len(line) > 120] == []
