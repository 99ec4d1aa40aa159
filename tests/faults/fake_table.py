"""The one table in this process: the operations and expressions that the product uses, and no other.

It stands behind ``BaseClient._make_api_call``, so that a call costs microseconds, and keeps plain
values. ``test_fake_table.py`` holds it against moto. It can show what moto cannot: a
stale read, an index that lags, a record that came twice or never.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from .expressions import Test, Wrong, read_condition, read_update, updated

Item = dict[str, Any]
Partition = dict[str, Item]
INDEXES = {"board": ("gsi1pk", "gsi1sk"), "queue": ("gsi2pk", "gsi2sk"), "wake": ("wpk", "wake_at")}
TYPES = {name: str for keys in INDEXES.values() for name in keys}
TYPES |= {"pk": str, "sk": str, "wake_at": Decimal}
LARGEST = 400 * 1024


class Row(dict[str, Any]):
    """A row as it stands. It is replaced, never changed: so its wire form is made once."""

    wired: Item | None = None

    def __setitem__(self, name: str, value: Any) -> None:
        raise TypeError("a row of the table is replaced, not changed")

    def __reduce__(self) -> tuple[type[Row], tuple[Item]]:
        """Copied and kept without its wire form."""
        return Row, (dict(self),)


@dataclass(frozen=True)
class Change:
    """One record of the stream."""

    number: int
    name: str
    old: Item | None
    new: Item | None

    @property
    def keys(self) -> tuple[str, str]:
        row = self.new or self.old or {}
        return row["pk"], row["sk"]


@dataclass
class FakeTable:
    """``before``: each partition as it was before its newest write, and ``row_before``: each row,
    which a stale read may show. ``lagging``: an index as it was when it began to lag."""

    name: str
    items: dict[str, Partition] = field(default_factory=dict)
    before: dict[str, Partition] = field(default_factory=dict)
    row_before: dict[tuple[str, str], Item | None] = field(default_factory=dict)
    stream: list[Change] = field(default_factory=list)
    lagging: dict[str, Partition] | None = None
    stale: bool = False
    writes: int = 0
    wrong: list[str] = field(default_factory=list)  # calls that DynamoDB would not take

    def call(self, operation: str, given: Item) -> Item:
        """Answer an operation of DynamoDB as botocore's client does."""
        try:
            return OPERATIONS[operation](self, given)
        except (Wrong, KeyError) as error:
            self.wrong.append(f"{operation}: {error!r}")
            raise refused("ValidationException", operation, str(error)) from error

    # -- reads ---------------------------------------------------------------------------------------
    def _may_be_old(self, given: Item) -> bool:
        return self.stale and not given.get("ConsistentRead")

    def get_item(self, given: Item) -> Item:
        _only(given, "TableName", "Key", "ConsistentRead")
        pk, sk = self._key(given)
        row = self.items.get(pk, {}).get(sk)
        # A record comes again after seconds, a replica lags by milliseconds: who sends a letter
        # finds its row. Everything else may be read as it was.
        if self._may_be_old(given) and not sk.startswith("MAIL#"):
            row = self.row_before.get((pk, sk), row)
        return {} if row is None else {"Item": wire_row(row)}

    def batch_get_item(self, given: Item) -> Item:
        ((name, asked),) = given["RequestItems"].items()
        _only(asked, "Keys", "ConsistentRead")
        if not 0 < len(asked["Keys"]) <= 100:
            raise Wrong("1 to 100 keys in a batch")
        found = [self.items.get(pk, {}).get(sk) for pk, sk in map(_pair, asked["Keys"])]
        return {"Responses": {name: [wire_row(row) for row in found if row]}, "UnprocessedKeys": {}}

    def query(self, given: Item) -> Item:
        _only(given, "TableName", "KeyConditionExpression", "ExpressionAttributeNames", "IndexName",
              "ExpressionAttributeValues", "ConsistentRead", "Limit", "ExclusiveStartKey",
              "ScanIndexForward")  # fmt: skip
        index = given.get("IndexName")
        if index is not None and given.get("ConsistentRead"):
            raise Wrong("an index has no consistent read")
        partition, order = INDEXES[index] if index else ("pk", "sk")
        pk, test = _key_condition(given, partition, order)
        names, values = _placeholders(given)
        found = [row for row in self._rows(index, pk, given) if test((row, names, values))]
        backward = given.get("ScanIndexForward") is False
        found.sort(key=lambda row: (row[order], row["pk"], row["sk"]), reverse=backward)
        if start := given.get("ExclusiveStartKey"):
            start = plain_row(start)
            after = (start[order], start["pk"], start["sk"])
            places = [(row[order], row["pk"], row["sk"]) for row in found]
            more = [place < after if backward else place > after for place in places]
            found = [row for row, yes in zip(found, more, strict=True) if yes]
        page = found[: given.get("Limit", len(found))]
        answer: Item = {"Items": [wire_row(row) for row in page], "Count": len(page)}
        if len(page) < len(found) or (page and len(page) == given.get("Limit")):
            last = {name: page[-1][name] for name in ("pk", "sk", partition, order)}
            answer["LastEvaluatedKey"] = wire_row(last)
        return answer

    def _rows(self, index: str | None, pk: str, given: Item) -> list[Item]:
        if index is None:
            rows = self.items.get(pk, {})
            return list((self.before.get(pk, rows) if self._may_be_old(given) else rows).values())
        partition, order = INDEXES[index]
        view = self.items if self.lagging is None else self.lagging
        return [
            row
            for rows in view.values()
            for row in rows.values()
            if row.get(partition) == pk and order in row
        ]

    def scan(self) -> list[Item]:
        """Every row, for those who check."""
        return [row for rows in self.items.values() for row in rows.values()]

    # -- writes ---------------------------------------------------------------------------------------
    def put_item(self, given: Item) -> Item:
        _only(given, "TableName", "Item", *CONDITION)
        return self._commit([self._put(given)], "PutItem")

    def update_item(self, given: Item) -> Item:
        _only(given, "TableName", "Key", "UpdateExpression", "ReturnValues", *CONDITION)
        answer = self._commit([self._update(given)], "UpdateItem")
        match given.get("ReturnValues", "NONE"):
            case "NONE":
                return answer
            case "ALL_NEW":
                pk, sk = self._key(given)
                return {"Attributes": wire_row(self.items[pk][sk])}
        raise Wrong("ReturnValues")

    def delete_item(self, given: Item) -> Item:
        _only(given, "TableName", "Key", *CONDITION)
        return self._commit([self._delete(given)], "DeleteItem")

    def transact_write_items(self, given: Item) -> Item:
        _only(given, "TransactItems", "ClientRequestToken")
        members = []
        for member in given["TransactItems"]:
            ((kind, body),) = member.items()
            _only(body, "TableName", "Item", "Key", "UpdateExpression", *CONDITION)
            make = {"Put": self._put, "Update": self._update, "Delete": self._delete}[kind]
            members.append(make(body))
        keys = [(pk, sk) for pk, sk, _, _ in members]
        if len(set(keys)) < len(keys) or len(keys) > 100:
            raise Wrong("one row twice, or too many, in a transaction")
        return self._commit(members, "TransactWriteItems")

    def batch_write_item(self, given: Item) -> Item:
        for puts in given["RequestItems"].values():
            for one in puts:
                self._commit([self._put({"Item": one["PutRequest"]["Item"]})], "BatchWriteItem")
        return {"UnprocessedItems": {}}

    def _key(self, given: Item) -> tuple[str, str]:
        key = plain_row(given["Key"])
        if set(key) != {"pk", "sk"} or not (key["pk"] and key["sk"]):
            raise Wrong(f"no key: {key}")
        return key["pk"], key["sk"]

    def _put(self, given: Item) -> tuple[str, str, Item | None, bool]:
        row = plain_row(given["Item"])
        pk, sk = self._key({"Key": {k: given["Item"][k] for k in ("pk", "sk") if k in row}})
        return pk, sk, checked(row), self._allowed(pk, sk, given, frozenset())

    def _delete(self, given: Item) -> tuple[str, str, Item | None, bool]:
        pk, sk = self._key(given)
        return pk, sk, None, self._allowed(pk, sk, given, frozenset())

    def _update(self, given: Item) -> tuple[str, str, Item | None, bool]:
        pk, sk = self._key(given)
        clauses, used = read_update(given["UpdateExpression"])
        allowed = self._allowed(pk, sk, given, used)
        if not allowed:
            return pk, sk, None, False
        row = self.items.get(pk, {}).get(sk, {"pk": pk, "sk": sk})
        after = updated(row, clauses, *_placeholders(given))
        if (after["pk"], after["sk"]) != (pk, sk):
            raise Wrong("an update cannot move a row")
        return pk, sk, checked(after), True

    def _allowed(self, pk: str, sk: str, given: Item, used: frozenset[str]) -> bool:
        names, values = _placeholders(given)
        holds = True
        if "ConditionExpression" in given:
            test, more = read_condition(given["ConditionExpression"])
            used = used | more
            holds = test((self.items.get(pk, {}).get(sk, {}), names, values))
        if used != {*names, *values}:
            raise Wrong(f"not defined or not used: {used ^ {*names, *values}}")
        return holds

    def _commit(self, members: list[tuple[str, str, Item | None, bool]], operation: str) -> Item:
        if not all(allowed for *_, allowed in members):
            if operation != "TransactWriteItems":
                raise refused("ConditionalCheckFailedException", operation)
            codes = ["None" if ok else "ConditionalCheckFailed" for *_, ok in members]
            raise refused("TransactionCanceledException", operation, reasons=codes)
        for pk, sk, row, _ in members:
            self.writes += 1
            rows = self.items.get(pk, {})
            old = rows.get(sk)
            self.before[pk], self.row_before[pk, sk] = rows, old
            if row is None:
                self.items[pk] = {k: v for k, v in rows.items() if k != sk}
            else:
                self.items[pk] = {**rows, sk: row}
            if old != row:
                name = "REMOVE" if row is None else "INSERT" if old is None else "MODIFY"
                self.stream.append(Change(len(self.stream) + 1, name, old, row))
        return {}


