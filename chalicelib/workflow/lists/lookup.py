"""Which cases have a text, or a part of it, found without a look at each case."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

# Newer pieces than these are put into the long text in which all are looked for at once.
FEW: Final = 500


class Pieces:
    """Pieces of text, found by any part of them."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._whole = ""
        self._starts = array("L")

    def add(self, piece: str) -> int:
        """Keep a piece; its number."""
        self._pieces.append(piece)
        return len(self._pieces) - 1

    def piece(self, number: int) -> str:
        """The piece of that number."""
        return self._pieces[number]

    def having(self, text: str) -> Iterator[tuple[int, str]]:
        """The numbers of the pieces with that text, and the pieces."""
        if len(self._pieces) - len(self._starts) > FEW:
            self._join()
        pieces, starts, find = self._pieces, self._starts, self._whole.find
        at = find(text)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            yield number, (piece := pieces[number])
            at = find(text, starts[number] + len(piece))
        for number in range(len(starts), len(pieces)):
            if text in pieces[number]:
                yield number, pieces[number]

    def _join(self) -> None:
        self._whole = "\n".join(self._pieces)
        lengths = accumulate((len(piece) + 1 for piece in self._pieces), initial=0)
        self._starts = array("L", list(lengths)[:-1])


class Parts:
    """Texts that several cases have, found by any part of them. A piece is a text between two blanks."""

    def __init__(self) -> None:
        self._numbers: dict[str, array[int]] = {}
        self._pieces = Pieces()
        self._texts: list[str] = []

    def note(self, text: str, number: int) -> None:
        """A case has it."""
        if text not in self._numbers:
            self._numbers[text] = array("L")
            self._pieces.add(f" {text} ")
            self._texts.append(text)
        self._numbers[text].append(number)

    def forget(self, text: str, number: int) -> None:
        """A case has it no more."""
        self._numbers[text].remove(number)

    def of(self, text: str) -> Iterable[int]:
        """The cases that have exactly this."""
        return self._numbers.get(text, ())

    def count(self, text: str) -> int:
        """How many cases have exactly this."""
        return len(self._numbers.get(text, ()))

    def having(self, part: str) -> Iterator[tuple[Iterable[int], str]]:
        """The cases that have each piece with that part, and the piece."""
        for at, piece in self._pieces.having(part):
            yield self._numbers[self._texts[at]], piece
