"""The linter of machines finds each thing that it is there to find."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from infra.lint_machines import check, check_steps, problems
from infra.machines import definitions
from infra.verdicts import check_verdicts

pytestmark = pytest.mark.promise("history-limit", "every-wait-ends")

RETRY = {"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 4, "BackoffRate": 2}
GOOD: dict[str, Any] = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {
                "FunctionName": "${Match}",
                "Payload": {
                    "step": "ask_offer",
                    "referral.$": "$.referral",
                    "token.$": "$$.Task.Token",
                },
            },
            "TimeoutSeconds": 100,
            "ResultPath": "$.answer",
            "Retry": [RETRY],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Broken"}],
            "Next": "What now?",
        },
        "What now?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.answer.verdict", "StringEquals": "no", "Next": "Ask"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Broken": {"Type": "Pass", "Parameters": {"verdict": "failed"}, "End": True},
    },
}


def broken(path: str, value: Any) -> list[str]:
    """What the linter says when the part of GOOD at ``path`` is ``value`` (None removes it)."""
    definition = copy.deepcopy(GOOD)
    *way, last = path.split("/")
    place: Any = definition
    for part in way:
        place = place[int(part) if isinstance(place, list) else part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return list(check(definition))


def test_a_good_machine_is_left_in_peace() -> None:
    assert list(check(GOOD)) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("StartAt", "Nowhere", "StartAt names no state"),
        ("QueryLanguage", "JSONata", "plain JSONPath only"),
        ("States/Ask/Next", "Nowhere", "which is no state"),
        ("States/Ask/Catch/0/Next", "Nowhere", "which is no state"),
        ("States/What now?/Choices/0/Next", "Nowhere", "which is no state"),
        ("States/What now?/Default", None, "without a Default"),
        ("States/Lonely", {"Type": "Succeed"}, "no state leads here"),
        ("States/Broken/End", None, "either Next or End"),
        ("States/Ask/TimeoutSeconds", None, "without a literal TimeoutSeconds"),
        ("States/Ask/TimeoutSeconds", 40_000_000, "at most a year"),
        ("States/Ask/TimeoutSecondsPath", "$.limit", "the backstop is a literal"),
        ("States/Ask/Catch", None, "has no Catch"),
        ("States/Ask/Retry", None, "has no Retry"),
        ("States/Ask/Retry", [{**RETRY, "MaxAttempts": 99}], "bounded"),
        ("States/Ask/Retry", [{**RETRY, "BackoffRate": 1}], "backs off"),
        (
            "States/Ask/Retry",
            [{"ErrorEquals": ["States.ALL"]}, RETRY],
            "States.ALL must stand alone and last",
        ),
        (
            "States/Ask/Catch/0/ErrorEquals",
            ["States.Timeout", "States.ALL"],
            "States.ALL must stand alone and last",
        ),
        ("States/Ask/Parameters/Payload/token.$", None, "passes no token on"),
        ("States/Ask/Parameters/Payload/email.$", "$.email", "ids and verdicts only"),
        ("States/Ask/Parameters/Payload/referral.$", "$.rows[0].id", "not plain JSONPath"),
        ("States/Ask/Parameters/Payload/referral.$", "States.UUID()", "not plain JSONPath"),
        ("States/Done", {"Type": "Wait", "Seconds": 5, "End": True}, "in the table"),
        ("States/Done", {"Type": "Fail", "Error": "X"}, "says its Cause"),
    ],
)
def test_what_is_wrong_is_said(path: str, value: Any, words: str) -> None:
    assert any(words in problem for problem in broken(path, value)), broken(path, value)


def test_a_step_that_does_not_wait_passes_no_token_on() -> None:
    problems = broken("States/Ask/Resource", "arn:aws:states:::lambda:invoke")
    assert any("does not wait" in problem for problem in problems)


def test_a_machine_calls_steps_that_are_there_and_calls_them_all() -> None:
    said = list(check_steps("match", GOOD, ["ask_coordinator"]))
    assert said == [
        "Ask: ask_offer is no step of its function",
        "no state calls the step ask_coordinator",
    ]
    (own,) = check_steps("tiers", GOOD, ["ask_offer"])
    assert own == "Ask: a machine calls the function of its own name"


def test_our_own_machines_have_no_problem() -> None:
    assert problems(definitions()) == []


def choice(**leads: str) -> dict[str, Any]:
    rules = [
        {"Variable": "$.answer.verdict", "StringEquals": w, "Next": to} for w, to in leads.items()
    ]
    return {"Type": "Choice", "Choices": rules, "Default": "Over"}


def machine(step: str, **states: Any) -> dict[str, Any]:
    ask = {"Type": "Task", "Parameters": {"Payload": {"step": step}}, "Catch": [], "Next": "First"}
    over = {"Type": "Pass", "InputPath": "$.answer", "End": True}
    return {"StartAt": "Ask", "States": {"Ask": ask, **states, "Over": over}}


SAYS = {"offer": frozenset({"yes", "no", "expired"})}


@pytest.mark.parametrize(
    ("states", "wrong"),
    [
        ({"First": choice(yes="Over", no="Ask")}, []),
        ({"First": choice(yse="Over")}, ["match: First: nobody says 'yse' here"]),
        # A word that an earlier Choice leads elsewhere is not heard by the next.
        (
            {"First": choice(no="Ask") | {"Default": "Second"}, "Second": choice(no="Ask")},
            ["match: Second: nobody says 'no' here"],
        ),
    ],
)
def test_a_choice_knows_only_what_the_step_before_it_may_say(
    states: dict[str, Any], wrong: list[str]
) -> None:
    machines = {"match": machine("offer", **states)}
    assert list(check_verdicts(machines, lambda name, step: SAYS[step])) == wrong


def test_a_parent_knows_only_what_its_stage_may_end_with() -> None:
    child = machine("offer", First=choice(expired="Ask"))
    run = {"Parameters": {"StateMachineArn": "${MatchMachine}"}}
    parent = machine("", First=choice(yes="Over", expired="Over"))
    parent["States"]["Ask"] |= run
    said = check_verdicts({"referral": parent, "match": child}, lambda name, step: SAYS[step])
    assert list(said) == ["referral: First: nobody says 'expired' here"]
