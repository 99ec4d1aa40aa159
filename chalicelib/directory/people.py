"""The people of the Network: consultants and staff, and the capacity that consultants hold.

A consultant's load is the set of references in ``held``: a set cannot be counted twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TypedDict, cast

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, Write, field, update
from chalicelib.directory import places
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.domain.roles import SUPERVISOR, Scope


class Person(TypedDict, total=False):
    """A row of the directory, as far as everybody reads it: who may be asked, and where."""

    id: str
    name: str
    email: str
    email_bad: str
    phone: str
    texts: str  # the number (E.164) to which a consultant wants text messages
    letters_language: str
    languages: list[str]
    counties: list[str] | str
    active: bool
    on_leave_from: int
    on_leave_until: int
    paused_offers: bool  # they want no new offer, until an instant or until they say so
    paused_until: int
    role: str  # of a member of staff
    supervisor: str  # of a consultant: the member of staff
    endorsement: str  # as a facilitator, with its end
    endorsed_until: int
    last_offered_at: int
    held: list[str]  # the referrals that have a consultant's places
    cap: int
    load: int
    offers: int  # that were made to them, and what came of them but a yes
    declines: int
    silences: int
    facilitator: str  # who guides them: a consultant's id
    trainee: bool
    practicum: str  # the case of a trainee's practicum
    practicum_rests: (
        bool  # no home is offered: the trainee is away from the training, or it is over
    )


CONSULTANTS = "CONSULTANTS"
STAFF = "STAFF"
_FRESH = 30.0
_MANY = 100
_seen: dict[str, tuple[float, list[Person]]] = {}
_met: dict[Key, tuple[float, Person]] = {}
_open: dict[tuple[str, str], tuple[float, int]] = {}


def _all(pk: str, *, fresh: bool) -> list[Person]:
    at, rows = _seen.get(pk, (0.0, []))
    if fresh or not rows or time.monotonic() - at > _FRESH:
        rows = [cast(Person, {**row, "id": row["sk"]}) for row in dynamodb.query(pk)]
        _seen[pk] = (time.monotonic(), rows)
    return rows


def consultants() -> list[Person]:
    """Every consultant with today's ``load``, as the matching rules read them."""
    rows = _all(CONSULTANTS, fresh=True)
    return [{**row, "load": len(row.get("held", []))} for row in rows]


def consultant(key: str) -> Person:
    """Name, address and language of a consultant (at most 30 s old); empty when unknown.

    One row is read by its key: the whole directory costs a hundred times as much. That somebody is unknown is
    not kept: they may have become a consultant since, and wait for the code to their first offer.
    """
    at, rows = _seen.get(CONSULTANTS, (0.0, []))
    listed = rows if time.monotonic() - at <= _FRESH else []
    if row := next((r for r in listed if key and r["id"] == key), None):
        return row
    wanted = Key(CONSULTANTS, key)
    at, row = _met.get(wanted, (-_FRESH, Person()))
    if key and not (row and time.monotonic() - at <= _FRESH):
        found = dynamodb.get(wanted)
        row = cast(Person, {**found, "id": key}) if found else Person()
        _met[wanted] = (time.monotonic(), row)
    return row


def wants_texts(key: str) -> bool:
    """Whether a consultant wants text messages. What is read for it is not kept: a command that changes their
    row may be on its way."""
    row = dynamodb.get(Key(CONSULTANTS, key)) if key else None
    return bool(row and row.get("texts"))


def consultant_now(key: str) -> Person:
    """A consultant's whole row as it stands this moment; empty when unknown."""
    row = dynamodb.get(Key(CONSULTANTS, key), consistent=True)
    return cast(Person, {**row, "id": key}) if row else Person()


def staff() -> list[Person]:
    """Every member of staff (at most 30 s old)."""
    return _all(STAFF, fresh=False)


def staff_member(key: str) -> Person:
    """A member of staff by id (at most 30 s old); empty when unknown, which is not kept: who was added just now
    waits for a code, too."""
    return next((r for r in staff() if r["id"] == key), None) or (
        staff_now(key) if key else Person()
    )


