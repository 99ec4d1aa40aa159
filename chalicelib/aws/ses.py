"""Send one letter to one person through SES v2, and know it again when SES reports on it.

The one place that knows SES's error codes: what it refuses comes out as one of three exceptions.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from types import MappingProxyType

from chalicelib.aws.clients import client
from chalicelib.aws.errors import AwsError, is_transient
from chalicelib.aws.refusals import call, note
from chalicelib.aws.settings import settings
from chalicelib.domain import addresses
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.plain.values import frozen

# Seconds until we try again: after a rate limit (with jitter, so that not all come back at once),
# after a daily quota or a paused account (SES's day is the last 24 hours, not the calendar's), and after
# a refusal that somebody mends.
BUSY, JITTER, CLOSED, REFUSED = 4, 8, 1800, 120

# SES v2 and its older words. A message decides where one code means two things.
_RATE = {
    "TooManyRequestsException", "Throttling", "ThrottlingException", "MaxSendRateExceeded",
    "InternalServiceErrorException", "ServiceUnavailable", "ServiceUnavailableException",
}  # fmt: skip
_SHUT = {
    "LimitExceededException", "AccountSuspendedException", "SendingPausedException",
    "AccountSendingPausedException", "ConfigurationSetSendingPausedException",
    "MailFromDomainNotVerifiedException",
}  # fmt: skip
_MISSING = {
    "ConfigurationSetDoesNotExist", "ConfigurationSetDoesNotExistException", "NotFoundException",
}  # fmt: skip
_ADDRESS = ("address", "domain", "recipient", "local part")
# A header that is folded breaks the address that it holds; a line may have 998 characters.
UNFOLDED = SMTP.clone(max_line_length=990)


class PostBusy(Exception):
    """Too many letters a second: ``seconds`` from now it may be tried again."""

    def __init__(self, seconds: int, why: str) -> None:
        super().__init__(why)
        self.seconds, self.why = seconds, why


class PostClosed(PostBusy):
    """No letter leaves for longer: the daily quota, a paused or unverified account."""


class PostRefused(PostClosed):
    """No letter leaves until somebody mends what is ours: a right, a key, a configuration set."""


class BadAddress(Exception):
    """No letter can ever leave to this address, whatever the reason."""


def refusal(code: str, message: str) -> Exception | None:
    """What an error of SES means to us; None when it means that the very letter is broken."""
    said = message.lower()
    if AwsError(code).refused or code in _MISSING:
        return PostRefused(REFUSED, code)
    if code in _SHUT or "daily" in said or "not verified" in said or "paused" in said:
        return PostClosed(CLOSED, code)
    if code in _RATE or "sending rate" in said:
        return PostBusy(BUSY + random.randint(0, JITTER), code)
    if code in ("BadRequestException", "InvalidParameterValue", "MessageRejected"):
        return BadAddress(code) if any(word in said for word in _ADDRESS) else None
    return None


@frozen
class Attachment:
    """A calendar file that goes with a letter, and what it asks of the calendar."""

    filename: str
    content: str
    method: str


def reply_address() -> str:
    """Where an answer to a letter goes."""
    return settings().reply_to_email or settings().sender_email


def send(
    to: str,
    subject: str,
    text: str,
    html: str,
    tags: dict[str, str],
    files: Sequence[Attachment] = (),
    sender: str = "California IECMHC Network",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Send and return SES's message id. Headers with CR or LF are refused by the mail policy.

    Raises PostBusy, PostClosed, BadAddress. ``tags`` come back with every delivery event: they name the mail's row, and nothing personal.
    ``sender`` is the Network's name in the reader's language; ``headers`` are told to the mail program.
    """
    if not addresses.plain(to):
        raise BadAddress("not one plain address")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = formataddr((sender, settings().sender_email))
    message["To"] = to
    message["Reply-To"] = reply_address()
    message["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    for file in files:
        message.add_attachment(
            file.content, subtype="calendar", cte="base64", filename=file.filename,
            params={"method": file.method},
        )  # fmt: skip
    try:
        answer = call(
            client("sesv2").send_email,
            FromEmailAddress=settings().sender_email,
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": message.as_bytes(policy=UNFOLDED)}},
            ConfigurationSetName=settings().configuration_set,
            EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
        )
    except AwsError as error:
        if not error.reached:
            raise PostBusy(BUSY + random.randint(0, JITTER), error.code) from None
        meant = refusal(error.code, error.message)
        if isinstance(meant, PostRefused):
            note(error)
        if meant is None:
            raise
        # SES puts addresses into its messages: only its code goes on.
        raise meant from None
    return str(answer["MessageId"])


def allow_again(address: str) -> None:
    """Take an address off SES's list of dead ones, on which a bounce or a complaint puts it: SES lets no
    letter leave to what stands there. Raises TryAgain."""
    try:
        call(client("sesv2").delete_suppressed_destination, EmailAddress=address)
    except AwsError as error:
        if error.code in _MISSING:
            return  # it is not on the list
        if is_transient(error):
            raise TryAgain(error.code) from None
        raise
