"""The waiting requests of an incident or of some counties, assigned together: shown, then offered.

Nothing is stored of what is shown. What is pressed for is found anew; only what is the same in both is
carried out, one command a request, and who was offered has left the line: so it can stop anywhere and go on
later, and who joins the line meanwhile holds up nobody.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.directory import people
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.matching.assignment.best import Asking, Assignment, Pair, assign
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.ranking import need_of
from chalicelib.referral.matching.rules import rank
from chalicelib.referral.matching.waitlist import promotion
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import request_rows, waitlist_rows
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import lines, store

# Seconds that the offers of one press may take; what is left is pressed for again.
SECONDS: Final = 18
# Letters that tell a pair from another.
MARK: Final = 8
CANNOT: Final = N_("Said that they cannot help in this emergency.")
# Of how many whom nobody fits the reasons are looked up.
EXPLAINED: Final = 40


@dataclass(frozen=True)
class Together:
    """What an assignment would do. ``against``: of who stays without because nobody fits, the reasons
    (msgids) with how many consultants each keeps away, the most first."""

    assignment: Assignment
    states: dict[str, Referral]
    people: dict[str, Consultant]
    against: dict[str, list[tuple[str, int]]]

    @property
    def seen(self) -> str:
        """What the press sends back of the pairs that were shown."""
        return "".join(map(_mark, self.assignment.pairs))

    def still(self, seen: str) -> list[Pair]:
        """The pairs that were shown before, and are still found."""
        marks = {seen[begin : begin + MARK] for begin in range(0, len(seen), MARK)}
        return [one for one in self.assignment.pairs if _mark(one) in marks]


def _mark(pair: Pair) -> str:
    return hashlib.sha256(f"{pair.reference} {pair.consultant}".encode()).hexdigest()[:MARK]


def together(
    wanted: Callable[[Referral], bool], at: int, unable: frozenset[str] = frozenset()
) -> Together:
    """Whom those in line who are ``wanted`` should be offered to now; nobody of the ``unable``, who said so."""
    all_of_them = lines.cases(waitlist_rows.line(), Referral, waitlist_rows.waits, [])
    waiting = [one for one in all_of_them if wanted(one)]
    states = {one.reference: one for one in waiting if one.pause is None}
    asked = request_rows.answers_of(list(states))
    line = [
        Asking(
            reference,
            need_of(state, asked[reference]),
            waitlist_rows.RANKS.get(state.priority, waitlist_rows.ROUTINE),
        )
        for reference, state in states.items()
        if reference in asked
    ]
    everybody = [Consultant.read(row) for row in people.consultants() if row["id"] not in unable]
    found = assign(line, everybody, at)
    needs = {one.reference: one.need for one in line}
    unfit = [one.reference for one in found.left if not one.fitting][:EXPLAINED]
    against = {one: _against(needs[one], everybody, at, len(unable)) for one in unfit}
    return Together(found, states, {one.id: one for one in everybody}, against)


def _against(
    need: MatchRequest, everybody: list[Consultant], at: int, unable: int
) -> list[tuple[str, int]]:
    counted = {CANNOT: unable} if unable else {}
    for one in rank(need, everybody, at).excluded:
        for reason in dict.fromkeys(one.reasons):
            counted[reason] = counted.get(reason, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:3]


def offer(found: Together, pairs: Iterable[Pair], actor: str, at: int) -> int:
    """Offer the requests of these pairs; how many were. Who lost their place, or whose request changed
    meanwhile, stays in line."""
    until, done = time.monotonic() + SECONDS, 0
    for pair in pairs:
        if time.monotonic() > until:
            break
        done += _offer(found.states[pair.reference], pair, actor, at)
    return done


def _offer(shown: Referral, pair: Pair, actor: str, at: int) -> bool:
    data = ReferralPayload(consultant=pair.consultant, score=pair.points, place=pair.choice)

    def decide(state: Referral) -> Command | None:
        same = state.version == shown.version
        return promotion(state, pair.consultant, data, actor, at) if same else None

    try:
        after = store.change(shown.reference, decide, shown)
    except store.Refused:
        return False
    return after.status == "match_proposed" and after.consultant == pair.consultant
