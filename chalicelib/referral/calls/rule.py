"""When trying may end: three tries over ten days by two ways, and nobody was reached.

The log knows the tries. They count since the provider last answered, whoever made them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.referral.model import Referral
from chalicelib.referral.records import Attempt, episode
from chalicelib.workflow.storage import store

TRIES: Final = 3
WAYS: Final = 2
DAYS: Final = 10
"""How many attempts before ``unresponsive``."""


@dataclass(frozen=True)
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


def may_give_up(state: Referral, now: int) -> bool:
    """Whether the rule is met. The log is read only where it can be."""
    if state.task is None or first_allowed_at(state.submitted) > now:
        return False
    return lacking(episode(store.log(state)).attempts, now).nothing
