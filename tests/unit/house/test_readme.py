"""The README's map of the house is true."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def drawn() -> list[str]:
    """Every path that the map names, from the root."""
    text = (ROOT / "README.md").read_text()
    tree = text.split("## The map of the house")[1].split("```")[1]
    paths: list[str] = []
    above: list[str] = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        for name in re.findall(r"(?:^|\s{2})([a-z_]+(?:/|\.py))(?=\s|$)", line[:24]):
            above = [*above[:depth], name]
            paths.append("".join(above))
    return paths


def test_every_room_that_the_map_names_exists() -> None:
    assert len(drawn()) > 18
    missing = [path for path in drawn() if not (ROOT / path).exists()]
    assert missing == []


def test_every_room_of_the_house_is_on_the_map() -> None:
    rooms = {p.parent.name for p in (ROOT / "chalicelib").glob("*/**/__init__.py")}
    assert rooms <= {path.strip("/").split("/")[-1] for path in drawn()}
