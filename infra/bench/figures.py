"""A line of the bench's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A value against its budget, and what it was measured against. ``budget`` None: reported only."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    found: str = ""
    baseline: str = ""

    @property
    def broken(self) -> bool:
        """Whether the value is over its budget."""
        return self.budget is not None and self.value > self.budget


HEAD = ("figure", "found", "baseline", "value", "budget", "")


def table(figures: list[Figure]) -> str:
    """All figures as one table of text."""
    rows = [HEAD, *(_row(one) for one in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(one: Figure) -> tuple[str, ...]:
    budget = "" if one.budget is None else f"<= {one.budget:g}"
    mark = "" if one.budget is None else "BROKEN" if one.broken else "ok"
    return (one.name, one.found, one.baseline, f"{one.value:.2f} {one.unit}", budget, mark)
