"""What ships is known and pinned (S36); nothing sends a spreadsheet yet (S42)."""

from __future__ import annotations

import json
from pathlib import Path

from infra import sbom

ROOT = Path(__file__).resolve().parents[2]


def test_every_package_that_ships_is_pinned_s36() -> None:
    assert set(sbom.pins()) == sbom.needed()


def test_the_bill_of_materials_names_what_ships_s36() -> None:
    told = json.loads(sbom.document())
    assert told["bomFormat"] == "CycloneDX"
    assert {c["name"]: c["version"] for c in told["components"]} == sbom.pins()


def test_no_page_sends_a_spreadsheet_s42() -> None:
    for file in (ROOT / "chalicelib").rglob("*.py"):
        assert "text/csv" not in file.read_text(), f"{file}: defuse cells that begin a formula"
