"""How urgent a letter is, when not all can leave at once: six lanes, and one rule."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.effects import SendLetter

# In this order they leave. An effect may name its own lane.
LANES: Final = ("safety", "stat", "receipt", "task", "notice", "reminder")


def lane(effect: SendLetter, priority: str = "routine", first: bool = False) -> int:
    """The lane of a letter, 0 is the first: from its own word (its kind's), and the case's urgency.

    A reminder of an emergency's task is as urgent as the task. ``first``: a case's first entry asks for
    it; what is no task then is its receipt, and somebody looks at their mailbox for it.
    """
    if effect.lane in LANES:
        found = effect.lane
    elif priority == "stat":
        found = "stat"
    elif effect.reminder:
        found = "reminder"
    elif effect.task is not None or effect.letter == "workflow/escalation":
        found = "task"
    else:
        found = "receipt" if first else "notice"
    return LANES.index(found)
