"""Once a day: whose agreement or credential ends soon is asked, once for each end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now as this_moment
from chalicelib.aws.writes import Key, field, put, update
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.ids import new_reference
from chalicelib.training.renewal import model, rule
from chalicelib.training.renewal.events import OPENED
from chalicelib.training.renewal.model import NAME, Renewal, RenewalChanges
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import StartRun
from chalicelib.workflow.storage import store

# The row that says which day was looked at.
_DAY: Final = Key("RENEWALS", "DAY")
WHAT: Final = (model.AGREEMENT, model.CREDENTIAL)


def each_minute(at: int) -> None:
    """Look whether a new day has begun. What fails is tried again in the next minute."""
    today = pacific_date(at).isoformat()
    row = dynamodb.get(_DAY)
    if row is not None and row.get("day") == today:
        return
    for who in people.consultants():
        look(who, at)
    dynamodb.write(put(_DAY, {"day": today}))


def look(who: Person, at: int) -> None:
    """Ask one consultant about what ends soon, or ended lately."""
    row: dict[str, object] = dict(who)
    for what in WHAT if who.get("active") else ():
        ends = row.get(f"{what}_until")
        soon = isinstance(ends, int) and rule.asked_from(ends, at) <= at
        late = isinstance(ends, int) and ends + rule.rule(at).after * rule.DAY <= at
        if isinstance(ends, int) and soon and not late and row.get(f"renewing_{what}_of") != ends:
            _ask(who, what, ends, at)


def _ask(who: Person, what: str, ends: int, at: int) -> None:
    key, reference = str(who["id"]), new_reference()
    row: dict[str, object] = dict(who)
    counties = [str(one) for one in who.get("counties", ())]
    changes = RenewalChanges(
        consultant=key,
        what=what,
        ends=ends,
        county=counties[0] if counties else "",
        language=str(who.get("letters_language") or "en"),
        submitted=at,
    )
    if what == model.CREDENTIAL:
        changes["credential"] = str(row.get("credential", ""))
    entry = Entry(
        event=OPENED,
        at=at,
        actor="system",
        command=f"renewal:{key}:{what}:{ends}",
        changes=changes,
        effects=[StartRun(machine=NAME, stage=NAME, generation=1)],
    )
    mark = {f"renewing_{what}_of": ends, f"renewing_{what}": reference}
    fresh = field(f"renewing_{what}_of").absent() | field(f"renewing_{what}_of").differs(ends)
    once = update(Key(people.CONSULTANTS, key)).set(mark).only_if(fresh)
    try:
        store.create(Renewal(reference=reference), entry, [once])
    except store.Refused:
        return  # asked at the same moment


def cases_of(consultant: str, now: int) -> list[str]:
    """The renewals that a consultant was asked about last, for the list of all that they are asked."""
    row: dict[str, object] = dict(people.consultant(consultant))
    return [str(row[name]) for what in WHAT if row.get(name := f"renewing_{what}")]


def panel(who: str, row: Person, at: int) -> dict[str, object]:
    """What has ended, and what ends soon: what, when, and whether it has."""
    return {"ends": list(ending(row, at))}


def ending(row: Person, at: int) -> Iterator[tuple[str, int, bool]]:
    """Of a consultant's agreement and credentials, what ends soon or has ended: what, when, and which."""
    known: dict[str, object] = dict(row)
    for what in WHAT:
        ends = known.get(f"{what}_until")
        if isinstance(ends, int) and rule.asked_from(ends, at) <= at:
            yield what, ends - 1, ends <= at


def all_ending() -> list[tuple[Person, list[tuple[str, int, bool]]]]:
    """Everybody whose agreement or credential ends soon or has ended, the first to end first."""
    at = this_moment()
    found = [(who, list(ending(who, at))) for who in people.consultants() if who.get("active")]
    return sorted((one for one in found if one[1]), key=lambda one: one[1][0][1])
