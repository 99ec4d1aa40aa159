"""Read units and CPU time of the console's pages over so many open cases, and whether all is found there.

A process that has just started, and one that has the directory and, of many cases, what it read less
than a minute ago: "first" and "warm".
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from infra.bench.big.cases import OPEN, Played, copied, reference
from infra.bench.big.service import Runs, Service, served
from infra.bench.big.table import BigTable, wired
from infra.bench.figures import Figure
from infra.bench.stack import directory
from infra.bench.units import Row

Json = dict[str, Any]
# Where cases stand, in turn: a tenth waits for a specialist, one in forty has a concern about danger.
MOMENTS = (*OPEN, *OPEN, *OPEN, *OPEN, "service", "service", "service", "service", "danger")
COUNTIES = (*["los_angeles"] * 10, *["san_diego", "orange", "fresno", "sacramento", "kern"] * 4)
RARE = "alpine"  # of one case in forty: a whole page of the fewest
ME = "sofia-south"
SPECIALISTS = (ME, "nina-north", "")
PRESSES = 7
SIZES = (1000, 10_000, 100_000)
PAGES = {
    "list": "/console",
    "list, a stage": "/console?stage=match",
    "list, a county": f"/console?county={RARE}",
    "list, late": "/console?mark=late",
    "list, three filters": "/console?stage=delivery&county=fresno&waits=provider",
    "queue": "/console/queue",
    "case": "/console/referrals/{reference}",
}


def load(table: BigTable, runs: Runs, cases: int) -> Json:
    """The cases, the staff, and what each page has to find, counted as they are made."""
    played, now = Played((*OPEN, "danger")), int(time.time())
    for one in directory():
        table.put(wired({**one, "pk": "CONSULTANTS", "sk": one["id"]}))
    for row in played.people:
        table.put({**row, "counties": {"S": "all"}})
    lists: dict[str, set[tuple[int, str]]] = defaultdict(set)
    shown = ""
    for number in range(cases):
        moment, name = MOMENTS[number % len(MOMENTS)], reference(number + 1)
        county = RARE if number % 40 == 7 else COUNTIES[number * 7 % len(COUNTIES)]
        who = SPECIALISTS[number % len(SPECIALISTS)]
        sent = now - 60 * (cases - number)
        rows = played.cases[moment]
        if number < cases - len(MOMENTS):  # nobody looks at its page
            rows = [row for row in rows if "wpk" in row]
        for row in copied(rows, played.references[moment], name):
            made: Json = _placed(row, name, county, who, sent, now - number * 37 % 997 * 600)
            table.put(made)
            for page, place in _belongs(made, sent, now):
                lists[page].add((place, name))
        shown = name if moment == "summary" else shown
    found = {name: [one for _, one in sorted(of)] for name, of in lists.items()}
    return {"lists": found, "case": shown}


def _placed(row: Row, name: str, county: str, who: str, sent: int, opened: int) -> Json:
    """A row of a case elsewhere in the state, sent and asked at other times."""
    made: Json = {**row, "county": {"S": county}} if "county" in row else dict(row)
    if row["sk"] == {"S": "REFERRAL"}:
        made |= {"gsi1sk": {"S": f"{sent}#{name}"}, "submitted": {"N": str(sent)}}
    if "waits" in made:
        kind, role, was, since, *due = str(made["waits"]["S"]).split(":")
        due = [str(int(due[0]) - int(since) + opened)] if due else []
        person = who if role == "specialist" else was
        made["waits"] = {"S": ":".join([kind, role, person, str(opened), *due])}
        if "gsi2sk" in made:
            number = str(made["gsi2sk"]["S"]).rpartition("#")[2]
            made["gsi2sk"] = {"S": f"{person}#{int(due[0]):011d}#{name}#{number}"}
    return made


def _belongs(made: Json, sent: int, now: int) -> Iterator[tuple[str, int]]:
    """The pages to which a row belongs, and by what it is sorted there."""
    if "waits" not in made:
        return
    _, role, who, _, *due = made["waits"]["S"].split(":")
    if due and int(due[0]) <= now:
        yield "list, late", sent
    if role == "specialist":
        yield "queue" if who == ME else "colleagues", int(due[0])
    if made["sk"] != {"S": "REFERRAL"}:
        return
    stage, county = made["stage"]["S"], made["county"]["S"]
    yield "list", sent
    if stage == "match":
        yield "list, a stage", sent
    if county == RARE:
        yield "list, a county", sent
    if (stage, county, role) == ("delivery", "fresno", "provider"):
        yield "list, three filters", sent


def measured(cases: int) -> Json:
    """Page -> what it used the first time and warm, how many it says there are, and whether it shows
    those that it should."""
    with served(load, cases=cases) as service:
        from chalicelib.web import sessions
        from tests.web.conftest import Browser, Client, the_app

        with Client(the_app()) as client:
            browser = Browser(client)
            browser.cookies["staff"] = sessions.begin(ME, int(time.time()))
            return {name: _page(service, browser, name) for name in PAGES}


def _page(service: Service, browser: Any, name: str) -> Json:
    path = PAGES[name].format(reference=service.told["case"])
    looks = [_look(service, browser, path) for _ in range(1 + PRESSES)]
    page, wanted = browser.page, service.told["lists"].get(name, [])
    assert page.status in (200, 303), (name, page.status)
    said = re.search(r"(\d+) in all|Yours (\d+)", page.text)
    return {
        "first": looks[0][0],
        "first cpu": looks[0][1],
        "warm": looks[-1][0],
        "cpu": min(cpu for _, cpu in looks[1:]),
        "total": int(said[1] or said[2]) if said else 0,
        "wanted": len(wanted),
        "right": not wanted or list(_shown(page))[: len(wanted)] == wanted[:20],
    }


def _look(service: Service, browser: Any, path: str) -> tuple[float, float]:
    service.used()
    began = time.process_time()
    browser.get(path, follow=False)
    cpu = time.process_time() - began
    units = service.used()["units"].items()
    return sum(count for what, count in units if not what.startswith("write")), cpu


def _shown(page: Any) -> Iterator[str]:
    found = re.findall(r"/console/referrals/([0-9A-Z-]{11})\"", page.body)
    yield from list(dict.fromkeys(found))[:20]


def figures() -> list[Figure]:
    """P9: the pages at each size, in a process of its own."""
    found = {cases: _apart(cases) for cases in SIZES}
    few, many = (found[cases] for cases in (SIZES[0], SIZES[-1]))
    missing = sum(
        not one["right"] or (one["total"] != one["wanted"] and one["wanted"] > 0)
        for pages in found.values()
        for one in pages.values()
    )
    told = []
    for name in PAGES:
        units = [found[cases][name]["warm"] for cases in SIZES]
        cpu = [f"{1000 * found[cases][name]['cpu']:.0f}" for cases in SIZES]
        told += [
            Figure(f"P9 {name}", max(units), "RRU", 6, " / ".join(f"{n:g}" for n in units)),
            Figure("   growth of units", units[-1] / units[0], "x", 1.5),
            Figure("   growth of CPU", many[name]["cpu"] / few[name]["cpu"], "x", 1.5,
                   f"{' / '.join(cpu)} ms"),
        ]  # fmt: skip
    first = [found[cases]["list"] for cases in SIZES]
    return [
        *told,
        Figure("P9 pages on which something is missing", missing, "pages", 0),
        Figure("   a process's first list", first[-1]["first"], "RRU", None,
               " / ".join(f"{one['first']:g}" for one in first)),
        Figure("   the same", first[-1]["first cpu"], "s of CPU", None,
               " / ".join(f"{one['first cpu']:.1f}" for one in first)),
    ]  # fmt: skip


def _apart(cases: int) -> Json:
    run = [sys.executable, "-m", "infra.bench.big.console", str(cases)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    pages: Json = json.loads(said.splitlines()[-1])
    return pages


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
