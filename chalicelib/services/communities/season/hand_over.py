"""The groups of Communities of Support that somebody leads, given to somebody else with their meetings to come."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.directory.holdings import Gift, Holding, Thing
from chalicelib.meetings import hosts
from chalicelib.services.communities import groups
from chalicelib.services.communities.season import changing
from chalicelib.web.languages import N_


def _of(who: str, at: int) -> list[Thing]:
    mine = [
        one
        for one in groups.groups()
        if one.facilitator == who and not one.closed and at < one.over
    ]
    return [Thing(one.id, one.name, f"/console/communities/groups/{one.id}") for one in mine]


def _takers(who: str, thing: Thing) -> list[tuple[str, str]]:
    return [one for one in hosts.choices() if one[0] != who]


def _give(gift: Gift) -> bool:
    """Its meetings to come go along, and both hear of it by the letters of the desk."""
    group = groups.group(gift.key)
    if group.facilitator != gift.who:
        return True
    return changing.change(group, replace(group, facilitator=gift.to), gift.actor, gift.at)


HELD: Final = Holding(
    what=N_("Groups that they lead, with their meetings"),
    of=_of,
    takers=_takers,
    give=_give,
    fields=frozenset({"services.communities.groups:Group.facilitator"}),
)
