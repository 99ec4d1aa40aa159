"""The names of entries that are about no task, on the log of an application."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("application_opened")
PROMOTED: Final = EventName("application_promoted")
WITHDRAWN: Final = EventName("application_withdrawn")
MORE_ASKED: Final = EventName("application_reviewers_asked")
