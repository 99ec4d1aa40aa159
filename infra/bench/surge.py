"""Ten thousand requests in an hour, each sent several times: what is lost, what leaves twice, what leaves
first. The product's own intake, relay, runs, clock and queue, against a post that takes only so much.

One request stands for ``SHARE`` of them, and the post takes as many times fewer letters a second; the
seconds, and all waits of the product, are true.
"""

from __future__ import annotations

import importlib
import random
import statistics
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from infra.bench.figures import Figure

ALL, SHARE = 10_000, 20
# Of all requests so many come in the first ten minutes.
STORM, FIRST = 0.5, 600
HOUR = 3600
# What the post takes a second, and how long one letter of the queue takes (seconds).
RATE, EACH = 14 / SHARE, 0.1 * SHARE
# How often a press is sent again, a record of the stream comes again, and a batch fails.
AGAIN, TWICE, FAILS = 0.6, 0.1, 0.05
LONGEST = 4 * HOUR


@dataclass
class Post:
    """Takes ``RATE`` letters a second, a few seconds' worth at once, and refuses the rest as SES does."""

    world: Any
    busy: type[Exception]
    real: Any
    tokens: float = RATE * 5
    at: float = 0.0
    ahead: float = 0.0
    refused: int = 0
    draining: bool = False

    def now(self) -> float:
        """The seconds of the world, and those that the queue has spent in this minute."""
        return float(self.world.at) + self.ahead

    def send(self, *given: Any, **more: Any) -> Any:
        """Take a letter, or refuse it."""
        if self.draining:
            self.ahead += EACH
        now = self.now()
        self.tokens = min(RATE * 5, self.tokens + RATE * max(0.0, now - self.at))
        self.at = max(self.at, now)
        if self.tokens < 1:
            self.refused += 1
            raise self.busy(8, "ThrottlingException")
        self.tokens -= 1
        return self.real(*given, **more)


@dataclass
class Told:
    """What came of it. ``waits``: seconds from a press to its receipt."""

    sent: dict[str, int] = field(default_factory=dict)
    waits: list[int] = field(default_factory=list)
    lost: int = 0
    twice: int = 0
    refused: int = 0
    empty: int = 0


def played(seed: int = 1) -> Told:
    """The hour, and what follows until nothing waits."""
    import pytest

    lifecycle, worlds, conftest = (
        importlib.import_module(f"tests.{name}")
        for name in ("workflow.lifecycle", "world", "conftest")
    )
    with pytest.MonkeyPatch.context() as patch:
        world = worlds.World(conftest.fake_aws(patch), patch)
        harness = lifecycle.LifecycleHarness(world)
        return _Hour(harness, patch, random.Random(seed)).told()


class _Hour:
    def __init__(self, harness: Any, patch: Any, rng: random.Random) -> None:
        from chalicelib.aws import ses
        from chalicelib.referral.intake import create_referral

        self.harness, self.world, self.rng = harness, harness.world, rng
        self.post = Post(self.world, ses.PostBusy, ses.send)
        patch.setattr(ses, "send", self.post.send)
        patch.setattr("chalicelib.mail.queue.time.monotonic", self.post.now)
        self.submit = create_referral.submit
        self.newest: tuple[Any, ...] = ()
        patch.setattr(create_referral, "submit", self._submit)
        self.begins = self.world.at
        self.found = Told()
        count = ALL // SHARE
        early = int(count * STORM)
        self.due = sorted(
            [rng.randrange(FIRST) for _ in range(early)]
            + [rng.randrange(FIRST, HOUR) for _ in range(count - early)]
        )
        self.again: list[tuple[int, Any]] = []
        self.records: list[Any] = []

    def told(self) -> Told:
        """Second by second; then what the letters' rows say."""
        second = 0
        while second < HOUR or (second < LONGEST and self._waits()):
            self.world.at = self.begins + second
            self._pressed(second)
            self._relay()
            if second % 60 == 0:
                self._minute()
            second += 1 if second < HOUR else 60 - second % 60
        self.found.empty = second
        self._count()
        return self.found

    def _pressed(self, second: int) -> None:
        while self.due and self.due[0] <= second:
            self.due.pop(0)
            reference, press = self._press()
            self.found.sent[reference] = self.world.at
            times = 0
            while self.rng.random() < AGAIN and times < 4:
                times += 1
                self.again.append((second + self.rng.randrange(20), press))
        ready = [one for one in self.again if one[0] <= second]
        self.again = [one for one in self.again if one[0] > second]
        for _, press in ready:
            press()

    def _submit(self, *given: Any) -> None:
        self.newest = given
        self.submit(*given)

    def _press(self) -> tuple[str, Any]:
        """A request is sent; its reference, and the same press once more."""
        reference = self.world.submit()
        return reference, partial(self.submit, *self.newest)

    def _relay(self) -> None:
        """The stream: batches that fail come again with the next, and some records come twice."""
        self.records += self.world.records()
        if not self.records or self.rng.random() < FAILS:
            return
        batch, self.records = self.records, []
        done = self.world.relay(batch)
        assert done == {"batchItemFailures": []}, done
        self.records += [one for one in batch if self.rng.random() < TWICE]

    def _minute(self) -> None:
        self.post.draining = True
        try:
            self.harness.run_scheduler()
        finally:
            self.post.draining, self.post.ahead = False, 0.0

    def _waits(self) -> bool:
        from chalicelib.mail import letter_rows

        return bool(self.records or letter_rows.listed(letter_rows.POST, 1))

    def _count(self) -> None:
        from chalicelib.mail import letter_rows
        from chalicelib.workflow.storage import store

        left: list[int] = []
        for reference, pressed in self.found.sent.items():
            rows = [r for r in letter_rows.of(reference) if r.get("letter") == "intake/receipt"]
            gone = [int(r["at"]) for r in rows if r.get("status") == "sent"]
            state = store.load(reference, consistent=True)
            self.found.lost += not gone or state.task is None
            left += [at - pressed for at in gone[:1]]
        self.found.waits = left
        starts = [one for one in self.harness.engine.runs if one[0] == "referral"]
        receipts = [one.to for one in self.world.mails if one.to.startswith("ana")]
        self.found.twice = len(starts) - len(self.found.sent) + len(receipts) - len(set(receipts))
        self.found.refused = self.post.refused


def figures() -> list[Figure]:
    """What the hour came to."""
    found = played()
    waits = sorted(found.waits)
    told = f"{len(found.sent):,} for {ALL:,}"
    worst = waits[int(0.99 * (len(waits) - 1))]
    return [
        Figure("P12 surge: requests without run, task or receipt", found.lost, "", 0, told),
        Figure("P12 surge: runs begun or receipts sent twice", found.twice, "", 0, "each press sent 2.5 times"),
        Figure("P12 surge: receipt after, middle", statistics.median(waits), "s", None),
        Figure(
            "P12 surge: receipt after, 99 of 100", worst, "s", 900, f"{found.refused} times refused"
        ),
        Figure("P12 surge: nothing waits after", found.empty / 60, "min", None, "14 letters a second"),
    ]  # fmt: skip
