"""How AWS End User Messaging answers and reports, for the local post office: text messages out, and what
people text back.

It refuses by the service's own codes and reasons, in general when the post office is told to, and always a
number that is none. The service's simulator number for failure gets nothing.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any, NamedTuple

from infra.mailbox import Mail

TARGET = "PinpointSMSVoiceV2.SendTextMessage"
TEXT = "text"
IDENTITY = "arn:aws:sms-voice:us-west-2:000000000000:pool/pool-local"
OWN_NUMBER = "+18005550100"
# The service's simulator for the United States: what is sent there fails.
FAILS = "+14254147167"
_NUMBER = re.compile(r"\+?[1-9][0-9]{1,18}")
_LONGEST = 1600


class TextRefusal(NamedTuple):
    """How the service says no: its code, its message, its finer reason, and the fields that it names."""

    code: str
    message: str
    reason: str = ""
    fields: tuple[str, ...] = ()

    def said(self) -> tuple[int, dict[str, Any]]:
        """HTTP status and body."""
        body: dict[str, Any] = {"__type": self.code, "Message": self.message}
        if self.reason:
            body["Reason"] = self.reason
        if self.fields:
            body["Fields"] = [{"Name": one, "Message": self.message} for one in self.fields]
        return 400, body


NO_NUMBER = TextRefusal(
    "ValidationException",
    "The destination phone number is not valid.",
    "FIELD_VALIDATION_FAILED",
    ("DestinationPhoneNumber",),
)
TEXT_REFUSALS = {
    "text_access_denied": TextRefusal(
        "AccessDeniedException",
        "User: arn:aws:sts::000000000000:assumed-role/role/function is not authorized to perform:"
        " sms-voice:SendTextMessage",
    ),
    "text_throttled": TextRefusal("ThrottlingException", "Rate exceeded"),
    "text_opted_out": TextRefusal(
        "ConflictException", "Conflict occurred", "DESTINATION_PHONE_NUMBER_OPTED_OUT"
    ),
    "text_sandbox": TextRefusal(
        "ConflictException", "Conflict occurred", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"
    ),
    "text_spend_limit": TextRefusal(
        "ServiceQuotaExceededException",
        "Service quota exceeded",
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
    ),
    "text_no_pool": TextRefusal("ResourceNotFoundException", "Resource not found"),
    "text_invalid_number": NO_NUMBER,
}
"""Name -> what the service says of every text while it is so."""


def refusal_of(given: dict[str, Any], answers: str) -> TextRefusal | None:
    """What the service says no to; None for a text that leaves."""
    if answers in TEXT_REFUSALS:
        return TEXT_REFUSALS[answers]
    if not _NUMBER.fullmatch(str(given.get("DestinationPhoneNumber", ""))):
        return NO_NUMBER
    body = str(given.get("MessageBody", ""))
    if not body.strip() or len(body) > _LONGEST:
        return TextRefusal(
            "ValidationException", "Invalid body", "FIELD_VALIDATION_FAILED", ("MessageBody",)
        )
    return None


def read_text(given: dict[str, Any], message_id: str, number: int) -> Mail:
    """The text message in a SendTextMessage request, as the mailbox keeps it."""
    return Mail(
        id=str(number),
        message_id=message_id,
        to=[str(given["DestinationPhoneNumber"])],
        subject=str(given["MessageBody"]),
        text=str(given["MessageBody"]),
        html="",
        at=round(time.time(), 3),
        sender=str(given.get("OriginationIdentity", "")),
        tags=dict(given.get("Context", {})),
        channel=TEXT,
    )


def report(text: Mail) -> dict[str, Any]:
    """What the service publishes of a text in the end."""
    lost = text.to[0] == FAILS
    return {
        "eventType": "TEXT_BLOCKED" if lost else "TEXT_DELIVERED",
        "eventVersion": "1.0",
        "eventTimestamp": int(time.time() * 1000),
        "isFinal": True,
        "originationPhoneNumber": OWN_NUMBER,
        "destinationPhoneNumber": text.to[0],
        "isoCountryCode": "US",
        "messageId": text.message_id,
        "messageType": "TRANSACTIONAL",
        "messageStatus": "BLOCKED" if lost else "DELIVERED",
        "context": text.tags,
        "totalMessageParts": 1,
    }


def inbound(number: str, words: str) -> dict[str, Any]:
    """What the service publishes when somebody texts to our number."""
    return {
        "originationNumber": number,
        "destinationNumber": OWN_NUMBER,
        "messageKeyword": "KEYWORD",
        "messageBody": words,
        "inboundMessageId": str(uuid.uuid4()),
        "previousPublishedMessageId": "",
    }
