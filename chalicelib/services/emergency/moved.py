"""What follows when an emergency ends early or gets a later last day.

The press writes that it is to follow in the same transaction; the clock does it, again until it is done:
so a press that dies half-way leaves nothing undone.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.writes import Update, update
from chalicelib.aws.writes import field as _of
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.services.emergency import call_up, pausing, rows
from chalicelib.workflow.storage import keys

# Seconds until the clock looks again at what could not follow yet.
AGAIN_IN: Final = 30


def follows(key: str, at: int) -> Update:
    """Let the clock see to all that goes by the end of an emergency."""
    woken = update(rows.report(key)).set(wpk=keys.WAKE_URGENT, wake_at=at, moved=at)
    return woken.add("asked", 1)


def follow(key: str, at: int) -> None:
    """Do it at once; what fails here, the clock does."""
    try:
        row = dynamodb.get(rows.report(key), consistent=True)
        seen_to(emergencies.one_of(key), row or {}, at)
    except Exception:
        logger().exception("what follows an end", extra={"emergency": key})


def seen_to(one: Emergency, row: Item, at: int) -> bool:
    """Let pauses and call-ups follow the end as it is now; False while that must wait. ``row``: of the work
    on the report."""
    if "moved" not in row:
        return True
    done = True
    if one.over <= at:
        pausing.end(one.id, one.over)
    else:
        done = pausing.extend(one.id, at)
    call_up.look(one.id, at)
    if done:
        seen = update(rows.report(one.id)).remove("moved")
        dynamodb.write(seen.only_if(_of("moved").equals(row["moved"])))
    return done
