"""The one table: rows as plain values, read and written, and what is tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from chalicelib.aws.attribute_values import Item, attributes, row_of
from chalicelib.aws.clients import call, client, make_ready
from chalicelib.aws.errors import AwsError, ConditionFailed
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Condition, Key, Placeholders, Update, Write, field
from chalicelib.domain.errors import TryAgain

TRIES = 6
_BATCH = 100
_REFUSED = "ConditionalCheckFailedException"
_BUSY = frozenset({
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip


def retrying(once: Callable[[], Item]) -> Item:
    """The answer of a call to AWS that may be made again; what stays busy becomes TryAgain.

    botocore makes three tries of its own; a transaction conflict is tried again here.
    """
    for attempt in range(TRIES):
        try:
            return once()
        except AwsError as error:
            if error.code == _REFUSED:
                raise ConditionFailed from error
            if error.refused_members:
                raise ConditionFailed(error.refused_members) from error
            if error.reached and error.code not in _BUSY:
                raise
            if attempt == TRIES - 1 or (attempt >= 1 and not error.reached):
                raise TryAgain(error.code) from error
        time.sleep(random.uniform(0.01, 0.04 * 2**attempt))
    raise TryAgain("busy")


def _ask(operation: str, **arguments: object) -> Item:
    answer: Item = retrying(lambda: call(getattr(client("dynamodb"), operation), **arguments))
    return answer


def _ask_table(operation: str, **arguments: object) -> Item:
    return _ask(operation, TableName=settings().table_name, **arguments)


# -- reads ----------------------------------------------------------------------------------------
def get(key: Key, *, consistent: bool = False) -> Item | None:
    """One row, or None."""
    wanted = attributes(key._asdict())
    answer = _ask_table("get_item", Key=wanted, ConsistentRead=consistent)
    return row_of(answer["Item"]) if "Item" in answer else None


def batch_get(wanted: Iterable[Key]) -> Iterator[Item]:
    """Many rows, 100 a call (half a read unit each), in any order; those unknown are left out.

    What AWS did not come to is asked for again, with a pause where it came to nothing at all.
    """
    name, keys = settings().table_name, iter(wanted)
    while some := [attributes(key._asdict()) for key in islice(keys, _BATCH)]:
        tries = 0
        while some:
            answer = _ask("batch_get_item", RequestItems={name: {"Keys": some}})
            found = answer["Responses"].get(name, [])
            yield from map(row_of, found)
            some = (answer.get("UnprocessedKeys") or {}).get(name, {}).get("Keys", [])
            tries = 0 if found else tries + 1
            if some and tries >= TRIES:
                raise TryAgain("unprocessed")
            if some:
                time.sleep(random.uniform(0.01, 0.04 * 2**tries))


class Index(NamedTuple):
    """An index by its name and its two key fields."""

    name: str
    partition: str
    order: str


# The lists of all that is of one sort; what else the table holds, ``workflow/storage/keys.py`` tells.
BOARD = Index("board", "gsi1pk", "gsi1sk")
# What staff are asked, by role, then by whose it is.
QUEUE = Index("queue", "gsi2pk", "gsi2sk")


class Page(NamedTuple):
    """Some rows of a partition, and where to go on; None when these were the last."""

    rows: list[Item]
    next: Item | None


def page(
    partition: str,
    order: Condition | None = None,
    *,
    index: Index | None = None,
    limit: int | None = None,
    start: Item | None = None,
    newest_first: bool = False,
    consistent: bool = False,
) -> Page:
    """One page of a partition, in order. ``order``: a condition on the sort key."""
    condition = field(index.partition if index else "pk").equals(partition)
    placeholders = Placeholders()
    text = placeholders.text((condition if order is None else condition & order).parts)
    more: Item = {"IndexName": index.name} if index else {"ConsistentRead": consistent}
    more |= {"Limit": limit} if limit else {}
    more |= {"ExclusiveStartKey": attributes(start)} if start else {}
    more |= {"ScanIndexForward": False} if newest_first else {}
    answer = _ask_table("query", KeyConditionExpression=text, **placeholders.arguments(), **more)
    last = answer.get("LastEvaluatedKey")
    return Page([row_of(row) for row in answer["Items"]], row_of(last) if last else None)


def each(
    partition: str,
    order: Condition | None = None,
    *,
    index: Index | None = None,
    limit: int | None = None,
    consistent: bool = False,
) -> Iterator[Item]:
    """Every row of a partition, in order, read page by page (of ``limit`` rows) as they are taken."""
    start: Item | None = None
    while True:
        rows, start = page(
            partition, order, index=index, limit=limit, start=start, consistent=consistent
        )
        yield from rows
        if start is None:
            return


def query(partition: str, prefix: str = "", *, consistent: bool = False) -> list[Item]:
    """Every row of a partition whose sort key begins with ``prefix``, in order."""
    order = field("sk").begins_with(prefix) if prefix else None
    return list(each(partition, order, consistent=consistent))


# -- writes ---------------------------------------------------------------------------------------
def write(one: Write) -> bool:
    """Write one row; False when its condition did not hold. Raises TryAgain."""
    operation = f"{type(one).__name__.lower()}_item"
    try:
        _ask_table(operation, **one.request())
    except ConditionFailed:
        return False
    return True


def updated(one: Update) -> Item | None:
    """Update a row and return it as it is then; None when its condition did not hold."""
    try:
        answer = _ask_table("update_item", **one.request(), ReturnValues="ALL_NEW")
    except ConditionFailed:
        return None
    return row_of(answer["Attributes"])


def transact(members: Iterable[Write]) -> None:
    """Write all or nothing. Raises ConditionFailed, which says whose condition failed, and TryAgain."""
    name = settings().table_name
    items = [{type(one).__name__: {"TableName": name, **one.request()}} for one in members]
    _ask("transact_write_items", TransactItems=items)


make_ready()
