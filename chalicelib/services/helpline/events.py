"""The names of the helpline's entries that are about no task, and what they may tell besides."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.cases import Payload
from chalicelib.workflow.events import EventName

# On the log of any case: somebody called about it.
CONTACT_LOGGED: Final = EventName("contact_logged")
CALL_PROMISED: Final = EventName("call_promised")
CALL_KIND_FOUND: Final = EventName("call_kind_found")
CALL_MOOT: Final = EventName("call_moot")
REQUEST_OPENED: Final = EventName("request_opened")


class ContactPayload(Payload, total=False):
    """What an entry tells of a contact: the key of its row, and what was written down, as ids."""

    contact: str
    channel: str
    spoken: str
    interpreter: str
    repeat: str
    topics: list[str]
    disposition: str
    hand_over_to: str
    unmet: list[str]
    unmet_note: str
    protocol: str
    completed: str
    promised: int
    it_helped: str
