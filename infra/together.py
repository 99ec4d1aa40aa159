"""Several people at the same time, and somebody who looks until something is so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from infra.player import PATIENCE, Unexpected

# People who have a page open at the same time.
AT_ONCE: Final = 8
T = TypeVar("T")


def all_of(act: Callable[[T], object], them: Iterable[T]) -> None:
    """Let several people act at the same time; raises what the first of them raised."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in [pool.submit(act, who) for who in them]:
            one.result()


def until(what: str, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look again until it is so. Raises Unexpected."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise Unexpected(f"never: {what}")
        time.sleep(1)
