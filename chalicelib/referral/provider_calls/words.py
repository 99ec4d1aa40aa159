"""What is said of a call to a provider; what can come of any call stands in ``calls/words.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.calls.words import CALL_LATER as CALL_LATER
from chalicelib.calls.words import CLOSURE as CLOSURE
from chalicelib.calls.words import LOGGED as LOGGED
from chalicelib.calls.words import NOT_REACHED as NOT_REACHED
from chalicelib.calls.words import OUTCOMES as OUTCOMES
from chalicelib.calls.words import SAID as SAID
from chalicelib.calls.words import TALKED as TALKED
from chalicelib.calls.words import TALKS as TALKS
from chalicelib.calls.words import TOLD as TOLD
from chalicelib.calls.words import UNRESPONSIVE as UNRESPONSIVE
from chalicelib.calls.words import VOICEMAIL as VOICEMAIL
from chalicelib.calls.words import WRITTEN as WRITTEN
from chalicelib.web.languages import N_

SHOWN: Final[Mapping[str, str]] = {
    NOT_REACHED: N_("We tried to reach you on %(date)s, and nobody answered."),
    VOICEMAIL: N_("We called you on %(date)s and left a message."),
    WRITTEN: N_("We wrote to you on %(date)s and asked you to call us."),
    CALL_LATER: N_("You asked us to call you on %(moment)s."),
}
"""Outcome -> what the status page says on top, as long as nobody has talked."""
