"""What the fault harness must be told of a type of case; all else it finds by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.workflow.cases import Case
from tests.workflow.engine import Handler
from tests.world import World

if TYPE_CHECKING:
    from tests.workflow.lifecycle import LifecycleHarness, Story

    from .acts import Act
    from .single_faults import Scenario

Json = dict[str, Any]


@dataclass(frozen=True)
class CaseScript:
    """How people live a type of case.

    ``opens``: somebody opens one. ``way``: the moments at which the usual answer is given, until it is
    over. ``leaves``: how a moment ends at which the person of the case is not asked, by its name. ``wrong``:
    what else does not hold of all cases of the type. ``acts``: what happens in random stories. ``scenarios``: what is
    played besides the way with one fault at a time. Of a type that the product does not ship: ``registered`` makes it known,
    ``machines`` and ``steps`` are its machines and who plays their steps.
    """

    name: str
    opens: Callable[[World], str]
    way: tuple[str, ...]
    acts: Mapping[str, Act]
    scenarios: tuple[Scenario, ...]
    registered: Callable[[], AbstractContextManager[None]] = nullcontext
    machines: Mapping[str, Json] = field(default_factory=dict)
    steps: Mapping[str, Handler] = field(default_factory=dict)
    wrong: Callable[[Sequence[Case]], Sequence[str]] = lambda states: ()
    leaves: Mapping[str, Callable[[LifecycleHarness, Story], None]] = field(default_factory=dict)

    @property
    def moments(self) -> list[str]:
        """Where a story may begin."""
        return [*self.way, "over"]
