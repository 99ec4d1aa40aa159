"""The rows of the fault matrix and the tests that prove them.

A test names its rows at the end of its name (``..._f14_i4``). Some features have numbers like rows:
``BELOW`` says where a test with such a number means the row. ``ELSEWHERE`` adds tests that were named
for something else.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROWS = {
    "F1": "stream record delivered twice, across cold processes",
    "F2": "records out of order across items",
    "F3": "old record replayed after 23 h",
    "F4": "record lost, stream off for a day",
    "F5": "poisoned record",
    "F6": "partial batch failure",
    "F7": "handler times out after its effects",
    "F8": "async Lambda retried three times",
    "F9": "a month of events replayed",
    "F11": "double click, two tabs, ten parallel replays of one POST",
    "F12": "scanner: HEAD and GET twenty times before the person",
    "F13": "scanner runs JavaScript and submits every form as rendered",
    "F14": "superseded link",
    "F15": "link expires at the boundary, plus or minus a second",
    "F17": "two people hold one link, both answer",
    "F18": "Back and resubmit; a tab from days ago",
    "F19": "mangled link",
    "F20": "signing key rotated with live links",
    "F21": "answer recorded, then the engine does not know the token",
    "F22": "callback lost",
    "F23": "answer arrives before the token is stored",
    "F24": "throttle at each AWS call site",
    "F25": "reply lost at each write",
    "F26": "transaction conflict burst",
    "F27": "real concurrent writer",
    "F28": "one dependency down for good",
    "F29": "index lags 5 s",
    "F32": "expired row still visible for two days",
    "F33": "crash before and after every AWS call of the lifecycle",
    "F35": "SES rate limit",
    "F36": "SES daily quota",
    "F37": "hard bounce, complaint, suppression",
    "F39": "bounce event before the send is marked",
    "F41": "missing template variable or locale",
    "F42": "StartExecution duplicate, exists, throttled",
    "F43": "run stopped or failed by hand",
    "F44": "one-year limit",
    "F45": "25,000 events",
    "F46": "new definitions deployed with runs waiting in every state",
    "F47": "code newer than stored data, and rollback",
    "F48": "task times out as its answer commits",
    "F51": "consultant deactivated mid-offer, mid-service",
    "F52": "provider withdraws at every state",
    "F53": "staff override races a task answer",
    "F55": "two offers beyond capacity accepted together",
    "F56": "duplicate request within ten minutes",
    "F58": "surge with a retry storm",
    "F59": "Unicode and malformed input",
    "F60": "clock skew, daylight saving, leap day, year end",
    "F61": "table restored to two hours ago while runs lived on",
    "F63": "missing or misspelt configuration",
    "F64": "six hours of outage, then the backlog",
}
# Features F1-F10 (mailed tasks) are named in tests as well; of rows with such numbers only these count.
BELOW = ("tests/unit/kernel", "tests/unit/clock", "tests/workflow", "tests/faults")
NOT_ROWS = ("test_a_fresh_link_to_it_goes_to_the_address_on_file_f5",)
ELSEWHERE = {
    "F5": ["tests/infra/test_template.py::test_the_stream_reports_single_failures_and_gives_up_into_a_queue"],
    "F15": ["tests/unit/status/test_fresh_links.py"],
    "F41": [
        "tests/unit/kit/test_kit_letters.py::test_a_missing_fact_stops_the_letter",
        "tests/unit/letters/test_letters.py::test_every_letter_composes_with_all_its_facts_in_every_language",
        "tests/web/test_words.py",
    ],
    "F45": ["tests/infra/test_lint_machines.py"],
    "F59": ["tests/web/test_bad_input.py"],
    "F60": ["tests/unit/referral/test_calendar.py"],
}  # fmt: skip
# Rows whose test is still to be written: each makes the long run fail.
OPEN: set[str] = set()

_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.M)


@cache
def functions() -> dict[str, list[str]]:
    """Every test function of the house, by file."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        found[str(path.relative_to(ROOT))] = _TEST.findall(path.read_text(encoding="utf-8"))
    return found


def proofs(row: str) -> list[str]:
    """The ids of the tests that prove a row."""
    mark = re.compile(rf"_{row.lower()}(?=_|$)")
    low = int(row[1:]) <= 10
    ids = [
        f"{file}::{name}"
        for file, names in functions().items()
        if not low or file.startswith(BELOW)
        for name in names
        if mark.search(name) and name not in NOT_ROWS
    ]
    return ids + ELSEWHERE.get(row, [])
