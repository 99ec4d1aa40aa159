"""The table's memory between two runs: every change as one line, replayed at the next start.

The emulator forgets. This follows the table's stream and writes each change to a file before it is
older than a fifth of a second; a start reads the file into rows, writes it anew without history, and
puts the rows back.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Item = dict[str, Any]
Key = tuple[str, str]
POLL_SECONDS = 0.15


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)


def _decode(value: Item) -> Any:
    return base64.b64decode(value["__bytes__"]) if "__bytes__" in value else value


def _line(key: Key, item: Item | None) -> str:
    return json.dumps([*key, item], separators=(",", ":"), default=_encode) + "\n"


class Journal:
    """The file ``path``: lines of [pk, sk, row or null], rows in DynamoDB's own JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._read: Callable[[], bool] | None = None

    def rows(self, now: float | None = None) -> list[Item]:
        """The rows as they stood last, expired ones left out; a line cut by a crash is ignored."""
        now = time.time() if now is None else now
        found: dict[Key, Item] = {}
        if self.path.exists():
            with self.path.open(encoding="utf-8") as file:
                for line in file:
                    try:
                        pk, sk, item = json.loads(line, object_hook=_decode)
                    except ValueError:
                        continue
                    if item is None:
                        found.pop((pk, sk), None)
                    else:
                        found[pk, sk] = item
        return [row for row in found.values() if not _expired(row, now)]

    def compact(self, rows: Iterable[Item]) -> None:
        """Replace the file by one line a row, all or nothing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(_line((row["pk"]["S"], row["sk"]["S"]), row))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def follow(self, streams: Any, stream_arn: str) -> None:
        """Write down every change from now on, until ``stop``."""
        shard = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]
        place: str = streams.get_shard_iterator(
            StreamArn=stream_arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]
        file = self.path.open("a", encoding="utf-8")

        def read() -> bool:
            nonlocal place
            page = streams.get_records(ShardIterator=place, Limit=1000)
            changes = [record["dynamodb"] for record in page["Records"]]
            for change in changes:
                key = (change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"])
                file.write(_line(key, change.get("NewImage")))
            if changes:
                file.flush()
                os.fsync(file.fileno())
            place = page.get("NextShardIterator") or place
            return len(changes) > 0

        self._read = read
        self._thread = threading.Thread(target=self._follow, name="journal", daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        assert self._read is not None
        while not self._stop.is_set():
            try:
                busy = self._read()
            except Exception as error:  # the emulator is busy or gone: the next look tells
                if self._stop.is_set():
                    return
                print(f"journal: {type(error).__name__}: {error}", flush=True)
                busy = False
                self._stop.wait(0.5)
            if not busy:
                self._stop.wait(POLL_SECONDS)

    def stop(self) -> None:
        """Write down what is still on the stream, then end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2)
        if self._read is not None:
            try:
                while self._read():
                    pass
            except Exception as error:
                print(f"journal: the last changes are lost: {error}", flush=True)
            self._read = None


def put_back(dynamodb: Any, table: str, rows: list[Item]) -> None:
    """Put rows into the table, 25 at a time, until all are in."""
    for start in range(0, len(rows), 25):
        wanted = {table: [{"PutRequest": {"Item": row}} for row in rows[start : start + 25]]}
        while wanted:
            wanted = dynamodb.batch_write_item(RequestItems=wanted).get("UnprocessedItems") or {}


def _expired(row: Item, now: float) -> bool:
    expires = row.get("expires_at", {}).get("N")
    return expires is not None and float(expires) < now
