"""What people were told of their wait for a consultant, held against how it came.

    python -m infra.waits --stage prod

For each wait that has ended: what would have been said when it began, by what was known then. It counts as
kept where the wait was no longer than was said. Exit 1 when fewer than seven in ten were kept. It honors
AWS_ENDPOINT_URL; stage ``local`` finds the stack that `make run` started.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable

from chalicelib.referral.waits.estimate import ENOUGH, RELIABLE, Told, Wait, back_test, percent_kept
from infra.doctor import settle_in


def report(waits: Iterable[Wait]) -> tuple[list[str], bool]:
    """The lines of the report, and whether enough was kept."""
    told = back_test(waits)
    lines = [_line("all", told)]
    parts: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        parts[f"{one.wait.tier}, region {one.wait.areas[0] or 'outside'}"].append(one)
    lines += [_line(name, parts[name]) for name in sorted(parts)]
    percent = percent_kept(told)
    return lines, percent is None or percent >= RELIABLE


def _line(name: str, told: list[Told]) -> str:
    said = [one for one in told if one.usual is not None]
    percent = percent_kept(told)
    if percent is None:
        return f"{name}: {len(told)} waits, too little was known to say anything"
    inside = sum(
        one.kept and one.usual is not None and one.wait.days >= one.usual.low for one in said
    )
    wider = sum(one.usual is not None and one.usual.area != one.wait.areas[0] for one in said)
    fails = " <- FAILS" if percent < RELIABLE and len(said) >= ENOUGH else ""
    return (
        f"{name}: {len(told)} waits, {len(said)} were told ({wider} of them by all of California), "
        f"{percent} % no longer than said, {100 * inside // len(said)} % within the range{fails}"
    )


def main() -> int:
    """Print the report of a stage."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--stage", default="local")
    try:
        settle_in(asked.parse_args().stage)
    except LookupError as error:
        sys.exit(str(error))
    from chalicelib.referral.waits.kept import history

    lines, good = report(history())
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
