"""What a type of case says of the calls that are made for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from chalicelib.calls.rule import Attempt, may_give_up
from chalicelib.calls.words import CallPayload, Try
from chalicelib.workflow.cases import C
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome


def no_letter(state: C, one: Try) -> Sequence[SendLetter]:
    """Nothing is written after a try."""
    return ()


def _never(state: C) -> bool:
    return False


@dataclass(frozen=True)
class Calling(Generic[C]):
    """``tries``: those since they last answered. ``ends``: the named end of trying, and ``closes`` what
    the list says of it; None where trying never ends. ``letters``: what is written to them after a try.
    ``not_alone``: whether a supervisor has to agree to the end. ``presses_on``: a try buys no time."""

    tries: Callable[[C], list[Attempt]]
    ends: Callable[[C, CallPayload, int], Outcome] | None = None
    closes: str = ""
    letters: Callable[[C, Try], Sequence[SendLetter]] = no_letter
    not_alone: Callable[[C], bool] = _never
    presses_on: bool = False

    def may_give_up(self, state: C, now: int) -> bool:
        """Whether the standard's tries were made."""
        return self.ends is not None and may_give_up(state, now, self.tries)
