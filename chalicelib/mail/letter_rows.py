"""The rows of letters: proof that a mail left once, what became of it, and what waits.

A row that waits is the queue itself: the board's index lists what the post did not take (``post``)
by lane and age, and what did not arrive or could not be sent (``undelivered``) by age.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict, cast

from chalicelib.aws import dynamodb
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.writes import Write, field, put, update
from chalicelib.domain.roles import EVERYWHERE, Scope
from chalicelib.web.cursors import cursor_of, place_of
from chalicelib.workflow.storage import keys
from chalicelib.workflow.storage.counties import within

# A status only moves forward; the numbers leave room between them.
RANK = {"sent": 10, "delayed": 20, "delivered": 30, "rejected": 40, "bounced": 50, "complained": 60}
# Before it left: waits for the post, for an address, for its reader's morning, is being sent; or nobody
# wants it anymore.
QUEUED, PARKED, HELD, SENDING, SKIPPED = "queued", "parked", "held", "sending", "skipped"
WAITING = (QUEUED, PARKED, HELD)
NOT_LEFT = (*WAITING, SENDING)
# A letter to somebody without email: waits for a call, or was said in one.
TO_SAY, SAID = "to_say", "said"
# What puts a mail into a queue, a list, and on the clock.
PLACES = ("gsi1pk", "gsi1sk", "wpk", "wake_at")
POST, UNDELIVERED = "post", "undelivered"
LOST = ("rejected", "bounced", "complained")
# Seconds after which a send that nobody finished is begun again.
STUCK = 300
# In the row of a letter with which others went to the same reader: which, as "reference v number". And a
# tag of that letter, which the reports of SES bring back.
GATHERED = "gathered"
# Letters that one reader is sent in one go after a night.
MOST_HELD = 50
_PLACE = re.compile(r"(R#)(.{11})\|MAIL#[0-9]{6}\.[0-9]{1,3}\|([0-9]#)?[0-9]{11}")


class LetterRow(TypedDict):
    """A row as it is read. ``v`` and ``number`` of its effect, and ``reference``, are in its key."""

    pk: str
    sk: str
    reference: str
    v: int
    number: int
    at: NotRequired[int]
    letter: NotRequired[str]
    to: NotRequired[str]
    channel: NotRequired[str]
    task: NotRequired[int]
    status: NotRequired[str]
    status_at: NotRequired[int]
    rank: NotRequired[int]
    bounce: NotRequired[str]
    gsi1pk: NotRequired[str]
    gsi1sk: NotRequired[str]
    wake_at: NotRequired[int]


def _read(row: dict[str, object]) -> LetterRow:
    v, number = numbers(str(row["sk"]))
    reference = keys.reference_of(str(row["pk"]))
    return cast(LetterRow, {**row, "reference": reference, "v": v, "number": number})


def find(reference: str, v: int, number: int, *, consistent: bool = False) -> LetterRow | None:
    """The row of the mail of effect ``number`` of entry ``v``; None when it has none yet."""
    row = dynamodb.get(keys.mail(reference, v, number), consistent=consistent)
    return None if row is None else _read(row)


def left(reference: str, v: int, number: int) -> bool:
    """True when the mail of effect ``number`` of entry ``v`` was sent before, or waits already.

    A row that only a report made counts: what was reported was sent.
    """
    return find(reference, v, number) is not None


def note_sent(reference: str, v: int, number: int, row: Mapping[str, object]) -> None:
    """Write down a mail that just left. A report may have been faster: its status stays."""
    noted = update(keys.mail(reference, v, number)).set(row)
    dynamodb.write(noted.set_default("status", "sent"))


def note_left(reference: str, v: int, number: int, row: Mapping[str, object]) -> None:
    """The same for a mail that had waited: it leaves the queue, and its ``status`` says so."""
    _unless_reported(reference, v, number, {**row, "status": "sent"})


def note_skipped(
    reference: str, v: int, number: int, row: Mapping[str, object] | None = None
) -> None:
    """A mail that nobody wants: ``row`` tells of one that never waited."""
    _unless_reported(reference, v, number, {**(row or {}), "status": SKIPPED})


def _unless_reported(reference: str, v: int, number: int, row: Mapping[str, object]) -> None:
    noted = update(keys.mail(reference, v, number)).set(row).remove(*PLACES)
    dynamodb.write(noted.only_if(field("rank").absent()))


def wait(
    reference: str, v: int, number: int, row: Mapping[str, object], place: Mapping[str, object]
) -> None:
    """Let a mail wait: ``row`` says why, ``place`` is where it stands (``queued`` or ``parked``)."""
    waits = put(keys.mail(reference, v, number), {**row, **place})
    # What is on its way, or was reported, must not go back into a queue.
    fresh = field("pk").absent() | field("status").one_of(*NOT_LEFT)
    dynamodb.write(waits.only_if(fresh))


def to_say(reference: str, v: int, number: int, row: Mapping[str, object]) -> Write:
    """Let a mail be said on the phone instead: ``row`` tells of it."""
    spoken = update(keys.mail(reference, v, number)).set({**row, "status": TO_SAY}).remove(*PLACES)
    return spoken.only_if(field("pk").absent() | field("status").one_of(*NOT_LEFT))


def said(row: LetterRow, at: int) -> Write:
    """A mail that was said on the phone."""
    told = update(keys.key_of(row)).set(status=SAID, status_at=at)
    return told.only_if(field("status").equals(TO_SAY))


def held(reader: str, lane: int, since: int, until: int) -> Mapping[str, object]:
    """The place of a mail that its reader wants later: with all that wait for them, by lane and age.
    ``reader``: the mark of their address."""
    listed = {"gsi1pk": f"{HELD}#{reader}", "gsi1sk": f"{lane}#{since:011d}"}
    return {"status": HELD, **listed, "wpk": keys.WAKE_PARTITION, "wake_at": until}


def held_with(row: LetterRow, at: int) -> list[LetterRow]:
    """All that wait for the same reader and may leave ``at``, in the order in which they leave. An index may
    not show one yet: ``row`` itself is among them, and each is woken by itself."""
    found = [
        one
        for one in listed(row.get("gsi1pk", ""), MOST_HELD)
        if one.get("status") == HELD and one.get("wake_at", 0) <= at
    ]
    missed = (row["reference"], row["v"], row["number"]) not in {
        (one["reference"], one["v"], one["number"]) for one in found
    }
    return [*found, row] if missed else found


def gathered_with(reference: str, v: int, number: int) -> list[tuple[str, int, int]]:
    """The letters that went with this one, by reference, ``v`` and ``number``."""
    row = dynamodb.get(keys.mail(reference, v, number), consistent=True) or {}
    named = [str(one).split(" ") for one in row.get(GATHERED, ())]
    return [(other, int(v), int(number)) for other, v, number in named]


def post_of(channel: str) -> str:
    """The queue of a channel."""
    return f"{POST}_{channel}" if channel else POST


def queued(lane: int, since: int, channel: str = "") -> Mapping[str, object]:
    """The place of a mail that the post did not take: by lane, then by age."""
    return {"status": QUEUED, "gsi1pk": post_of(channel), "gsi1sk": f"{lane}#{since:011d}"}


def until(wake_at: int) -> Mapping[str, object]:
    """The place of a mail that the clock sends at ``wake_at``."""
    return {"status": QUEUED, "wpk": keys.WAKE_PARTITION, "wake_at": wake_at}


def queue(
    reference: str, v: int, number: int, row: Mapping[str, object], place: Mapping[str, object]
) -> str:
    """Let a mail wait until the post takes it; the status that its row has then."""
    wait(reference, v, number, row, place)
    count(Metric.LETTERS_QUEUED)
    return QUEUED


def parked(since: int, wake_at: int) -> Mapping[str, object]:
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
    .
    """
    me, status = secrets.token_hex(8), field("status")
    mine = field("claimed").less_than(at - STUCK) | field("claimant").equals(me)
    free = field("pk").absent() | status.one_of(*WAITING) | status.equals(SENDING) & mine
    claimed = update(keys.mail(reference, v, number)).set(status=SENDING, claimed=at, claimant=me)
    return dynamodb.write(claimed.only_if(free))


