"""Who gets the next free place: nobody is passed over by somebody who came later.

Free places are allotted in the order of the line. Whoever nobody free can serve is passed over,
and the entry of the one who is promoted says by which rules. The line is read a batch at a time,
and no further than there are places.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.directory.people import Person, consultants, reserve_place
from chalicelib.referral.events import PROMOTED, ReferralPayload
from chalicelib.referral.matching.allotment import Allotment
from chalicelib.referral.matching.assignment.hold import held
from chalicelib.referral.matching.constraints import obstacles, unwanted
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.ranking import need_of
from chalicelib.referral.matching.rules import Ranking, rank
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.rows import request_rows, waitlist_rows
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import lines, store
from chalicelib.workflow.storage.lines import Waiting
from chalicelib.workflow.tasks import answered

# How many ahead an offer looks at before it lets the line decide, and how many are read at once.
LOOK_AT, BATCH = 500, 100
# How many who were passed over an entry names.
NAMED = 20
# The line is looked at anew at least this often, in seconds, also when nothing seems to have changed;
# and how long a look may take.
ANEW, SECONDS = 240, 40
ON_HOLD = "on_hold"


@dataclass(frozen=True)
class Turn:
    """One referral's turn: what it needs (None while it is on hold), and who was free for it."""

    state: Referral
    need: MatchRequest | None
    consultant: Consultant | None = None


def fair_ranking(state: Referral, at: int) -> Ranking:
    """Who may be offered this referral, when those before it in line have had their turn.

    Behind a very long line nobody: it waits, and its turn comes within the minute.
    """
    people = [Consultant.read(row) for row in consultants()]
    need = need_of(state)
    found = rank(need, people, at)
    ahead = waitlist_rows.line(before=state) if found.candidates else []
    if not ahead:
        return found
    if len(ahead) > LOOK_AT:
        return replace(found, candidates=(), flags=("no_capacity",))
    for _ in _turns(ahead, Allotment(people, at), [], held(at)):
        pass
    return rank(need, people, at)


_seen: list[str] = []


def promote(at: int) -> None:
    """Offer what has become free to the first in line who can be served; once a minute.

    Half a read unit when nobody waits, and no look at each who waits while nobody is free.
    """
    rows = waitlist_rows.line()
    if not rows:
        return
    found = consultants()
    collected = held(at)
    looks = _fingerprint(rows, found, collected, at)
    if _seen == [looks]:
        return
    until = time.monotonic() + SECONDS
    places = Allotment([Consultant.read(row) for row in found], at)
    passed: list[Turn] = []
    lost: list[tuple[Waiting, Referral | None]] = []
    served = 0
    for turn in _turns(rows, places, lost, collected):
        if turn.consultant is None:
            passed.append(turn)
        else:
            _promote_one(turn, turn.consultant, passed, served + len(passed), places, at)
            served += 1
        if time.monotonic() > until:
            logger().warning("the line is too long for one look", extra={"line": len(rows)})
            break
    for row, state in lost:
        _tidy(row, state)
    _seen[:] = [] if served or lost else [looks]


def _turns(
    rows: Sequence[Waiting],
    places: Allotment,
    lost: list[tuple[Waiting, Referral | None]],
    collected: frozenset[str] = frozenset(),
) -> Iterator[Turn]:
    """Everybody's turn, in order, while there is a place; rows without their wait go to ``lost``. What
    staff will assign together (``collected`` incidents) is on hold."""
    for begin in range(0, len(rows), BATCH):
        if places.over():
            return
        batch = rows[begin : begin + BATCH]
        states = list(lines.cases(batch, Referral, waitlist_rows.waits, lost))
        asked = request_rows.answers_of([state.reference for state in states])
        for state in states:
            if places.over():
                return
            on_hold = state.pause is not None or state.incident in collected
            if on_hold or state.reference not in asked:
                yield Turn(state, None)
                continue
            need = need_of(state, asked[state.reference])
            yield Turn(state, need, places.serve(need))


def _tidy(row: Waiting, state: Referral | None) -> None:
    """Take out a row that lost its reason; one whose urgency changed stands at its new place."""
    if state is not None and state.open:
        task, here = state.task, waitlist_rows.place(state) == row.place
        if task is None and here and state.status == "waitlisted":
            return  # between two tasks of its wait: its turn comes next time
        if task is not None and not here and task.kind in waitlist_rows.WAITING:
            dynamodb.write(waitlist_rows.join(state, task.number))
    waitlist_rows.drop(row)


def _promote_one(
    turn: Turn, to: Consultant, passed: Sequence[Turn], number: int, places: Allotment, at: int
) -> None:
    """Pause the place, leave the line and go on to the offer, in one command."""
    data = ReferralPayload(
        consultant=to.id,
        place=number + 1,
        passed=[
            {"reference": one.state.reference, "rules": _against(one, to, places, at)}
            for one in passed[:NAMED]
        ],
        further=max(0, len(passed) - NAMED),
    )

    def decide(state: Referral) -> Command | None:
        if state.version != turn.state.version:
            return None  # somebody did something: it is looked at anew in a minute
        return promotion(state, to.id, data, "system", at)

    try:
        store.change(turn.state.reference, decide, turn.state)
    except store.Refused:
        logger().info("place was taken meanwhile", extra={"referral": turn.state.reference})


def promotion(
    state: Referral, consultant: str, data: ReferralPayload, actor: str, at: int
) -> Command | None:
    """The command that takes a referral out of the line to be offered; None while it does not wait."""
    task = state.task
    waits = task is not None and task.kind in waitlist_rows.WAITING
    if task is None or not waits or state.pause is not None or not state.open:
        return None
    outcome = Outcome(
        "offer_again",
        ReferralChanges(status="match_proposed", consultant=consultant),
        data,
        final=False,
        event=PROMOTED,
    )
    entry = answered(state, kind_of(task.kind), outcome, actor, f"promote:{task.number}", at)
    return entry, [
        reserve_place(consultant, state.reference, at, offer=True),
        waitlist_rows.leave(state),
    ]


def _against(turn: Turn, to: Consultant, places: Allotment, at: int) -> list[str]:
    """The rules that kept this consultant, who had room then, from somebody who was passed over."""
    if turn.need is None:
        return [ON_HOLD]
    before = replace(to, load=to.load - 1)
    found = obstacles(turn.need, before, at, unwanted(turn.need, places.people))
    return list(dict.fromkeys(rule for rule, _ in found))


def _fingerprint(
    rows: Sequence[Waiting], people: Sequence[Person], collected: frozenset[str], at: int
) -> str:
    """The same for the same line before the same consultants, within a few minutes."""
    told = [[(row.place, row.n) for row in rows], list(people), sorted(collected), at // ANEW]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
