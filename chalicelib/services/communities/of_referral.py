"""The targeted support of a request: its provider is led to a seat, as a case beside the request.

The request names this room by a name in ``rooms.py``, and knows nothing of seats. Whoever has an open
seat already keeps it: it becomes part of the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now, scaled
from chalicelib.aws.writes import Key, Write, create
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.ids import new_reference
from chalicelib.services.communities import groups, one_seat
from chalicelib.services.communities.events import NEWS, OF_REQUEST
from chalicelib.services.communities.model import Seat, SeatChanges, SeatPayload
from chalicelib.services.communities.opening import open_seat
from chalicelib.workflow.cases import Case, Command, Contact, Entry
from chalicelib.workflow.effects import Effect, TellRoom
from chalicelib.workflow.storage import keys, store

# Somebody may begin, or leave, at the same moment.
TRIES: Final = 3
WEEK: Final = 7 * 86400


def begin(state: Case, version: int, told: TellRoom) -> None:
    """Lead the provider of a request to a seat, once for an entry of it, however often it is told."""
    once = Key(keys.case_pk(state.reference), f"SEAT#{version:06d}")
    command = f"of:{state.reference}:{version}"
    for _ in range(TRIES):
        if dynamodb.get(once, consistent=True) is not None:
            return
        theirs = one_seat.held(state.contact.email)
        try:
            if theirs:
                _join(theirs, state.reference, command, create(once, {"seat": theirs}))
            else:
                new = _seat(state, told)
                open_seat(new, command, now(), "system", [create(once, {"seat": new.reference})])
        except store.Refused:
            continue
    if dynamodb.get(once, consistent=True) is None:
        raise TryAgain("a seat that others open and end")


def waits_until(reference: str, at: int) -> int:
    """Until when the check-in of a request waits: for who has no seat yet it is looked at again in a week;
    who has one is asked when they have met for two weeks. 0 where it does not wait."""
    led = dynamodb.query(keys.case_pk(reference), "SEAT#", consistent=True)
    if not led:
        return 0
    seat = store.load(str(led[-1]["seat"]), Seat, consistent=True)
    if not seat.open or seat.referral != reference:
        return 0
    if not seat.seated:
        return scaled(at, at + WEEK)
    since = groups.seated_since(seat.group, seat.reference)
    until = scaled(since, since + 2 * WEEK)
    return until if until > at else 0


def seats_of(request: Case) -> list[str]:
    """The seats of a request's person: those that it led to, and the one that their address has now."""
    led = dynamodb.query(keys.case_pk(request.reference), "SEAT#", consistent=True)
    held = one_seat.held(request.contact.email)
    return list(dict.fromkeys([*(str(row["seat"]) for row in led), *([held] if held else [])]))


def tells(before: Seat, after: Seat) -> Sequence[Effect]:
    """What leaves with an entry of a seat: the request that it is part of hears where it stands."""
    if not before.referral or before.status == after.status:
        return ()
    return [TellRoom(room="seat_news", about={"status": after.status})]


def news(state: Case, version: int, told: TellRoom) -> None:
    """Write down on the request what became of its seat, once for an entry of the seat."""
    if not isinstance(state, Seat) or not state.referral:
        return
    command = f"seat:{state.reference}:{version}"

    def decide(request: Case) -> Command:
        payload = SeatPayload(verdict=str(told.about["status"]))
        entry = Entry(event=NEWS, at=now(), actor="system", command=command, payload=payload)
        return entry, ()

    store.change(state.referral, decide, press=command)


def _seat(state: Case, told: TellRoom) -> Seat:
    contact = state.contact
    return Seat(
        reference=new_reference(),
        contact=Contact(name=contact.name, email=contact.email, phone=contact.phone, by=contact.by),
        languages=[str(one) for one in told.about["languages"]],
        setting=str(told.about["setting"]),
        county=state.county,
        language=state.language,
        referral=state.reference,
    )


def _join(seat: str, request: str, command: str, once: Write) -> None:
    """The seat that they have is part of the request too, unless it has just ended."""

    def decide(state: Seat) -> Command | None:
        if not state.open:
            return None
        entry = Entry(
            event=OF_REQUEST,
            at=now(),
            actor="system",
            command=command,
            changes=SeatChanges(referral=request),
            payload=SeatPayload(referral=request),
        )
        return entry, [once]

    store.change(seat, decide, press=command)
