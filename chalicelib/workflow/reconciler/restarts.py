"""Start a referral's run again at its stage, from the table alone.

The next generation fences the old run. Effects that were recorded are not repeated; the person who
was asked is still asked, by the same link.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.aws import stepfunctions
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case, Changes, Command, Entry
from chalicelib.workflow.effects import Effect, StartRun, StopRun
from chalicelib.workflow.events import RUN_RESTARTED
from chalicelib.workflow.machines import after_close
from chalicelib.workflow.storage import store


def machine_of(state: Case) -> str | None:
    """The machine whose run should be alive for a referral, or None when none should."""
    if state.open:
        return parent_of(state)
    return state.stage if state.stage in after_close() else None


def restart_changes(state: Case, generation: int = 0) -> tuple[Changes, list[Effect]]:
    """The changes and effects that start the run again, one generation on.

    ``generation``: a later one, where the engine knows runs that the table does not.
    """
    machine = machine_of(state) or parent_of(state)
    generation = max(generation, state.generation + 1)
    changes: Changes = {"generation": generation}
    if state.task is not None:
        # The old run's token is worth nothing now; the mailed link stays good.
        changes["task"] = state.task.model_copy(update={"token": ""})
    # The parent first, or it would hear of its stage's end. Not every engine stops the stage with it.
    replaced = [machine, state.stage] if machine == parent_of(state) else [machine]
    start = StartRun(machine=machine, stage=state.stage, generation=generation)
    return changes, [*stops(state, replaced), start]


def stops(state: Case, machines: Iterable[str]) -> list[Effect]:
    """What ends the runs that these machines have for the case's generation."""
    return [
        StopRun(
            machine=machine,
            name=stepfunctions.run_name(state.reference, machine, state.generation),
        )
        for machine in machines
    ]


def restarted(state: Case, at: int, actor: str, reason: str, command: str) -> Entry:
    """The command that starts a referral's run again."""
    changes, effects = restart_changes(state)
    return Entry(
        event=RUN_RESTARTED,
        at=at,
        actor=actor,
        reason=reason,
        command=command,
        changes=changes,
        effects=effects,
    )


def restart(state: Case, at: int, actor: str, reason: str) -> Case:
    """Apply ``restarted`` unless somebody else was first."""

    def decide(fresh: Case) -> Command | None:
        if fresh.generation != state.generation or machine_of(fresh) is None:
            return None
        command = f"restart:{state.generation + 1}"
        return restarted(fresh, at, actor, reason, command), ()

    return store.change(state.reference, decide)
