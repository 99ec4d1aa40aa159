"""What SES reports of each letter lands beside it, on the referral's timeline (L2)."""

from __future__ import annotations

import json
from typing import Any

from chalice.app import Blueprint, SNSEvent

from chalicelib.aws import mails
from chalicelib.kit.log import logger
from chalicelib.kit.now import now

bp = Blueprint(__name__)

# "Send" is not news: the row itself says so.
WORDS = {
    "DeliveryDelay": "delayed",
    "Delivery": "delivered",
    "Reject": "rejected",
    "Rendering Failure": "rejected",
    "Bounce": "bounced",
    "Complaint": "complained",
}


@bp.on_sns_message(topic="set-by-the-template", name="mail_events")
def mail_events(event: SNSEvent) -> None:
    """Record one report of SES's event publishing."""
    record(json.loads(event.message))


def record(report: dict[str, Any]) -> bool:
    """Move the mail's status forward. False when the report is not about a letter of ours."""
    status = WORDS.get(str(report.get("eventType", "")))
    tags = report.get("mail", {}).get("tags", {})
    reference, v, number = ((tags.get(name) or [""])[0] for name in ("ref", "v", "i"))
    if status is None or not (reference and v.isdigit() and number.isdigit()):
        logger().warning("a mail report that names no letter of ours")
        return False
    bounce = str(report.get("bounce", {}).get("bounceType", ""))
    mails.move(reference, int(v), int(number), status, now(), bounce)
    return True
