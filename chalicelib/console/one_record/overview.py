"""Who may be whom, of all records, and how many people and sites were met in a year."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.console.one_record.decide import REASONS
from chalicelib.console.one_record.pages import TITLES
from chalicelib.console.one_record.told import REQUEST, title
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.roles import Scope
from chalicelib.web.languages import translator
from chalicelib.web.pages import current
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.lists.alike import Proposal, proposals
from chalicelib.workflow.lists.records import CASE, KINDS, PATHS, PERSON, Records, records
from chalicelib.workflow.lists.unduplicated import ALL, Count, counted
from chalicelib.workflow.storage import indexes, keys

MOST: Final = 25


def show_overview() -> Response:
    """The likeliest proposals of one's own counties, and the counts of a year."""
    found, scope, this = records(), current_staff().scope, pacific_date(now()).year
    asked = (current().query.get("year") or [""])[0]
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this
    counts = counted(found, _sent(), year, scope)
    return show(
        "console/records.html",
        proposed={kind: _proposed(found, kind, scope) for kind in KINDS},
        year=year,
        years=[this, this - 1],
        counts=[(name, counts[key]) for key, name in _services() if key in counts],
        total=counts.get(ALL, Count()),
    )


def _services() -> list[tuple[str, str]]:
    """The services as their lines name them, and what they are called (a msgid)."""
    return [(CASE if key == REQUEST else key, name) for key, name in vocabulary.SERVICES.items()]


def _proposed(found: Records, kind: str, scope: Scope) -> list[tuple[str, str, str, list[str]]]:
    """Page and name of one, name of the other, and the reasons (msgids)."""
    _ = translator(current().lang)
    made: list[tuple[str, str, str, list[str]]] = []
    for proposal in proposals(found, kind):
        both = [_name(found, proposal, one, scope, _(TITLES[kind])) for one in _ids(proposal)]
        if all(both) and len(made) < MOST:
            reasons = [REASONS[reason] for reason in proposal.reasons]
            made.append((f"{PATHS[kind]}/{proposal.one}", both[0], both[1], reasons))
    return made


def _ids(proposal: Proposal) -> tuple[str, str]:
    return proposal.one, proposal.other


def _name(found: Records, proposal: Proposal, one: str, scope: Scope, nameless: str) -> str:
    """What a record is called; "" where it lies in other counties."""
    lines = [line for line in found.record(proposal.kind, one) if scope.covers(line.county)]
    return title(nameless, lines, proposal.kind == PERSON) if lines else ""


def _sent() -> dict[str, int]:
    """When each request came in, by reference."""
    found: dict[str, int] = {}
    for which in ("open", "closed"):
        for row in dynamodb.each(indexes.partition(which), index=keys.BOARD):
            at, _, reference = str(row[keys.BOARD.order]).partition("#")
            found[reference] = int(at)
    return found
