"""The hours of a practicum: the sessions of its consultations, which count by themselves, and what the trainee
logged besides; each with whether the provider has confirmed it. Read from the logs, kept nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from chalicelib import rooms
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import PACIFIC, pacific_date
from chalicelib.training.practicum.events import HOURS_ANSWERED
from chalicelib.training.practicum.model import Practicum, told_in
from chalicelib.training.practicum.opening import of_trainee
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.storage import store

WAITING, CONFIRMED, DISPUTED, STRUCK = "waiting", "confirmed", "disputed", "struck"
STANDS: Final = {
    WAITING: N_("Waits for the provider to confirm it"),
    CONFIRMED: N_("Confirmed"),
    DISPUTED: N_("The provider says that it is not right"),
    STRUCK: N_("Does not count"),
}


BESIDES: Final = N_("Your practicum, besides the sessions")


@dataclass(frozen=True, slots=True)
class Hours:
    """Time with a home. ``id`` is a session's, or the version of the entry in which it was logged; ``day`` is
    ISO, Pacific; ``changed``: it stands in for an entry that was wrong."""

    id: str
    home: str
    day: str
    minutes: int
    way: str
    session: bool = False
    changed: bool = False
    stands: str = WAITING

    @property
    def moment(self) -> int:
        """Noon of its day, for showing the day as people say it."""
        return int(datetime.combine(date.fromisoformat(self.day), time(12), PACIFIC).timestamp())

    @property
    def counts(self) -> bool:
        """Whether it is among the hours, confirmed or not."""
        return self.stands != STRUCK


@dataclass(frozen=True)
class Tally:
    """All hours, the oldest day first."""

    lines: Sequence[Hours]

    def minutes(self, *stands: str) -> int:
        """The minutes of those that stand so."""
        return sum(one.minutes for one in self.lines if one.stands in stands)

    @property
    def confirmed(self) -> int:
        """Minutes that count."""
        return self.minutes(CONFIRMED)

    @property
    def waiting(self) -> int:
        """Minutes that nobody has confirmed yet."""
        return self.minutes(WAITING, DISPUTED)

    def of(self, ids: Iterable[str]) -> list[Hours]:
        """The hours of these ids that there are still."""
        wanted = frozenset(ids)
        return [one for one in self.lines if one.id in wanted]

    def to_confirm(self, home: str) -> list[str]:
        """The hours of a home that wait for its provider."""
        return [one.id for one in self.lines if one.home == home and one.stands == WAITING]


def tally(state: Practicum) -> Tally:
    """The hours as the logs tell them now."""
    log = valid(store.log(state))
    lines = [*_logged(log), *(one for home in state.homes for one in _sessions(home, state))]
    known = {one.id: one for one in lines}
    for entry in log:
        _answered(known, entry)
    return Tally(sorted(known.values(), key=lambda one: (one.day, one.id)))


def _logged(log: Iterable[Entry]) -> list[Hours]:
    return [
        Hours(
            str(entry.version),
            told["home"],
            told["day"],
            told["minutes"],
            told["way"],
            changed="corrects" in entry.payload,
        )
        for entry in log
        if (told := told_in(entry).get("hours"))
    ]


def _sessions(home: str, state: Practicum) -> list[Hours]:
    found: list[tuple[int, str, int, str]] = registry.load(rooms.SESSIONS_OF)(
        home, state.consultant
    )
    return [
        Hours(f"{home}:{version}", home, day, minutes, way, session=True)
        for version, day, minutes, way in found
    ]


def _answered(known: dict[str, Hours], entry: Entry) -> None:
    """What the provider, or the facilitator, said of hours."""
    told = told_in(entry)
    if entry.event == HOURS_ANSWERED:
        for stands, ids in (
            (CONFIRMED, told.get("confirmed", [])),
            (DISPUTED, told.get("disputed", [])),
        ):
            for one in ids:
                if one in known:
                    known[one] = replace(known[one], stands=stands)
    for one in told.get("settled", []):
        if one in known:
            minutes = told.get("minutes", known[one].minutes)
            stands = CONFIRMED if minutes else STRUCK
            known[one] = replace(known[one], stands=stands, minutes=minutes or known[one].minutes)


def minutes_of(trainee: str) -> tuple[int, int]:
    """Minutes of practicum of a trainee that were confirmed, and those that wait for it."""
    state = of_trainee(trainee)
    found = tally(state) if state is not None else Tally(())
    return found.confirmed, found.waiting


def besides(who: str, row: Person, first: int, last: int) -> tuple[str, int]:
    """The minutes that somebody in training logged besides the sessions, on the days between two instants."""
    key = str(row.get("practicum", ""))
    if not key:
        return BESIDES, 0
    since, until = (pacific_date(one).isoformat() for one in (first, last))
    lines = tally(store.load(key, Practicum)).lines
    mine = [one for one in lines if not one.session and one.counts and since <= one.day <= until]
    return BESIDES, sum(one.minutes for one in mine)
