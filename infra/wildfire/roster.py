"""The emergency roster of the demo of a wildfire: invented people beside those of the demo network.

DEMO DATA, as in infra/seed_data.py; ``demo`` marks each row.
"""

from __future__ import annotations

from typing import Any

from infra import seed_data

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


def rows() -> list[dict[str, Any]]:
    """Those who are new, as rows of the table."""
    known = {row["id"] for row in seed_data.consultants()}
    new = [row for row in everybody() if row["id"] not in known]
    return [{"pk": "CONSULTANTS", "sk": row["id"], **row} for row in new]
