"""An entry is written in a process that has read a case and made nothing of its own yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import sys
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry
pause = {"since": 1, "until": 2, "status": "s", "reason": "r"}
task = {"number": 1, "kind": "k", "role": "r", "opened": 1, "due": 2, "expires": 3}
state = Referral(reference="X", contact={"name": "a"}, task=task, pause=pause, sessions={"held": 1})
part = getattr(state, sys.argv[1]).model_copy()
entry = Entry(event="x", at=1, actor="a", command="c", changes={sys.argv[1]: part})
print(entry.model_dump(exclude_defaults=True)["changes"])
"""


@pytest.mark.parametrize("part", ["contact", "task", "pause", "sessions"])
def test_what_was_read_with_its_case_can_be_written_with_an_entry(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, part], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and part in done.stdout, done.stderr[-300:]
