"""The emergency roster of the demo of a wildfire: invented people beside those of the demo network.

DEMO DATA, as in infra/seed_data.py. A supervisor enters them as a table, on the console's page for that.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from chalicelib.domain.calendar import pacific_date
from infra import seed_data
from infra.player import Person, Unexpected

# Where they work on site; everywhere else by video.
COUNTIES = ["butte", "plumas"]
PLACES = 6
CONSULTANTS = 40
_FIRST = (
    "Abby",
    "Bruno",
    "Celia",
    "Dario",
    "Esme",
    "Franco",
    "Gilda",
    "Hector",
    "Inez",
    "Jonas",
    "Kira",
)
_LAST = ("Almond", "Birch", "Cedar")  # fmt: skip


def on_the_roster() -> list[dict[str, Any]]:
    """Those of the demo network who did the emergency training."""
    return [row for row in seed_data.consultants() if row.get("emergency_roster")]


def roster(count: int) -> list[dict[str, Any]]:
    """So many more rows of consultants, every other of whom speaks Spanish."""
    model = on_the_roster()[0]
    names = [(first, last) for last in _LAST for first in _FIRST]
    return [
        {
            **model,
            "id": f"{first}-{last}".lower(),
            "name": f"{first} {last}",
            "email": f"{first}-{last}@example.org".lower(),
            "phone": f"555-555-01{50 + number % 50:02d}",
            "languages": ["en", "es"] if number % 2 else ["en"],
            "counties": COUNTIES,
            "settings": list(seed_data.EVERYWHERE),
            "cap": PLACES,
        }
        for number, (first, last) in enumerate(names[:count])
    ]


def everybody() -> list[dict[str, Any]]:
    """All who are on the emergency roster of the demo."""
    mine = on_the_roster()
    return sorted([*mine, *roster(CONSULTANTS - len(mine))], key=lambda row: str(row["name"]))


def new() -> list[dict[str, Any]]:
    """Those whom the demo network does not have yet."""
    known = {row["id"] for row in seed_data.consultants()}
    return [row for row in everybody() if row["id"] not in known]


def entered(page: Person) -> dict[str, str]:
    """Enter those who are new on the console's page, once it said what each row does; everybody's address
    with the path of their page."""
    rows = new()
    page.open("/console/consultants/import").fill("#import", {"table": _table(rows)}).press()
    if (count := page.text.count("a new consultant.")) != len(rows):
        raise Unexpected(f"{count} of {len(rows)} can be entered: {page.text[:400]}")
    page.fill("#import", {}).press()
    paths = {
        one.get_text(strip=True): str(one["href"])
        for one in page.open("/console/consultants").page.select("main table tbody th a")
    }
    if lacking := [row["name"] for row in everybody() if row["name"] not in paths]:
        raise Unexpected(f"not among the consultants: {lacking}")
    return {row["email"]: paths[row["name"]] for row in everybody()}


def _table(rows: list[dict[str, Any]]) -> str:
    """As a spreadsheet saves it."""
    marks = {"travels_in_region": "no", "trainee": "no"}
    lines = [{**marks, "travel_minutes": 90, "letters_language": "en", **row} for row in rows]
    names = [name for name in lines[0] if name not in ("id", "active", "demo")]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(names)
    table.writerows([_cell(name, line[name]) for name in names] for line in lines)
    return text.getvalue()


def _cell(name: str, value: Any) -> str:
    if name == "agreement_until":
        return pacific_date(value - 1).isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ";".join(value) if isinstance(value, list) else str(value)
