"""The one table for sizes at which the emulator takes minutes: sorted, in memory, and counted as AWS counts.

It answers the operations that the product calls, by the table's own template: keys, indexes, what each
index copies, pages of one megabyte. Rows stay as they came over the wire.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sortedcontainers import SortedList

from infra.bench.units import Index, Row, Schema, entry, read_units, size, write_units
from infra.template import read_fragments
from tests.faults.expressions import read_condition, read_update, updated
from tests.faults.fake_table import plain, plain_row, wire_row

Json = dict[str, Any]
Key = tuple[str, str]
TEMPLATE = Path(__file__).resolve().parents[2] / "template"
PAGE = 1024 * 1024
_ORDER = re.compile(
    r"#0 = :0(?: AND (?:(?P<begins>begins_with)\(#1, :1\)|#1 (?P<sign>=|<=|>=) :1"
    r"|#1 (?P<between>BETWEEN) :1 AND :2))?"
)
_HIGHEST = "\U0010ffff"


class Refused(Exception):
    """DynamoDB's answer to a condition that does not hold; ``reasons`` of a transaction's members."""

    def __init__(self, code: str, reasons: list[str] | None = None) -> None:
        super().__init__(code)
        self.code, self.reasons = code, reasons


def schema() -> Schema:
    """The table's keys and indexes, as its template has them."""
    told = read_fragments(TEMPLATE)["Resources"]["Table"]["Properties"]

    def keys(of: Json) -> tuple[str, ...]:
        return tuple(one["AttributeName"] for one in of["KeySchema"])

    indexes = {}
    for one in told["GlobalSecondaryIndexes"]:
        copied = one["Projection"].get("NonKeyAttributes", [])
        whole = one["Projection"]["ProjectionType"] == "ALL"
        indexes[one["IndexName"]] = Index(keys(one), None if whole else frozenset(copied))
    return Schema(keys(told), indexes)


