"""``make faults``: the whole net, within a quarter of an hour on two cores.

Options: ``--stories N`` so many, ``--seed S`` from this seed; ``--again TEXT`` plays a printed story
again; ``--mutants [WORD]`` only the mutants (whose name has the word), ``--rows`` only the rows. The exit code is 1 on any hole.
"""

from __future__ import annotations

import argparse
import secrets
import time
from multiprocessing import get_context

from . import mutants, rows
from .harness import fault_harness
from .single_faults import ACTS, DEATHS, TROUBLES, breaks
from .stories import play

STORIES = 10_000


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
    with fault_harness() as harness:
        found = list(breaks(harness, name, DEATHS + TROUBLES))
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


def half(number: int, seed: int) -> str:
    """So many stories in this process."""
    with fault_harness() as harness:
        return play(harness, number, seed)


def stories(number: int, seed: int) -> bool:
    """So many stories, in two processes."""
    begun = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        wrong = [
            told for told in pool.starmap(half, [(number // 2, seed + i) for i in (0, 1)]) if told
        ]
    spent = time.monotonic() - begun
    print(f"{number // 2 * 2} stories from seed {seed}, {len(wrong)} violations, {spent:.0f} s")
    print(
        "\n".join([*wrong, "again: python -m tests.faults --again TEXT"] if wrong else []),
        flush=True,
    )
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
    options.add_argument("--stories", type=int)
    options.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    options.add_argument("--again")
    options.add_argument("--mutants", nargs="?", const="")
    options.add_argument("--rows", action="store_true")
    asked = options.parse_args(given)
    if asked.again:
        with fault_harness() as harness:
            told = play(harness, 1, again=asked.again)
        print(told)
        return int(bool(told))
    if asked.stories:
        return int(not stories(asked.stories, asked.seed))
    if asked.mutants is not None:
        return int(not guards(asked.mutants))
    if asked.rows:
        return int(not matrix())
    begun = time.monotonic()
    good = [matrix(), whole_way(), stories(STORIES, asked.seed), guards()]
    print(f"{time.monotonic() - begun:.0f} s in all")
    return int(not all(good))
