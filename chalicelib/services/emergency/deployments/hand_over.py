"""The call-ups of a consultant who leaves: a place is offered to the next who was asked, and a question or a wait ends."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import emergencies
from chalicelib.directory.holdings import CONSULTANT, Gift, Holding, Thing
from chalicelib.services.emergency import call_up_tasks
from chalicelib.services.emergency.call_up_case import (
    ASKED,
    DECLINED,
    FULL,
    HAS_PLACE,
    NAME,
    OVER,
    RETURNED,
    STATUSES,
    CalledUp,
)
from chalicelib.services.emergency.deployments import mine
from chalicelib.web.languages import N_, translator
from chalicelib.web.request_context import reader
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered

END: Final = "end"
# How it ends, by where it stands: the answer, and the status.
_ENDS: Final = {
    ASKED: (call_up_tasks.REFUSED, DECLINED),
    FULL: (call_up_tasks.ENDED, OVER),
    **dict.fromkeys(HAS_PLACE, ("returned", RETURNED)),
}


def _of(who: str, at: int) -> list[Thing]:
    kind, _, consultant = who.partition(":")
    if kind != CONSULTANT:
        return []
    told = translator(reader())
    return [
        Thing(
            one.reference,
            f"{emergencies.called(one.emergency)}: {told(STATUSES[one.status].label)}",
            f"/console/referrals/{one.reference}",
        )
        for one in store.states(mine.cases_of(consultant, at))
        if isinstance(one, CalledUp) and one.open
    ]


def _give(gift: Gift) -> bool:
    def decide(state: CalledUp) -> Command | None:
        if not state.open or state.task is None:
            return None
        outcome = call_up_tasks.ended(state, *_ENDS[state.status], gift.at)
        entry = answered(
            state, kind_of(state.task.kind), outcome, gift.actor, gift.command, gift.at
        )
        return entry, list(outcome.same_transaction)

    return not store.change(gift.key, decide, press=gift.command).open


HELD: Final = Holding(
    what=N_("Call-ups, and places in emergencies"),
    of=_of,
    takers=lambda who, thing: [(END, N_("It ends, and a place goes to the next who was asked"))],
    give=_give,
    case_types=frozenset({NAME}),
)
