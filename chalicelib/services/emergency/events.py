"""The names of entries that are about no task, on the log of a call-up."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("call_up_opened")
