"""Zips whose bytes follow from their content alone, without what need not ship.

Modules travel with their bytecode: Lambda's file system is read-only, so without it every cold start
would compile the whole program and its packages again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import jinja2

# Never read at run time: tests, type stubs, metadata of the installer, what Powertools has beside
# logs, metrics, traces, parameters and batches.
NOT_SHIPPED = re.compile(
    r"""
    (^|/)(__pycache__|tests?|\.chalice)/
    | \.(pyi|po|pot|c|h|pxd|pyx)$
    | \.dist-info/(RECORD|INSTALLER|REQUESTED|WHEEL|direct_url\.json|sboms/.*)$
    | \.data/scripts/
    | ^python/aws_lambda_powertools/event_handler/
    | ^python/aws_lambda_powertools/utilities/(data_masking|feature_flags|idempotency|kafka|parser|
        streaming|validation)/
    | ^python/(bin|cffi|pycparser)/
    """,
    re.VERBOSE,
)


def pack(tree: Path, target_dir: Path, prefix: str, mount: str, python: str) -> Path:
    """Write the files under ``tree`` as ``target_dir/{prefix}-{sha256}.zip`` and return its path.

    ``mount`` is where Lambda unpacks it; tracebacks name files there. ``python`` compiles, if any.
    """
    for path in sorted(tree.rglob("*"), reverse=True):
        name = path.relative_to(tree).as_posix() + ("/" if path.is_dir() else "")
        if NOT_SHIPPED.search(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if python:
        _compile(tree, mount, python)
    # The name follows from what is inside, so it is known only when the zip is.
    draft = target_dir / f"{prefix}.draft"
    _write(tree, draft)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:32]
    return draft.replace(target_dir / f"{prefix}-{digest}.zip")


def _compile(tree: Path, mount: str, python: str) -> None:
    """Bytecode that trusts its source unchecked, as file times say nothing on Lambda."""
    subprocess.run(
        [
            *(python, "-m", "compileall", "-q", "-f", "-j", "1"),
            *("--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", mount, str(tree)),
        ],
        check=True,
        # Hash order and a compile's own imports must not reach the bytes.
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
    )
    if (tree / "chalicelib").is_dir():
        _compile_templates(tree, python)


def _compile_templates(tree: Path, python: str) -> None:
    """Templates travel compiled, too. Jinja is this Python's: it has no compiled part of its own."""
    subprocess.run(
        [python, "-c", "from chalicelib.web.render import compile_all; compile_all()"],
        check=True,
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(jinja2.__file__).parents[1]),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )


def _write(tree: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(p for p in tree.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(path.relative_to(tree).as_posix(), (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
