"""What else is known of a site: other requests for it or by the same person, local programs near."""

from __future__ import annotations

import hashlib

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.domain.plain.values import frozen
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.workflow.storage import store

# The role of whoever asks for sites that are not their own.
AGENCY = "network_or_rr_staff"


@frozen
class Same:
    """An open request that may be the same. ``by``: license, email or phone; ``same_room``: for the
    same classroom too; ``same_site``: for the same program, None where nobody knows; ``at``: when it was
    noted, UTC seconds."""

    reference: str
    by: str
    same_room: bool
    same_site: bool | None
    at: int


def site_keys(request: Request) -> dict[str, str]:
    """Partitions under which requests for one site meet: by email address or phone number with the
    county, and by license number. Hashed: a key is no place for an address."""
    seen: dict[str, str] = {}
    if request.contact_email:
        seen["email"] = f"email|{request.contact_email.strip().casefold()}|{request.county}"
    if number := addresses.phone(request.contact_phone or ""):
        seen["phone"] = f"phone|{number.national}|{request.county}"
    if request.license_number:
        seen["license"] = f"license|{request.license_number}"
    return {by: f"SAME#{_hash(text, 32)}" for by, text in seen.items()}


def marks(request: Request) -> tuple[dict[str, str], str, str]:
    """By what requests for one site and classroom find each other."""
    return site_keys(request), _room(request), _site(request)


def note(request: Request, reference: str, at: int) -> None:
    """Let the next request for this site find this one. Written before the request is: a row that
    names no request is passed over. Raises TryAgain."""
    for key in site_keys(request).values():
        row = {"room": _room(request), "site": _site(request), "at": at}
        dynamodb.write(put(Key(key, reference), row))


def others(request: Request, reference: str) -> list[Same]:
    """Other requests for the same site, or by the same person in the county, newest first; open or
    not. An agency asks for many: of its requests only those for this very site."""
    found: dict[str, Same] = {}
    room, site = _room(request), _site(request)
    for by, key in site_keys(request).items():
        for row in dynamodb.query(key):
            other, theirs = str(row["sk"]), str(row.get("site", ""))
            if other == reference or other in found:
                continue
            same_site = True if by == "license" else theirs == site if theirs and site else None
            if request.requester_role == AGENCY and not same_site:
                continue
            found[other] = Same(
                other, by, row.get("room", room) == room, same_site, int(row.get("at", 0))
            )
    return sorted(found.values(), key=lambda one: (-one.at, one.reference))


def still_open(found: list[Same]) -> list[Same]:
    """Those that have not ended."""
    return [one for one in found if _is_open(one.reference)]


@frozen
class Known:
    """What other requests for a site tell. ``open``: references of those for the same classroom.
    ``previous``: the id of the consultant who held sessions at the site last, or empty."""

    open: list[str]
    previous: str


# How many earlier requests, the newest first, are looked at for who worked with the site.
LOOK_BACK = 10


def other_requests(request: Request, reference: str) -> Known:
    """Open requests that may be the same, and who worked with the site before."""
    found = others(request, reference)
    wanted = [one for n, one in enumerate(found) if one.same_room or n < LOOK_BACK]
    states = {one.reference: _state(one.reference) for one in wanted}
    there = [state for state in states.values() if state is not None]
    last = max(filter(_served, there), key=lambda state: state.closed or 0, default=None)
    same = {one.reference for one in wanted if one.same_room}
    return Known(
        open=sorted(state.reference for state in there if state.open and state.reference in same),
        previous=last.consultant if last else "",
    )


def _served(state: Referral) -> bool:
    """Whether it ended after a consultant had met them."""
    held = state.sessions.held if state.sessions else 0
    return not state.open and bool(state.consultant and held)


def _room(request: Request) -> str:
    return _hash((request.classroom or "").strip().casefold(), 12)


def _site(request: Request) -> str:
    """A mark of the program itself; "" where the answers do not tell it from others."""
    name = (request.site_name or "").strip().casefold()
    told = request.license_number or (f"{name}|{request.zip}" if name else "")
    return _hash(told, 12) if told else ""


def _hash(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _state(reference: str) -> Referral | None:
    try:
        return store.load(reference, Referral)
    except NotFound:
        return None


def _is_open(reference: str) -> bool:
    state = _state(reference)
    return state is not None and state.open
