"""What can come of a call: the answers of its list, and what an entry tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from chalicelib.domain.plain.values import frozen
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, Payload

NOT_REACHED: Final = "not_reached"
VOICEMAIL: Final = "voicemail_left"
WRITTEN: Final = "message_sent"
CALL_LATER: Final = "callback_scheduled"
UNRESPONSIVE: Final = "unresponsive"
OUTCOMES: Final = (NOT_REACHED, VOICEMAIL, WRITTEN, CALL_LATER, UNRESPONSIVE)
CLOSURE: Final = "unresponsive_after_3_attempts"

TALKED: Final = "talked"
"""The name of the list, in every form that has it."""

TALKS: Final[Mapping[str, str]] = {
    "phone": N_("We talked on the phone"),
    "video": N_("We talked by video"),
    "in_person": N_("We talked in person"),
    "email": N_("We wrote to each other: the provider asked for that"),
}
"""The ways of a talk that took place."""


@frozen
class Try:
    """A try that reached nobody: its outcome, the way that it went, and the language of a voicemail."""

    outcome: str
    way: str
    label: str
    voicemail: str = ""

    @property
    def whole(self) -> bool:
        """Whether the choice alone says everything of it."""
        return self.outcome != VOICEMAIL or bool(self.voicemail)

    def told(self, outcome: str, way: str, voicemail: str) -> bool:
        """Whether this is the try that an entry tells of."""
        return (outcome, way) == (self.outcome, self.way) and self.voicemail in ("", voicemail)


OTHER_VOICEMAIL: Final = "voicemail_other"
TRIES: Final[Mapping[str, Try]] = {
    "no_answer": Try(NOT_REACHED, "phone", N_("I called, and nobody answered")),
    "voicemail_en": Try(VOICEMAIL, "phone", N_("I left a voicemail in English"), "en"),
    "voicemail_es": Try(VOICEMAIL, "phone", N_("I left a voicemail in Spanish"), "es"),
    OTHER_VOICEMAIL: Try(VOICEMAIL, "phone", N_("I left a voicemail in another language")),
    "sent_text": Try(WRITTEN, "text", N_("I sent a text message")),
    "sent_email": Try(WRITTEN, "email", N_("I sent an email")),
    "visited": Try(NOT_REACHED, "in_person", N_("I went there and met nobody")),
}
LATER: Final = "call_later"

WAYS: Final[Mapping[str, str]] = {
    "phone": N_("Phone call"),
    "text": N_("Text message"),
    "email": N_("Email"),
    "video": N_("Video call"),
    "in_person": N_("In person"),
}
"""The ways of a try, where tries are listed."""


class CallPayload(Payload, total=False):
    """What an entry tells of a call. ``callback``: when they asked to be called (UTC seconds);
    ``tries``: how many were made before trying ended; ``note_for``: who may read the note."""

    talked: str
    interpreter: bool
    voicemail: str
    callback: int
    how: str
    tries: int
    note_for: str


def told_in(entry: Entry) -> CallPayload:
    """What an entry tells of a call."""
    return cast("CallPayload", entry.payload)


LOGGED: Final[Mapping[str, str]] = {
    NOT_REACHED: N_("A try to reach them found nobody. %(way)s."),
    VOICEMAIL: N_("They did not answer. A voicemail was left. %(voicemail)s."),
    WRITTEN: N_("A message was sent to them. %(way)s."),
    CALL_LATER: N_("They asked to be called %(callback)s."),
    UNRESPONSIVE: N_("After the tries of the standard they could not be reached."),
}
"""Outcome -> the sentence on the staff's timeline."""
TOLD: Final[Mapping[str, str]] = {
    NOT_REACHED: N_("We tried to reach you and did not."),
    VOICEMAIL: N_("We called you and left a message."),
    WRITTEN: N_("We wrote to you and asked you to call us."),
    CALL_LATER: N_("You asked us to call you at another time."),
    UNRESPONSIVE: N_("We could not reach you, and closed your request."),
}
"""Outcome -> the sentence on the provider's timeline."""
_STAYS: Final = N_("Your try is recorded. Please try again by the new date.")
SAID: Final[Mapping[str, str]] = {
    NOT_REACHED: _STAYS,
    VOICEMAIL: _STAYS,
    WRITTEN: _STAYS,
    CALL_LATER: N_("It is recorded. The task is due when they asked you to call."),
    UNRESPONSIVE: N_(
        "The request is closed. The provider was told how to come back. Thank you for trying."
    ),
}
"""Outcome -> what the page says was recorded."""
