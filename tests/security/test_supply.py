"""What ships is known and pinned; nothing sends a spreadsheet yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra import sbom

pytestmark = pytest.mark.promise("supply-known")

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.promise("supply-known")
def test_every_package_that_ships_is_pinned() -> None:
    assert set(sbom.pins()) == sbom.needed()


@pytest.mark.promise("supply-known")
def test_the_bill_of_materials_names_what_ships() -> None:
    told = json.loads(sbom.document())
    assert told["bomFormat"] == "CycloneDX"
    assert {c["name"]: c["version"] for c in told["components"]} == sbom.pins()


@pytest.mark.promise("supply-known")
def test_no_page_sends_a_spreadsheet() -> None:
    for file in (ROOT / "chalicelib").rglob("*.py"):
        assert "text/csv" not in file.read_text(), f"{file}: defuse cells that begin a formula"
