"""The record of a person and of a site: which contacts and cases are theirs.

A line is a contact of a service, or a case with what it is found by. Its person is known by the email
address, else by the phone number; its site by the license number, else by the program's name and county.
What staff decided joins and parts records beyond that (``directory/same_records.py``). As in the search, a
process keeps one short line of each, and reads at each look what was written since.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import field as row_field
from chalicelib.directory import contacts, same_records
from chalicelib.directory.same_records import Standing
from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.domain.roles import Scope
from chalicelib.workflow.lists.search import KEPT, LATE, Lines
from chalicelib.workflow.lists.spelling import words_of
from chalicelib.workflow.storage import indexes, keys

PERSON, SITE = "person", "site"
KINDS: Final = (PERSON, SITE)
PATHS: Final = {PERSON: "/console/people", SITE: "/console/sites"}
# So many people and sites of other services a search shows.
MET: Final = 8
# What is said to be the service of a case.
CASE: Final = "case"


@dataclass(frozen=True, slots=True)
class Line:
    """``key``: ``service#id``, or ``case#reference``; ``at``: UTC seconds, 0 for a case, whose state says."""

    key: str
    at: int
    county: str
    program: str = ""
    person: str = ""
    email: str = ""
    phone: str = ""
    license: str = ""
    given: bool = True

    @property
    def service(self) -> str:
        """Which service it is of; ``CASE`` for a case."""
        return self.key.partition("#")[0]

    @property
    def id(self) -> str:
        """What the service calls it."""
        return self.key.partition("#")[2]

    def known_by(self, kind: str) -> str:
        """By what its person or site is known; "" for neither."""
        if kind == PERSON:
            return (
                f"email|{self.email}" if self.email else f"phone|{self.phone}" if self.phone else ""
            )
        if self.license:
            return f"license|{self.license}"
        name = " ".join(words_of(self.program))
        return f"program|{name}|{self.county}" if name else ""


@dataclass
class _Lines:
    """All lines, by key and by the id of their person and site."""

    began: float = field(default_factory=time.monotonic)
    lines: dict[str, Line] = field(default_factory=dict)
    owners: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    of: dict[str, dict[str, dict[str, None]]] = field(
        default_factory=lambda: {kind: defaultdict(dict) for kind in KINDS}
    )
    index: Lines = field(default_factory=Lines)
    contacts_until: int = 0
    cases_until: int = 0

    def read(self) -> None:
        """Take in what was written since the last time."""
        for written in contacts.every(max(0, self.contacts_until - LATE)):
            self.contacts_until = max(self.contacts_until, written.at)
            one = written.contact
            self._take(written.key, _line(written.key, one) if one is not None else None)
            self.index.take(written.key, _text(one) if one is not None else "")
        order = row_field(keys.BOARD.order).at_least(f"{max(0, self.cases_until - LATE):011d}")
        for row in dynamodb.each(indexes.SEARCH, order, index=keys.BOARD):
            at, _, reference = str(row[keys.BOARD.order]).partition("#")
            self.cases_until = max(self.cases_until, int(at))
            by = indexes.found_by(str(row.get("found_by", "")))
            self._take(f"{CASE}#{reference}", _case(reference, by))

    def _take(self, key: str, line: Line | None) -> None:
        if self.lines.get(key) == line:
            return
        self.lines.pop(key, None)
        if line is not None:
            self.lines[key] = line
        for kind in KINDS:
            self.of[kind].get(self.owners[kind].pop(key, ""), {}).pop(key, None)
            known_by = line.known_by(kind) if line is not None else ""
            if known_by:
                owner = contacts.hashed(known_by)
                self.owners[kind][key] = owner
                self.of[kind][owner][key] = None


def _line(key: str, one: contacts.Contact) -> Line:
    return Line(
        key, one.at, one.county, one.program, one.person, one.email.strip().casefold(),
        _national(one.phone), _plain(one.license), one.given,
    )  # fmt: skip


def _case(reference: str, by: indexes.FoundBy) -> Line:
    return Line(
        f"{CASE}#{reference}", 0, by.county, by.program, by.person, by.email.strip().casefold(),
        _national(by.phone), _plain(by.license),
    )  # fmt: skip


