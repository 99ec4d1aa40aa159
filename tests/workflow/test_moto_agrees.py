"""Our small engine against moto's executor: the same machines, words and mishaps, the same trail.

A stage's machine runs on moto as it stands. The parent runs with one honest change: its nested
``startExecution.sync:2``, which moto cannot do, is a Lambda call that gives the stage's verdict.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from infra.machines import definitions

from .engine import INVOKE, RUN_CHILD, Engine, Run

pytestmark = pytest.mark.promise("every-path-of-machines")

Script = list[str]  # what the next task says: a verdict, or "!" for a Lambda that fails
INPUT = {"referral": "0QXP-0SBS-4", "generation": 1}
B5 = ["!"] * 5

SCRIPTS: dict[str, list[Script]] = {
    "eligibility": [["eligible"], ["!", "!", "!", "!", "confirm", "not_eligible"], ["confirm", *B5], B5,
                    ["confirm", "second_person", "refused", "second_person", "eligible"],
                    ["confirm", "second_person", *B5],
                    ["ask", "answered", "ask", "expired", "ask_provider", "withdrawn"],
                    ["ask", *B5]],
    "tiers": [["second_person", "refused", "second_person", "targeted", "targeted"],
              ["second_person", "intensive"], ["second_person", *B5], ["intensive"], ["universal", "universal"], ["targeted", *B5], B5],
    "match": [
        ["declined", "exhausted", "expired", "offer_again", "!", "expired", "accepted"],
        ["exhausted", "cannot_be_served"],
        ["no_room", "language", "wait", "offer_again", "no_room", "language", "offer_again",
         "exhausted", "wait", "expired", "assigned"],
        ["no_room", "language", "expired", "assigned"],
        ["exhausted", "place", "offer_again", "no_room", "place", "wait", "accepted"],
        ["exhausted", "place", *B5],
        ["no_room", *B5],
        ["no_room", "language", *B5],
        ["exhausted", *B5],
        B5,
    ],
    "delivery": [
        ["reached", "agreed", "planned", "agreed", "completed"],
        ["expired", "reached", "expired", "agreed", "expired", "planned", "changes_asked",
         "planned", "expired", "planned", "agreed", "expired", "ended_early"],
        ["reached", "agreed", "withdrawn"],
        ["reached", "agreed", "planned", "agreed", *B5],
    ],
    "closure": [["expired", "summarized", "closed"], ["withdrawn"], ["summarized", *B5]],
    "follow_up": [["answered", "due", "done", "due", "done"], ["expired", "due", *B5],
                  ["answered", "due", "expired", "due", *B5], ["answered", "due", "moved"],
                  ["superseded"]],
    "check_in": [["due", "universal"], ["due", "call_wanted", "called"], ["due", "call_wanted", *B5], B5],
    "referral": [
        ["eligible", "intensive", "accepted", "completed", "closed"],
        ["not_eligible"],
        ["eligible", "universal", "universal"],
        ["eligible", "emergency", "cannot_be_served"],
        ["eligible", "targeted", "targeted"],
        ["eligible", "intensive", "accepted", "completed", "stepped_down", "moved"],
        ["eligible", "intensive", "assigned", "ended_early", "what?", "expired", "restarted"],
        ["eligible", "withdrawn"],
        ["eligible", "intensive", "accepted", "unresponsive"],
        ["eligible", "closed"],
        ["eligible", "unresponsive"],
        ["failed", *B5],
    ],
}  # fmt: skip
CASES = [(machine, script) for machine, scripts in SCRIPTS.items() for script in scripts]


def alone(definition: dict[str, Any]) -> dict[str, Any]:
    """The parent with a Lambda call in place of each nested run."""
    changed: dict[str, Any] = json.loads(json.dumps(definition))
    for state in changed["States"].values():
        if state.get("Resource") == RUN_CHILD:
            state["Resource"] = INVOKE
            state["Parameters"] = {
                "FunctionName": state["Parameters"]["StateMachineArn"],
                "Payload": {"step": "run", **state["Parameters"]["Input"]},
            }
            state["ResultSelector"] = {"verdict.$": "$.Payload.verdict"}
    return changed


MACHINES = {name: alone(definition) for name, definition in definitions().items()}


def given(machine: str) -> dict[str, Any]:
    return INPUT | ({"stage": "eligibility"} if machine == "referral" else {})


class Actor:
    """Says the words of a script, one a task."""

    def __init__(self, script: Script) -> None:
        self.script, self.tokens = list(script), list[tuple[str, str]]()

    def __call__(self, event: dict[str, Any], context: object) -> dict[str, str]:
        word = self.script.pop(0)
        if word == "!":
            raise RuntimeError("broken")
        if "token" in event:
            self.tokens.append((event["token"], word))
        return {"verdict": word}


def on_our_engine(machine: str, script: Script) -> Run:
    """The run as our engine walks it."""
    actor = Actor(script)
    steps = {
        state["Parameters"]["Payload"]["step"]
        for state in MACHINES[machine]["States"].values()
        if "Parameters" in state and "FunctionName" in state["Parameters"]
    }
    engine = Engine(MACHINES, dict.fromkeys(steps, actor))
    run = engine.start(machine, "run", given(machine))
    while actor.tokens:
        token, word = actor.tokens.pop(0)
        engine.succeed(token, {"verdict": word})
    assert not actor.script, "the script has words that nobody asked for"
    return run


class Moto:
    """moto's Step Functions, with Lambda calls that come to us."""

    def __init__(self, client: Any) -> None:
        self.client, self.arns, self.runs = client, dict[str, str](), 0
        self.actor: Actor

    def invoke(self, parameters: dict[str, Any], region: str, state_credentials: object) -> Any:
        event = json.loads(parameters["Payload"])
        try:
            return {"StatusCode": 200, "Payload": self.actor(event, None)}
        except RuntimeError as error:
            failed = {"errorType": "RuntimeError", "errorMessage": str(error)}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": failed}

    def arn(self, machine: str) -> str:
        if machine not in self.arns:
            made = self.client.create_state_machine(
                name=machine,
                definition=json.dumps(MACHINES[machine]),
                roleArn="arn:aws:iam::123456789012:role/x",
            )
            self.arns[machine] = made["stateMachineArn"]
        return self.arns[machine]

    def play(self, machine: str, script: Script) -> tuple[list[str], str, Any, str]:
        """Trail, status, output and error of a run."""
        self.actor, self.runs = Actor(script), self.runs + 1
        run = self.client.start_execution(
            stateMachineArn=self.arn(machine),
            name=f"run-{self.runs}",
            input=json.dumps(given(machine)),
        )["executionArn"]
        for turn in range(10_000):
            if self.actor.tokens:
                token, word = self.actor.tokens.pop(0)
                self.client.send_task_success(taskToken=token, output=json.dumps({"verdict": word}))
            # While it has words to say it runs: to ask moto takes longer than its next step.
            elif not (self.actor.script and turn % 50):
                found = self.client.describe_execution(executionArn=run)
                if found["status"] != "RUNNING":
                    break
            time.sleep(0.002)
        events = self.client.get_execution_history(executionArn=run)["events"]
        entered = [
            e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e
        ]
        output = json.loads(found["output"]) if "output" in found else None
        return entered, found["status"], output, found.get("error", "")


