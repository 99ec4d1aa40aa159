"""The report after an emergency, as figures: counts, times and hours, and which of them are too small for
the public. A page, a PDF and a CSV draw the same.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.attribute_values import Item
from chalicelib.domain import vocabulary
from chalicelib.domain.statuses import STATUSES
from chalicelib.web.languages import N_

SMALLEST: Final = 11
"""Counts from 1 to below it stay out of public figures, and so does what would tell them."""
HOUR: Final = 3600


@dataclass(frozen=True)
class Figure:
    """One line: ``name`` (a msgid, or a proper name), its ``value``, and of how many (requests, people) it tells;
    ``hidden``: not for the public."""

    name: str
    value: int | float | None
    of: int
    hidden: bool = False


@dataclass(frozen=True)
class Group:
    """Figures under a heading (msgid)."""

    heading: str
    figures: tuple[Figure, ...]


def report(rows: Sequence[Item]) -> list[Group]:
    """The report on what was counted of each request."""
    return [
        Group(
            N_("Requests"),
            counts([(N_("In all"), len(rows)), (N_("Open"), sum("ended" not in r for r in rows))]),
        ),
        *(
            Group(heading, _by(rows, name, words))
            for name, heading, words in (
                ("county", N_("Requests by county"), _words("county")),
                ("setting", N_("Requests by kind of care"), _words("setting")),
                ("language", N_("Requests by language of letters"), _words("letters_language")),
            )
        ),
        Group(
            N_("Hours from the request to the first talk"),
            (*_times(rows, "talked", _TALK), *_times(rows, "contact", _CONTACT)),
        ),
        Group(N_("Support given"), _support(rows)),
        Group(N_("How they ended"), _by([r for r in rows if "ended" in r], "ended", _status)),
    ]


_TALK: Final = (N_("Specialist: half of them within"), N_("Specialist: nine of ten within"))
_CONTACT: Final = (N_("Consultant: half of them within"), N_("Consultant: nine of ten within"))


def _words(enumeration: str) -> Callable[[str], str]:
    return lambda value: vocabulary.label(enumeration, value) if value else N_("Not said")


def _status(value: str) -> str:
    return STATUSES[value].label if value in STATUSES else value


def _by(rows: Iterable[Item], name: str, words: Callable[[str], str]) -> tuple[Figure, ...]:
    found = Counter(str(row.get(name, "")) for row in rows)
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return counts([(words(value), count) for value, count in order], parts=True)


def counts(found: list[tuple[str, int]], *, parts: bool = False) -> tuple[Figure, ...]:
    """Counts with the small ones hidden; where they are ``parts`` of a whole and one alone is hidden, the
    next smallest as well, since the sum would tell it."""
    small = {name for name, count in found if 0 < count < SMALLEST}
    if parts and len(small) == 1:
        rest = [(count, name) for name, count in found if count and name not in small]
        small |= {min(rest)[1]} if rest else set()
    return tuple(Figure(name, count, count, name in small) for name, count in found)


def _times(rows: Sequence[Item], name: str, words: tuple[str, str]) -> tuple[Figure, ...]:
    """Median and 90th percentile, in hours, of those whom it happened to."""
    hours = sorted((int(r[name]) - int(r["came"])) / HOUR for r in rows if name in r)
    hidden = len(hours) < SMALLEST
    return tuple(
        Figure(label, percentile(hours, share), len(hours), hidden)
        for label, share in zip(words, (0.5, 0.9), strict=True)
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of them does not exceed; None of none."""
    if not ordered:
        return None
    place = -(-len(ordered) * round(share * 100) // 100)  # rounded up
    return round(ordered[max(place, 1) - 1], 1)


def _support(rows: Sequence[Item]) -> tuple[Figure, ...]:
    met = [r for r in rows if "sessions" in r]
    hidden = 0 < len(met) < SMALLEST
    sessions = sum(int(r["sessions"]) for r in met)
    hours = round(sum(int(r.get("minutes", 0)) for r in met) / 60, 1)
    return (
        Figure(N_("Programs that met a consultant"), len(met), len(met), hidden),
        Figure(N_("Meetings held"), sessions, len(met), hidden),
        Figure(N_("Hours in meetings"), hours, len(met), hidden),
    )


def shown(figure: Figure) -> str:
    """The figure for staff."""
    return "–" if figure.value is None else f"{figure.value:g}" if figure.value else "0"


def public(figure: Figure, small: str) -> str:
    """The figure as it may be published: ``small`` in place of one that is too small."""
    return small if figure.hidden else shown(figure)


def as_csv(groups: Iterable[Group], heads: Sequence[str], tr: Callable[[str], str]) -> str:
    """The report for a spreadsheet: part, figure, value, requests that it tells of, for the public."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(defused, heads))
    for group in groups:
        for one in group.figures:
            line = (tr(group.heading), tr(one.name), shown(one), str(one.of), public(one, "<11"))
            writer.writerow(map(defused, line))
    return out.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
