"""The machines and the steps name each other, and every wait has its way out."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.workflow.kinds import asked_at, every_kind
from chalicelib.workflow.machines import stages
from infra.machines import definitions, machine_id

MACHINES = definitions()


def asks() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (machine, name, state)
        for machine, definition in MACHINES.items()
        for name, state in definition["States"].items()
        if state.get("Resource", "").endswith(".waitForTaskToken")
    ]


@pytest.mark.parametrize(("machine", "name", "state"), asks(), ids=lambda v: str(v)[:40])
def test_every_wait_has_a_backstop_that_is_caught(
    machine: str, name: str, state: dict[str, Any]
) -> None:
    assert state["TimeoutSeconds"] <= 31_536_000
    assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert state["Catch"][-1]["Next"] in MACHINES[machine]["States"]


def test_every_kind_of_task_has_reminder_escalation_and_exit() -> None:
    for kind in every_kind().values():
        if kind.role == "system":
            continue
        limits = asked_at(kind, "routine", 1_800_000_000)
        assert limits.remind, kind.name
        assert limits.due <= limits.expires, kind.name
        assert limits.escalate is not None, kind.name


def test_the_machines_pass_ids_and_verdicts_only() -> None:
    for name, definition in MACHINES.items():
        for state in definition["States"].values():
            payload = state.get("Parameters", {}).get("Payload", {})
            assert set(payload) <= {"step", "referral.$", "generation.$", "token.$"}, name


def test_the_parent_starts_every_stage_and_nothing_else() -> None:
    started = {
        state["Parameters"]["StateMachineArn"]
        for state in MACHINES["referral"]["States"].values()
        if "startExecution" in state.get("Resource", "")
    }
    assert started == {f"${{{machine_id(name)}}}" for name in stages()}
