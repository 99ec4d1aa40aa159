"""Send one text message to one phone through AWS End User Messaging, and know it again when it is reported.

The one place that knows that service's error codes: what it refuses comes out as the post's own refusals
(``ses.py``), so that letters and texts wait by the same rules.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from chalicelib.aws.clients import client
from chalicelib.aws.errors import AwsError
from chalicelib.aws.refusals import call, note
from chalicelib.aws.ses import (
    BUSY,
    CLOSED,
    JITTER,
    REFUSED,
    BadAddress,
    PostBusy,
    PostClosed,
    PostRefused,
)
from chalicelib.aws.settings import settings

_OPTED_OUT = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
# Reasons that are the number's own, of two of the service's codes.
_NUMBER = {
    "COUNTRY_CODE_MISMATCH", "COUNTRY_NOT_ENABLED", "DESTINATION_COUNTRY_BLOCKED",
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
    "INTERNATIONAL_SENDING_NOT_SUPPORTED", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
}  # fmt: skip
_FIELD = "DestinationPhoneNumber"
# Until AWS lets the account out of its sandbox only numbers that it has verified get a text.
_SANDBOX = "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"


class OptedOut(BadAddress):
    """Whoever has this number texted STOP: AWS lets no text leave to it."""


def refusal(error: AwsError) -> Exception | None:
    """What an error of the service means to us; None when it means that the very text is broken."""
    code, reason = error.code, error.reason
    if reason == _OPTED_OUT:
        return OptedOut(code)
    if reason in _NUMBER or _FIELD in error.fields:
        return BadAddress(code)
    if error.refused or (code == "ConflictException" and reason != _SANDBOX):
        return PostRefused(REFUSED, code)
    if code == "ServiceQuotaExceededException" or reason == _SANDBOX:
        return PostClosed(CLOSED, reason or code)
    if not error.reached or code in ("ThrottlingException", "InternalServerException"):
        return PostBusy(BUSY + random.randint(0, JITTER), code)
    return None


def send(number: str, text: str, about: Mapping[str, str]) -> str:
    """Send and return the message's id. ``about`` comes back with every report: it names the text's row,
    and nothing personal.

    Raises PostBusy, PostClosed, BadAddress, and AwsError where the text itself is wrong.
    """
    try:
        answer = call(
            client("pinpoint-sms-voice-v2").send_text_message,
            DestinationPhoneNumber=number,
            OriginationIdentity=settings().text_identity,
            MessageBody=text,
            MessageType="TRANSACTIONAL",
            ConfigurationSetName=settings().text_configuration_set,
            Context=dict(about),
        )
    except AwsError as error:
        meant = refusal(error)
        if isinstance(meant, PostRefused):
            note(error)
        if meant is None:
            raise
        # Their messages name the number: only the code goes on.
        raise meant from None
    return str(answer["MessageId"])
