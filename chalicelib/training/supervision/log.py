"""A meeting is logged, by either side, and confirmed by the other where it fits.

What an endorsed facilitator (or staff for them) logs counts at once. What somebody logs of themselves counts
once their facilitator has said yes. Whoever says that a meeting is not right takes it out, and its facilitator
is asked again. A meeting stands once for a day, a facilitator and a way: logged by both sides it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Write, delete, field, put, update
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.training.supervision import look, rows
from chalicelib.training.supervision.rows import COUNTS, REFUSED, WAITS, Meeting
from chalicelib.web.languages import N_

NOT_ENDORSED = N_(
    "This facilitator's endorsement is not entered, or was over on that day. Please ask the Network."
)
ONE_AT_A_TIME = N_("A meeting alone is with one person. Choose one, or say that it was a group.")
THERE_ALREADY = N_("This meeting is on record already.")


def by_facilitator(meetings: Sequence[Meeting], by: str, at: int) -> None:
    """Log a meeting with one or several people: it counts. ``by``: an actor. Raises Invalid."""
    _need_endorsed(meetings[0])
    members: list[Write] = []
    for one in meetings:
        members += [put(one.key, _row(one, COUNTS, by, at)), delete(one.asked)]
    dynamodb.transact(members)
    _kept(meetings, at)


def by_themselves(one: Meeting, at: int) -> None:
    """Log a meeting of one's own: its facilitator is asked. Raises Invalid."""
    _need_endorsed(one)
    by = f"consultant:{one.person}"
    free = field("said").absent() | field("said").equals(REFUSED)
    logged = put(one.key, _row(one, WAITS, by, at)).only_if(free)
    try:
        dynamodb.transact([logged, put(one.asked, {"minutes": one.minutes, "at": at})])
    except ConditionFailed:
        raise Invalid({"day": THERE_ALREADY}) from None
    _kept([one], at)


def is_wrong(one: Meeting, at: int) -> None:
    """Somebody says that a meeting of theirs is not right. Raises AlreadyDone."""
    _change(one, COUNTS, WAITS, f"consultant:{one.person}", at)


def answer(one: Meeting, yes: bool, at: int) -> None:
    """The facilitator says whether it was so. Raises AlreadyDone."""
    _change(one, WAITS, COUNTS if yes else REFUSED, f"consultant:{one.facilitator}", at)


def _change(one: Meeting, before: str, after: str, by: str, at: int) -> None:
    changed = update(one.key).set(said=after, by=by, at=at).only_if(field("said").equals(before))
    asks = put(one.asked, {"minutes": one.minutes, "at": at, "wrong": True})
    try:
        dynamodb.transact([changed, asks if after == WAITS else delete(one.asked)])
    except ConditionFailed:
        raise AlreadyDone(one.day) from None
    _kept([replace(one, said=after)], at)


def _row(one: Meeting, said: str, by: str, at: int) -> dict[str, str | int]:
    return {"minutes": one.minutes, "said": said, "by": by, "at": at}


def _need_endorsed(one: Meeting) -> None:
    if not rows.endorsed_on(people.consultant_now(one.facilitator), one.day):
        raise Invalid({"facilitator": NOT_ENDORSED})


def _kept(meetings: Sequence[Meeting], at: int) -> None:
    entered = rows.thresholds()
    for one in meetings:
        look.keep(people.consultant_now(one.person), entered, at)
