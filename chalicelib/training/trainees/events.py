"""The names of entries on the log of a trainee that are about no task."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

ENROLLED: Final = EventName("trainee_enrolled")
SCHEDULED: Final = EventName("trainee_scheduled")
PLACED: Final = EventName("trainee_placed")
WORK_CONFIRMED: Final = EventName("trainee_work_confirmed")
WORK_RETURNED: Final = EventName("trainee_work_returned")
TALKED: Final = EventName("trainee_talked")
TALK_STRUCK: Final = EventName("trainee_talk_struck")
LEFT_FOR_A_WHILE: Final = EventName("trainee_on_leave")
BACK: Final = EventName("trainee_back")
MOVED: Final = EventName("trainee_moved")
EXTENDED: Final = EventName("trainee_extended")
WITHDREW: Final = EventName("trainee_withdrew")
REOPENED: Final = EventName("trainee_reopened")
