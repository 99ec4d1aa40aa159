"""A broken source is one line that names it, never a traceback and never a half-built template."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from infra.build import build
from infra.machine_resources import add_machines, put_in_definitions
from infra.machines import SourceError, expand
from infra.template import BuildError, finish_functions, read_fragments

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {}}


def sam(*steps: str) -> dict[str, Any]:
    kinds = ["APIHandler", "Relay", "Clock", "Reconcile", "RunEnded", "MailEvents"]
    return {
        "Resources": {
            **{name: copy.deepcopy(FUNCTION) for name in [*kinds, *steps]},
            "MatchMachine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Metadata": {"Source": "match"},
                "Properties": {"RoleArn": {"Fn::GetAtt": ["StageMachineRole", "Arn"]}},
            },
        }
    }


MATCH = """
comment: One
caught: Over
states:
  Ask: {ask: offer, then: Over}
  Over: {end: answer}
"""


def test_two_fragments_that_say_the_same_thing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Resources: {Table: {Type: One}}")
    (tmp_path / "b.yaml").write_text("Resources: {Table: {Type: Two}}")
    with pytest.raises(BuildError, match=r"b\.yaml: /Resources/Table/Type is in another fragment"):
        read_fragments(tmp_path)


def test_a_fragment_that_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Resources: [unclosed")
    with pytest.raises(BuildError, match=r"^a\.yaml: [^\n]*$"):
        read_fragments(tmp_path)


def test_a_function_of_a_kind_that_app_py_does_not_register() -> None:
    template = sam()
    del template["Resources"]["Relay"]
    with pytest.raises(BuildError, match="no function for: Relay"):
        finish_functions(template)


def test_a_placeholder_that_stands_for_nothing() -> None:
    with pytest.raises(BuildError, match=r"match\.yaml: \$\{Match\} is no function or machine"):
        put_in_definitions(sam(), {"match": expand("match", MATCH)})


def test_a_function_that_no_machine_calls() -> None:
    with pytest.raises(BuildError, match="no machine calls the function: Tiers"):
        put_in_definitions(sam("Match", "Tiers"), {"match": expand("match", MATCH)})


@pytest.mark.parametrize(("names", "lost"), [(["match", "x"], "x"), ([], "match")])
def test_a_machine_without_a_source_and_a_source_without_a_machine(
    names: list[str], lost: str
) -> None:
    with pytest.raises(BuildError, match=f"the list of machines differ in: {lost}"):
        add_machines({"EachMachine": {}}, names, {"match": expand("match", MATCH)})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("states: [unclosed", "match.yaml: while parsing"),
        ("comment: One", "match.yaml: needs comment, caught and states"),
        ("states: {A: {end: answer}, A: {end: done}}", "match.yaml: line 1: A stands twice"),
        ("{comment: c, caught: A, states: {A: {wait: 5}}}", "match.yaml: A: is none of ask"),
        ("{comment: c, caught: A, states: {A: {ask: x}}}", "match.yaml: A: then is missing or"),
        ("{comment: c, caught: A, states: {A: {end: x}}}", "match.yaml: A: ends in none of"),
        ("{comment: c, caught: A, states: {A: {end: done, next: A}}}", "A: next is missing or too"),
    ],
)
def test_a_source_that_cannot_be_expanded(source: str, words: str) -> None:
    with pytest.raises(SourceError, match=re.escape(words)):
        expand("match", source)


def test_a_checkout_without_its_program(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"app\.py is missing"):
        build("prod", root=tmp_path)
