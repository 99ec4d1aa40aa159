"""Does a free text name a child, give a birth date, or tell a child's diagnosis?

English and Spanish, by rules and word lists: pure, and quick enough for every post. It errs both
ways, so whoever is stopped may say that no child is named. A text that speaks of harm to a child is
never stopped: nobody may impede a report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from chalicelib.domain.child_health import birth_dates, diagnoses, speaks_of_harm
from chalicelib.domain.child_names import names
from chalicelib.domain.child_words import fold

Kind = Literal["name", "birth", "diagnosis"]
KINDS: Final[tuple[Kind, ...]] = ("name", "birth", "diagnosis")


@dataclass(frozen=True)
class Finding:
    """What looked like a child's identity: its kind, and the very words of the text."""

    kind: Kind
    words: str

    @property
    def mark(self) -> str:
        """A short digest of the words, by which somebody can say that they looked at them."""
        return hashlib.sha256(fold(self.words).encode()).hexdigest()[:10]


def find(text: str) -> list[Finding]:
    """Every likely name, birth date and diagnosis of a child in a text, each once, in that order."""
    if speaks_of_harm(fold(text)):
        return []
    found = [Finding("name", name) for name in names(text)]
    found += [Finding("birth", one) for one in birth_dates(text)]
    found += [Finding("diagnosis", one) for one in diagnoses(text)]
    return list(dict.fromkeys(found))


def marks(found: Iterable[Finding]) -> str:
    """The digests of all findings, for a form's tick box."""
    return ".".join(one.mark for one in found)


def looked_at(found: Iterable[Finding], ticked: str) -> bool:
    """Whether a tick speaks of every one of these findings: new words ask anew."""
    seen = set(ticked.split("."))
    return all(one.mark in seen for one in found)
