"""The rows of letters: proof that a mail left once, what became of it, and what waits (I5, L2).

A row that waits is the queue itself: the board's index lists what the post did not take (``post``)
by lane and age, and what did not arrive or could not be sent (``undelivered``) by age.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.aws.clients import table
from chalicelib.workflow import keys

Item = dict[str, Any]

# A status only moves forward (F39); the numbers leave room between them.
RANK = {"sent": 10, "delayed": 20, "delivered": 30, "rejected": 40, "bounced": 50, "complained": 60}
# Before it left: waits for the post, for an address, is being sent; or nobody wants it any more.
QUEUED, PARKED, SENDING, SKIPPED = "queued", "parked", "sending", "skipped"
WAITING = (QUEUED, PARKED)
POST, UNDELIVERED = "post", "undelivered"
LOST = ("rejected", "bounced", "complained")
# Seconds after which a send that nobody finished is begun again.
STUCK = 300


def find(reference: str, v: int, number: int, *, consistent: bool = False) -> Item | None:
    """The row of the mail of effect ``number`` of entry ``v``; None when it has none yet."""
    pk, sk = keys.referral_pk(reference), keys.mail_sk(v, number)
    return dynamodb.get(pk, sk, consistent=consistent)


def left(reference: str, v: int, number: int) -> bool:
    """True when the mail of effect ``number`` of entry ``v`` was sent before, or waits already.

    A row that only a report made counts: what was reported was sent.
    """
    return find(reference, v, number) is not None


def note_sent(reference: str, v: int, number: int, row: Item) -> None:
    """Write down a mail that just left. A report may have been faster: its status stays."""
    names = {f"#{i}": name for i, name in enumerate(row)}
    values = {f":{i}": value for i, value in enumerate(row.values())}
    sets = ", ".join(f"#{i} = :{i}" for i in range(len(row)))
    dynamodb.retrying(
        lambda: table().update_item(
            Key={"pk": keys.referral_pk(reference), "sk": keys.mail_sk(v, number)},
            UpdateExpression=f"SET {sets}, #status = if_not_exists(#status, :sent)",
            ExpressionAttributeNames={**names, "#status": "status"},
            ExpressionAttributeValues={**values, ":sent": "sent"},
        )
    )


def note_left(reference: str, v: int, number: int, row: Item) -> None:
    """The same for a mail that had waited: it leaves the queue, and its ``status`` says so."""
    _unless_reported(reference, v, number, row | {"status": "sent"})


def note_skipped(reference: str, v: int, number: int) -> None:
    """A mail that waited until nobody wanted it any more."""
    _unless_reported(reference, v, number, {"status": SKIPPED})


def _unless_reported(reference: str, v: int, number: int, row: Item) -> None:
    names = {f"#{i}": name for i, name in enumerate(row)}
    values = {f":{i}": value for i, value in enumerate(row.values())}
    sets = ", ".join(f"#{i} = :{i}" for i in range(len(row)))
    _if(
        reference,
        v,
        number,
        UpdateExpression=f"SET {sets} REMOVE gsi1pk, gsi1sk, wpk, wake_at",
        ConditionExpression="attribute_not_exists(#rank)",
        ExpressionAttributeNames={**names, "#rank": "rank"},
        ExpressionAttributeValues=values,
    )


def wait(reference: str, v: int, number: int, row: Item, place: Item) -> None:
    """Let a mail wait: ``row`` says why, ``place`` is where it stands (``queued`` or ``parked``)."""
    pk, sk = keys.referral_pk(reference), keys.mail_sk(v, number)
    item = {"pk": pk, "sk": sk, **row, **place}
    _quietly(
        lambda: table().put_item(
            Item=item,
            # What is on its way, or was reported, must not go back into a queue.
            ConditionExpression="attribute_not_exists(pk) OR #s IN (:queued, :parked, :sending)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={
                ":queued": QUEUED, ":parked": PARKED, ":sending": SENDING,
            },
        )
    )  # fmt: skip


def queued(lane: int, since: int) -> Item:
    """The place of a mail that the post did not take: by lane, then by age (F35, F36)."""
    return {"status": QUEUED, "gsi1pk": POST, "gsi1sk": f"{lane}#{since:011d}"}


def parked(since: int, wake_at: int) -> Item:
    """The place of a mail whose address does not work; the clock looks again at ``wake_at``."""
    return {
        "status": PARKED,
        "gsi1pk": UNDELIVERED,
        "gsi1sk": f"{since:011d}",
        "wpk": keys.WAKE_PARTITION,
        "wake_at": wake_at,
    }


def claim(reference: str, v: int, number: int, at: int) -> bool:
    """Take a mail that several may want to send now (clock and stream, after a delay).

    False when somebody else is sending it or has sent it. A claim that led to nothing ends after
    ``STUCK`` seconds. A claim whose reply was lost is known by its own mark when it is made again
    (F25).
    """
    return _if(
        reference,
        v,
        number,
        UpdateExpression="SET #s = :sending, claimed = :at, claimant = :me",
        ConditionExpression="attribute_not_exists(pk) OR #s IN (:queued, :parked)"
        " OR (#s = :sending AND (claimed < :old OR claimant = :me))",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={
            ":sending": SENDING, ":at": at, ":old": at - STUCK, ":queued": QUEUED, ":parked": PARKED,
            ":me": secrets.token_hex(8),
        },
    )  # fmt: skip


def release(reference: str, v: int, number: int) -> None:
    """Let go of a claim whose letter could not even be written."""
    _if(
        reference,
        v,
        number,
        UpdateExpression="SET claimed = :never",
        ConditionExpression="#s = :sending",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":never": 0, ":sending": SENDING},
    )


def move(reference: str, v: int, number: int, status: str, at: int, bounce: str = "") -> bool:
    """Move a mail's status forward; a report that comes late or twice changes nothing (False)."""
    values: Item = {":status": status, ":rank": RANK[status], ":at": at}
    sets = "SET #status = :status, #rank = :rank, status_at = :at"
    if bounce:
        values[":bounce"] = bounce
        sets += ", bounce = :bounce"
    if status in LOST:
        values |= {":list": UNDELIVERED, ":place": f"{at:011d}"}
        sets += ", gsi1pk = :list, gsi1sk = :place REMOVE wpk, wake_at"
    else:
        # Whatever it waited for: it left.
        sets += " REMOVE gsi1pk, gsi1sk, wpk, wake_at"
    return _if(
        reference,
        v,
        number,
        UpdateExpression=sets,
        ConditionExpression="attribute_not_exists(#rank) OR #rank < :rank",
        ExpressionAttributeNames={"#status": "status", "#rank": "rank"},
        ExpressionAttributeValues=values,
    )


