"""Thirty lives at once, with stops, kills, replays and scanners: nothing lost, doubled or left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.emulator import free_port
from tests.infra.test_kill_proof import Running

from .outside_driver import Driver

LIVES, SECONDS = 30, 900


@pytest.mark.long
def test_thirty_lives_at_once_lose_nothing_double_nothing_and_leave_nobody(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or os.urandom(2).hex(), 16)
    print(f"SEED={seed:x}")
    running = Running(tmp_path, free_port())
    try:
        driver = Driver(tmp_path, seed)
        driver.play(LIVES, SECONDS)
        print(dict(driver.seen.did), len(driver.letters), "letters", driver.waiting())
        assert driver.wrong() == []
        assert len(driver.seen.requests) == LIVES
    finally:
        running.end()
