"""Half-written answers of mailed tasks: one row a task, until the task ends.

A row is no part of the referral's story. The clock looks at it now and then and removes it when its
task is over; the table's own expiry does the same should the clock be late.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, size
from chalicelib.aws.writes import Key, delete, field, put
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import keys, store

Typed = dict[str, list[str]]
# Between the state and the request, so that a page reads all three at once.
PREFIX = f"{keys.STATE}_KEPT#"
# UTF-8 bytes of names and texts: a whole action plan has about four thousand.
MOST = 24_000
LOOK_AGAIN = 6 * 3600


def fits(typed: Typed) -> bool:
    """Whether this much may be kept."""
    return size(typed) <= MOST


def keep(reference: str, n: int, typed: Typed, at: int, expires: int, shown: int) -> bool:
    """Keep what was typed into task ``n`` on a page that was shown at ``shown``, in place of what was
    kept before; False when that is from a newer page. Raises TryAgain."""
    wake = {"wpk": keys.WAKE_PARTITION, "wake_at": min(expires, at + LOOK_AGAIN)}
    row = {"typed": typed, "at": at, "expires_at": expires, "shown": shown, **wake}
    newest = field("shown").absent() | field("shown").at_most(shown)
    return dynamodb.write(put(_key(reference, n), row).only_if(newest))


def get(reference: str, n: int, now: int, *, consistent: bool = False) -> Typed | None:
    """What is kept for task ``n``, or None. Rows are removed late, so their end is compared."""
    return _unless_over(dynamodb.get(_key(reference, n), consistent=consistent), now)


def known(state: Case, n: int, now: int) -> Typed | None:
    """The same, without another read where it was read with the state."""
    return _unless_over(store.neighbor(state, _key(state.reference, n)), now)


def _unless_over(row: Item | None, now: int) -> Typed | None:
    if row is None or int(row["expires_at"]) <= now:
        return None
    return {str(name): [str(v) for v in values] for name, values in row["typed"].items()}


def forget(reference: str, n: int) -> None:
    """Remove it; what is gone already is fine."""
    dynamodb.write(delete(_key(reference, n)))


def number(sk: str) -> int:
    """The task's number in a sort key."""
    return int(sk.removeprefix(PREFIX))


def _key(reference: str, n: int) -> Key:
    return Key(keys.case_pk(reference), f"{PREFIX}{n:06d}")
