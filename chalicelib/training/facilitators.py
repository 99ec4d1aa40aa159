"""Who facilitates for trainees: consultants whose endorsement stands today, as the directory has it. Who was chosen
before and is not endorsed now keeps what they have, is shown as such, and gets nothing new."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.holdings import CONSULTANT
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current

NOT_ENDORSED: Final = N_("%(name)s (not endorsed today)")


def choices(
    had: Collection[str] = (), among: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """Who can be chosen, as ``consultant:id`` with their names; ``had``: who stands there already. ``among``: only
    of these."""
    at = now()
    able = {
        f"{CONSULTANT}:{row['id']}"
        for row in people.consultants()
        if row.get("active") and people.endorsed(row, at)
    }
    if among is not None:
        able &= set(among)
    found = [(one, told(one)) for one in {*able, *had} if one]
    return sorted(found, key=lambda one: one[1].casefold())


def told(who: str) -> str:
    """The name of a facilitator, and that they are not endorsed, where that is so; "" for nobody."""
    kind, _, key = who.partition(":")
    name = people.name_of(who)
    row = people.consultant(key) if kind == CONSULTANT else people.Person()
    if not who or people.endorsed(row, now()):
        return name
    return translator(current().lang)(NOT_ENDORSED, name=name)
