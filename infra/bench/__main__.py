"""`make bench`: one table of figure, measured, budget; exit code 1 when a budget is broken."""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from infra.bench.lifecycle import SESSIONS, Lifecycle, measure

ROOT = Path(__file__).resolve().parents[2]
RUNS = 15
HELLO = """
from chalice import Chalice
app = Chalice(app_name="hello")
@app.route("/")
def index():
    return {}
"""
# USD, us-west-2: per transition, Lambda call and GB-second, request unit, mail, API call.
PRICES = {
    "Step Functions transitions": 0.025 / 1_000,
    "Lambda calls": 0.20 / 1_000_000,
    "Lambda GB-seconds": 0.0000133334,
    "DynamoDB write units": 0.625 / 1_000_000,
    "DynamoDB read units": 0.125 / 1_000_000,
    "SES mails": 0.10 / 1_000,
    "API calls": 3.50 / 1_000_000,
}
# Modelled, not measured: a call takes 60 ms at 0.5 GB; a lifecycle takes 60 page requests.
CALL_SECONDS, GIGABYTES, PAGES = 0.06, 0.5, 60


@dataclass
class Figure:
    """A line of the table. ``budget`` None: reported only."""

    name: str
    value: float
    budget: float | None
    unit: str
    note: str = ""

    @property
    def broken(self) -> bool:
        """True when the value is over its budget."""
        return self.budget is not None and self.value > self.budget


def cpu(code: str) -> float:
    """CPU seconds of a fresh process that runs ``code``: the median of several."""
    probe = f"import time\n{code}\nprint(time.process_time())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for _ in range(RUNS)
    ]
    return statistics.median(float(run.stdout.split()[-1]) for run in runs)


def cold_import() -> Figure:
    """P1: importing app.py against a bare Chalice app."""
    ratio = cpu("import app") / cpu(HELLO)
    return Figure("P1 cold import of app.py", ratio, 2.5, "x hello")


def form_page() -> list[Figure]:
    """P3: the heaviest page of the request form, gzipped, with its stylesheet."""
    from infra.bench.pages import heaviest

    page, style, name = heaviest()
    weight = (len(gzip.compress(page)) + len(gzip.compress(style))) / 1024
    return [
        Figure("P3 form page on the wire", weight, 14, "KB", name),
        Figure("P3 requests of a form page", 2, 2, "requests", "page and stylesheet"),
    ]


def ranking() -> Figure:
    """P7: 500 consultants for one request."""
    from chalicelib.referral.matching.rules import need_from, rank
    from chalicelib.referral.request import Request
    from infra import seed_data

    rows = seed_data.consultants()
    many = [{**rows[i % len(rows)], "id": f"c{i}"} for i in range(500)]
    request = Request(county="los_angeles", setting="center", modality="hybrid", language="en")
    need = need_from(request, tier="intensive", priority="routine")
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        rank(need, many, 1_800_000_000)
        times.append(time.perf_counter() - began)
    return Figure("P7 ranking 500 consultants", statistics.median(times) * 1000, 50, "ms")


def lifecycle(found: Lifecycle) -> list[Figure]:
    """P4 and P5, of one lifecycle from the sent request to closed."""
    draft = f"filling in the form: {found.form_written:g} written, {found.form_read:g} read"
    return [
        Figure("P4 write request units", found.written, 120, "WRU", draft),
        Figure("P4 read request units", found.read, 60, "RRU"),
        Figure("P5 state transitions", found.transitions, 60, "transitions"),
        Figure("P5 one more offer round", found.offer_round, 4, "transitions"),
        Figure("P11 start to first page", found.start_seconds, 60, "s"),
    ]


def cost(found: Lifecycle) -> Figure:
    """P6: modelled cost of 1,000 lifecycles, printed line by line."""
    calls = found.functions + found.mails * 2 + PAGES
    amounts = {
        "Step Functions transitions": found.transitions,
        "Lambda calls": calls,
        "Lambda GB-seconds": calls * CALL_SECONDS * GIGABYTES,
        "DynamoDB write units": found.written + found.form_written,
        "DynamoDB read units": found.read + found.form_read,
        "SES mails": found.mails,
        "API calls": PAGES,
    }
    total = 0.0
    print(f"\n1,000 lifecycles (modelled from the measured one, {SESSIONS} sessions)")
    for name, amount in amounts.items():
        price = 1000 * amount * PRICES[name]
        total += price
        print(f"  {name:28} {1000 * amount:12,.0f}  {price:8.3f} USD")
    print("  apart, each month: KMS key 1 USD, secret 0.40 USD, alarms about 1 USD\n")
    return Figure("P6 cost of 1,000 lifecycles", total, 2, "USD")


def main() -> int:
    """Measure, print, judge."""
    found = measure()
    figures = [cold_import(), *form_page(), *lifecycle(found), cost(found), ranking()]
    for figure in figures:
        budget = "" if figure.budget is None else f"<= {figure.budget:g}"
        mark = "BROKEN" if figure.broken else "ok"
        note = f"  ({figure.note})" if figure.note else ""
        print(f"{figure.name:32} {figure.value:9.1f} {figure.unit:12} {budget:8} {mark}{note}")
    print("\nrequest units by operation: " + ", ".join(
        f"{name} {value:g}" for name, value in sorted(found.units.items())
    ))  # fmt: skip
    return 1 if any(figure.broken for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
