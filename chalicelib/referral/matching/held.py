"""The consultations of a consultant, as something that they hold: they go by a form of their own, which ranks
who could take each (``consultants_page.py``)."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.directory.holdings import CONSULTANT, Holding, Thing
from chalicelib.referral.model import Referral
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import store


def _of(who: str, at: int) -> list[Thing]:
    kind, _, consultant = who.partition(":")
    held = people.consultant_now(consultant).get("held", []) if kind == CONSULTANT else []
    mine = [one for one in store.states(held) if isinstance(one, Referral) and one.open]
    return [
        Thing(one.reference, one.reference, f"/console/referrals/{one.reference}") for one in mine
    ]


HELD: Final = Holding(
    what=N_("Consultations"), of=_of, case_types=frozenset({"referral"}), own_way=True
)
