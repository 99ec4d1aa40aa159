"""The rows of sent letters: proof that a mail left once, and what became of it (I5, L2)."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import keys, store
from chalicelib.aws.clients import table

Item = dict[str, Any]

# A status only moves forward (F39); the numbers leave room between them.
RANK = {"sent": 10, "delayed": 20, "delivered": 30, "rejected": 40, "bounced": 50, "complained": 60}


def left(reference: str, v: int, number: int) -> bool:
    """True when the mail of effect ``number`` of entry ``v`` has been sent before."""
    return store.get(keys.referral_pk(reference), keys.mail_sk(v, number)) is not None


def note_sent(reference: str, v: int, number: int, row: Item) -> None:
    """Write down a mail that just left. A report may have been faster: its status stays."""
    names = {f"#{i}": name for i, name in enumerate(row)}
    values = {f":{i}": value for i, value in enumerate(row.values())}
    sets = ", ".join(f"#{i} = :{i}" for i in range(len(row)))
    store.retrying(
        lambda: table().update_item(
            Key={"pk": keys.referral_pk(reference), "sk": keys.mail_sk(v, number)},
            UpdateExpression=f"SET {sets}, #status = if_not_exists(#status, :sent)",
            ExpressionAttributeNames={**names, "#status": "status"},
            ExpressionAttributeValues={**values, ":sent": "sent"},
        )
    )


def move(reference: str, v: int, number: int, status: str, at: int, bounce: str = "") -> None:
    """Move a mail's status forward; a report that comes late or twice changes nothing."""
    from botocore.exceptions import ClientError

    values: Item = {":status": status, ":rank": RANK[status], ":at": at}
    if bounce:
        values[":bounce"] = bounce
    try:
        store.retrying(
            lambda: table().update_item(
                Key={"pk": keys.referral_pk(reference), "sk": keys.mail_sk(v, number)},
                UpdateExpression="SET #status = :status, #rank = :rank, status_at = :at"
                + (", bounce = :bounce" if bounce else ""),
                ConditionExpression="attribute_not_exists(#rank) OR #rank < :rank",
                ExpressionAttributeNames={"#status": "status", "#rank": "rank"},
                ExpressionAttributeValues=values,
            )
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


def of(reference: str) -> list[Item]:
    """Every letter of a referral, oldest first, with ``v`` and ``number`` of its effect."""
    rows = store.query(keys.referral_pk(reference), keys.MAIL)
    for row in rows:
        v, _, number = str(row["sk"]).removeprefix(keys.MAIL).partition(".")
        row |= {"v": int(v), "number": int(number)}
    return rows