def release(reference: str, v: int, number: int) -> None:
    """Let go of a claim whose letter could not even be written."""
    let_go = update(keys.mail(reference, v, number)).set(claimed=0)
    dynamodb.write(let_go.only_if(field("status").equals(SENDING)))


def move(reference: str, v: int, number: int, status: str, at: int, bounce: str = "") -> bool:
    """Move a mail's status forward; a report that comes late or twice changes nothing (False)."""
    moved = update(keys.mail(reference, v, number)).set(
        status=status, rank=RANK[status], status_at=at, **({"bounce": bounce} if bounce else {})
    )
    if status in LOST:
        moved = moved.set(gsi1pk=UNDELIVERED, gsi1sk=f"{at:011d}").remove("wpk", "wake_at")
    else:
        moved = moved.remove(*PLACES)  # whatever it waited for: it left
    later = field("rank").absent() | field("rank").less_than(RANK[status])
    return dynamodb.write(moved.only_if(later))


def off_the_list(row: LetterRow) -> Write:
    """Take a mail off the list of what did not arrive: it is mended."""
    return update(keys.key_of(row)).remove("gsi1pk", "gsi1sk")


def wake(row: LetterRow, at: int) -> Write:
    """Let the clock look at a parked mail at ``at``."""
    return update(keys.key_of(row)).set(wpk=keys.WAKE_PARTITION, wake_at=at)


