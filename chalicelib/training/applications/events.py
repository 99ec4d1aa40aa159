"""The names of entries that are about no task, on the log of an application."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("application_opened")
PROMOTED: Final = EventName("application_promoted")
WITHDRAWN: Final = EventName("application_withdrawn")
# The same by staff, for somebody who called.
OPENED_FOR: Final = EventName("application_opened_for")
WITHDRAWN_FOR: Final = EventName("application_withdrawn_for")
MORE_ASKED: Final = EventName("application_reviewers_asked")
