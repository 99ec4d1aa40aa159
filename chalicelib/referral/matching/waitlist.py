"""Who gets the next free place: nobody is passed over by somebody who came later.

Free places are allotted in the order of the line. Whoever nobody free can serve is passed over,
and the entry of the one who is promoted says by which rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.directory.people import Person, consultants, reserve_place
from chalicelib.domain.errors import NotFound
from chalicelib.referral.events import PROMOTED, ReferralPayload
from chalicelib.referral.matching.constraints import free
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.ranking import need_of
from chalicelib.referral.matching.rules import Ranking, rank
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.rows import waitlist_rows
from chalicelib.referral.rows.waitlist_rows import Waiting
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered

# How many of the line are looked at in one turn, and how many who were passed over an entry names.
LOOK_AT, NAMED = 500, 20
# The line is looked at anew at least this often, in seconds, also when nothing seems to have changed.
ANEW = 240
ON_HOLD = "on_hold"


@dataclass(frozen=True)
class Turn:
    """One referral's turn: how everybody ranked for it then, and who was free for it ("" for nobody)."""

    state: Referral
    ranking: Ranking | None
    consultant: str = ""

    def against(self, consultant: str) -> list[str]:
        """The rules that kept this consultant from this referral."""
        if self.ranking is None:
            return [ON_HOLD]
        found = next((e for e in self.ranking.excluded if e.id == consultant), None)
        return list(found.rules) if found else []


def allot(states: Sequence[Referral], rows: Sequence[Person], at: int) -> list[Turn]:
    """Give free places to ``states`` in their order: who is served takes one from those behind."""
    left = [row.copy() for row in rows]
    turns = []
    for state in states:
        if state.pause is not None:
            turns.append(Turn(state, None))
            continue
        found = rank(need_of(state), left, at)
        best = found.candidates[0].id if found.candidates else ""
        for row in left:
            row["load"] += row["id"] == best
        turns.append(Turn(state, found, best))
    return turns


def fair_ranking(state: Referral, at: int) -> Ranking:
    """Who may be offered this referral, when those before it in line have had their turn."""
    mine = waitlist_rows.place(state)
    ahead = [row for row in waitlist_rows.line() if row.place < mine]
    rows = consultants()
    before = [waiting for row in ahead[:LOOK_AT] if (waiting := _live(row)) is not None]
    found = allot([*before, state], rows, at)[-1].ranking
    return found if found is not None else rank(need_of(state), rows, at)


_seen: list[str] = []


def promote(at: int) -> None:
    """Offer what has become free to the first in line who can be served; once a minute.

    Half a read unit when nobody waits, and no look at each who waits while nobody is free.
    """
    rows = waitlist_rows.line()
    if not rows:
        return
    people = consultants()
    looks = _fingerprint(rows, people, at)
    if _seen == [looks]:
        return
    states = [state for row in rows[:LOOK_AT] if (state := _live(row)) is not None]
    anybody = any(free(Consultant.read(one), at) for one in people)
    turns = allot(states, people, at) if anybody else []
    for number, turn in enumerate(turns):
        if turn.consultant:
            passed = [one for one in turns[:number] if not one.consultant]
            _promote_one(turn, passed, number, at)
    settled = len(states) == len(rows) and not any(turn.consultant for turn in turns)
    _seen[:] = [looks] if settled else []


def _live(row: Waiting) -> Referral | None:
    """The referral of a row that still waits; a row that lost its reason is taken out."""
    try:
        state = store.load(row.reference, Referral, consistent=True)
    except NotFound:
        state = None
    if state is not None and state.open and waitlist_rows.place(state) == row.place:
        if state.task is not None and state.task.kind in waitlist_rows.WAITING:
            return state
        if state.task is None and state.status == "waitlisted":
            return None  # between two tasks of its wait: its turn comes next time
    if state is not None and state.open and state.task is not None:
        _again(state, row)
    waitlist_rows.drop(row)
    return None


def _again(state: Referral, row: Waiting) -> None:
    """One whose urgency changed while it waits stands at its new place."""
    task = state.task
    if (
        task is not None
        and task.kind in waitlist_rows.WAITING
        and waitlist_rows.place(state) != row.place
    ):
        dynamodb.write(waitlist_rows.join(state, task.number))


def _promote_one(turn: Turn, passed: Sequence[Turn], number: int, at: int) -> None:
    """Pause the place, leave the line and go on to the offer, in one command."""
    data = ReferralPayload(
        consultant=turn.consultant,
        place=number + 1,
        passed=[
            {"reference": one.state.reference, "rules": one.against(turn.consultant)}
            for one in passed[:NAMED]
        ],
        further=max(0, len(passed) - NAMED),
    )

    def decide(state: Referral) -> Command | None:
        task = state.task
        if task is None or task.kind not in waitlist_rows.WAITING or state.pause is not None:
            return None
        if not state.open or state.version != turn.state.version:
            return None  # somebody did something: it is looked at anew in a minute
        outcome = Outcome(
            "offer_again",
            ReferralChanges(status="match_proposed", consultant=turn.consultant),
            data,
            final=False,
            event=PROMOTED,
        )
        kind = kind_of(task.kind)
        entry = answered(state, kind, outcome, "system", f"promote:{task.number}", at)
        return entry, [
            reserve_place(turn.consultant, state.reference, at),
            waitlist_rows.leave(state),
        ]

    try:
        store.change(turn.state.reference, decide)
    except store.Refused:
        logger().info("place was taken meanwhile", extra={"referral": turn.state.reference})


def _fingerprint(rows: Sequence[Waiting], people: Sequence[Person], at: int) -> str:
    """The same for the same line before the same consultants, within a few minutes."""
    told = [[(row.place, row.n) for row in rows], list(people), at // ANEW]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
