"""What else is known of a site: other open requests for it, and local programs in its county."""

from __future__ import annotations

import hashlib
from typing import Any

from chalicelib.aws import store
from chalicelib.referral.errors import NotFound
from chalicelib.referral.request import Request

Item = dict[str, Any]
AGENCIES = "AGENCIES"


def site_keys(request: Request) -> list[str]:
    """Partitions under which requests for the same site and classroom meet (E8): by license
    number, and by email address with county. Hashed: a key is no place for an address."""
    room = (request.classroom or "").strip().casefold()
    seen: list[str] = []
    if request.license_number:
        seen.append(f"license|{request.license_number}|{room}")
    if request.contact_email:
        seen.append(f"email|{request.contact_email.strip().casefold()}|{request.county}|{room}")
    return [f"SAME#{hashlib.sha256(text.encode()).hexdigest()[:32]}" for text in seen]


def note(request: Request, reference: str) -> list[Item]:
    """Transaction members that let the next request for this site find this one."""
    return [{"Put": {"Item": {"pk": key, "sk": reference}}} for key in site_keys(request)[:1]]


def open_requests(request: Request, reference: str) -> list[str]:
    """References of other open requests for the same site and classroom."""
    found = {row["sk"] for key in site_keys(request) for row in store.query(key)} - {reference}
    return sorted(ref for ref in found if _is_open(ref))


def _is_open(reference: str) -> bool:
    try:
        return store.load(reference).open
    except NotFound:
        return False


def local_program(county: str) -> bool:
    """True when the directory has an open local IECMHC program for a county (E7)."""
    return any(
        row.get("open") and county in row.get("counties", []) for row in store.query(AGENCIES)
    )
