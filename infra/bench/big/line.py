"""CPU time of an offer behind a line, and of a look at the whole line: 500 consultants, and so many who wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from chalicelib.referral.rows.waitlist_rows import ROUTINE
from infra.bench.big.cases import Played, fill
from infra.bench.big.service import Runs, served
from infra.bench.big.table import BigTable, wired
from infra.bench.stack import directory

Json = dict[str, Any]
# What a request asks for, in turn: some whom many can serve, some whom few can, some whom nobody can.
NEEDS: tuple[dict[str, str], ...] = (
    {
        "county": "los_angeles",
        "language": "en",
        "modality": "onsite",
        "setting": "center",
        "language_required": "yes",
    },
    {
        "county": "fresno",
        "language": "es",
        "modality": "virtual",
        "setting": "fcch_small",
        "language_required": "yes",
    },
    {
        "county": "alpine",
        "language": "hmn",
        "modality": "onsite",
        "setting": "ffn",
        "language_required": "yes",
    },
    {
        "county": "san_diego",
        "language": "es",
        "modality": "hybrid",
        "setting": "center",
        "language_required": "yes",
    },
    {
        "county": "humboldt",
        "language": "vi",
        "modality": "virtual",
        "setting": "center",
        "language_required": "yes",
    },
)
# Of the consultants one in so many has a free place.
FREE = 37


def load(table: BigTable, runs: Runs, waiting: int) -> Json:
    """The directory, the line, and one more who asks for what the first of them does."""
    played = Played(("waitlist",))
    for number, one in enumerate(directory()):
        held = {f"{number}-{n}" for n in range(one["cap"] - (number % FREE == 0))}
        row = {**one, "pk": "CONSULTANTS", "sk": one["id"]}
        table.put(wired({**row, "held": held} if held else row))
    *line, last = [name for name, _ in fill(table, played, waiting + 1, whole=0)]
    for number, name in enumerate(line):
        sent = _asks(table, name, NEEDS[number % len(NEEDS)])
        table.put(wired({"pk": "WAITLIST", "sk": f"{ROUTINE}#{sent:010d}#{name}", "n": 2}))
    _asks(table, last, NEEDS[0])
    return {"last": last, "at": played.at}


def _asks(table: BigTable, name: str, wanted: dict[str, str]) -> int:
    """Let a case ask for something else, as urgent as most; returns when it was sent."""
    asked = table.rows[f"R#{name}"]["REQUEST"]
    answers: Any = asked["answers"]["M"]
    table.put({**asked, "answers": {"M": {**answers, **wired(wanted)}}})
    state = {k: v for k, v in table.rows[f"R#{name}"]["REFERRAL"].items() if k != "priority"}
    table.put(state)
    return int(str(state["submitted"]["N"]))


def measured(waiting: int) -> Json:
    """CPU seconds and read units of both, one after the other."""
    with served(load, waiting=waiting) as service:
        from chalicelib.referral.matching import waitlist
        from chalicelib.referral.model import Referral
        from chalicelib.workflow.storage import store

        at = service.told["at"]
        state = store.load(service.told["last"], Referral)
        found: Json = {}
        service.used()
        looks: dict[str, Callable[[], object]] = {
            "offer": lambda: waitlist.fair_ranking(state, at),
            "promotion": lambda: waitlist.promote(at),
        }
        for name, look in looks.items():
            began = time.process_time()
            look()
            found[name] = time.process_time() - began
            used = service.used()
            found[f"{name} read"] = sum(
                n for what, n in used["units"].items() if "write" not in what
            )
            found[f"{name} calls"] = used["calls"]
    return found
