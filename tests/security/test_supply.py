"""What ships is known and pinned; no spreadsheet that is sent holds a formula."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from chalicelib.services.emergency.report import defused
from infra import audit, sbom

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
def test_no_cell_of_a_spreadsheet_that_is_sent_is_taken_for_a_formula() -> None:
    assert [defused(cell)[0] for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx")] == ["'"] * 6
    assert defused("Fresno") == "Fresno"
    for file in (ROOT / "chalicelib").rglob("*.py"):
        text = file.read_text()
        assert "text/csv" not in text or "as_csv(" in text, f"{file}: defuse cells"
        assert text.count("writerow(") == text.count("writerow(map(defused,"), file


class PipAudit:
    """Answers as pip-audit does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: str | Exception, code: int = 0):
        self.answer, self.code = answer, code
        monkeypatch.setattr(subprocess, "run", self)

    def __call__(self, command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return subprocess.CompletedProcess(command, self.code, stdout=self.answer, stderr="")


def told(**more: object) -> str:
    return json.dumps({"dependencies": [{"name": "jinja2", "version": "1.0", **more}], "fixes": []})


VULNERABLE = [
    {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": "A ConnectionError, timed out"}
]  # fmt: skip


def test_a_known_vulnerability_fails_whatever_words_are_in_its_description(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    PipAudit(monkeypatch, told(vulns=VULNERABLE), 1)
    assert audit.main() == 1
    assert "what ships: jinja2 1.0: PYSEC-1, mended in 1.1" in capsys.readouterr().out
    monkeypatch.setattr(audit, "HARMLESS", {"PYSEC-1": "we never call it"})
    assert audit.main() == 0


@pytest.mark.parametrize(
    "answer",
    ["", "no JSON", told(skip_reason="not found"), subprocess.TimeoutExpired("pip-audit", 1)],
    ids=["nothing", "words", "unknown to the list", "no answer"],
)
def test_what_nobody_looked_up_is_said_aloud_and_in_ci_as_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str | Exception
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    PipAudit(monkeypatch, answer)
    assert audit.main() == 0
    said = capsys.readouterr().out
    assert "NOT CHECKED FOR VULNERABILITIES: what ships" in said
    assert "no known vulnerability" not in said and "::" not in said
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    audit.main()
    assert "::warning title=vulnerabilities::NOT CHECKED" in capsys.readouterr().out


def test_all_that_was_looked_up_and_is_well_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    PipAudit(monkeypatch, told(vulns=[]))
    assert audit.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "what ships: no known vulnerability"
    assert len(lines) == len(list(audit.sets())) >= 2
