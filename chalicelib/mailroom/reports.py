"""What SES reports of each letter lands beside it, on the referral's timeline (L2)."""

from __future__ import annotations

import json
from typing import Any

from chalice.app import Blueprint, SNSEvent

from chalicelib.aws import keys
from chalicelib.aws.clients import table
from chalicelib.aws.store import retrying
from chalicelib.kit.log import logger
from chalicelib.kit.now import now

bp = Blueprint(__name__)

# A status only moves forward (F39); the numbers leave room between them.
RANK = {"sent": 10, "delayed": 20, "delivered": 30, "rejected": 40, "bounced": 50, "complained": 60}
WORDS = {
    "Send": "sent",
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
    from botocore.exceptions import ClientError

    status = WORDS.get(str(report.get("eventType", "")))
    tags = report.get("mail", {}).get("tags", {})
    ref, v, number = (tags.get(name, [""])[0] for name in ("ref", "v", "i"))
    if status is None or not (ref and v.isdigit() and number.isdigit()):
        logger().warning("a mail report that names no letter of ours")
        return False
    kind = str(report.get(report["eventType"].lower(), {}).get("bounceType", ""))
    try:
        retrying(
            lambda: table().update_item(
                Key={"pk": keys.referral_pk(ref), "sk": keys.mail_sk(int(v), int(number))},
                UpdateExpression="SET #status = :status, #rank = :rank, status_at = :at"
                + (", bounce = :kind" if kind else ""),
                ConditionExpression="attribute_not_exists(#rank) OR #rank < :rank",
                ExpressionAttributeNames={"#status": "status", "#rank": "rank"},
                ExpressionAttributeValues={
                    ":status": status,
                    ":rank": RANK[status],
                    ":at": now(),
                    **({":kind": kind} if kind else {}),
                },
            )
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
    return True
