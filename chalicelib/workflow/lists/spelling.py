"""How what somebody types is compared with what is kept: case, accents, and slips of the keyboard or the
ear do not matter.

Two words are near when few letters differ, or when they sound alike ("gonsales", "González").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import jellyfish

_WORD: Final = re.compile(r"[^\W_]+")
# Letters that are no letter with an accent, and marks that people leave out.
_LETTERS: Final = str.maketrans("đĐłŁøı", "dDlLoi", "’ʼ")
# Of a word with fewer letters too many others are near; and how many near ones are looked for.
SHORT, MOST = 4, 12


def folded(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(c for c in apart if not unicodedata.combining(c))
    return text.replace("'", "").casefold()


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(folded(text))


class Vocabulary:
    """Words that are known, by what each sounds like, and by its length with how it begins and ends."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._alike: dict[str, list[str]] = {}
        self._begin: dict[tuple[str, int], list[str]] = {}
        self._end: dict[tuple[str, int], list[str]] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Know these words as well."""
        for word in words:
            if word not in self._known and _has_sound(word):
                self._known.add(word)
                self._alike.setdefault(_sound(word), []).append(word)
                for letters in (1, 2, 3):
                    self._begin.setdefault((word[:letters], len(word)), []).append(word)
                for letters in (2, 3):
                    self._end.setdefault((word[-letters:], len(word)), []).append(word)

    def near(self, word: str) -> list[str]:
        """Known words that somebody may have meant, the nearest first, without the word itself."""
        if not _has_sound(word):
            return []
        reach, alike = 2 if len(word) >= 2 * SHORT else 1, self._alike.get(_sound(word), ())
        far = {one: max(len(word), len(one)) // 2 for one in alike}
        for one in self._slips(word, reach):
            far.setdefault(one, reach)
        near = ((jellyfish.damerau_levenshtein_distance(one, word), one) for one in far)
        found = sorted((distance, one) for distance, one in near if 0 < distance <= far[one])
        return [one for _, one in found[:MOST]]

    def _slips(self, word: str, reach: int) -> Iterator[str]:
        """Words that may be as near: one slip leaves half a word as it was, or two letters have changed
        places; of more slips only those that leave the first letter or the last two."""
        begin, end = (1, 2) if reach > 1 else (2, 2) if len(word) < 6 else (3, 3)
        for length in range(len(word) - reach, len(word) + reach + 1):
            yield from self._begin.get((word[:begin], length), ())
            yield from self._end.get((word[-end:], length), ())
        for at in range(len(word) - 1):
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if swapped in self._known:
                yield swapped


def _has_sound(word: str) -> bool:
    return len(word) >= SHORT and word.isascii() and word.isalpha()


def _sound(word: str) -> str:
    """What a word sounds like; nobody hears the h that a Spanish name begins with."""
    return jellyfish.metaphone(word.removeprefix("h"))