def off_the_list(row: Item) -> Item:
    """Transaction member that takes a mail off the list of what did not arrive: it is mended."""
    return {
        "Update": {
            "Key": {"pk": row["pk"], "sk": row["sk"]},
            "UpdateExpression": "REMOVE gsi1pk, gsi1sk",
        }
    }


def wake(row: Item, at: int) -> Item:
    """Transaction member that lets the clock look at a parked mail at ``at``."""
    return {
        "Update": {
            "Key": {"pk": row["pk"], "sk": row["sk"]},
            "UpdateExpression": "SET wpk = :wpk, wake_at = :at",
            "ExpressionAttributeValues": {":wpk": keys.WAKE_PARTITION, ":at": at},
        }
    }


def replaced(row: Item) -> Item:
    """Transaction member for a parked mail whose place a new one takes."""
    return {
        "Update": {
            "Key": {"pk": row["pk"], "sk": row["sk"]},
            "UpdateExpression": "SET #s = :skipped REMOVE gsi1pk, gsi1sk, wpk, wake_at",
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": {":skipped": SKIPPED},
        }
    }


def of(reference: str, *, consistent: bool = False) -> list[Item]:
    """Every letter of a referral, oldest first, with ``v`` and ``number`` of its effect."""
    rows = dynamodb.query(keys.referral_pk(reference), keys.MAIL, consistent=consistent)
    return [row | numbers(str(row["sk"])) for row in rows]


def numbers(sk: str) -> Item:
    """``v`` and ``number`` of a mail's sort key."""
    v, _, number = sk.removeprefix(keys.MAIL).partition(".")
    return {"v": int(v), "number": int(number or 0)}


def listed(which: str, limit: int, since: str = "") -> list[Item]:
    """Mails in ``post`` (by lane and age) or ``undelivered`` (the newest first), as whole rows."""
    from boto3.dynamodb.conditions import Key

    condition: Any = Key("gsi1pk").eq(which)
    if since:
        condition = condition & Key("gsi1sk").gte(since)
    page = dynamodb.retrying(
        lambda: table().query(
            IndexName=keys.BOARD,
            KeyConditionExpression=condition,
            ScanIndexForward=which == POST,
            Limit=limit,
        )
    )
    found = []
    for key in page["Items"]:
        # The index knows only what a line of the console's list shows.
        row = dynamodb.get(str(key["pk"]), str(key["sk"]), consistent=True)
        if row is not None and row.get("gsi1pk") == which:
            reference = keys.reference_of(row["pk"])
            found.append(row | {"reference": reference} | numbers(str(row["sk"])))
    return found


def _if(reference: str, v: int, number: int, **update: Any) -> bool:
    """An update under a condition; False when it did not hold."""
    key = {"pk": keys.referral_pk(reference), "sk": keys.mail_sk(v, number)}
    return _quietly(lambda: table().update_item(Key=key, **update))


def _quietly(call: Callable[[], Any]) -> bool:
    from botocore.exceptions import ClientError

    try:
        dynamodb.retrying(call)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
