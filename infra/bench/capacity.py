"""Counts DynamoDB's request units: a door between the functions and the embedded table.

It reads a row before and after each write, so that units follow from sizes. Nothing in the product
knows of it.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError

from infra.bench.deployed import matches, relay_patterns
from infra.bench.units import Index, Row, Schema, read_units, write_units

Json = dict[str, Any]
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}
# What the scheduler asks in every minute of the year, whether or not a case is due: a cost apart.
# Once an hour the mail doctor asks whether everybody's address works.
SCHEDULED = {"Query wake", "Query WAITLIST", "Query CONSULTANTS", "Query SEATLINE"}
# What is looked through once a day, for the pages of waits and caseloads, for who is due for supervision and for
# whose agreement ends: a cost of the day and of how many consultants there are, whatever cases are open.
EACH_DAY = ("WAITS", "CASELOAD", "board", "SUPERVISION", "SUPERVISED", "SUPERVISES", "RENEWALS")
# The row of the post belongs to no case: the doctor's look each hour, and his test letter each day, which
# the relay sends.
NO_CASE = {"GetItem POST", "PutItem POST", "UpdateItem POST"}
# What makes a query answer with less than it reads.
_NARROWING = ("ProjectionExpression", "FilterExpression", "Select", "ReturnConsumedCapacity")


class Meter:
    """Listens on ``port`` and passes calls on to the address that ``target`` gives.

    ``units`` are counted by operation and the kind of row: ``Query LOG``. While ``ticking``, what the
    scheduler asks every minute is left out.
    """

    def __init__(self, port: int, target: Callable[[], str]) -> None:
        self.port = port
        self.target = target
        self.units: dict[str, float] = defaultdict(float)
        self.written = self.read = 0.0
        self.ticking = False
        self.changes = 0  # records of the stream that pass its filter: each is a call of the relay
        self._schemas: dict[str, Schema] = {}
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._busy, self._last = 0, time.monotonic()
        meter = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer, kind = meter.passed(dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Door)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def passed(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Pass one call on and count what it used."""
        operation = headers.get("X-Amz-Target", "").rpartition(".")[2]
        with self._lock:
            self._busy += 1
        try:
            if operation in WRITES:
                with self._writing:  # or another write would stand between the two looks
                    return self._write(operation, headers, body)
            answer = self._call(headers, body)
            if operation in READS and answer[0] == 200:
                self._count_read(operation, headers, json.loads(body), json.loads(answer[1]))
            return answer
        finally:
            with self._lock:
                self._busy -= 1
                self._last = time.monotonic()

    def _write(
        self, operation: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes, str]:
        asked = json.loads(body)
        targets = _targets(operation, asked)
        schemas = {table: self._schema(table, headers) for table in {t for t, _ in targets}}
        keys = [
            (table, {name: row[name] for name in schemas[table].keys}) for table, row in targets
        ]
        before = [self._row(table, key, headers) for table, key in keys]
        answer = self._call(headers, body)
        after = [self._row(table, key, headers) for table, key in keys]
        transaction = operation == "TransactWriteItems"
        for (table, key), old, new in zip(keys, before, after, strict=True):
            units = write_units(old, new, schemas[table], transaction=transaction)
            self._count(f"{operation} {_kind(key)}", units, wrote=True)
            with self._lock:
                self.changes += old != new and _calls_the_relay(key, old, new)
        return answer

    def _count_read(self, operation: str, headers: dict[str, str], asked: Json, told: Json) -> None:
        consistent = bool(asked.get("ConsistentRead"))
        match operation:
            case "Query" | "Scan":
                if any(name in asked for name in _NARROWING):
                    wide = {k: v for k, v in asked.items() if k not in _NARROWING}
                    told = json.loads(self._call(headers, json.dumps(wide).encode())[1])
                values = asked.get("ExpressionAttributeValues", {})
                what = asked.get("IndexName") or _words(values)
                units = read_units(told["Items"], consistent=consistent)
            case "GetItem":
                what = _kind(asked["Key"])
                found = self._row(asked["TableName"], asked["Key"], headers)
                units = read_units([found] if found else [], consistent=consistent)
            case "BatchGetItem":
                rows = [row for of in told["Responses"].values() for row in of]
                what, units = "many", sum(read_units([row], consistent=consistent) for row in rows)
            case _:
                rows = [one.get("Item") or {} for one in told["Responses"]]
                what, units = "many", 2 * sum(read_units([row], consistent=True) for row in rows)
        self._count(f"{operation} {what}{' consistent' if consistent else ''}", units, wrote=False)

    def _count(self, name: str, units: float, *, wrote: bool) -> None:
        if name in NO_CASE or (self.ticking and (name in SCHEDULED or name.split()[1] in EACH_DAY)):
            return
        with self._lock:
            self.units[name] += units
            if wrote:
                self.written += units
            else:
                self.read += units

    def _row(self, table: str, key: Json, headers: dict[str, str]) -> Row | None:
        row: Row | None = self._ask(
            "GetItem", {"TableName": table, "Key": key, "ConsistentRead": True}, headers
        ).get("Item")
        return row

    def _schema(self, name: str, headers: dict[str, str]) -> Schema:
        if name not in self._schemas:
            table = self._ask("DescribeTable", {"TableName": name}, headers)["Table"]
            indexes = {}
            for one in table.get("GlobalSecondaryIndexes", []):
                copied = one["Projection"].get("NonKeyAttributes", [])
                everything = one["Projection"]["ProjectionType"] == "ALL"
                indexes[one["IndexName"]] = Index(
                    tuple(key["AttributeName"] for key in one["KeySchema"]),
                    None if everything else frozenset(copied),
                )
            keys = tuple(key["AttributeName"] for key in table["KeySchema"])
            self._schemas[name] = Schema(keys, indexes)
        return self._schemas[name]

    def _ask(self, operation: str, body: Json, headers: dict[str, str]) -> Json:
        target = {k: v for k, v in headers.items() if k.lower() != "x-amz-target"}
        target["X-Amz-Target"] = f"DynamoDB_20120810.{operation}"
        answer: Json = json.loads(self._call(target, json.dumps(body).encode())[1])
        return answer

    def _call(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length")}
        request = urllib.request.Request(self.target(), data=body, headers=kept, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as found:
                return found.status, found.read(), found.headers.get("Content-Type", "")
        except HTTPError as error:
            return error.code, error.read(), error.headers.get("Content-Type", "")

    def quiet(self, seconds: float = 0.8) -> None:
        """Return when nobody has asked anything for so long."""
        while True:
            with self._lock:
                rest = seconds - (time.monotonic() - self._last)
                if not self._busy and rest <= 0:
                    return
            time.sleep(max(0.05, min(rest, seconds)))

    def reset(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self.units.clear()
            self.written = self.read = 0.0
            self.changes = 0

    def stop(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._server.server_close()


def _targets(operation: str, asked: Json) -> list[tuple[str, Json]]:
    """Table and key (or whole row) of everything that a call writes."""
    if operation == "TransactWriteItems":
        bodies = [body for member in asked["TransactItems"] for body in member.values()]
        return [(str(body["TableName"]), _key_of(body)) for body in bodies]
    if operation == "BatchWriteItem":
        return [
            (table, _key_of(body))
            for table, members in asked["RequestItems"].items()
            for member in members
            for body in member.values()
        ]
    return [(str(asked["TableName"]), _key_of(asked))]


def _key_of(body: Json) -> Json:
    found: Json = body.get("Key") or body["Item"]
    return found


def _kind(key: Json) -> str:
    """What a row is, without what names it: ``REFERRAL``, ``LOG``, ``CONSULTANTS``."""
    pk, sk = (str(key[name].get("S", "")) for name in ("pk", "sk"))
    return sk.partition("#")[0] if pk.startswith("R#") else pk.partition("#")[0]


def _calls_the_relay(key: Json, old: Row | None, new: Row | None) -> bool:
    name = "REMOVE" if new is None else "MODIFY" if old else "INSERT"
    record = {"eventName": name, "dynamodb": {"Keys": key, "NewImage": dict(new or {})}}
    return any(matches(pattern, record) for pattern in relay_patterns())


def _words(values: Json) -> str:
    texts = [str(value.get("S", "")) for value in values.values()]
    return " ".join(text.partition("#")[0] for text in texts) or "everything"
