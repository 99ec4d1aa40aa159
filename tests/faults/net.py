"""``make faults``: the whole net, within a quarter of an hour on two cores.

Options: ``--seeds N`` so many stories, ``--seed S`` plays one again and tells it.
"""

from __future__ import annotations

import argparse
import time
from multiprocessing import get_context

from .stories import Seeds, Told, play_all, printed
from .way import ACTS, DEATHS, TROUBLES, breaks

SEEDS = 10_000


def one(seed: int) -> int:
    """Play one seed and tell the story."""
    told = Seeds().play(seed)
    print(printed(told) if told.violation else "\n".join([f"seed {seed}: all is well", *told.acts]))
    return int(bool(told.violation))


def stories(number: int) -> list[Told]:
    """So many seeds, in two processes."""
    begun = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        halves = pool.starmap(play_all, [(first, number // 2, 2) for first in (0, 1)])
    wrong = [told for half in halves for told in half]
    spent = time.monotonic() - begun
    print(f"{number // 2 * 2} stories, {len(wrong)} violations, {spent:.0f} s", flush=True)
    for told in wrong[:10]:
        print(printed(told))
    return wrong


def broken_act(name: str) -> tuple[str, int, list[str]]:
    """Break every call of one act in every way."""
    seeds = Seeds()
    try:
        found = list(breaks(seeds.house, name, DEATHS + TROUBLES))
    finally:
        seeds.close()
    return name, len(found), [f"{where}: {what}" for where, what in found if what]


def whole_way() -> list[str]:
    """Every call of every act of the whole way, each broken in every way (F24, F25, F33)."""
    begun = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        acts = pool.map(broken_act, ACTS, chunksize=1)
    wrong = [line for _, _, lines in acts for line in lines]
    number, spent = sum(n for _, n, _ in acts), time.monotonic() - begun
    print(f"{number} faults, one at a time, in {len(acts)} acts: {len(wrong)} wrong, {spent:.0f} s")
    for line in wrong[:10]:
        print("   ", line)
    return wrong


def main(given: list[str]) -> int:
    """Everything, or what the options say."""
    options = argparse.ArgumentParser(prog="python -m tests.faults")
    options.add_argument("--seeds", type=int, default=SEEDS)
    options.add_argument("--seed", type=int)
    asked = options.parse_args(given)
    if asked.seed is not None:
        return one(asked.seed)
    wrong = [*whole_way(), *stories(asked.seeds)]
    return int(bool(wrong))