def replaced(row: LetterRow) -> Write:
    """Let a new mail take the place of a parked one."""
    return update(keys.key_of(row)).set(status=SKIPPED).remove(*PLACES)


def of(reference: str, *, consistent: bool = False) -> list[LetterRow]:
    """Every letter of a referral, oldest first, with ``v`` and ``number`` of its effect."""
    rows = dynamodb.query(keys.case_pk(reference), keys.MAIL, consistent=consistent)
    return [_read(row) for row in rows]


def numbers(sk: str) -> tuple[int, int]:
    """``v`` and ``number`` of a mail's sort key."""
    v, _, number = sk.removeprefix(keys.MAIL).partition(".")
    return int(v), int(number or 0)


def listed(which: str, limit: int) -> list[LetterRow]:
    """The first mails that are in ``post`` or ``undelivered``, as ``page_of`` has them."""
    return page_of(which, limit)[0]


def page_of(
    which: str, limit: int, since: str = "", scope: Scope = EVERYWHERE, cursor: str = ""
) -> tuple[list[LetterRow], str]:
    """Mails of cases in somebody's counties that are in ``post`` (by lane and age) or ``undelivered``
    (the newest first), as whole rows, some ``limit`` of them; and the cursor of the next, "" at the end.
    """
    order = field(keys.BOARD.order).at_least(since) if since else None
    found: list[LetterRow] = []
    start = _start(which, cursor)
    while True:
        page = dynamodb.page(
            which, order, index=keys.BOARD, limit=limit - len(found), start=start,
            newest_first=which == UNDELIVERED,
        )  # fmt: skip
        found += _whole(page.rows, which, scope)
        start = page.next
        if start is None:
            return found, ""
        if len(found) >= limit:
            return found, cursor_of("|".join(str(start[name]) for name in ("pk", "sk", "gsi1sk")))


def _start(which: str, cursor: str) -> dict[str, object] | None:
    """Where a page begins; at the beginning for a cursor that we did not make."""
    place = place_of(cursor, _PLACE)
    if not place:
        return None
    return {**dict(zip(("pk", "sk", "gsi1sk"), place.split("|"), strict=True)), "gsi1pk": which}


def _whole(rows: Sequence[dict[str, object]], which: str, scope: Scope) -> Iterator[LetterRow]:
    """The rows behind these of the index, which knows only what a line of the console's list shows."""
    near = within(scope, (keys.reference_of(str(row["pk"])) for row in rows))
    for listed_row in rows:
        if keys.reference_of(str(listed_row["pk"])) in near:
            row = dynamodb.get(keys.key_of(listed_row), consistent=True)
            if row is not None and row.get("gsi1pk") == which:
                yield _read(row)
