"""Any case by what a caller says of it: person, program, city, email address, number of phone or license,
reference.

No index finds a part of a word or a misspelt one, so a process keeps one short line for each case. It
looks words up, and parts of words in one long text of all. It reads the lines once, and at each search what
was written since. What is found is shown as its state says it stands now: what is gone, or lies in other
counties by now, is not shown.
"""

from __future__ import annotations

import re
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import field
from chalicelib.domain import addresses
from chalicelib.domain.ids import typeable
from chalicelib.domain.roles import Scope
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case
from chalicelib.workflow.lists.lookup import Parts, Pieces
from chalicelib.workflow.lists.spelling import Vocabulary, folded, words_of
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.storage.indexes import FoundBy

# Cases of a page: their states are half a read unit each.
PAGE: Final = 8
# Seconds for which lines are kept before all are read anew, and for which an index, or the clock of
# whoever wrote, may be late.
KEPT, LATE = 6 * 3600.0, 600
MOST_WORDS = 8
# So few lines that have a word are read for the others, in place of all lines that have those.
CLOSE = 200
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


# Numbers of lines; and for each word how much it is worth in which line.
_Rated = tuple[list[int], list[dict[int, int]]]


class Lines:
    """What each case, or whatever else is looked for, is found by, in the order in which it was read."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.vocabulary = Vocabulary()
        self.references: list[str] = []
        self.kept: list[str] = []
        self.counties: list[str] = []
        self._numbers: dict[str, int] = {}
        self._words, self._places = Parts(), Parts()
        # The words of a program's name as one; address, numbers and reference. Each case has a
        # piece of both, under one number, and a new one when it is found by something else.
        self._run_together, self._own = Pieces(), Pieces()
        self._whose, self._newest_of = array("L"), array("L")
        self._newest = 0

    def read(self) -> None:
        """Take in what was written since the last time."""
        order = field(keys.BOARD.order).at_least(f"{max(0, self._newest - LATE):011d}")
        for row in dynamodb.each(indexes.SEARCH, order, index=keys.BOARD):
            written, _, reference = str(row[keys.BOARD.order]).partition("#")
            self._newest = max(self._newest, int(written))
            self.take(reference, str(row.get("found_by", "")))

    def take(self, reference: str, text: str) -> None:
        """Know a case, or whatever is found like one, by ``text`` from now on."""
        number = self._numbers.setdefault(reference, len(self.kept))
        if number == len(self.kept):
            self.references.append(reference)
            self.kept.append("")
            self.counties.append("")
            self._newest_of.append(0)
        elif self.kept[number] == text:
            return
        else:
            for of, what in self._shared(indexes.found_by(self.kept[number])):
                of.forget(what, number)
        by = indexes.found_by(text)
        for of, what in self._shared(by):
            of.note(what, number)
        self.kept[number], self.counties[number] = text, sys.intern(by.county)
        code = reference.replace("-", "").lower()
        self._run_together.add(f" {''.join(words_of(by.program))} ")
        numbers = f"{_digits(by.phone)} {_digits(by.license)}".strip()
        self._newest_of[number] = self._own.add(f" {by.email.casefold()} {numbers} {code} ")
        self._whose.append(number)

    def _shared(self, by: FoundBy) -> list[tuple[Parts, str]]:
        """What a case has that others may have, too."""
        words = {*words_of(by.program), *words_of(by.person)}
        place = words_of(by.place)
        self.vocabulary.learn([*words, *place])
        return [*((self._words, word) for word in words), (self._places, " ".join(place))]

    def fitting(self, typed: str) -> list[int]:
        """The numbers of the lines that have the most of the typed words, the best first, the newest
        first among equals. A single letter says nothing by itself."""
        typed_words = wanted(typed)
        words = [word for word in typed_words if len(word) > 1]
        if not words:
            return []
        best, found = self._with_all(words, typed_words) or self._with_most(words, typed_words)
        points = {number: sum(worth.get(number, 0) for worth in found) for number in best}
        newest = sorted(best, reverse=True)
        return sorted(newest, key=points.__getitem__, reverse=True)

    def _with_all(self, words: list[str], typed: list[str]) -> _Rated | None:
        """The lines that have all words, found by the rarest; None where there are none, or where too
        many lines would have to be read for it."""
        rarest = min(words, key=self._words.count)
        few = self._having(rarest)
        if len(few) > CLOSE:
            return None
        found = {word: few if word == rarest else self._in_lines(word, few) for word in typed}
        best = [number for number in few if all(number in found[word] for word in words)]
        return (best, list(found.values())) if best else None

    def _with_most(self, words: list[str], typed: list[str]) -> _Rated:
        """The lines that have the most of the words."""
        found = {word: self._having(word) for word in typed}
        counts = Counter(chain.from_iterable(found[word] for word in words))
        most = max(counts.values(), default=0)
        return [n for n, count in counts.items() if count == most], list(found.values())

    def _in_lines(self, word: str, numbers: Iterable[int]) -> dict[int, int]:
        """Which of these lines, read one by one, have something to do with a word: how much."""
        near = self.vocabulary.near(word)
        found = {number: self._in_line(word, near, number) for number in numbers}
        return {number: worth for number, worth in found.items() if worth}

    def _in_line(self, word: str, near: list[str], number: int) -> int:
        by, newest = indexes.found_by(self.kept[number]), self._newest_of[number]
        names = f" {' '.join(words_of(f'{by.program} {by.person}'))} "
        line = f"{names}{self._run_together.piece(newest)}{self._own.piece(newest)}"
        place = f" {' '.join(words_of(by.place))}"
        worth = [_worth(text, line) for text in _texts(word) if _sought(text) in line]
        worth += [NEAR for one in near if f" {one} " in names]
        worth += [PLACE for one in (word, *near) if f" {one}" in place]
        return max(worth, default=0)

    def _having(self, word: str) -> dict[int, int]:
        """The lines that have something to do with a word: how much."""
        like: dict[int, list[int]] = {worth: [] for worth in (INSIDE, PLACE, NEAR, BEGINS, WHOLE)}
        near = self.vocabulary.near(word)
        for one in near:
            like[NEAR].extend(self._words.of(one))
        for one in (word, *near):
            for numbers, _ in self._places.having(f" {one}"):
                like[PLACE].extend(numbers)
        for text in _texts(word):
            for numbers, piece in self._with(text):
                like[_worth(text, piece)].extend(numbers)
        found = dict[int, int]()
        for worth, numbers in like.items():  # what is worth most comes last
            found |= dict.fromkeys(numbers, worth)
        return found

    def _with(self, text: str) -> Iterator[tuple[Iterable[int], str]]:
        """The lines that have a text, and where in them; of a single letter those in which a name begins
        with it."""
        if len(text) == 1:
            yield from self._words.having(_sought(text))
            return
        yield from self._words.having(text)
        yield from self._whole(self._own.having(text))
        if self._words.of(text):
            # Somebody writes as one what others write as two; not what lies across two by chance.
            yield self._in_two(text), f" {text}"
        else:
            yield from self._whole(self._run_together.having(text))

    def _whole(self, found: Iterator[tuple[int, str]]) -> Iterator[tuple[Iterable[int], str]]:
        """The lines of pieces, without those that newer ones have replaced."""
        for at, piece in found:
            if self._newest_of[number := self._whose[at]] == at:
                yield (number,), piece

    def _in_two(self, text: str) -> Iterator[int]:
        """The lines of programs that have this word as two words."""
        for at in range(1, len(text)):
            first, second = self._words.of(text[:at]), self._words.of(text[at:])
            for number in set(first).intersection(second) if first and second else ():
                program = words_of(indexes.found_by(self.kept[number]).program)
                if (text[:at], text[at:]) in pairwise(program):
                    yield number


def _texts(word: str) -> set[str]:
    """What to look for when a word was typed: in a reference some letters stand for digits."""
    return {word, word.translate(_LOOKALIKE)} if _like_a_code(word) else {word}


def _sought(text: str) -> str:
    """Of a single letter only what begins with it."""
    return text if len(text) > 1 else f" {text}"


def _worth(sought: str, piece: str) -> int:
    begins = f" {sought}"
    return INSIDE if begins not in piece else WHOLE if f"{begins} " in piece else BEGINS


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


_known: list[Lines] = []


def search(typed: str, scope: Scope, actor: str, page: int = 0) -> Hits:
    """A page of the cases in the counties of ``scope`` that fit best what was typed; without those that are
    withheld from ``actor``, who is not to know whose they are."""
    lines = _fresh()
    fitting = lines.fitting(typed)
    if scope.counties is not None:
        fitting = [n for n in fitting if scope.covers(lines.counties[n])]
    shown = fitting[page * PAGE : (page + 1) * PAGE]
    states = {state.reference: state for state in store.states(lines.references[n] for n in shown)}
    there = [(states.get(lines.references[n]), lines.kept[n]) for n in shown]
    hits = [
        Hit(state, indexes.found_by(text))
        for state, text in there
        if state is not None and scope.covers(state.county)
    ]
    seen = [hit for hit in hits if not type_of(hit.state).withheld(hit.state, actor)]
    total = len(fitting) - len(hits) + len(seen)
    return Hits(seen, total, (page + 1) * PAGE < len(fitting))


def forget() -> None:
    """Read everything anew at the next search."""
    _known.clear()


def _fresh() -> Lines:
    if not _known or time.monotonic() - _known[0].began > KEPT:
        _known[:] = [Lines()]
    _known[0].read()
    return _known[0]
