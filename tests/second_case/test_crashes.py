"""A process dies after any write of a loan's answer; what comes next puts it right."""

from __future__ import annotations

from chalicelib.domain.ids import new_reference
from chalicelib.workflow import tasks
from chalicelib.workflow.storage import store
from tests.second_case import loans
from tests.second_case.test_loans import loan
from tests.workflow.lifecycle import LifecycleHarness
from tests.workflow.test_crashes import Axe, clock, settled
from tests.workflow.test_crashes import axe as axe


def test_an_answer_survives_the_death_of_each_process(harness: LifecycleHarness, axe: Axe) -> None:
    world, deaths = harness.world, list[str]()
    for number in range(1, 40):
        reference = new_reference()
        loans.borrow(reference, loans.LENDER, world.at)
        settled(axe, harness)
        before, at = len(world.mails), world.at
        actor, said = f"coordinator:{loans.LENDER}", {"decision": "lent"}
        axe.falls_at(number)
        axe.surely(lambda: tasks.answer(reference, 1, said, actor, "press", at))  # noqa: B023
        settled(axe, harness)
        world.at += store.SWEEP_AFTER + 1
        axe.surely(clock)
        settled(axe, harness)
        state = loan(reference)
        assert (state.status, state.generation) == ("lent", 1), axe.fell
        assert state.task is not None and (state.task.number, state.task.kind) == (
            2,
            "bringing_back",
        )
        sent = [mail.to for mail in world.mails[before:]]
        # Twice only when the sender died between the send and its mark.
        twice = axe.fell == "SendEmail"
        assert sent == ["bo@example.org"] * (2 if twice else 1), axe.fell
        if not axe.fell:
            break
        deaths.append(axe.fell)
    assert {"UpdateItem", "SendEmail", "send_task_success"} <= set(deaths), deaths
