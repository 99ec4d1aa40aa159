"""What the engine's running runs and the table's states say of each other, compared as sets.

Cheap and without a decision: a case is only a reason to look closer (``workflow/reconciler/repairs.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.aws.stepfunctions import run_name
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case
from chalicelib.workflow.machines import stages
from chalicelib.workflow.reconciler.restarts import machine_of

# machine -> name of a running run -> when it started (UTC seconds)
Running = Mapping[str, dict[str, int]]
_NAME = re.compile(r"(.{11})-([a-z_]+)-([0-9]{1,6})")


@dataclass(frozen=True)
class Run:
    """A running run as its name tells of it."""

    machine: str
    name: str
    reference: str
    generation: int
    started: int


@dataclass(frozen=True)
class Suspect:
    """A referral that needs a closer look; ``strays`` are running runs that it does not expect."""

    reference: str
    strays: tuple[Run, ...] = ()


def runs_by_reference(running: Running) -> dict[str, list[Run]]:
    """The running runs of each referral; a run that is not named as ours is left alone."""
    found: dict[str, list[Run]] = {}
    for machine, names in running.items():
        for name, started in names.items():
            run = run_named(name, started)
            if run is not None and run.machine == machine:
                found.setdefault(run.reference, []).append(run)
    return found


def run_named(name: str, started: int = 0) -> Run | None:
    """The run of that name; None if it is not named as ours."""
    match = _NAME.fullmatch(name)
    return Run(match[2], name, match[1], int(match[3]), started) if match else None


def expected(state: Case) -> dict[str, str]:
    """The runs that should be alive for a state, the whole one and its stage's: name -> machine."""
    whole = machine_of(state)
    if whole is None:
        return {}
    machines = {whole}
    if whole == parent_of(state) and state.stage in stages() and not asks_for_repair(state):
        machines.add(state.stage)
    return {run_name(state.reference, machine, state.generation): machine for machine in machines}


def asks_for_repair(state: Case) -> bool:
    """True while the parent itself waits for a person: its stage's run has ended."""
    return state.task is not None and state.task.kind == "repair"


def stray(state: Case | None, run: Run) -> bool:
    """True for a run that no longer has, or never had, a place in its referral."""
    if state is None or run.generation != state.generation:
        return True
    if run.name in expected(state):
        return False
    # Of this generation, but of a stage where the referral no longer is. While a repair is asked
    # the stage's run may be the broken one: its end is the parent's business.
    return not state.open or run.machine != state.stage


def odd(states: Iterable[Case], running: Running, deep: bool = False) -> set[str]:
    """The references of states that need a closer look; with ``deep`` of all that expect a run.

    The runs that are as they should be are taken out of ``running``.
    """
    return {state.reference for state in states if _odd(state, running, deep)}


def _odd(state: Case, running: Running, deep: bool) -> bool:
    runs = expected(state)
    alive = [running.get(machine, {}).pop(name, None) is not None for name, machine in runs.items()]
    if not runs:
        return False
    return deep or state.task is None or not state.task.token or not all(alive)


def strays(states: Iterable[Case], left: Running) -> dict[str, tuple[Run, ...]]:
    """Of the runs that no state took out, those that have no place in their referral, by reference.
    ``states``: of the referrals that are named by ``left``, as far as there are any."""
    known = {state.reference: state for state in states}
    found = {
        reference: tuple(run for run in runs if stray(known.get(reference), run))
        for reference, runs in runs_by_reference(left).items()
    }
    return {reference: runs for reference, runs in found.items() if runs}
