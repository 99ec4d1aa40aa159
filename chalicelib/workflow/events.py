"""The names of the log's entries: the engine's own, and those of every task. A wing names its own."""

from __future__ import annotations

from typing import Final, Literal, NewType

EventName = NewType("EventName", str)

UNDONE: Final = EventName("undone")
RESUMED: Final = EventName("resumed")
PAUSE_ENDS_SOON: Final = EventName("pause_ends_soon")
REMINDED: Final = EventName("reminded")
ESCALATED: Final = EventName("escalated")
TASK_VOID: Final = EventName("task_void")
PARKED: Final = EventName("parked")
CLOCK_STUCK: Final = EventName("clock_stuck")
HELD_UP: Final = EventName("held_up")
RECONCILED: Final = EventName("reconciled")
RUN_RESTARTED: Final = EventName("run_restarted")
LINK_RENEWED: Final = EventName("link_renewed")
TASK_GIVEN: Final = EventName("task_given")
LETTER_SENT_AGAIN: Final = EventName("letter_sent_again")
TEXTS_ENDED: Final = EventName("texts_ended")
TEXTS_BEGAN: Final = EventName("texts_began")

Ending = Literal["asked", "answered", "expired", "noted"]


def of_task(kind: str, ending: Ending) -> EventName:
    """The entry with which a task of a kind is asked, answered, expires, or is kept with a note."""
    return EventName(f"{kind}_{ending}")


def answered_kind(event: EventName) -> str:
    """The kind of the task that an entry answers; empty for any other."""
    return event.removesuffix("_answered") if event.endswith("_answered") else ""
