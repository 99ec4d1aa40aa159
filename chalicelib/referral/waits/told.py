"""What whoever waits for a consultant is told: how long it usually takes, and how many are before them.

Where too little is known, that is what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from chalicelib.domain import calendar
from chalicelib.domain.places import region_of
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import waitlist_rows
from chalicelib.referral.waits import kept
from chalicelib.referral.waits.estimate import CALIFORNIA, TIERS, Usual
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry

STATUSES: Final = ("tier_assigned", "match_proposed", "waitlisted")

REGION: Final = N_(
    "In the last three months it took others in your region %(low)s to %(high)s working days, and some of them longer."
)
REGION_ABOUT: Final = N_(
    "In the last three months it took others in your region about %(high)s working days, and some of them longer."
)
STATE: Final = N_(
    "In the last three months it took others in California %(low)s to %(high)s working days, and some of them longer."
)
STATE_ABOUT: Final = N_(
    "In the last three months it took others in California about %(high)s working days, and some of them longer."
)
ONE_DAY: Final = N_(
    "In the last three months it took others one working day, and some of them longer."
)
UNKNOWN: Final = N_(
    "Too few requests found a consultant in the last three months, so we cannot say how long it will take."
)
LONGER: Final = N_(
    "You have waited longer than that, and we are sorry. If you cannot wait, please call the helpline."
)
NOBODY: Final = N_("No request from your region is before yours.")
ONE: Final = N_("One request from your region is before yours.")
MANY: Final = N_("%(n)s requests from your region are before yours.")
URGENT: Final = N_("A request that is more urgent goes first.")


class Said(NamedTuple):
    """A sentence (a msgid) and its numbers."""

    words: str
    values: dict[str, int]


def told(state: Referral, entries: Sequence[Entry], at: int) -> list[Said]:
    """The sentences; none for who waits for something else."""
    if not state.open or state.pause or state.status not in STATUSES or state.tier not in TIERS:
        return []
    usual = kept.usual(state.tier, state.county)
    return [*_how_long(usual, _waited(entries, at)), *_line(state)]


def _how_long(usual: Usual | None, waited: int) -> list[Said]:
    if usual is None:
        return [Said(UNKNOWN, {})]
    here = usual.area != CALIFORNIA
    words = (REGION if here else STATE) if usual.low < usual.high else _about(usual, here)
    found = [Said(words, {"low": usual.low, "high": usual.high})]
    return [*found, Said(LONGER, {})] if waited > usual.high else found


def _about(usual: Usual, here: bool) -> str:
    if usual.high == 1:
        return ONE_DAY
    return REGION_ABOUT if here else STATE_ABOUT


def _waited(entries: Sequence[Entry], at: int) -> int:
    """Whole business days since the decision about the support, without the time on hold."""
    since, stood = kept.begun(entries)
    worked = kept.worked_since(since, at - stood) if since else 0
    return worked // (calendar.DAY_HOURS * calendar.HOUR)


def _line(state: Referral) -> list[Said]:
    """Who of the region is before; the line of all California goes by urgency, then by the day."""
    if state.status != "waitlisted":
        return []
    region = region_of(state.county)
    ahead = waitlist_rows.line(before=state)
    n = sum(region_of(row.county) == region for row in ahead)
    first = Said(NOBODY if n == 0 else ONE if n == 1 else MANY, {"n": n})
    return [first, Said(URGENT, {})]
