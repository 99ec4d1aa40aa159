"""``make faults``: the whole net, within a quarter of an hour on two cores.

Options: ``--seeds N`` so many stories, ``--seed S`` plays one again and tells it, ``--mutants [WORD]``
only the mutants (whose name has the word), ``--rows`` only the rows. The exit code is 1 on any hole.
"""

from __future__ import annotations

import argparse
import time
from multiprocessing import get_context

from . import mutants, rows
from .single_faults import ACTS, DEATHS, TROUBLES, breaks
from .stories import Seeds, Told, play_all, printed

SEEDS = 10_000


def one(seed: int) -> int:
    """Play one seed and tell the story."""
    told = Seeds().play(seed)
    print(printed(told) if told.violation else "\n".join([f"seed {seed}: all is well", *told.acts]))
    return int(bool(told.violation))


def matrix() -> bool:
    """Row by row; True when each holds."""
    begun = time.monotonic()
    found = rows.ran()
    for row in found:
        print(row.line())
    holds = sum(row.result == "holds" for row in found)
    print(f"{holds} of {len(found)} rows hold, {time.monotonic() - begun:.0f} s", flush=True)
    return holds == len(found)


def broken_act(name: str) -> tuple[str, int, list[str]]:
    """Break every call of one act in every way."""
    seeds = Seeds()
    try:
        found = list(breaks(seeds.harness, name, DEATHS + TROUBLES))
    finally:
        seeds.close()
    return name, len(found), [f"{where}: {what}" for where, what in found if what]


def whole_way() -> bool:
    """Every call of every act of the whole way, each broken in every way."""
    begun = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        acts = pool.map(broken_act, ACTS, chunksize=1)
    wrong = [line for _, _, lines in acts for line in lines]
    number, spent = sum(n for _, n, _ in acts), time.monotonic() - begun
    print(f"{number} faults, one at a time, in {len(acts)} acts: {len(wrong)} wrong, {spent:.0f} s")
    print("".join(f"    {line}\n" for line in wrong[:10]), end="", flush=True)
    return not wrong


def stories(number: int) -> bool:
    """So many seeds, in two processes."""
    begun = time.monotonic()
    halves: list[list[Told]] = []
    with get_context("spawn").Pool(2) as pool:
        halves = pool.starmap(play_all, [(first, number // 2, 2) for first in (0, 1)])
    wrong = [told for half in halves for told in half]
    spent = time.monotonic() - begun
    print(f"{number // 2 * 2} stories, {len(wrong)} violations, {spent:.0f} s", flush=True)
    for told in wrong[:10]:
        print(printed(told))
    return not wrong


def guards(word: str = "") -> bool:
    """Every mutant; True when each was killed."""
    begun = time.monotonic()
    found = mutants.hunt(tuple(m for m in mutants.MUTANTS if word in m.removes))
    killed = sum(bool(by) for _, by, _ in found)
    spent = time.monotonic() - begun
    print(f"{killed} of {len(found)} mutants killed, {spent:.0f} s", flush=True)
    return killed == len(found)


def main(given: list[str]) -> int:
    """Everything, or what the options say."""
    options = argparse.ArgumentParser(prog="python -m tests.faults")
    options.add_argument("--seeds", type=int, default=SEEDS)
    options.add_argument("--seed", type=int)
    options.add_argument("--mutants", nargs="?", const="")
    options.add_argument("--rows", action="store_true")
    asked = options.parse_args(given)
    if asked.seed is not None:
        return one(asked.seed)
    if asked.mutants is not None:
        return int(not guards(asked.mutants))
    if asked.rows:
        return int(not matrix())
    begun = time.monotonic()
    good = [matrix(), whole_way(), stories(asked.seeds), guards()]
    print(f"{time.monotonic() - begun:.0f} s in all")
    return int(not all(good))
