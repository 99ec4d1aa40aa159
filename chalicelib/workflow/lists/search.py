"""Any case by what a caller says of it: person, program, city, email address, number of phone or license,
reference.

No index finds a part of a word or a misspelt one, so a process keeps one short line for each case and
looks through them all. It reads them once, and at each search what was written since. What is found is
shown as its state says it stands now: what is gone, or lies in other counties by now, is not shown.
"""

from __future__ import annotations

import re
import time
from array import array
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import field
from chalicelib.domain import addresses
from chalicelib.domain.ids import typeable
from chalicelib.domain.roles import Scope
from chalicelib.workflow.cases import Case
from chalicelib.workflow.lists.spelling import Vocabulary, folded, words_of
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.storage.indexes import FoundBy

# Cases of a page: their states are half a read unit each.
PAGE: Final = 8
# Seconds for which lines are kept before all are read anew, and for which an index, or the clock of
# whoever wrote, may be late.
KEPT, LATE = 6 * 3600.0, 600
MOST_WORDS = 8
# What a line has to do with a typed word, the better first: it has the word, one that begins so, a near
# one, lies in such a place, or has it inside of a word.
WHOLE, BEGINS, NEAR, PLACE, INSIDE = 9, 7, 6, 4, 2
_NUMBER: Final = re.compile(r"\+?[(\[]?\d[\d\s().\-/]{5,}\d")
_DIGITS: Final = re.compile("[0-9]+")
_LOOKALIKE: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True)
class Hit:
    """A case that fits, and what it was found by."""

    state: Case
    by: FoundBy


@dataclass(frozen=True)
class Hits:
    """A page of what fits best; ``total``: how many fit as well as any of them; ``more``: whether another page
    follows."""

    hits: list[Hit]
    total: int
    more: bool


class _Lines:
    """One line for each case, in the order in which they were read."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.vocabulary = Vocabulary()
        self.references: list[str] = []
        self.kept: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lines: list[str] = []
        self._places: list[str] = []
        self._same: dict[str, str] = {}
        self._having_word: dict[str, array[int]] = {}
        self._newest = 0

    def read(self) -> None:
        """Take in what was written since the last time."""
        order = field(keys.BOARD.order).at_least(f"{max(0, self._newest - LATE):011d}")
        for row in dynamodb.each(indexes.SEARCH, order, index=keys.BOARD):
            written, _, reference = str(row[keys.BOARD.order]).partition("#")
            self._newest = max(self._newest, int(written))
            self._take(reference, str(row.get("found_by", "")))

    def _take(self, reference: str, text: str) -> None:
        number = self._numbers.setdefault(reference, len(self.kept))
        if number == len(self.kept):
            self.references.append(reference)
            for of in (self.kept, self._lines, self._places):
                of.append("")
        elif self.kept[number] == text:
            return
        by = indexes.found_by(text)
        program, person, place = words_of(by.program), words_of(by.person), words_of(by.place)
        self.vocabulary.learn([*program, *person, *place])
        names = " ".join([*program, *person, "".join(program)])
        code = reference.replace("-", "").lower()
        for word in {*program, *person}:
            self._having_word.setdefault(word, array("L")).append(number)
        self.kept[number] = text
        numbers = f"{_digits(by.phone)} {_digits(by.license)}".strip()
        self._lines[number] = f" {names} {by.email.casefold()} {numbers} {code} "
        self._places[number] = self._same.setdefault(where := f" {' '.join(place)} ", where)

    def fitting(self, typed: str) -> list[int]:
        """The numbers of the lines that have the most of the typed words, the best first, the newest
        first among equals. A single letter says nothing by itself."""
        words, points = dict[int, int](), dict[int, int]()
        for word in wanted(typed):
            for number, worth in self._having(word).items():
                words[number] = words.get(number, 0) + (len(word) > 1)
                points[number] = points.get(number, 0) + worth
        most = max(1, *words.values()) if words else 1
        best = [number for number, count in words.items() if count == most]
        return sorted(best, key=lambda number: (-points[number], -number))

    def _having(self, word: str) -> dict[int, int]:
        """The lines that have something to do with a word: how much."""
        found = self._near(self.vocabulary.near(word), word)
        texts = {word, word.translate(_LOOKALIKE)} if _like_a_code(word) else {word}
        for text in texts:
            begins = f" {text}"
            sought = text if len(text) > 1 else begins
            for number in [n for n, line in enumerate(self._lines) if sought in line]:
                line = self._lines[number]
                worth = WHOLE if f"{begins} " in line else BEGINS if begins in line else INSIDE
                found[number] = max(worth, found.get(number, 0))
        return found

    def _near(self, near: list[str], word: str) -> dict[int, int]:
        """The lines that have a near word, or lie in such a place."""
        places = {at for at in self._same if any(f" {one}" in at for one in (word, *near))}
        found = {n: PLACE for n, at in enumerate(self._places) if at in places} if places else {}
        for one in near:
            text = f" {one} "
            of_it = self._having_word.get(one, ())
            found |= {number: NEAR for number in of_it if text in self._lines[number]}
        return found


def _like_a_code(word: str) -> bool:
    return not word.isalpha() and not word.isdigit() and word.isalnum()


def wanted(typed: str) -> list[str]:
    """The words to look for: a phone number and a reference are one each, however they are written."""
    typed = typeable(typed)
    if phone := addresses.phone(typed):
        return [phone.national]
    numbers = [_digits(found) for found in _NUMBER.findall(typed)]
    words = list[str]()
    for piece in folded(_NUMBER.sub(" ", typed)).split():
        if "@" in piece:
            words.append(piece.strip("<>,;"))
        elif any(map(str.isdigit, piece)):
            words.append("".join(words_of(piece)))
        else:
            words += words_of(piece)
    found = dict.fromkeys(word for word in [*numbers, *words] if word)
    return list(found)[:MOST_WORDS]


def _digits(phone: str) -> str:
    """The digits of a number as people say it in North America: without the 1 before it."""
    plain = "".join(_DIGITS.findall(phone))
    return plain[1:] if len(plain) > 10 and plain[0] == "1" else plain


_known: list[_Lines] = []


def search(typed: str, scope: Scope, page: int = 0) -> Hits:
    """A page of the cases in the counties of ``scope`` that fit best what was typed."""
    lines = _fresh()
    fitting = lines.fitting(typed)
    if scope.counties is not None:
        fitting = [n for n in fitting if scope.covers(indexes.found_by(lines.kept[n]).county)]
    shown = fitting[page * PAGE : (page + 1) * PAGE]
    states = {state.reference: state for state in store.states(lines.references[n] for n in shown)}
    there = [(states.get(lines.references[n]), lines.kept[n]) for n in shown]
    hits = [
        Hit(state, indexes.found_by(text))
        for state, text in there
        if state is not None and scope.covers(state.county)
    ]
    return Hits(hits, len(fitting), (page + 1) * PAGE < len(fitting))


def forget() -> None:
    """Read everything anew at the next search."""
    _known.clear()


def _fresh() -> _Lines:
    if not _known or time.monotonic() - _known[0].began > KEPT:
        _known[:] = [_Lines()]
    _known[0].read()
    return _known[0]
