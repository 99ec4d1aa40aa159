"""Signing up and saying "I cannot come": each is one transaction over the sign-up and the count of the
meeting, so that no more come than there are places."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, TypedDict, Unpack

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Update, Write, field, update
from chalicelib.domain.errors import TryAgain
from chalicelib.meetings import met, rows
from chalicelib.meetings.model import COMING, NOT_COMING, Meeting, SignUp
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import keys

Answer = Literal["signed_up", "before", "full", "closed"]
TRIES: Final = 8
FULL: Final = N_("All places are taken. Nobody was signed up.")
CLOSED: Final = N_("This meeting is over, or it was canceled. Nobody was signed up.")


class Known(TypedDict, total=False):
    """What may be known of somebody who signs up; see ``SignUp``."""

    name: str
    phone: str
    lang: str
    contact: str


def guest(
    meeting: Meeting,
    at: int,
    by: str,
    *,
    email: str = "",
    key: str = "",
    **more: Unpack[Known],
) -> SignUp:
    """Somebody who is to be signed up. An e-mail names them; whoever has none gets a ``key`` of their own."""
    key = key or (rows.key_for(meeting.id, email) if email else rows.new_id())
    return SignUp(key=key, meeting=meeting.id, at=at, by=by, email=email.strip(), **more)


def sign_up(who: SignUp, at: int, *also: Write) -> Answer:
    """Sign somebody up, once. ``before``: they are already, and nothing changes. Where ``who`` has been told,
    no letter says so. ``also`` is written with it. Raises NotFound, TryAgain."""
    for _ in range(TRIES):
        meeting = rows.load(who.meeting)
        found = rows.guest(meeting.id, who.key)
        if not meeting.open_at(at):
            return "closed"
        if found is not None and found.coming:
            return "before"
        if meeting.full:
            return "full"
        # Who comes after all keeps what was written to them, so that no letter comes twice.
        new = replace(found, status=COMING, ended=None, lang=who.lang) if found else who
        if not new.email:
            # Whoever has no email talked with us: they know when it is.
            new = replace(new, called=meeting.sequence, told_at=meeting.at, reminded="")
        if found and who.told is not None:
            new = replace(new, told=who.told, told_at=who.told_at, contact=who.contact)
        row = rows.guest_row(new).only_if(
            field("status").equals(NOT_COMING) if found else field("pk").absent()
        )
        if _done(row, _place_taken(meeting, at), *met.written(meeting, new, at), *also):
            return "signed_up"
    raise TryAgain("a meeting that many sign up for")


def write_again(who: SignUp) -> None:
    """Owe somebody who is signed up their first letter once more, because they ask for it."""
    row = update(rows.guest_key(who.meeting, who.key)).remove("told")
    dynamodb.write(row.only_if(field("status").equals(COMING)))


def decline(meeting: Meeting, who: SignUp, at: int, *also: Write, quietly: bool = False) -> bool:
    """Take somebody off, and give their place back, once; False when they were off already. ``quietly``:
    no letter confirms it, as where a stranger typed their address."""
    return _done(*declining(meeting, who, at, quietly=quietly), *also)


def declining(meeting: Meeting, who: SignUp, at: int, *, quietly: bool = False) -> list[Write]:
    """The writes that take somebody off and give their place back: they refuse where they are off already."""
    gone = update(rows.guest_key(meeting.id, who.key)).set(status=NOT_COMING, ended=at)
    gone = gone.remove("told") if quietly else gone
    back = woken(meeting, at).add("taken", -1).only_if(field("taken").more_than(0))
    known = met.erased(meeting, who, at) if quietly else []
    return [gone.only_if(field("status").equals(COMING)), back, *known]


def _place_taken(meeting: Meeting, at: int) -> Update:
    free = field("capacity").absent() | field("taken").below("capacity")
    return (
        woken(meeting, at)
        .add("taken", 1)
        .only_if(field("status").differs("cancelled"), field("ends").more_than(at), free)
    )


def woken(meeting: Meeting, at: int) -> Update:
    """The clock looks at the meeting soon: what whoever pressed did not get by then, it sends."""
    row = update(rows.key(meeting.id)).set(wpk=keys.WAKE_PARTITION, wake_at=at)
    return row.add("presses", 1)


def _done(*members: Write) -> bool:
    try:
        dynamodb.transact(members)
    except ConditionFailed:
        return False
    return True