class BigTable:
    """``units``: what was read and written since the last ``forget``, by operation and kind of row."""

    def __init__(self) -> None:
        self.schema = schema()
        self.rows: dict[str, dict[str, Row]] = {}
        self._orders: dict[tuple[str, str], SortedList[Any]] = defaultdict(SortedList)
        self.units: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self.counting = True

    def forget(self) -> None:
        """Begin to count anew."""
        self.units.clear()
        self.calls.clear()

    def put(self, row: Row) -> None:
        """Write a row down, whatever stood there; nobody counts it."""
        self._replace((str(row["pk"]["S"]), str(row["sk"]["S"])), row)

    def call(self, operation: str, given: Json) -> Json:
        """The answer to an operation. Raises Refused."""
        self.calls[operation] += 1
        answer: Json = getattr(self, f"_{operation}")(given)
        return answer

    # -- reads -----------------------------------------------------------------------------------
    def _find(self, key: Json) -> Row | None:
        return self.rows.get(str(key["pk"]["S"]), {}).get(str(key["sk"]["S"]))

    def _GetItem(self, given: Json) -> Json:  # noqa: N802
        row = self._find(given["Key"])
        self._read("GetItem", given["Key"], [row] if row else [], given)
        return {"Item": row} if row else {}

    def _BatchGetItem(self, given: Json) -> Json:  # noqa: N802
        found: Json = {}
        for name, asked in given["RequestItems"].items():
            if not 0 < len(asked["Keys"]) <= 100:
                raise Refused("ValidationException")
            rows = [row for key in asked["Keys"] if (row := self._find(key)) is not None]
            for key in asked["Keys"]:
                row = self._find(key)
                self._read("BatchGetItem", key, [row] if row else [], asked)
            found[name] = [self._shown(row, asked) for row in rows]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _Query(self, given: Json) -> Json:  # noqa: N802
        index = given.get("IndexName", "")
        about = self.schema.indexes.get(index)
        partition = str(given["ExpressionAttributeValues"][":0"]["S"])
        limit, weight = int(given.get("Limit", 2**40)), 0
        rows: list[Row] = []
        last: Row | None = None
        for row in self._in_order(given, index, partition):
            shown: Row = entry(row, about, self.schema) if about is not None else row
            weight += size(shown)
            if rows and weight > PAGE:
                break
            rows.append(shown)
            last = row
            if len(rows) == limit:
                break
        else:
            last = None
        self._read(f"Query {index or partition.partition('#')[0]}", {}, rows, given)
        kept = [row for row in rows if _passes(row, given)]
        answer: Json = {"Count": len(kept), "ScannedCount": len(rows)}
        if given.get("Select") != "COUNT":
            answer["Items"] = [self._shown(row, given) for row in kept]
        if last is not None:
            names = {*self.schema.keys, *(about.keys if about else ())}
            answer["LastEvaluatedKey"] = {name: last[name] for name in names}
        return answer

    def _in_order(self, given: Json, index: str, partition: str) -> Iterator[Row]:
        """The rows of a partition that a query asks for, from where it begins."""
        low, high = _bounds(given)
        backward = given.get("ScanIndexForward") is False
        start = given.get("ExclusiveStartKey")
        sort = self.schema.indexes[index].keys[1] if index else "sk"
        begin = (plain(start[sort]), start["pk"]["S"], start["sk"]["S"]) if start else None
        places: Any = self._orders[index, partition]
        if not index:
            places = SortedList((sk, partition, sk) for sk in self.rows.get(partition, {}))
        first: Any = None if low is None else (low,)
        end: Any = None if high is None else (high, _HIGHEST)
        if begin is not None:
            first, end = (first, begin) if backward else (begin, end)
        inside = (begin is None or backward, begin is None or not backward)
        for _, pk, sk in places.irange(first, end, inside, backward):
            yield self.rows[pk][sk]

    def _shown(self, row: Row, given: Json) -> Row:
        """What a projection leaves of a row, its whole attributes."""
        if "ProjectionExpression" not in given:
            return row
        names = given.get("ExpressionAttributeNames", {})
        asked = {
            names.get(one.strip(), one.strip()) for one in given["ProjectionExpression"].split(",")
        }
        return {name: value for name, value in row.items() if name in asked}

    def _read(self, what: str, key: Json, rows: list[Row], given: Json) -> None:
        if self.counting:
            kind = _kind(key) if key else ""
            consistent = bool(given.get("ConsistentRead"))
            self.units[f"{what} {kind}".strip()] += read_units(rows, consistent=consistent)

    # -- writes ----------------------------------------------------------------------------------
    def _PutItem(self, given: Json) -> Json:  # noqa: N802
        return self._commit([("Put", given)])

    def _UpdateItem(self, given: Json) -> Json:  # noqa: N802
        self._commit([("Update", given)])
        return (
            {"Attributes": self._find(given["Key"])}
            if given.get("ReturnValues") == "ALL_NEW"
            else {}
        )

    def _DeleteItem(self, given: Json) -> Json:  # noqa: N802
        return self._commit([("Delete", given)])

    def _TransactWriteItems(self, given: Json) -> Json:  # noqa: N802
        return self._commit([next(iter(one.items())) for one in given["TransactItems"]], whole=True)

    def _commit(self, members: list[tuple[str, Json]], whole: bool = False) -> Json:
        wanted = [self._made(kind, body) for kind, body in members]
        if not all(allowed for _, _, allowed in wanted):
            codes = ["None" if allowed else "ConditionalCheckFailed" for _, _, allowed in wanted]
            if whole:
                raise Refused("TransactionCanceledException", codes)
            raise Refused("ConditionalCheckFailedException")
        for (pk, sk), row, _ in wanted:
            if self.counting:
                old = self.rows.get(pk, {}).get(sk)
                used = write_units(old, row, self.schema, transaction=whole)
                self.units[f"write {_kind({'pk': {'S': pk}, 'sk': {'S': sk}})}"] += used
            self._replace((pk, sk), row)
        return {}

    def _made(self, kind: str, body: Json) -> tuple[Key, Row | None, bool]:
        """The key of what is written, what stands there then, and whether its condition holds."""
        key = body.get("Key") or {name: body["Item"][name] for name in self.schema.keys}
        pk, sk = str(key["pk"]["S"]), str(key["sk"]["S"])
        old = self._find(key)
        names = body.get("ExpressionAttributeNames", {})
        values = plain_row(body.get("ExpressionAttributeValues", {}))
        if "ConditionExpression" in body:
            test, _ = read_condition(body["ConditionExpression"])
            if not test((plain_row(dict(old or {})), names, values)):
                return (pk, sk), None, False
        if kind == "Update":
            clauses, _ = read_update(body["UpdateExpression"])
            before = plain_row(dict(old)) if old else {"pk": pk, "sk": sk}
            return (pk, sk), wire_row(updated(before, clauses, names, values)), True
        return (pk, sk), body["Item"] if kind == "Put" else None, True

    def _replace(self, key: Key, row: Row | None) -> None:
        pk, sk = key
        there = self.rows.setdefault(pk, {})
        old = there.get(sk)
        for name, index in self.schema.indexes.items():
            was, now = (_place(one, index) for one in (old, row))
            if was == now:
                continue
            if was is not None:
                self._orders[name, was[0]].remove((was[1], pk, sk))
            if now is not None:
                self._orders[name, now[0]].add((now[1], pk, sk))
        if row is None:
            there.pop(sk, None)
        else:
            there[sk] = row


def wired(row: Json) -> Row:
    """Plain values as they go over the wire."""
    found: Row = wire_row(row)
    return found


def _place(row: Row | None, index: Index) -> tuple[str, Any] | None:
    if row is None or not all(name in row for name in index.keys):
        return None
    partition, sort = (plain(dict(row[name])) for name in index.keys)
    return partition, sort


def _bounds(given: Json) -> tuple[Any, Any]:
    """Between which values of the sort key a query looks; None for no end."""
    found = _ORDER.fullmatch(given["KeyConditionExpression"])
    if found is None:
        raise Refused("ValidationException")
    values = plain_row(given["ExpressionAttributeValues"])
    one: Any = values.get(":1")
    if found["begins"]:
        return one, one + _HIGHEST
    if found["between"]:
        return one, values[":2"]
    low = one if found["sign"] in ("=", ">=") else None
    return low, one if found["sign"] in ("=", "<=") else None


def _passes(row: Row, given: Json) -> bool:
    if "FilterExpression" not in given:
        return True
    test, _ = read_condition(given["FilterExpression"])
    values = plain_row(given.get("ExpressionAttributeValues", {}))
    return bool(test((plain_row(dict(row)), given.get("ExpressionAttributeNames", {}), values)))


def _kind(key: Json) -> str:
    pk, sk = (str(key[name]["S"]) for name in ("pk", "sk"))
    return sk.partition("#")[0] if pk.startswith("R#") else pk.partition("#")[0]
