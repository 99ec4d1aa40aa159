"""The state machines that cases run on: each is one line of its wing, and one source in statemachines/.

Alarms, dashboard, Lambda functions, local stack, console, bench, linters and tests take theirs from here.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from chalicelib import rooms
from chalicelib.workflow.registry import load


class Machine(NamedTuple):
    """``name``: also of its source, of its Lambda function and in its runs' names. ``title``: a msgid.
    ``steps``: the module of its steps within chalicelib. ``stage``: a parent's run starts it.
    ``after_close``: it may run by itself when its case has ended; the case's stage is then its name.
    """

    name: str
    title: str
    steps: str
    stage: bool = True
    after_close: bool = False


@cache
def machines() -> tuple[Machine, ...]:
    """Every machine of every wing."""
    return tuple(machine for wing in rooms.MACHINES for machine in load(wing))


@cache
def titles() -> dict[str, str]:
    """What each machine is called, by its name: msgids."""
    return {machine.name: machine.title for machine in machines()}


@cache
def stages() -> tuple[str, ...]:
    """The names of those that a parent's run starts, in their usual order."""
    return tuple(machine.name for machine in machines() if machine.stage)


@cache
def after_close() -> tuple[str, ...]:
    """The names of those that may run by themselves when a case has ended."""
    return tuple(machine.name for machine in machines() if machine.after_close)
