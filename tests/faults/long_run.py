"""``make faults``: the whole net, within a quarter of an hour on two cores.

Options: ``--stories N`` so many, ``--seed S`` from this seed; ``--again TEXT`` plays a printed story
again (``--case`` says of which type of case, and which one alone ``--stories`` plays); ``--mutants [WORD]`` only the mutants (whose name has the word), ``--rows`` only the rows. The exit code is 1 on any hole.
"""

from __future__ import annotations

import argparse
import secrets
import time
from multiprocessing import get_context

from tests.applications.script import APPLICATION
from tests.call_ups.script import CALL_UPS
from tests.communities import any_order
from tests.communities.script import SEAT
from tests.helpline_faults.script import CALLS, TELLS
from tests.onboarding.script import ONBOARDINGS
from tests.practicum.script import PRACTICUMS
from tests.renewal.script import AGREEMENTS, RENEWALS
from tests.second_case.script import LOAN
from tests.training.script import TRAINEES

from . import mutants, rows
from .harness import fault_harness
from .referrals import REFERRAL
from .single_faults import DEATHS, TROUBLES, breaks, scenarios
from .stories import play

STORIES = 10_000
SEAT_STORIES = 100
SCRIPTS = {
    script.name: script
    for script in (
        *(REFERRAL, LOAN, SEAT, CALL_UPS, CALLS, TELLS),
        *(APPLICATION, TRAINEES, PRACTICUMS, ONBOARDINGS, RENEWALS, AGREEMENTS),
    )
}


def matrix() -> bool:
    """Row by row; True when each holds."""
    begun = time.monotonic()
    found = rows.ran()
    for row in found:
        print(row.line())
    holds = sum(row.result == "holds" for row in found)
    print(f"{holds} of {len(found)} rows hold, {time.monotonic() - begun:.0f} s", flush=True)
    return holds == len(found)


def broken(type_of_case: str, scenario: str) -> tuple[int, list[str]]:
    """Break every call of one scenario in every way."""
    with fault_harness(SCRIPTS[type_of_case]) as harness:
        found = list(breaks(harness, scenario, DEATHS + TROUBLES))
    return len(found), [f"{where}: {what}" for where, what in found if what]


def whole_way() -> bool:
    """Every call of every scenario of each type of case, broken in every way."""
    begun = time.monotonic()
    every = [(name, one) for name, script in SCRIPTS.items() for one in scenarios(script)]
    with get_context("spawn").Pool(2) as pool:
        found = pool.starmap(broken, every, chunksize=1)
    wrong = [line for _, lines in found for line in lines]
    number, spent = sum(n for n, _ in found), time.monotonic() - begun
    print(
        f"{number} faults, one at a time, in {len(every)} scenarios: {len(wrong)} wrong, {spent:.0f} s"
    )
    print("".join(f"    {line}\n" for line in wrong[:10]), end="", flush=True)
    return not wrong


def part(type_of_case: str, number: int, seed: int) -> str:
    """So many stories in this process; what is wrong, and how to play it again."""
    with fault_harness(SCRIPTS[type_of_case]) as harness:
        told = play(harness, number, seed)
    again = f"again: python -m tests.faults --case {type_of_case} --again TEXT"
    return f"{told}\n{again}" if told else ""


def stories(number: int, seed: int, case_type: str = "") -> bool:
    """So many stories, in two processes: all of one type of case, or every second of a referral and the others
    of each other type."""
    begun = time.monotonic()
    half, other = number // 4, max(1, number // 4 // (len(SCRIPTS) - 1))
    share = {name: half if name == REFERRAL.name else other for name in SCRIPTS}
    if case_type:
        share = {case_type: number // 2}
    parts = [(name, each, seed + i) for name, each in share.items() for i in (0, 1)]
    with get_context("spawn").Pool(2) as pool:
        wrong = [told for told in pool.starmap(part, parts, chunksize=1) if told]
    told, spent = sum(n for _, n, _ in parts), time.monotonic() - begun
    print(f"{told} stories from seed {seed}, {len(wrong)} violations, {spent:.0f} s")
    print("\n".join(wrong), flush=True)
    return not wrong


def seats_in_any_order(first: int) -> bool:
    """Long stories of registration, line, places and closing; True when none violates what is promised."""
    begun = time.monotonic()
    told = any_order.play(SEAT_STORIES, first)
    spent = time.monotonic() - begun
    print(f"{SEAT_STORIES} stories of seats in any order from seed {first}, {spent:.0f} s")
    print(told, flush=True)
    return not told


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
    options.add_argument("--case", choices=SCRIPTS, default="")
    options.add_argument("--mutants", nargs="?", const="")
    options.add_argument("--rows", action="store_true")
    asked = options.parse_args(given)
    if asked.again:
        with fault_harness(SCRIPTS[asked.case or REFERRAL.name]) as harness:
            told = play(harness, 1, again=asked.again)
        print(told)
        return int(bool(told))
    if asked.stories:
        return int(not stories(asked.stories, asked.seed, asked.case))
    if asked.mutants is not None:
        return int(not guards(asked.mutants))
    if asked.rows:
        return int(not matrix())
    begun = time.monotonic()
    good = [matrix(), whole_way(), stories(STORIES, asked.seed)]
    good += [seats_in_any_order(asked.seed), guards()]
    print(f"{time.monotonic() - begun:.0f} s in all")
    return int(not all(good))
