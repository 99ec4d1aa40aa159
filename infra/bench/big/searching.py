"""The console's search over so many cases: read units, CPU time and memory, and whether each caller is found."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from infra.bench.big.cases import Played, copied, reference
from infra.bench.big.console import COUNTIES, ME, SIZES
from infra.bench.big.service import Runs, served
from infra.bench.big.table import BigTable, wired
from infra.bench.figures import Figure

Json = dict[str, Any]
# Syllables of names, and what programs and towns are called: as many words as a state has.
SYLLABLES = ("ma", "ri", "ra", "no", "lo", "pe", "sa", "mi", "na", "ti", "ro", "ja", "ke", "vi", "le",
             "do", "ta", "be", "lu", "an", "el", "is", "or", "san", "ben", "tel", "ver", "gar", "men", "dez")  # fmt: skip
PROGRAMS = (
    "Little",
    "Sunny",
    "Happy",
    "Bright",
    "Blue",
    "Rainbow",
    "Tiny",
    "First",
    "Golden",
    "Casa",
)
KINDS = (
    "Preschool",
    "Child Care Center",
    "Family Child Care",
    "FCC",
    "Academy",
    "Head Start",
    "School",
)
TOWNS = (
    "Pasadena",
    "Fresno",
    "Gonzales",
    "Oakland",
    "Chico",
    "Salinas",
    "Madera",
    "Vallejo",
    "Oxnard",
)
SHOWN = 7  # every so many cases one is looked for
TYPED = ("{person}", "{last} {program}", "{phone}", "{email}", "{slip}", "{part}")


def caller(number: int) -> dict[str, str]:
    """The person of case ``number``: always the same, and hardly ever one of another."""
    # First names are shared by many, last names by some.
    first, last = _name(number * 7_919 % 331), _name(number * 104_729 % 9_973)
    program = f"{PROGRAMS[number % 10]} {_name(number * 31_337 % 9_001)} {KINDS[number % 7]}"
    return {"person": f"{first} {last}", "program": program, "place": TOWNS[number % 9],
            "email": f"{first}.{last}{number}@example.org".lower(),
            "phone": f"({200 + number % 700}) {200 + number // 90 % 700}-{number % 10_000:04d}"}  # fmt: skip


def _name(number: int) -> str:
    end = SYLLABLES[number // 900 % 12]
    return (SYLLABLES[number % 30] + SYLLABLES[number // 30 % 30] + end).title()


def load(table: BigTable, runs: Runs, cases: int) -> Json:
    """The cases as far as a search reads them, and the staff."""
    from chalicelib.workflow.storage.indexes import FoundBy, findable

    played, now = Played(("service",)), int(time.time())
    for row in played.people:
        table.put({**row, "counties": {"S": "all"}})
    (moment,) = played.cases
    rows = [row for row in played.cases[moment] if row["sk"]["S"] in ("REFERRAL", "REQUEST")]
    for number in range(cases):
        name, county = reference(number + 1), COUNTIES[number * 7 % len(COUNTIES)]
        by = findable(name, FoundBy(county, **caller(number)), now - 60 * (cases - number))
        for row in copied(rows, played.references[moment], name):
            table.put({**row, **wired(by)} if row["sk"] == {"S": "REQUEST"} else row)
    return {}


def measured(cases: int) -> Json:
    """What the first search of a process uses, and what the warm ones use."""
    with served(load, cases=cases) as service:
        from chalicelib.web import sessions
        from tests.web.conftest import Browser, Client, the_app

        with Client(the_app()) as client:
            browser = Browser(client)
            browser.cookies["staff"] = sessions.begin(ME, int(time.time()))
            browser.get("/console/search")
            nonce, began = browser.page.hidden["_nonce"], _memory()
            looks = []
            for number in range(cases // SHOWN, cases, max(1, cases // SHOWN)):
                looks += [_look(service, browser, nonce, number, typed) for typed in TYPED]
            first, *warm = looks
            return {
                "first": first["units"],
                "first cpu": first["cpu"],
                "memory": _memory() - began,
                "warm": max(one["units"] for one in warm),
                "cpu": max(one["cpu"] for one in warm),
                "press": max(one["press"] for one in warm),
                "missed": [one["said"] for one in looks if not one["found"]],
            }


def _look(service: Any, browser: Any, nonce: str, number: int, typed: str) -> Json:
    who, name = caller(number), reference(number + 1)
    last = who["person"].split()[1]
    said = typed.format(**who, last=last, slip=_slipped(who["person"]), part=name[:6].lower())
    service.used()
    began = time.process_time()
    browser.post("/console/search", {"_nonce": nonce, "q": said}, follow=False)
    cpu = time.process_time() - began
    press = _read(service.used())
    began = time.process_time()
    page = browser.follow()
    cpu += time.process_time() - began
    found = f"/console/referrals/{name}" in page.body
    return {
        "units": _read(service.used()), "press": press, "cpu": cpu, "found": found, "said": said
    }  # fmt: skip


def _read(used: Json) -> float:
    units: dict[str, float] = used["units"]
    return sum(count for what, count in units.items() if not what.startswith("write"))


def _slipped(person: str) -> str:
    """A name with two letters of its last word changed places."""
    return person[:-3] + person[-2] + person[-3] + person[-1]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def figures() -> list[Figure]:
    """P9: the search at each size, in a process of its own."""
    found = {cases: _apart(cases) for cases in (*SIZES[:2], 50_000)}
    told = {name: [one[name] for one in found.values()] for name in found[1000]}
    cpu, first = ([1000 * one for one in told[name]] for name in ("cpu", "first cpu"))
    return [
        Figure("P9 search", max(told["warm"]), "RRU", 6, _said(told["warm"], "g")),
        Figure(
            "   the press before it", max(told["press"]), "RRU", None, _said(told["press"], "g")
        ),
        Figure("   the slowest of them", max(cpu), "ms of CPU", 500, _said(cpu, ".0f")),
        Figure("   growth of it", cpu[-1] / cpu[0], "x", 1.5),
        Figure("   callers who are not found", sum(map(len, told["missed"])), "callers", 0),
        Figure("   a process's first search", max(first), "ms of CPU", None, _said(first, ".0f")),
        Figure("   the same", max(told["first"]), "RRU", None, _said(told["first"], "g")),
        Figure("   what it keeps", max(told["memory"]), "MB", None, _said(told["memory"], ".0f")),
    ]


def _said(values: list[float], how: str) -> str:
    return " / ".join(format(one, how) for one in values)


def _apart(cases: int) -> Json:
    run = [sys.executable, "-m", "infra.bench.big.searching", str(cases)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    found: Json = json.loads(said.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
