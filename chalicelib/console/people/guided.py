"""Consultants whom somebody guides or supervises, given to somebody else when that one leaves."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.holdings import (
    CONSULTANT,
    STAFF,
    Gift,
    Holding,
    Thing,
    consultants,
    members_of_staff,
)
from chalicelib.directory.people import Person
from chalicelib.domain.roles import SUPERVISOR
from chalicelib.web.languages import N_


def _things(rows: list[Person]) -> list[Thing]:
    found = [
        (str(row.get("name") or row["id"]), str(row["id"])) for row in rows if row.get("active")
    ]
    return [Thing(key, name, f"/console/consultants/{key}/details") for name, key in sorted(found)]


def _trainees(who: str, at: int) -> list[Thing]:
    kind, _, guide = who.partition(":")
    mine = [row for row in people.consultants() if row.get("facilitator") == guide]
    return _things(mine) if kind == CONSULTANT else []


def _supervised(who: str, at: int) -> list[Thing]:
    kind, _, lead = who.partition(":")
    mine = [row for row in people.consultants() if row.get("supervisor") == lead]
    return _things(mine) if kind == STAFF else []


def _guides(who: str, thing: Thing) -> list[tuple[str, str]]:
    at = now()
    able = {f"{CONSULTANT}:{row['id']}" for row in people.consultants() if people.endorsed(row, at)}
    return [one for one in consultants(who) if one[0] in able - {f"{CONSULTANT}:{thing.key}"}]


def _leads(who: str, thing: Thing) -> list[tuple[str, str]]:
    leads = {f"{STAFF}:{row['id']}" for row in people.staff() if row.get("role") == SUPERVISOR}
    return [one for one in members_of_staff(who) if one[0] in leads]


def _give(field: str, gift: Gift) -> bool:
    if str(people.consultant_now(gift.key).get(field, "")) == gift.who.partition(":")[2]:
        people.set_fields(gift.key, {field: gift.to.partition(":")[2]})
    return True


GUIDED: Final = Holding(
    what=N_("Consultants in training whom they guide"),
    of=_trainees,
    takers=_guides,
    give=lambda gift: _give("facilitator", gift),
    fields=frozenset(
        {
            "directory.people:Person.facilitator",
            "referral.matching.match_request:Consultant.facilitator",
        }
    ),
)
SUPERVISED: Final = Holding(
    what=N_("Consultants whom they supervise"),
    of=_supervised,
    takers=_leads,
    give=lambda gift: _give("supervisor", gift),
    fields=frozenset({"directory.people:Person.supervisor"}),
)
