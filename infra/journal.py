"""The table's memory between two runs: every change as one line, replayed at the next start.

The emulator forgets. This follows the table's stream and writes each change to a file within a part
of a second; a start reads the file into rows, writes it anew without history, and puts the rows back.
So it is where staff take words out of a text: no line of before keeps them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from chalicelib.workflow.storage.free_text import TAKEN_OUT
from infra.lines import Lines

Item = dict[str, Any]
Key = tuple[str, str]
POLL_SECONDS = 0.1
# After words were taken out of a row, others may follow: then the file is written anew.
SETTLE_SECONDS = 1.0


class Journal:
    """The file ``path``: lines of [pk, sk, row or null, place on the stream], rows in DynamoDB's JSON."""

    def __init__(self, path: Path, say: Callable[[str], None] = print) -> None:
        self.path, self._say = path, say
        self._lines = Lines(path, say)
        self._place = ""  # the sequence number of the last change written
        self._anew_at = 0.0  # when it must be written anew; 0 for not
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._read: Callable[[], bool] | None = None

    def rows(self, now: float | None = None) -> list[Item]:
        """The rows as they stood last, expired ones left out. Raises Damaged; a torn last line is
        dropped and said."""
        now = time.time() if now is None else now
        found: dict[Key, Item] = {}
        for pk, sk, item, *place in self._lines.read():
            self._place = str(place[0]) if place else self._place
            if item is None:
                found.pop((pk, sk), None)
            else:
                found[pk, sk] = item
        return [row for row in found.values() if not _expired(row, now)]

    def compact(self, rows: Iterable[Item]) -> None:
        """Replace the file by one line a row, all or nothing. Their places belong to a stream that is
        gone."""
        self._place = ""
        self._replace(rows)

    def _replace(self, rows: Iterable[Item]) -> None:
        self._lines.replace([row["pk"]["S"], row["sk"]["S"], row, self._place] for row in rows)
        self._anew_at = 0.0

    def follow(self, streams: Any, stream_arn: str) -> None:
        """Write down every change from now on, until ``stop``."""
        place = _iterator(streams, stream_arn, "LATEST")

        def read() -> bool:
            nonlocal place
            if not place:  # the last look failed: go on behind the last change that was written
                place = _behind(streams, stream_arn, self._place)
            where, place = place, ""
            page = streams.get_records(ShardIterator=where, Limit=1000)
            self._write(page["Records"])
            place = page.get("NextShardIterator") or where
            return len(page["Records"]) > 0

        self._read = read
        self._thread = threading.Thread(target=self._follow, name="journal", daemon=True)
        self._thread.start()

    def drain(self, streams: Any, stream_arn: str) -> int:
        """Write down what a stream still holds behind the last change written; how many those were.

        For an emulator that outlived its runner. Call ``rows`` first.
        """
        place, count = _behind(streams, stream_arn, self._place), 0
        while place:
            page = streams.get_records(ShardIterator=place, Limit=1000)
            self._write(page["Records"])
            count += len(page["Records"])
            if not page["Records"]:
                break
            place = page.get("NextShardIterator")
        return count

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()

    def _write(self, records: list[Item]) -> None:
        lines = []
        for change in (record["dynamodb"] for record in records):
            keys = change["Keys"]
            place = change.get("SequenceNumber", "")
            new = change.get("NewImage")
            lines.append([keys["pk"]["S"], keys["sk"]["S"], new, place])
            if str(new).count(TAKEN_OUT) > str(change.get("OldImage")).count(TAKEN_OUT):
                self._anew_at = time.monotonic() + SETTLE_SECONDS
        self._lines.append(lines)
        if lines:
            self._place = str(lines[-1][3])

    def _follow(self) -> None:
        assert self._read is not None
        told = ""
        while not self._stop.is_set():
            try:
                busy, told = self._read(), ""
                if self._anew_at and time.monotonic() >= self._anew_at:
                    self._replace(self.rows())
            except Exception as error:  # the emulator is busy or gone: the next look tells
                if self._stop.is_set():
                    return
                what = f"journal: {type(error).__name__}: {error}"
                if what != told:
                    self._say(what)
                busy, told = False, what
                self._stop.wait(0.5)
            if not busy:
                self._stop.wait(POLL_SECONDS)

    def stop(self, drained: bool = True) -> None:
        """Write down what is still on the stream (unless the emulator is gone), then end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        if self._read is not None and drained:
            try:
                while self._read():
                    pass
                if self._anew_at:
                    self._replace(self.rows())
            except Exception as error:
                self._say(f"journal: the last changes are lost: {error}")
        self._read = None
        self._lines.close()


def _iterator(streams: Any, stream_arn: str, kind: str, **more: str) -> str:
    shard = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]
    place: str = streams.get_shard_iterator(
        StreamArn=stream_arn, ShardId=shard["ShardId"], ShardIteratorType=kind, **more
    )["ShardIterator"]
    return place


def _behind(streams: Any, stream_arn: str, place: str) -> str:
    """An iterator behind a change; from the beginning where none was written yet."""
    if not place:
        return _iterator(streams, stream_arn, "TRIM_HORIZON")
    return _iterator(streams, stream_arn, "AFTER_SEQUENCE_NUMBER", SequenceNumber=place)


def put_back(dynamodb: Any, table: str, rows: list[Item]) -> None:
    """Put rows into the table, 25 at a time, until all are in."""
    for start in range(0, len(rows), 25):
        wanted = {table: [{"PutRequest": {"Item": row}} for row in rows[start : start + 25]]}
        while wanted:
            wanted = dynamodb.batch_write_item(RequestItems=wanted).get("UnprocessedItems") or {}


def _expired(row: Item, now: float) -> bool:
    expires = row.get("expires_at", {}).get("N")
    return expires is not None and float(expires) < now