CONDITION = ("ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
OPERATIONS: dict[str, Callable[[FakeTable, Item], Item]] = {
    "GetItem": FakeTable.get_item,
    "BatchGetItem": FakeTable.batch_get_item,
    "Query": FakeTable.query,
    "PutItem": FakeTable.put_item,
    "UpdateItem": FakeTable.update_item,
    "DeleteItem": FakeTable.delete_item,
    "TransactWriteItems": FakeTable.transact_write_items,
    "BatchWriteItem": FakeTable.batch_write_item,
}


def refused(
    code: str, operation: str, message: str = "", reasons: list[str] | None = None
) -> ClientError:
    """The error as botocore raises it."""
    body: Item = {"Error": {"Code": code, "Message": message or code}}
    if reasons is not None:
        body["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(body, operation)  # type: ignore[arg-type]


def _pair(key: Item) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]


def _placeholders(given: Item) -> tuple[dict[str, str], Item]:
    names = given.get("ExpressionAttributeNames", {})
    return names, plain_row(given.get("ExpressionAttributeValues", {}))


def _only(given: Item, *known: str) -> None:
    if extra := set(given) - set(known):
        raise Wrong(f"not known here: {sorted(extra)}")


def plain_row(row: Item) -> Item:
    """A row in wire form as the table keeps it."""
    return {_text(name): plain(value) for name, value in row.items()}


def plain(value: Item) -> Any:
    """A value in wire form as the table keeps it."""
    ((kind, one),) = value.items()
    match kind, one:
        case ("S", str()) | ("BOOL", bool()):
            return one
        case "N", str():
            return Decimal(one)
        case "NULL", True:
            return None
        case "M", dict():
            return plain_row(one)
        case "L", list():
            return [plain(member) for member in one]
        case "SS", [str(), *_] if len(set(one)) == len(one):
            return set(one)
    raise Wrong(f"no value of a table: {kind}")


def wire_row(row: Item) -> Item:
    """A row in wire form. What is in it is everybody's: it is read, not changed."""
    if not isinstance(row, Row):
        return {name: wire(value) for name, value in row.items()}
    if row.wired is None:
        row.wired = {name: wire(value) for name, value in row.items()}
    return dict(row.wired)


def wire(value: Any) -> Item:
    """A value in wire form."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": str(value)}
    if isinstance(value, dict):
        return {"M": wire_row(value)}
    if isinstance(value, list):
        return {"L": [wire(member) for member in value]}
    return {"NULL": True} if value is None else {"SS": sorted(value)}


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise Wrong("names are texts")
    return key


def checked(row: Item) -> Row:
    """The row, when DynamoDB would take it."""
    for name, kind in TYPES.items():
        if name in row and (not isinstance(row[name], kind) or row[name] == ""):
            raise Wrong(f"{name} of an index is no {kind.__name__}")
    # Its text has a character for each byte that is counted, but for letters of up to four bytes.
    if 4 * len(repr(row)) > LARGEST and weight(row) > LARGEST:
        raise Wrong("Item size has exceeded the maximum allowed size")
    return Row(row)


def weight(value: Any) -> int:
    """About the bytes that DynamoDB counts."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, dict):
        return 3 + sum(1 + len(k.encode()) + weight(v) for k, v in value.items())
    if isinstance(value, list | set):
        return 3 + sum(1 + weight(v) for v in value)
    return 1 if value is None or isinstance(value, bool) else len(str(value)) // 2 + 2


KEYS = re.compile(
    r"#0 = :0(?: AND (?:begins_with\(#1, :1\)|#1 (?:=|<=|>=) :1|#1 BETWEEN :1 AND :2))?"
)


def _key_condition(given: Item, partition: str, order: str) -> tuple[str, Test]:
    """The partition's key, and the whole as a test of a row."""
    text, (names, values) = given["KeyConditionExpression"], _placeholders(given)
    if not KEYS.fullmatch(text) or list(names.values()) != [partition, order][: len(names)]:
        raise Wrong(f"not used here: {text}")
    test, used = read_condition(text)
    if used != {*names, *values}:
        raise Wrong("not defined or not used")
    return values[":0"], test


def record(change: Change) -> Item:
    """A change as the stream's record."""
    pk, sk = change.keys
    body: Item = {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}, "SequenceNumber": str(change.number)}
    if change.new is not None:
        body["NewImage"] = wire_row(change.new)
    if change.old is not None:
        body["OldImage"] = wire_row(change.old)
    return {"eventID": str(change.number), "eventName": change.name, "dynamodb": body}


@dataclass(frozen=True)
class Rows:
    """The rows as a test looks at them, and changes them behind the product's back; the calls are
    those of boto3's table."""

    fake: FakeTable

    def scan(self) -> Item:
        return {"Items": [plain_row(wire_row(row)) for row in self.fake.scan()]}

    def get_item(self, **given: Any) -> Item:
        found = self.fake.call("GetItem", {**given, "Key": wire_row(given["Key"])})
        return {name: plain_row(row) for name, row in found.items()}

    def put_item(self, **given: Any) -> None:
        self.fake.call("PutItem", {**given, "Item": wire_row(given["Item"])})

    def delete_item(self, **given: Any) -> None:
        self.fake.call("DeleteItem", {**given, "Key": wire_row(given["Key"])})

    def update_item(self, **given: Any) -> None:
        more = {
            name: wire_row(given[name])
            for name in ("Key", "ExpressionAttributeValues")
            if name in given
        }
        self.fake.call("UpdateItem", given | more)