def staff_now(key: str) -> Person:
    """A member of staff as their row stands this moment; empty when unknown."""
    row = dynamodb.get(Key(STAFF, key), consistent=True)
    return cast(Person, {**row, "id": key}) if row else Person()


def is_active(key: str) -> bool:
    """Whether a member of staff still is one, by half a read unit."""
    row = dynamodb.get(Key(STAFF, key))
    return row is not None and row.get("active") is True


def in_training(key: str) -> bool:
    """Whether a consultant is a trainee in their practicum (at most 30 s old)."""
    return bool(consultant(key).get("trainee"))


def guide_of(key: str) -> str:
    """The name of who guides a consultant in training; empty for everybody else."""
    row = consultant(key)
    return name_of(f"consultant:{row.get('facilitator', '')}") if row.get("trainee") else ""


def counties_of(consultant_id: str) -> list[str]:
    """The counties that a consultant serves. Raises NotFound."""
    row = consultant_now(consultant_id)
    if not row:
        raise NotFound(consultant_id)
    return [str(one) for one in row.get("counties", [])]


def name_of(actor: str) -> str:
    """The name behind ``consultant:id``, ``staff:id`` or another role of staff with an id: the id where
    nobody is known by it, empty without one."""
    role, _, who = actor.partition(":")
    if ":" in who:  # a role that consultants and staff may both have
        role, _, who = who.partition(":")
    if not who:
        return ""
    row = consultant(who) if role == "consultant" else staff_member(who)
    return str(row.get("name") or who)


def name_of_either(who: str) -> str:
    """The name of a member of staff or a consultant by id; the id where nobody is known by it."""
    if row := next((one for one in staff() if one["id"] == who), None):
        return str(row.get("name") or who)
    # A consultant is kept; who is unknown among staff would be read again for each sentence of a page.
    name = name_of(f"consultant:{who}")
    return name if name != who else name_of(f"staff:{who}")


def scope_of(row: Person) -> Scope:
    """The counties that a member of staff works for; a row without any gives none."""
    return Scope.of(row.get("counties"))


def serves(row: Person, county: str) -> bool:
    """Whether a member of staff works for a county."""
    return scope_of(row).covers(county)


def is_here(row: Person, at: int) -> bool:
    """Whether a member of staff is active, and on no leave."""
    away = row.get("on_leave_from", at) <= at < row.get("on_leave_until", 0)
    return row.get("active", True) and not away


def in_charge(role: str, county: str) -> str:
    """The id of who does ``role`` for a county: of those who are here and whose counties have it, whoever
    has the fewest open tasks of the role; "" where nobody has it. Where none has the county, one of all.
    """
    known = [row for row in staff() if row.get("role") == role and row.get("active", True)]
    here = [row for row in known if is_here(row, now())] or known
    fit = [row for row in here if serves(row, county)] or here
    able = sorted(str(row["id"]) for row in fit)
    if len(able) < 2:  # the first look at a task is not paid for where there is no choice
        return able[0] if able else ""
    chosen = min(able, key=lambda who: open_tasks(role, who))
    at, count = _open[role, chosen]
    _open[role, chosen] = (at, count + 1)  # theirs already, though the index does not have it yet
    return chosen


def in_charge_of(role: str, county: str, consultant_id: str) -> str:
    """The id of who does ``role`` for a case that a consultant works on: their own supervisor, if one is asked
    for and is here; else who is in charge of the county."""
    own = str(consultant(consultant_id).get("supervisor") or "") if role == SUPERVISOR else ""
    lead = staff_member(own) if own else Person()
    if lead.get("role") == role and is_here(lead, now()):
        return own
    return in_charge(role, county)


def still(who: str, role: str, county: str) -> str:
    """Who does what ``who`` did for a case: they, unless they are not here; then who is in charge."""
    return who if who and is_here(staff_member(who), now()) else in_charge(role, county)