def own_ids(reference: str, by: indexes.FoundBy) -> dict[str, str]:
    """The ids of a case's person and site by kind, without a look at any record."""
    line = _case(reference, by)
    known = {kind: line.known_by(kind) for kind in KINDS}
    return {kind: contacts.hashed(text) for kind, text in known.items() if text}


def _text(one: contacts.Contact) -> str:
    """A contact as the search reads what a case is found by."""
    by = indexes.FoundBy(
        one.county, one.program, one.person, one.city, one.email, one.phone, one.license
    )
    return indexes.as_text(by)


def _national(phone: str) -> str:
    number = addresses.phone(phone) if phone else None
    return number.national if number else ""


def _plain(license_number: str) -> str:
    return "".join(filter(str.isalnum, license_number)).casefold()


@dataclass
class Records:
    """All records at this moment, with what staff decided."""

    lines: dict[str, Line]
    owners: dict[str, dict[str, str]]
    of: dict[str, dict[str, dict[str, None]]]
    decided: Standing
    index: Lines

    def fitting(self, typed: str) -> list[Line]:
        """The contacts that fit best what was typed, the best first."""
        found = (self.index.references[number] for number in self.index.fitting(typed))
        return [self.lines[key] for key in found if key in self.lines]

    def met(self, typed: str, scope: Scope) -> list[tuple[str, str, str, str]]:
        """Who was met by another service and fits what was typed, the best first: kind and id of the record,
        and by what names."""
        seen: dict[tuple[str, str], tuple[str, str, str, str]] = {}
        for line in self.fitting(typed):
            if not scope.covers(line.county) or len(seen) == MET:
                continue
            kind = PERSON if self.owner(PERSON, line.key) else SITE
            if owner := self.owner(kind, line.key):
                one = self.root(owner)
                seen.setdefault((kind, one), (kind, one, line.person, line.program))
        return list(seen.values())

    def owner(self, kind: str, key: str) -> str:
        """The id of a line's person or site by itself; "" where nobody knows."""
        return self.decided.moved.get(f"{kind}|{key}") or self.owners[kind].get(key, "")

    def record(self, kind: str, one: str) -> list[Line]:
        """The lines of a record by the id of any part of it. Raises NotFound."""
        parts = self.decided.joined(one)
        moved = {
            key.partition("|")[2]: to
            for key, to in self.decided.moved.items()
            if key.startswith(f"{kind}|")
        }
        own = {key for part in parts for key in self.of[kind].get(part, {}) if key not in moved}
        own |= {key for key, to in moved.items() if to in parts}
        found = [self.lines[key] for key in sorted(own) if key in self.lines]
        if not found:
            raise NotFound(one)
        return found

    def ids(self, kind: str) -> Iterator[str]:
        """The ids of all parts of records that have a line."""
        moved = (to for key, to in self.decided.moved.items() if key.startswith(f"{kind}|"))
        yield from dict.fromkeys([*(one for one, own in self.of[kind].items() if own), *moved])

    def root(self, one: str) -> str:
        """One id for all parts of a record."""
        return min(self.decided.joined(one))


_known: list[_Lines] = []


def records(until: int | None = None, *, fresh: bool = True) -> Records:
    """All records, with what was written up to now, and decided up to now or ``until`` an instant; ``fresh`` as
    in ``same_records.decisions``."""
    if not _known or time.monotonic() - _known[0].began > KEPT:
        _known[:] = [_Lines()]
    lines = _known[0]
    lines.read()
    decided = same_records.standing(same_records.decisions(fresh=fresh), until)
    return Records(lines.lines, lines.owners, lines.of, decided, lines.index)


def forget() -> None:
    """Read everything anew at the next look."""
    _known.clear()


def counties_of_person(one: str) -> list[str]:
    """The counties of a person's lines. Raises NotFound."""
    return _counties(records().record(PERSON, one))


def counties_of_site(one: str) -> list[str]:
    """The counties of a site's lines. Raises NotFound."""
    return _counties(records().record(SITE, one))


def _counties(lines: Iterable[Line]) -> list[str]:
    return sorted({line.county for line in lines})
