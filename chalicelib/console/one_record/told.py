"""The lines of a record in words: what each service says of its contacts, and where requests stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from chalicelib.domain import vocabulary
from chalicelib.referral.model import Referral
from chalicelib.web.languages import translator
from chalicelib.workflow import registry
from chalicelib.workflow.lists.records import CASE, Line
from chalicelib.workflow.storage import store

REQUEST: Final = "request"


class Told(NamedTuple):
    """A line of the timeline: ``service`` and ``words`` are translated; ``link``: its own page, or ""."""

    key: str
    at: int
    service: str
    words: str
    link: str
    county: str
    given: bool


def told(lines: Sequence[Line], lang: str) -> list[Told]:
    """The lines, the newest first; a case that is no request, or is gone, is left out."""
    _ = translator(lang)
    of: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        of[line.service].append(line.id)
    words = {service: registry.contacts_told(service, ids, lang) for service, ids in of.items()}
    # A promised call or a seat is told of by its service.
    there = store.states(of.get(CASE, ()))
    cases = {one.reference: one for one in there if isinstance(one, Referral)}
    found = []
    for line in lines:
        case = cases.get(line.id) if line.service == CASE else None
        if line.service == CASE and case is None:
            continue
        said, link = words[line.service].get(line.id, ("", ""))
        if case is not None:
            status = vocabulary.STATUSES.get(case.status)
            said = f"{case.reference}: {_(status.label)}" if status else case.reference
            link = f"/console/referrals/{case.reference}"
        name = _(vocabulary.SERVICES[REQUEST if case else line.service])
        at = case.submitted if case is not None else line.at
        found.append(Told(line.key, at, name, said, link, line.county, line.given))
    return sorted(found, key=lambda one: (-one.at, one.key))


def names(lines: Iterable[Line]) -> list[str]:
    """What the people of some lines are called, each once."""
    return list(dict.fromkeys(line.person for line in lines if line.person))


def programs(lines: Iterable[Line]) -> list[str]:
    """What their programs are called, each once."""
    return list(dict.fromkeys(line.program for line in lines if line.program))


def title(kind_name: str, lines: Sequence[Line], person: bool) -> str:
    """What a record is called: by the newest name, or by what it is."""
    found = names(lines) if person else programs(lines)
    return found[0] if found else kind_name
