"""A consultant goes away, for a while or for good: where each of their referrals goes.

Nobody is away before every open referral has a place to go. Each is moved by a command of its own
that does nothing the second time, so a press that broke off is pressed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, field, update
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.referral import pauses
from chalicelib.referral.events import WAITS_FOR_LEAVE, ReferralPayload
from chalicelib.referral.matching import reassign
from chalicelib.referral.matching.assignment.best import Asking, assign
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.ranking import need_of, ranking
from chalicelib.referral.matching.rules import Ranking
from chalicelib.referral.model import Referral
from chalicelib.referral.pauses import AWAY, for_leave
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.pause import pause
from chalicelib.workflow.storage import store

LEAVE, LEFT = "leave", "left"
LOOK, KEEP, HOLD, NEXT = "look", "keep", "hold", "next"

MOVED: Final = N_("Goes on with %(name)s.")
LOOKED: Final = N_("Somebody else is looked for.")
KEPT: Final = N_("Stays as it is.")
HELD: Final = N_("Waits until the leave is over.")
OFFERED: Final = N_("The offer goes to the next candidate.")
NO_ROOM: Final = N_("Did not move: the one you chose has no free place anymore. Choose again.")
BROKE: Final = N_("Did not move yet. Press again to go on.")
ELSEWHERE: Final = N_("Was moved already.")


@dataclass(frozen=True)
class Case:
    """An open referral of somebody who goes. ``proposed``: who should go on, or empty: of all that they
    leave, as many as can be have somebody, and together they fit as well as they can."""

    state: Referral
    ranking: Ranking
    proposed: str

    @property
    def offer(self) -> bool:
        """Whether it is only an offer, which goes to the next candidate by itself."""
        return reassign.offering(self.state)


@dataclass(frozen=True)
class Result:
    """What became of one row. ``words`` is a msgid that may name somebody."""

    reference: str
    done: bool
    words: str
    name: str = ""


def work_of(consultant: str) -> list[Case]:
    """Every open referral that holds one of their places, the oldest first."""
    row = dynamodb.get(Key(people.CONSULTANTS, consultant), consistent=True)
    if row is None:
        raise NotFound(consultant)
    states, everybody = [], people.consultants()
    for reference in row.get("held", []):
        try:
            state = store.load(str(reference), Referral, consistent=True)
        except NotFound:
            continue
        if state.open and state.consultant == consultant:
            states.append(state)
    states.sort(key=lambda state: (state.submitted, state.reference))
    others = [Consultant.read(one) for one in everybody if one["id"] != consultant]
    line = [Asking(one.reference, need_of(one)) for one in states if not reassign.offering(one)]
    proposed = {one.reference: one.consultant for one in assign(line, others, now()).pairs}
    return [
        Case(state, ranking(state, everybody), proposed.get(state.reference, ""))
        for state in states
    ]


def begin(consultant: str, what: str, leave_from: int, until: int) -> None:
    """No new offers from now on: a leave is written down at once, an end pauses offers first."""
    if what == LEAVE:
        people.set_fields(consultant, {"on_leave_from": leave_from, "on_leave_until": until})
    else:
        people.pause_offers(consultant, True)


@dataclass(frozen=True)
class Departure:
    """Who goes away: ``what`` (LEAVE until an instant, UTC seconds, or LEFT), why, and whose command."""

    consultant: str
    what: str
    until: int
    note: str
    actor: str
    at: int
    command: str


def move_all(away: Departure, chosen: dict[str, str]) -> list[Result]:
    """Move each referral as chosen (reference -> consultant id, look, keep or hold)."""
    return [
        _moved(case, away, NEXT if case.offer else chosen[case.state.reference])
        for case in work_of(away.consultant)
        if case.offer or case.state.reference in chosen
    ]


def _moved(case: Case, away: Departure, to: str) -> Result:
    reference, old = case.state.reference, away.consultant
    new = "" if to in (LOOK, NEXT) else to
    try:
        if to == KEEP:
            return Result(reference, True, KEPT)
        if to == HOLD:
            return _held(reference, away)
        done = reassign.hand_on(
            reference, old, new, away.note, away.what, away.actor, away.command, away.at
        )
    except store.Refused:
        return Result(reference, False, NO_ROOM)
    except Exception:
        # One row that fails must not keep the others: it is told, and pressed again.
        logger().exception("move", extra={"referral": reference})
        return Result(reference, False, BROKE)
    if not done:
        fresh = store.load(reference, Referral, consistent=True)
        return Result(
            reference, fresh.consultant != old, ELSEWHERE if fresh.consultant != old else BROKE
        )
    if to == NEXT:
        return Result(reference, True, OFFERED)
    return Result(reference, True, MOVED if new else LOOKED, new)


def may_wait(state: Referral) -> bool:
    """Whether the provider can wait for a leave: nothing holds it up, or an earlier leave does."""
    return state.pause is None or for_leave(state)


def _held(reference: str, away: Departure) -> Result:
    """Wait until the leave is over; the provider, who chose it, gets it in writing."""

    def decide(state: Referral) -> Command | None:
        if state.consultant != away.consultant or not state.open or not may_wait(state):
            return None
        since = state.pause.since if state.pause else away.at
        entry = Entry(
            event=WAITS_FOR_LEAVE,
            at=away.at,
            actor=away.actor,
            reason=AWAY[1],
            command=away.command,
            changes=pause(state, *AWAY, away.at, away.until, by=away.actor),
            payload=ReferralPayload(since=since, until=away.until, consultant=away.consultant),
            effects=[SendLetter(letter="matching/leave_pause", to="provider")],
        )
        return entry, ()

    done = store.change(reference, decide, press=away.command).command == away.command
    return Result(reference, done, HELD if done else BROKE)


def back(consultant: str, actor: str, at: int) -> None:
    """The leave is over before its day: whatever waited for it goes on, and both sides hear of it."""

    def decide(state: Referral) -> Command | None:
        if state.pause is None or not for_leave(state) or state.consultant != consultant:
            return None
        return pauses.resumed(state, at, actor, f"back:{state.pause.since}:{state.version}")

    for case in work_of(consultant):
        store.change(case.state.reference, decide)


def finish(consultant: str) -> bool:
    """Make somebody inactive; refuses while they hold any place."""
    gone = (
        update(Key(people.CONSULTANTS, consultant))
        .set(active=False)
        .remove("paused_offers", "paused_until")
    )
    return dynamodb.write(gone.only_if(field("pk").exists(), field("held").absent()))


def give_all_back(consultant: str, reason: str, command: str) -> None:
    """Look for somebody else for all that a consultant has, without a page: each goes back to the match, by a
    command of its own that is done once. Raises TryAgain while one is between two steps of an offer."""
    for reference in people.consultant_now(consultant).get("held", []):
        done = reassign.hand_on(
            reference, consultant, "", "", reason, "system", f"{command}:{consultant}", now()
        )
        state = store.load(reference, Referral, consistent=True)
        if not done and state.open and state.consultant == consultant:
            raise TryAgain(reference)
