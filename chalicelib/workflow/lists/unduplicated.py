"""How many people and sites were met, each once: the rule of ``docs/counting.md``. Pure.

A person counts once in a year, however often and by whichever service they were met; so does a site. What
is known by nobody's address counts as a contact alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.roles import Scope
from chalicelib.workflow.lists.records import CASE, PERSON, SITE, Records

ALL: Final = ""


@dataclass
class Count:
    """Contacts that were support given, and whom they were with; ``people`` and ``sites`` are ids."""

    contacts: int = 0
    people: set[str] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)


def counted(found: Records, sent: Mapping[str, int], year: int, scope: Scope) -> dict[str, Count]:
    """The counts of a Pacific year by service, and of ``ALL``. ``sent``: when each case came in (UTC
    seconds), by reference."""
    counts: dict[str, Count] = defaultdict(Count)
    for key, line in found.lines.items():
        at = sent.get(line.id, 0) if line.service == CASE else line.at
        if not line.given or not at or not scope.covers(line.county):
            continue
        if pacific_date(at).year != year:
            continue
        person, site = found.owner(PERSON, key), found.owner(SITE, key)
        for count in (counts[line.service], counts[ALL]):
            count.contacts += 1
            count.people |= {found.root(person)} if person else set()
            count.sites |= {found.root(site)} if site else set()
    return dict(counts)
