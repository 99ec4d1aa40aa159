"""The pages of caseloads: a supervisor's consultants and how evenly the work lies, as counted once a day; and
the consultations of one consultant, as they stand now."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import midnight
from chalicelib.domain.errors import NotFound
from chalicelib.domain.roles import SUPERVISOR
from chalicelib.referral.delivery import extension
from chalicelib.referral.delivery.caseload import rows, rule
from chalicelib.referral.delivery.caseload.rule import Dosage, OfTier
from chalicelib.referral.model import Referral
from chalicelib.web.pages import current
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.lists import queue
from chalicelib.workflow.lists.queue import QueuedTask
from chalicelib.workflow.storage import store

# In the address: whoever has no supervisor of their own.
NOBODY: Final = "nobody"


class Line(NamedTuple):
    """A consultation in its sessions, and whether a supervisor is asked for more of them."""

    dosage: Dosage
    asked: bool


def show_caseloads() -> Response:
    """The consultants of the supervisor that the address names, the reader's own unless it does; by kind of
    support; and the whole roster."""
    me, said = current_staff(), dynamodb.get(rows.NOW)
    leads: Item = (said or {}).get("leads", {})
    lead = _chosen(leads)
    names = {str(row["id"]): str(row.get("name") or row["id"]) for row in people.staff()}
    return show(
        "delivery/caseloads.html",
        counted=said["at"] if said else None,
        lead=lead,
        leads=leads,
        names=names,
        lines=_consultants(lead) if lead is not None else [],
        approvals=_approvals(lead) if lead else [],
        mine=lead == me.id,
        tiers={tier: OfTier(**vars_of(one)) for tier, one in (said or {}).get("tiers", {}).items()},
        tier_names=vocabulary.TIERS,
        roster=(said or {}).get("roster"),
        since=_since(said),
        groups=rule.GROUPS,
        offer_groups=rule.OFFERS,
        sentences=rule.SENTENCES,
        nobody=NOBODY,
    )


def _since(said: Item | None) -> int:
    """The first day of which offers are counted, as an instant."""
    return midnight(date.fromisoformat(str(said["roster"]["since"]))) if said else 0


def vars_of(row: Item) -> dict[str, int]:
    """The numbers of a row."""
    return {name: int(value) for name, value in row.items()}


def _chosen(leads: Item) -> str | None:
    """Whose consultants are shown: an id, "" for those of nobody, None for no one's."""
    asked, me = (current().query.get("of") or [""])[0], current_staff()
    if asked == NOBODY:
        return ""
    if asked:
        return asked if asked in leads else None
    return me.id if me.role == SUPERVISOR else None


def _consultants(lead: str) -> list[Item]:
    """The active ones of the reader's counties, and those who still have work: what needs a look comes first."""
    scope = current_staff().scope
    listed = [{**row, "id": row["sk"]} for row in dynamodb.query(rows.partition(lead))]
    near = [
        row for row in listed if scope.covers(*row["counties"]) and (row["active"] or row["load"])
    ]
    return sorted(near, key=lambda row: (-len(row["quiet"]) - len(row["notes"]), row["name"]))


def _approvals(lead: str) -> list[QueuedTask]:
    """What a supervisor is asked to approve, as it stands now."""
    scope = current_staff().scope
    tasks = queue.held((SUPERVISOR,), lead, now())
    return [one for one in tasks if one.waiting.kind == extension.KIND and scope.covers(one.county)]


def show_consultant(consultant: str) -> Response:
    """What one consultant has in sessions, read this moment: at most as many rows as they have places."""
    row, at = people.consultant_now(consultant), now()
    if not row:
        raise NotFound(consultant)
    held = row.get("held", [])
    states = [one for one in store.states(held) if isinstance(one, Referral)]
    pairs = [(case, rule.dosage_of(case, at)) for case in states if case.works_on(consultant)]
    lines = [
        Line(one, bool(extension.open_question(case))) for case, one in pairs if one is not None
    ]
    lines.sort(
        key=lambda line: (not line.dosage.quiet, not line.dosage.note_due, line.dosage.reference)
    )
    return show(
        "delivery/caseload.html",
        id=consultant,
        name=row.get("name") or consultant,
        supervisor=people.name_of(f"staff:{row['supervisor']}") if row.get("supervisor") else "",
        lines=lines,
        others=len(held) - len(lines),
        load=len(held),
        cap=row.get("cap", 0),
        offers=row.get("offers", 0),
        declines=row.get("declines", 0),
        silences=row.get("silences", 0),
        at=at,
        tier_names=vocabulary.TIERS,
        sentences=rule.SENTENCES,
    )
