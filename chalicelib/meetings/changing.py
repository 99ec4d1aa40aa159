"""What staff and hosts do to a meeting: enter it, change it, move it, cancel it. Each is one write with its
record, and wakes the clock, which tells everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Write
from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting

# What those who come must hear of, if it changes.
HEARD: Final = ("at", "minutes", "title", "language")
# What they hear the day before, so that it is news only if it changes after that.
MAILED_LATE: Final = ("join", "dial")


def enter(meeting: Meeting, by: str, now: int, also: Sequence[Write] = ()) -> None:
    """A new meeting; entering it again changes nothing."""
    record = rows.done(meeting, "entered", by, now)
    try:
        dynamodb.transact([rows.added(meeting, now), record, *also])
    except ConditionFailed as failed:
        if rows.find(meeting.id) is None:
            raise AlreadyDone(meeting.id) from failed


def change(
    before: Meeting,
    after: Meeting,
    by: str,
    now: int,
    also: Sequence[Write] = (),
    event: str = "",
    unsaid: Sequence[str] = (),
) -> Meeting:
    """Keep a meeting as it is to be, if it is still as ``before``; what changed for those who come raises
    its sequence, but for what is ``unsaid``. Raises AlreadyDone when somebody else changed it meanwhile."""
    told = {*HEARD, *(MAILED_LATE if now >= before.day_before else ())} - {*unsaid}
    news = [name for name in sorted(told) if getattr(before, name) != getattr(after, name)]
    moved, off = before.at != after.at, before.on and not after.on
    new = replace(
        after,
        status="moved" if moved and after.on else after.status,
        version=before.version + 1,
        sequence=before.sequence + (1 if news or off else 0),
    )
    times = {"was": before.at, "becomes": after.at} if moved else {}
    what = event or ("cancelled" if off else "moved" if moved else "changed")
    record = rows.done(new, what, by, now, what=news, why=dict(new.why), **times)
    try:
        dynamodb.transact([rows.changed(new, before.version, now), record, *also])
    except ConditionFailed as failed:
        raise AlreadyDone(before.id) from failed
    return new


def move(
    meeting: Meeting, starts: str, by: str, now: int, why: Mapping[str, str] | None = None
) -> Meeting:
    """Hold a meeting at another time ("2027-03-09T17:30" in California). Raises AlreadyDone."""
    after = rows.moved_to(replace(meeting, why=why or {}), starts, meeting.minutes, now)
    return change(meeting, after, by, now)


def cancel(meeting: Meeting, by: str, now: int, why: Mapping[str, str] | None = None) -> Meeting:
    """Let a meeting not take place; that is for good. Raises AlreadyDone."""
    return change(meeting, replace(meeting, status="cancelled", why=why or {}), by, now)
