"""How what somebody types is compared with what is kept: case, accents, and slips of the keyboard or the
ear do not matter.

Two words are near when few letters differ, or when they sound alike ("gonsales", "González").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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
    """Words that are known, with what each sounds like."""

    def __init__(self) -> None:
        self._sounds: dict[str, str] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Know these words as well."""
        for word in words:
            if word not in self._sounds and _has_sound(word):
                self._sounds[word] = _sound(word)

    def near(self, word: str) -> list[str]:
        """Known words that somebody may have meant, the nearest first, without the word itself."""
        if not _has_sound(word):
            return []
        reach, sound = 2 if len(word) >= 2 * SHORT else 1, _sound(word)
        found = []
        for one, its_sound in self._sounds.items():
            alike = sound == its_sound
            # One slip leaves the beginning or the end as it was: most words need no closer look.
            if alike or one[0] == word[0] or one[-2:] == word[-2:]:
                far = max(len(word), len(one)) // 2 if alike else reach
                if abs(len(one) - len(word)) <= far:
                    distance = jellyfish.damerau_levenshtein_distance(one, word)
                    if 0 < distance <= far:
                        found.append((distance, one))
        return [one for _, one in sorted(found)[:MOST]]


def _has_sound(word: str) -> bool:
    return len(word) >= SHORT and word.isascii() and word.isalpha()


def _sound(word: str) -> str:
    """What a word sounds like; nobody hears the h that a Spanish name begins with."""
    return jellyfish.metaphone(word.removeprefix("h"))
