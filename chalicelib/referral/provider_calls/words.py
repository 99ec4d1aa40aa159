"""What is said of a call to a provider; what can come of any call stands in ``calls/words.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.calls.words import CALL_LATER as CALL_LATER
from chalicelib.calls.words import CLOSURE as CLOSURE
from chalicelib.calls.words import NOT_REACHED as NOT_REACHED
from chalicelib.calls.words import OUTCOMES as OUTCOMES
from chalicelib.calls.words import TALKED as TALKED
from chalicelib.calls.words import TALKS as TALKS
from chalicelib.calls.words import UNRESPONSIVE as UNRESPONSIVE
from chalicelib.calls.words import VOICEMAIL as VOICEMAIL
from chalicelib.calls.words import WRITTEN as WRITTEN
from chalicelib.web.languages import N_

LOGGED: Final[Mapping[str, str]] = {
    NOT_REACHED: N_("A try to reach the provider found nobody. %(way)s."),
    VOICEMAIL: N_("The provider did not answer. A voicemail was left. %(voicemail)s."),
    WRITTEN: N_("A message was sent to the provider. %(way)s."),
    CALL_LATER: N_("The provider asked to be called %(callback)s."),
    UNRESPONSIVE: N_("After the tries of the standard the provider could not be reached."),
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
SHOWN: Final[Mapping[str, str]] = {
    NOT_REACHED: N_("We tried to reach you on %(date)s, and nobody answered."),
    VOICEMAIL: N_("We called you on %(date)s and left a message."),
    WRITTEN: N_("We wrote to you on %(date)s and asked you to call us."),
    CALL_LATER: N_("You asked us to call you on %(moment)s."),
}
"""Outcome -> what the status page says on top, as long as nobody has talked."""
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