def open_tasks(role: str, who: str) -> int:
    """How many open tasks of a role a member of staff has, up to a hundred (at most 30 s old)."""
    at, count = _open.get((role, who), (-_FRESH, 0))
    if time.monotonic() - at > _FRESH:
        theirs = field(dynamodb.QUEUE.order).begins_with(f"{who}#")
        found = dynamodb.page(role, theirs, index=dynamodb.QUEUE, limit=_MANY)
        at, count = time.monotonic(), len(found.rows)
        _open[role, who] = (at, count)
    return count


def reserve_place(consultant_id: str, reference: str, now: int, *, offer: bool = False) -> Write:
    """Give a referral one of a consultant's places; refuses where none is free. An ``offer`` is counted."""
    place = places.reserve(Key(CONSULTANTS, consultant_id), reference, field("active").equals(True))
    return (
        place.set(last_offered_at=now).add("offers", 1) if offer else place.set(last_offered_at=now)
    )


def release_place(consultant_id: str, reference: str, *, no: str = "") -> Write:
    """Return the place; refuses a second time. ``no``: what kind of no is counted, declines or silences;
    without one it was a consultation, whose hours still count in the month."""
    place = places.release(Key(CONSULTANTS, consultant_id), reference)
    if no:
        return place.add(no, 1)
    this, other = _left_in(now())
    return place.add(this, {reference}).remove(other)


def _left_in(at: int) -> tuple[str, str]:
    """Where a row keeps what was theirs in this month, and where in the one before, which is over."""
    odd = pacific_date(at).month % 2
    return f"left_{odd}", f"left_{1 - odd}"


def left_lately(row: Person, at: int) -> list[str]:
    """The referrals that a consultant gave away or finished in this month, and perhaps some of earlier ones."""
    return sorted(cast("Mapping[str, list[str]]", row).get(_left_in(at)[0], ()))


def pause_offers(consultant_id: str, paused: bool, until: int | None = None) -> None:
    """Let a consultant get no new offers, until an instant or until they say so; or get them again. Open
    ones stay. Idempotent.

    Raises NotFound for an unknown id and TryAgain.
    """
    rest = {"paused_offers": True if paused else None, "paused_until": until if paused else None}
    set_fields(consultant_id, rest)


def rests(row: Person, at: int) -> bool:
    """Whether a consultant wants no new offers now."""
    return bool(row.get("paused_offers")) and at < row.get("paused_until", at + 1)


def endorsed(row: Person, at: int) -> bool:
    """Whether somebody was an endorsed facilitator at an instant, as far as the directory says."""
    return bool(row.get("endorsement")) and at < row.get("endorsed_until", 0)


def set_fields(consultant_id: str, fields: Mapping[str, object]) -> None:
    """Set fields of a consultant's row; None removes one. Capacity (``held``) is no such field.

    Raises NotFound for an unknown id and TryAgain.
    """
    if "held" in fields or not fields:
        raise ValueError("capacity changes with its referral only")
    changed = update(Key(CONSULTANTS, consultant_id)).set_or_remove(fields)
    if not dynamodb.write(changed.only_if(field("pk").exists())):
        raise NotFound(consultant_id)
    forget()


def flag_email(to: str, email: str) -> Write:
    """Mark a person's address as not working; refuses a second time.

    ``to`` is ``consultant:id`` or ``staff:id``.
    """
    fresh = field("email_bad").absent() | field("email_bad").differs(email)
    return update(_key(to)).set(email_bad=email).only_if(field("email").equals(email), fresh)


def mend_email(to: str, email: str, bad: str) -> Write:
    """Give a person another address in place of ``bad``; refuses where it is not marked as such."""
    mended = update(_key(to)).set(email=email).remove("email_bad")
    return mended.only_if(field("email_bad").equals(bad))


def _key(to: str) -> Key:
    role, _, who = to.partition(":")
    return Key(CONSULTANTS if role == "consultant" else STAFF, who)


def forget() -> None:
    """Read everybody anew at the next look."""
    _seen.clear()
    _met.clear()
    _open.clear()
