"""Make certain that every effect left the house, and park what cannot.

An effect that fails never holds up the later ones. What the house itself gets wrong (an unknown
effect, a letter that lacks a fact) is tried three times within minutes, what AWS refuses for a day;
then it is written down as ``parked``, and a person is asked. Where AWS refuses it for good, one person is
asked at once for all that it holds up, and it leaves by itself when that is mended.
"""

from __future__ import annotations

from chalicelib.aws import refusals, send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.workflow.attention import ATTENTION, open_attention_task
from chalicelib.workflow.cases import CLOCK, Case, Command, Entry
from chalicelib.workflow.effects import Redrive, SendLetter
from chalicelib.workflow.events import CLOCK_STUCK, HELD_UP, PARKED
from chalicelib.workflow.outbox import NotLeft, dispatch
from chalicelib.workflow.reconciler.repairs import open_about
from chalicelib.workflow.storage import indexes, store

# Seconds until the clock tries again what failed.
AGAIN = 120
# Seconds after an entry until its effects are given up: the house's own fault, and AWS's.
BROKEN, PATIENT = 150, 86400
# Seconds for which something is overdue before a person is asked why the clock does not do it.
STUCK = 600


def sweep(state: Case, at: int, unheard: int = 0) -> tuple[int, int | None]:
    """Let effects leave that have rested; returns (swept up to v, when to look again).

    ``unheard``: the stream has nothing of what was written before that instant, so nobody else is at
    it and it need not rest.
    """
    if state.swept >= state.version:
        return state.swept, None
    swept, again = state.swept, None
    entries = store.log(state, after=state.swept)
    for number, entry in enumerate(entries):
        if entry.effects and entry.at >= unheard and entry.at + store.RESTS > at:
            # One more look for all that are young now, not one for each.
            return swept, min(again or 2**40, entries[-1].at + store.RESTS)
        heard = any(later.asks for later in entries[number + 1 :])
        try:
            dispatch(state.reference, entry, state, heard=heard)
        except NotLeft as error:
            logger().exception(
                "effects did not leave", extra={"referral": state.reference, "v": entry.version}
            )
            if not given_up(state, entry, error, at):
                again = at + AGAIN
        if again is None:
            swept = entry.version
    return swept, again


def given_up(state: Case, entry: Entry, error: NotLeft, at: int) -> bool:
    """Park what failed for too long; False while it is to be tried again."""
    if error.refused:
        ask_to_mend(state.reference, at)
    if at - entry.at < (BROKEN if error.broken and not error.refused else PATIENT):
        return False
    failed = [effect for _, effect, _ in error.failures]
    if all(isinstance(e, SendLetter) and e.letter == ATTENTION.letter for e in failed):
        return True  # the person is asked in the console; a letter about this letter helps nobody
    about = _about(entry, error)

    def decide(fresh: Case) -> Command | None:
        log = store.log(fresh)
        if any(e.event == PARKED and e.payload.get("entry") == entry.version for e in log):
            return None
        begun = open_attention_task(fresh, at, about)
        parked = Entry(
            event=PARKED,
            at=at,
            actor=CLOCK,
            command=f"park:{entry.version}",
            changes=begun.changes,
            payload={"entry": entry.version, "do": about["do"], "why": error.why} | begun.payload,
            effects=begun.effects,
        )
        return parked, begun.same_transaction

    store.change(state.reference, decide)
    return True


def _about(entry: Entry, error: NotLeft) -> Item:
    """Which effects of which entry could not leave; of a second try those of the first."""
    v, numbers = entry.version, [number for number, _, _ in error.failures]
    first = error.failures[0][1]
    if isinstance(first, Redrive):
        v, numbers = first.v, first.numbers
    return {"what": "effects", "v": v, "numbers": numbers, "do": error.kinds, "why": error.why}


def ask_to_mend(reference: str, at: int) -> None:
    """Ask one person about what AWS refuses: the first case that it holds up stands for all. Whoever
    was asked within a day is not asked again."""
    row = send_gate.read()
    if at - int(row.get(send_gate.ASKED, 0)) < PATIENT:
        return
    outage = refusals.outage(row, at)
    about = {"what": "refused", "why": outage.cause if outage else ""}

    def decide(fresh: Case) -> Command | None:
        command = f"mend:{at // PATIENT}"
        if any(entry.command == command for entry in store.log(fresh)):
            return None
        begun = open_attention_task(fresh, at, about)
        entry = Entry(
            event=HELD_UP,
            at=at,
            actor=CLOCK,
            command=command,
            changes=begun.changes,
            payload=begun.payload,
            effects=begun.effects,
        )
        return entry, begun.same_transaction

    store.change(reference, decide)
    send_gate.keep(send_gate.ASKED, at)


def stuck(reference: str, at: int, why: str = "") -> None:
    """The clock broke on a referral, by an error of this name: when it is long overdue, a person is
    asked, once."""
    state = store.load(reference, consistent=True)
    due = indexes.next_instant(state)
    if due is None or at - due < STUCK or open_about(state, "clock"):
        return

    def decide(fresh: Case) -> Command | None:
        if fresh.version != state.version:
            return None
        begun = open_attention_task(fresh, at, {"what": "clock", "why": why})
        entry = Entry(
            event=CLOCK_STUCK,
            at=at,
            actor=CLOCK,
            command=f"stuck:{state.version}",
            changes=begun.changes,
            payload=begun.payload,
            effects=begun.effects,
        )
        return entry, begun.same_transaction

    store.change(reference, decide)
