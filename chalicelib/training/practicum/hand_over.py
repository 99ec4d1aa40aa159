"""Practicums that a consultant guides, given to somebody else; a trainee's own goes with their training."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.holdings import CONSULTANT, Gift, Holding, Thing
from chalicelib.training import facilitators
from chalicelib.training.practicum import opening
from chalicelib.training.practicum.model import NAME, Practicum
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import store


def _guided(who: str, at: int) -> list[Thing]:
    kind, _, key = who.partition(":")
    mine = opening.practicums(key) if kind == CONSULTANT else []
    return [
        Thing(
            one.reference,
            one.contact.name or one.reference,
            f"/console/training/practicums/{one.trainee}",
        )
        for one in mine
        if one.open
    ]


def _takers(who: str, thing: Thing) -> list[tuple[str, str]]:
    return [one for one in facilitators.choices() if one[0] != who]


def _give(gift: Gift) -> bool:
    opening.guide(gift.key, gift.to.partition(":")[2], gift.actor, gift.command, gift.at)
    state = store.load(gift.key, Practicum, consistent=True)
    return f"{CONSULTANT}:{state.facilitator}" != gift.who


GUIDED: Final = Holding(
    what=N_("Practicums that they guide"),
    of=_guided,
    takers=_takers,
    give=_give,
    case_types=frozenset({NAME}),
    fields=frozenset({"training.practicum.model:Practicum.facilitator"}),
)
