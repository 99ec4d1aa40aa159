"""The local stack as the bench wants it: metered, with many consultants, and its own time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from chalicelib.workflow.storage import keys
from infra import seed_data
from infra.bench.capacity import Meter
from infra.emulator import free_port
from infra.journal import put_back
from infra.stack import LocalStack

CONSULTANTS = 500
HERE = Path(__file__).resolve().parent / "emulator"


class BenchStack(LocalStack):
    """A stack in ``folder`` whose table is reached through ``meter``."""

    def __init__(self, folder: Path) -> None:
        self.meter = Meter(free_port(), lambda: self.emulator.endpoint)
        self._offset = 0.0
        self._clock = folder / "clock"
        self._clock.write_text("0")
        # What gives a process the stack's own time.
        self.time = {"BENCH_CLOCK": str(self._clock), "PYTHONPATH": str(HERE)}
        door = {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self.meter.port}", **self.time}
        super().__init__(folder, environment=door)

    def __enter__(self) -> BenchStack:
        """Started, with the whole directory, and a scheduler that looks only when it is told to."""
        super().__enter__()
        put_back(self.client("dynamodb"), self.table, _rows(directory()))
        events = self.client("events")
        for rule in events.list_rules()["Rules"]:
            if "ScheduleExpression" in rule:
                events.disable_rule(Name=rule["Name"])
        return self

    def stop(self) -> None:
        """End the stack and its meter."""
        super().stop()
        self.meter.stop()

    def tick(self, **how: Any) -> Any:
        """Let the scheduler look once."""
        self.meter.ticking = True
        try:
            return super().tick(**how)
        finally:
            self.meter.ticking = False

    def silence(self) -> None:
        """Let the scheduler forget every case so far: what it does for them is nobody else's cost."""
        client = self.client("dynamodb")
        pages = client.get_paginator("query").paginate(
            TableName=self.table,
            IndexName=keys.WAKE.name,
            KeyConditionExpression="wpk = :all",
            ExpressionAttributeValues={":all": {"S": keys.WAKE_PARTITION}},
        )
        for row in [row for page in pages for row in page["Items"]]:
            client.update_item(
                TableName=self.table,
                Key={name: row[name] for name in ("pk", "sk")},
                UpdateExpression="REMOVE wpk, wake_at",
            )

    def now(self) -> float:
        """What time it is on this stack."""
        return time.time() + self._offset

    def move_to(self, instant: int) -> None:
        """Let it be ``instant`` (UTC seconds) on this stack; never backwards."""
        self._offset = max(self._offset, instant + 0.5 - time.time())
        draft = self._clock.with_suffix(".draft")
        draft.write_text(f"{self._offset:.3f}")
        draft.replace(self._clock)


def directory() -> list[dict[str, Any]]:
    """Five hundred consultants, made of the demo network's: the demo's own, and copies of them."""
    rows = seed_data.consultants()
    copies = [
        {**rows[n % len(rows)], "id": f"c{n:03d}", "email": f"c{n:03d}@example.org"}
        for n in range(CONSULTANTS - len(rows))
    ]
    return [*rows, *copies]


def _rows(consultants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from boto3.dynamodb.types import TypeSerializer

    write = TypeSerializer().serialize
    named = [{"pk": "CONSULTANTS", "sk": one["id"], **one} for one in consultants]
    return [{name: write(value) for name, value in row.items()} for row in named]