@pytest.fixture(scope="module")
def moto() -> Iterator[Moto]:
    """One moto for all scripts; nobody waits before a retry."""
    import boto3
    from moto import mock_aws
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(config={"stepfunctions": {"execute_state_machine": True}}),
    ):
        made = Moto(boto3.client("stepfunctions", region_name="us-west-2"))
        patch.setattr(lambda_eval_utils, "_invoke_lambda_function", made.invoke)
        patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: None))
        yield made


@pytest.mark.parametrize(
    ("machine", "script"), CASES, ids=lambda v: v if isinstance(v, str) else None
)
def test_moto_walks_the_same_way(moto: Moto, machine: str, script: Script) -> None:
    ours = on_our_engine(machine, script)
    trail, status, output, error = moto.play(machine, script)
    assert trail == ours.trail
    assert (status, error) == (ours.status, ours.error)
    assert _without_causes(output) == _without_causes(ours.output)


def _without_causes(output: Any) -> Any:
    """An output, an error's free text aside."""
    if isinstance(output, dict):
        return {k: _without_causes(v) for k, v in output.items() if k != "Cause"}
    return output


def test_the_scripts_reach_every_state_of_every_machine() -> None:
    for machine, scripts in SCRIPTS.items():
        reached = {state for script in scripts for state in on_our_engine(machine, script).trail}
        lacking = set(MACHINES[machine]["States"]) - reached
        assert not lacking, (machine, lacking)
