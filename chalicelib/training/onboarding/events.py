"""The names of entries that are about no task."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("onboarding_opened")
REOPENED: Final = EventName("onboarding_reopened")
STOPPED: Final = EventName("onboarding_stopped")
