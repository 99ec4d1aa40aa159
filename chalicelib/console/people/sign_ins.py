"""The user who signs in follows the row of the directory.

The pages may not touch the user pool. The write that changes a member's row leaves a wish beside it, and
the clock makes the pool agree: it reads the row as it stands then, so wishes need no order, and it tries
again until it is done.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb, user_pool
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.writes import Key, Write, field, update
from chalicelib.directory import people
from chalicelib.domain.roles import ROLES
from chalicelib.workflow.storage import indexes, keys

PARTITION: Final = "SIGNINS"
SK: Final = "SIGNIN#"
# Seconds until what AWS refused is tried again.
AGAIN: Final = 120


def wish(member: str, press: str, at: int, former: str = "") -> Write:
    """Let the pool agree with a member's row; ``former``: an address whose user goes first, because it is
    theirs no more, or the user is to be made anew."""
    asked = update(Key(PARTITION, SK + member)).set(wpk=keys.WAKE_URGENT, wake_at=at, asked=press)
    asked = asked.remove("done", "failed")
    return asked.add("former", {former}) if former else asked


def standing() -> dict[str, Item]:
    """How far each member's wish has come: ``done`` (UTC seconds), ``invited``, or ``failed``, AWS's word."""
    return {str(row["sk"]).removeprefix(SK): row for row in dynamodb.query(PARTITION)}


def look(pk: str, sk: str, at: int) -> None:
    """Make the pool agree with one member's row; what AWS refuses is tried again later."""
    member = sk.removeprefix(SK)
    wished = dynamodb.get(Key(pk, sk), consistent=True) or {}
    row = people.staff_now(member)
    email = str(row.get("email", ""))
    try:
        invited = _agree(row, email, wished)
    except AwsError as error:
        logger().warning("sign-in", extra={"staff": member, "code": error.code})
        dynamodb.write(update(Key(pk, sk)).set(failed=error.code))
        indexes.wake_later(pk, sk, at + AGAIN)
        return
    done = update(Key(pk, sk)).set(done=at).remove("wpk", "wake_at", "failed", "former")
    done = done.set(invited=at) if invited else done
    # A wish that came meanwhile is looked at for itself.
    dynamodb.write(done.only_if(field("asked").equals(wished.get("asked"))))


def _agree(row: people.Person, email: str, wished: Item) -> bool:
    """Let in or out as the row says; whether AWS mailed a password."""
    for former in sorted(wished.get("former", ())):
        user_pool.let_out(former)
    role = row.get("role", "")
    if row.get("active") is True and role in ROLES:
        return user_pool.let_in(email, role, ROLES)
    if email:
        user_pool.let_out(email)
    return False
