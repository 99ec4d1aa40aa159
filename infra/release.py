"""Which release a deploy puts out: its commit, and whether what lies here is that commit."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import NamedTuple

# Stages that serve real people: what runs there must be found again in the history.
STRICT = ("prod",)


class Unfit(Exception):
    """What lies here may not go to that stage; the message is one line that says why."""


class Release(NamedTuple):
    """A commit, with a mark where the tree differs from it; and when it is deployed (UTC, RFC 3339)."""

    commit: str
    deployed_at: str

    def parameters(self) -> dict[str, str]:
        """As the template takes them."""
        return {"Commit": self.commit, "DeployedAt": self.deployed_at}


def release(root: Path, stage: str) -> Release:
    """The release of the tree at ``root``. Raises Unfit for a stage that takes none but clean ones."""
    commit, changed = (
        _git(root, "rev-parse", "--short=10", "HEAD"),
        _git(root, "status", "--porcelain"),
    )
    if stage in STRICT and not commit:
        raise Unfit(f"{stage} takes only what is committed, and {root} is no git checkout")
    if stage in STRICT and changed:
        first = changed.splitlines()[0].strip()
        raise Unfit(f"{stage} takes only what is committed: commit or stash first ({first})")
    mark = "-changed" if changed else ""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Release(f"{commit or 'unknown'}{mark}", at)


def _git(root: Path, *words: str) -> str:
    """What git says; empty where there is no git or no repository."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
