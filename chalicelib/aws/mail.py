"""Send one letter to one person through SES v2 (S39), and know it again when SES reports on it."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from chalicelib.aws.clients import client
from chalicelib.aws.settings import settings


@dataclass(frozen=True)
class Attachment:
    """A small file that goes with a letter, as an appointment (.ics)."""

    filename: str
    content: str
    subtype: str = "calendar"


def send(
    to: str,
    subject: str,
    text: str,
    html: str,
    tags: dict[str, str],
    file: Attachment | None = None,
) -> str:
    """Send and return SES's message id. Headers with CR or LF are refused by the mail policy (S12).

    ``tags`` come back with every delivery event: they name the mail's row, and nothing personal.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = formataddr(("California IECMHC Network", settings().sender_email))
    message["To"] = to
    message["Reply-To"] = settings().reply_to_email or settings().sender_email
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    if file is not None:
        message.add_attachment(file.content, subtype=file.subtype, filename=file.filename)
    answer = client("sesv2").send_email(
        FromEmailAddress=settings().sender_email,
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": message.as_bytes()}},
        ConfigurationSetName=settings().configuration_set,
        EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
    )
    return str(answer["MessageId"])
