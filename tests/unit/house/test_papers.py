"""The papers name files that are there, and no line of them is hard to read in a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAPERS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What a recipe of docs/contributing.md adds.
ADDED = {
    "chalicelib/referral/delivery/letters/travel.j2",
    "chalicelib/referral/delivery/travel.py",
    "chalicelib/services/open_door",
}
TOPS = ("chalicelib/", "infra/", "statemachines/", "tests/", "docs/", ".chalice/")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.name)
def test_every_file_that_a_paper_names_is_there(paper: Path) -> None:
    named = {
        name.rstrip("/")
        for name in re.findall(r"`([\w./-]+)`", paper.read_text())
        if name.startswith(TOPS)
    }
    assert [name for name in sorted(named - ADDED) if not (ROOT / name).exists()] == []
