"""When trying may end: three tries over ten days by two ways, and nobody was reached.

The log knows the tries. They count since whoever is called last answered, whoever made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.calls.words import (
    CALL_LATER,
    NOT_REACHED,
    TALKED,
    TALKS,
    VOICEMAIL,
    WRITTEN,
    told_in,
)
from chalicelib.domain.plain.values import frozen
from chalicelib.workflow.cases import C, Entry, valid

TRIES: Final = 3
WAYS: Final = 2
DAYS: Final = 10
"""How many attempts before ``unresponsive``."""


@frozen
class Attempt:
    """A try that reached nobody: when it was written down, by which way it was made, what came of it
    (an outcome of ``calls/words.py``), and the language of a voicemail."""

    at: int
    how: str
    outcome: str = NOT_REACHED
    voicemail: str = ""


def note_call(found: list[Attempt], entry: Entry) -> None:
    """Add what an entry tells of a call to the tries that are known."""
    data, verdict = told_in(entry), str(entry.payload.get("verdict", ""))
    if verdict in (NOT_REACHED, VOICEMAIL, WRITTEN):
        way, voicemail = str(data.get("how", "")), str(data.get("voicemail", ""))
        found.append(Attempt(entry.at, way, verdict, voicemail))
    elif verdict in ("reached", CALL_LATER) or data.get(TALKED) in TALKS:
        found.clear()


def attempts(entries: Iterable[Entry]) -> list[Attempt]:
    """The tries that a log tells of, since they last answered."""
    found: list[Attempt] = []
    for entry in valid(entries):
        note_call(found, entry)
    return found


@frozen
class Lacking:
    """What the rule still asks for: more tries, another way, or (UTC seconds) a later day."""

    tries: int
    way: bool
    until: int | None

    @property
    def nothing(self) -> bool:
        """Whether the rule is met."""
        return not self.tries and not self.way and self.until is None


def first_allowed_at(first: int) -> int:
    """The instant from which on a first try at ``first`` is long enough ago, in UTC seconds."""
    return scaled(first, first + DAYS * 86400)


def lacking(tries: Sequence[Attempt], now: int) -> Lacking:
    """What is missing before the rule is met. Nothing is missing when it is."""
    ways = {one.how for one in tries}
    until = first_allowed_at(tries[0].at) if tries else None
    return Lacking(
        tries=max(0, TRIES - len(tries)),
        way=bool(tries) and len(ways) < WAYS,
        until=until if until is not None and until > now else None,
    )


def may_give_up(state: C, now: int, tries: Callable[[C], Sequence[Attempt]]) -> bool:
    """Whether the rule is met. The log is read only where it can be."""
    if state.task is None or first_allowed_at(state.submitted) > now:
        return False
    return lacking(tries(state), now).nothing
