"""All consultants, and those who fit what is chosen: by language, county, setting, and how they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.referral.matching.constraints import against_any
from chalicelib.referral.matching.consultants_page import leave_of
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.training.supervision import rows as supervision
from chalicelib.training.supervision.look import instant
from chalicelib.training.supervision.rule import CURRENT, DUE, LAPSED, STATES
from chalicelib.web.languages import N_
from chalicelib.web.pages import current
from chalicelib.web.staff_auth import current_staff, show

DAY: Final = 86_400
SOON: Final = 60 * DAY


@dataclass(frozen=True)
class Line:
    """One consultant: what keeps all offers from them now, their leave (first and last instant), and what came
    of the offers that were made to them."""

    who: Consultant
    against: Sequence[str]
    leave: tuple[int, int] | None
    offers: int
    declines: int
    silences: int
    demo: bool
    supervision: tuple[str, str] | None  # how it stands, and until when
    endorsed: int | None  # as a facilitator, until when

    @property
    def free(self) -> bool:
        """Whether they can take more now."""
        return not self.against

    def ends_soon(self, at: int) -> bool:
        """Whether their agreement is over, or will be within sixty days."""
        return self.who.active and (self.who.agreement_until or 0) < at + SOON

    def stands(self, state: str) -> bool:
        """Whether somebody who is active stands so with their supervision."""
        return self.who.active and self.supervision is not None and self.supervision[0] == state


# How somebody stands: the choice of the page -> its words, and whether a line is one.
STANDS: Final[dict[str, tuple[str, Callable[[Line, int], bool]]]] = {
    "free": (N_("Can take more"), lambda line, at: line.free),
    "full": (N_("Have no room"), lambda line, at: line.who.load >= line.who.cap),
    "away": (N_("On leave"), lambda line, at: line.leave is not None),
    "ends": (N_("Agreement ends within 60 days, or is over"), lambda line, at: line.ends_soon(at)),
    "trainee": (N_("In training"), lambda line, at: line.who.trainee),
    "current": (N_("Supervision is current"), lambda line, at: line.stands(CURRENT)),
    "due": (N_("Supervision is due"), lambda line, at: line.stands(DUE)),
    "lapsed": (N_("Supervision has lapsed"), lambda line, at: line.stands(LAPSED)),
    "facilitator": (N_("Endorsed as a facilitator"), lambda line, at: (line.endorsed or 0) > at),
    "roster": (N_("On the emergency list"), lambda line, at: line.who.emergency_roster),
    "left": (N_("Not active"), lambda line, at: not line.who.active),
}
# What else a list is narrowed to: the choice of the page -> its words, the field of the row, its labels.
FILTERS: Final = {
    "language": (N_("Language"), "languages", vocabulary.LANGUAGES),
    "county": (N_("County"), "counties", {k: one.name for k, one in vocabulary.COUNTIES.items()}),
    "setting": (N_("Setting"), "settings", vocabulary.SETTINGS),
}


def show_list() -> Response:
    """Those who are active by name, then the rest; narrowed by what the address says."""
    at, chosen = now(), _chosen()
    every = lines(at)
    found = [line for line in every if _fits(line, chosen, at)]
    return show(
        "console/consultants.html",
        lines=found,
        total=len(every),
        room=sum(line.free for line in every),
        chosen=chosen,
        filters={name: (words, labels) for name, (words, _field, labels) in FILTERS.items()},
        stands={name: words for name, (words, _test) in STANDS.items()},
        at=at,
        states=STATES,
        day=instant,
        facilitators={line.who.id: line.who.name or line.who.id for line in every},
    )


def lines(at: int) -> list[Line]:
    """Everybody whom the reader's counties have."""
    rows, scope, standings = people.consultants(), current_staff().scope, supervision.standings()
    read = [(row, Consultant.read(row)) for row in rows]
    near = [(row, who) for row, who in read if scope.covers(*who.counties)]
    near.sort(key=lambda pair: (not pair[1].active, pair[1].name, pair[1].id))
    return [
        Line(
            who, against_any(who, at), leave_of(who, at), row.get("offers", 0), row.get("declines", 0),
            row.get("silences", 0), bool(row.get("demo")), standings.get(who.id),
            row.get("endorsed_until") if row.get("endorsement") else None,
        )
        for row, who in near
    ]  # fmt: skip


def _chosen() -> dict[str, str]:
    """What the address chooses; what it does not know fits nobody."""
    asked = {name: (current().query.get(name) or [""])[0] for name in (*FILTERS, "stands")}
    return {name: value for name, value in asked.items() if value}


def _fits(line: Line, chosen: dict[str, str], at: int) -> bool:
    test = STANDS.get(chosen.get("stands", ""))
    if "stands" in chosen and (test is None or not test[1](line, at)):
        return False
    return all(
        value in getattr(line.who, FILTERS[name][1])
        for name, value in chosen.items()
        if name in FILTERS
    )
