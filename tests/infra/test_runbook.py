"""The runbook names every alarm of the template, and can be read in a terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.metrics import Metric
from chalicelib.workflow.machines import titles
from infra.concurrency import KEPT, reserved
from infra.machines import camel
from tests.infra.aws_cli import operation, options

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


def blocks(text: str = RUNBOOK) -> list[str]:
    """The commands of a part of the runbook, block by block."""
    return re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)


def commands(text: str) -> Iterator[list[str]]:
    """The words of every command of a block of bash; what stands in a heredoc is no command."""
    text = re.sub(r"<<'?(\w+)'?\n.*?^\1$", "", text, flags=re.M | re.S)
    text = re.sub(r"\$\((?!aws)[^()]*\)", "X", text.replace("\\\n", " "))
    text = re.sub(r"(^| )#( .*)?$", "", text, flags=re.M)
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace, lexer.whitespace_split = " \t", True
    words: list[str] = []
    for word in [*lexer, "\n"]:
        if set(word) <= set("();<>|&\n"):
            yield words
            words = []
        else:
            words.append(word)


def aws_commands() -> list[list[str]]:
    """The words after `aws`, wherever the runbook says it: in its blocks and in its sentences."""
    prose = re.findall(
        r"`((?:out |for )?[^`]*aws [^`]+)`", re.sub(r"^```.*?^```$", "", RUNBOOK, flags=re.M | re.S)
    )
    found = [words for text in [*blocks(), *prose] for words in commands(text)]
    return [w[w.index("aws") + 1 :] for w in found if "aws" in w and len(w) > w.index("aws") + 2]


@pytest.mark.parametrize("words", aws_commands(), ids=lambda words: " ".join(words[:2]))
def test_every_aws_command_is_one_that_aws_has(words: list[str]) -> None:
    assert "\\" not in words, "a line that goes on ends with one backslash"
    model = operation(words)
    if model is not None:
        options(words, model)


def test_every_make_command_of_the_documents_is_a_target() -> None:
    root = Path(__file__).resolve().parents[2]
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.M))
    named = re.findall(r"(?:^|[`(&] ?)make ([a-z][a-z-]*)", RUNBOOK, re.M)
    assert len(named) > 10 and set(named) <= targets
