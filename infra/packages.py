"""The packages that ship, as a layer: wheels for Lambda's Python, whatever Python builds them.

Chalice would take the wheels of the Python that it runs on, so it packages the program alone.
Stage `local` takes the wheels of this machine: its functions run on the embedded AWS's own Python,
which is of the same version as ours.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from infra.template import ARCHITECTURE, RUNTIME, BuildError
from infra.zips import pack

# Lambda's Python runs on Amazon Linux 2023, whose glibc is 2.34. pip takes each tag literally.
GLIBC = range(17, 35)


def layer(root: Path, out: Path, stage: str) -> Path:
    """Put the layer's zip into ``out`` and return its path; kept under out/layers while its
    requirements and this tool stay as they are. Raises BuildError when pip cannot fetch a wheel."""
    own = stage == "local"
    python = sys.executable if own else interpreter(RUNTIME)
    requirements = root / "requirements.txt"
    tools = [Path(__file__), Path(__file__).with_name("zips.py")]
    digest = hashlib.sha256(f"{own and platform.machine()} {_version(python)}".encode())
    for path in (requirements, *tools):
        digest.update(path.read_bytes())
    kept = root / "out" / "layers" / digest.hexdigest()[:32]
    if not kept.exists():
        draft = kept.with_name(f"{kept.name}.draft-{os.getpid()}")
        draft.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="layer-") as scratch:
            _fetch(requirements, Path(scratch) / "python", own)
            pack(Path(scratch), draft, "layer", "/opt", python)
        if not kept.exists():
            draft.replace(kept)
        shutil.rmtree(draft, ignore_errors=True)
    found = next(kept.glob("*.zip"))
    os.link(found, out / found.name)
    return out / found.name


def _fetch(requirements: Path, target: Path, own: bool) -> None:
    """Wheels only, and only those that requirements.txt pins: it names what they need as well."""
    tags: list[str] = []
    if not own:
        tags = ["--implementation=cp", f"--python-version={RUNTIME}"]
        tags += [f"--platform=manylinux_2_{minor}_{ARCHITECTURE}" for minor in GLIBC]
        tags += [f"--platform=manylinux2014_{ARCHITECTURE}"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-compile", "--only-binary=:all:", f"--target={target}", *tags),
            *("--requirement", str(requirements)),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise BuildError(f"pip: {lines[-1] if lines else done.stderr.strip()[-300:]}")


@cache
def interpreter(version: str) -> str:
    """A Python of that version which runs here, to compile for it; "" when there is none.

    pyenv puts names on the path that run nothing, so those behind them are tried as well.
    """
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [sys.executable, name, *map(str, sorted(pyenv.glob(f"{version}.*/bin/{name}")))]
    return next((one for one in found if _version(one).startswith(f"{version}.")), "")


@cache
def _version(python: str) -> str:
    """What a Python says of its version; "" when it does not run."""
    say = "import platform; print(platform.python_version())"
    try:
        done = subprocess.run([python, "-c", say], capture_output=True, text=True, timeout=20)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
