"""`make bench`: one table of figure, baseline, ratio and budget; 1 when a budget is broken."""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

from infra.bench import assigning, cold, cost, lifecycle, making, pressing, ranking, surge
from infra.bench.big import console, searching, sizes
from infra.bench.figures import Figure, table
from infra.bench.pages import heaviest
from infra.bench.stack import CONSULTANTS, BenchStack

# P2, by page: how many times hello+ a first request may take.
FIRST_REQUEST = {"landing": 1.5, "form": 1.5, "task": 2.0, "console": 1.9}


def starts(found: cold.Cold) -> list[Figure]:
    """P1, P2, P2b."""

    def figure(name: str, probe: str, baseline: str, budget: float) -> Figure:
        said, base = (f"{1000 * found.seconds[one]:.0f} ms" for one in (probe, baseline))
        ratio = found.ratio(probe, baseline)
        return Figure(name, ratio, "x", budget, said, f"{baseline} {base}")

    return [
        figure("P1 cold import of app.py", "import", "hello", 1.5),
        *(
            figure(f"P2 first request: {page}", page, "hello+", budget)
            for page, budget in FIRST_REQUEST.items()
        ),
        figure("P2b a stage's first step", "step", "hello+", 1.5),
    ]


def form_page() -> list[Figure]:
    """P3: the heaviest page of the request form, gzipped, with its stylesheet."""
    page, style, name = heaviest()
    weight = (len(gzip.compress(page)) + len(gzip.compress(style))) / 1024
    return [
        Figure("P3 form page on the wire", weight, "KB", 14, name),
        Figure("P3 requests of a form page", 2, "requests", 2, "page and stylesheet"),
    ]


def life(name: str, one: lifecycle.Life, write: float, read: float) -> list[Figure]:
    """P4: the request units of one lifecycle."""
    form = f"form {one.form_written:g} / {one.form_read:g}"
    return [
        Figure(f"P4 written, {name}", one.written, "WRU", write, form),
        Figure(f"P4 read, {name}", one.read, "RRU", read, f"{CONSULTANTS} consultants"),
        Figure(f"   letters, {name}", len(one.letters), "letters"),
    ]


def units(name: str, one: lifecycle.Life) -> str:
    """Where the units of a lifecycle go, the largest first."""
    parts = sorted(one.units.items(), key=lambda part: -part[1])
    return f"{name}: " + ", ".join(f"{what} {count:g}" for what, count in parts)


def main() -> int:
    """Measure, print, judge."""
    figures = form_page()
    with tempfile.TemporaryDirectory(prefix="iecmhc-bench-") as folder:
        with BenchStack(Path(folder)) as stack:
            # First: the emulator's logins are good at the machine's own time only.
            started = cold.measure(stack)
            quick, weeks = lifecycle.quick(stack), lifecycle.over_weeks(stack)
            for name, found in (("quick", quick), ("over weeks", weeks)):
                print(units(name, found), end="\n\n", flush=True)
            rounds = lifecycle.offer_round(stack)
        seconds = making.first_page(Path(folder) / "run")
    lines, patient = cost.bill(quick, started), cost.bill(weeks, started)
    one, two = ranking.milliseconds(), ranking.milliseconds(2)
    figures = [
        *starts(started),
        *figures,
        *life("quick", quick, 110, 50),
        *life("over weeks", weeks, 130, 60),
        Figure("P5 state transitions", max(quick.transitions, weeks.transitions), "", 40),
        Figure("P5 growth with waiting", weeks.transitions - quick.transitions, "", 0),
        Figure("P5 one more offer round", rounds, "", 2),
        Figure("P6 1,000 lifecycles", sum(line.price for line in lines), "USD", 2.7),
        Figure("   over weeks, reminded", sum(line.price for line in patient), "USD"),
        Figure(f"P7 ranking {CONSULTANTS} consultants", one, "ms", 15),
        Figure("P7 twice as many", two / one, "x", 2.3),
        *assigning.figures(),
        *surge.figures(),
        *pressing.figures(),
        *console.figures(),
        *searching.figures(),
        *sizes.figures(),
        Figure("P11 make run to the first page", seconds, "s", 15),
    ]
    print(cost.printed(lines), end="\n\n")
    print(table(figures))
    return 1 if any(figure.broken for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
