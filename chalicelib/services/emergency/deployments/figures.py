"""The part of an emergency's report that tells of its deployments: shifts, hours, travel, encounters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from chalicelib.aws.attribute_values import Item
from chalicelib.domain import vocabulary
from chalicelib.services.emergency.deployments import words
from chalicelib.services.emergency.deployments.words import AGES, GROUP_AGES
from chalicelib.services.emergency.report import SMALLEST, Figure, Group, counts
from chalicelib.web.languages import N_


def groups(rows: Sequence[Item]) -> list[Group]:
    """The groups on what was counted of each deployment; none where nobody had a place."""
    if not rows:
        return []
    return [
        Group(N_("Deployments"), _deployments(rows)),
        Group(N_("Encounters"), _encounters(rows)),
        *(
            Group(heading, _by(_summed(rows, name), label))
            for name, heading, label in (
                ("kind", N_("Encounters by kind"), _words(words.KINDS)),
                ("county", N_("Encounters by county"), _label("county")),
                ("where", N_("Encounters by kind of place"), _words(words.SETTINGS)),
                ("language", N_("Encounters by language"), _label("language")),
            )
        ),
        Group(N_("People talked with alone or as a family, by age"), _people(rows, AGES)),
        Group(N_("People in groups, by age"), _people(rows, GROUP_AGES)),
        Group(
            N_("Referred to"), _by(_summed(rows, "referred"), _words(words.REFERRED), parts=False)
        ),
    ]


def _deployments(rows: Sequence[Item]) -> tuple[Figure, ...]:
    shifts = _sum(rows, "shifts")
    return (
        *counts([(N_("Consultants with a place"), len(rows)), (N_("Shifts worked"), shifts)]),
        _hours(N_("Hours in shifts"), _sum(rows, "minutes"), shifts),
        _hours(N_("Hours of travel"), _sum(rows, "travel"), shifts),
        _of(N_("Miles driven"), _sum(rows, "miles"), shifts),
        *counts(
            [
                (N_("Short talks, of less than 15 minutes"), _sum(rows, "brief")),
                (N_("Calls and messages"), _sum(rows, "calls")),
                (N_("Flyers and other materials handed out"), _sum(rows, "materials")),
            ]
        ),
    )


def _encounters(rows: Sequence[Item]) -> tuple[Figure, ...]:
    held, people = _sum(rows, "encounters"), _summed(rows, "ages").total()
    first = _summed(rows, "visit")[words.FIRST]
    return (
        *counts(
            [
                (N_("In all"), held),
                (N_("People, counted at each encounter"), people),
                (N_("People or families met for the first time"), first),
            ]
        ),
        _hours(N_("Hours in encounters"), _sum(rows, "talked"), held),
    )


def _people(rows: Sequence[Item], bands: Mapping[str, str]) -> tuple[Figure, ...]:
    found = _summed(rows, "ages")
    told = [(label, found[band]) for band, label in bands.items()]
    return counts(told, parts=True) if any(count for _, count in told) else ()


def _sum(rows: Sequence[Item], name: str) -> int:
    return sum(int(row.get(name, 0)) for row in rows)


def _summed(rows: Sequence[Item], name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update({key: int(count) for key, count in row.get(name, {}).items()})
    return found


def _by(found: Counter[str], label: Callable[[str], str], parts: bool = True) -> tuple[Figure, ...]:
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return counts([(label(value), count) for value, count in order], parts=parts)


def _of(name: str, value: float, of: int) -> Figure:
    return Figure(name, value, of, 0 < of < SMALLEST)


def _hours(name: str, minutes: int, of: int) -> Figure:
    return _of(name, round(minutes / 60, 1), of)


def _words(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda value: labels.get(value, value)


def _label(enumeration: str) -> Callable[[str], str]:
    return lambda value: vocabulary.label(enumeration, value)
