"""Records that may be of the same person or site, proposed to staff with the reasons. Pure.

The reasons, the stronger first: the same license number, phone number or email address, and a name that is
alike in the same county. Nothing is proposed that staff joined, or said to be two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import jellyfish

from chalicelib.workflow.lists.records import PERSON, Line, Records
from chalicelib.workflow.lists.spelling import words_of

LICENSE, PHONE, EMAIL, NAME = "license", "phone", "email", "name"
WEIGHTS: Final = {LICENSE: 4, EMAIL: 3, PHONE: 3, NAME: 2}
# How near two names are (Jaro-Winkler), and how many records with one value are compared: a number that
# more have is a switchboard's.
NEAR: Final = 0.93
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that may be one, and why. The ids are those of one part of each."""

    kind: str
    one: str
    other: str
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        """What speaks for it, in all."""
        return sum(WEIGHTS[reason] for reason in self.reasons)


def proposals(found: Records, kind: str, only: str = "") -> list[Proposal]:
    """What may be one and is not, the likeliest first; ``only``: with the record of this id alone."""
    reasons: dict[tuple[str, str], set[str]] = defaultdict(set)
    wanted = found.root(only) if only else ""
    for reason, groups in _groups(found, kind).items():
        for group in groups:
            pairs = combinations(sorted(group), 2) if len(group) <= MOST else ()
            for pair in pairs:
                if not wanted or wanted in pair:
                    reasons[pair].add(reason)
    for pair in _alike(found, kind, wanted):
        reasons[pair].add(NAME)
    made = [
        Proposal(kind, one, other, tuple(name for name in WEIGHTS if name in why))
        for (one, other), why in reasons.items()
        if not _parted(found, one, other)
    ]
    return sorted(made, key=lambda one: (-one.weight, one.one, one.other))


def _groups(found: Records, kind: str) -> dict[str, list[set[str]]]:
    """The roots of records that share a value, by what the value is."""
    by: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, line in found.lines.items():
        if owner := found.owner(kind, key):
            values = {PHONE: line.phone, EMAIL: line.email}
            values |= {LICENSE: line.license} if kind != PERSON else {}
            for reason, value in values.items():
                if value:
                    by[reason, value].add(found.root(owner))
    groups: dict[str, list[set[str]]] = defaultdict(list)
    for (reason, _), roots in by.items():
        if len(roots) > 1:
            groups[reason].append(roots)
    return groups


def _alike(found: Records, kind: str, wanted: str) -> Iterator[tuple[str, str]]:
    """Roots of records of one county whose names are alike."""
    names: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for key, line in found.lines.items():
        owner, name = found.owner(kind, key), _name(line, kind)
        if owner and name:
            names[line.county][found.root(owner), name] = None
    for county in names.values():
        for (one, name), (other, theirs) in _pairs(county, wanted):
            if one != other and near(name, theirs):
                yield min(one, other), max(one, other)


Named = tuple[str, str]


def _pairs(county: Iterable[Named], wanted: str) -> Iterator[tuple[Named, Named]]:
    """Whose names are compared: those of which a word begins alike, or all with the one ``wanted``."""
    known = list(county)
    if wanted:
        mine = [one for one in known if one[0] == wanted]
        yield from ((one, other) for one in mine for other in known)
        return
    blocks: dict[str, list[Named]] = defaultdict(list)
    for one in known:
        for word in set(words_of(one[1])):
            blocks[word[:3]].append(one)
    for block in blocks.values():
        yield from combinations(block, 2)


def near(one: str, other: str) -> bool:
    """Whether two names may be one, spelled in another way or order."""
    mine, theirs = (" ".join(sorted(words_of(name))) for name in (one, other))
    return jellyfish.jaro_winkler_similarity(mine, theirs) >= NEAR


def _name(line: Line, kind: str) -> str:
    """A name that says enough: two words of a person."""
    name = line.person if kind == PERSON else line.program
    return name if len(words_of(name)) > 1 else ""


def _parted(found: Records, one: str, other: str) -> bool:
    theirs = found.decided.joined(other)
    return any(
        frozenset((a, b)) in found.decided.apart for a in found.decided.joined(one) for b in theirs
    )
