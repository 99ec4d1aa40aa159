"""Build the one CloudFormation template and its zips: no AWS account, no credentials, no Docker.

    python -m infra.build --stage prod   ->  out/prod/template.json, code-<sha>.zip, layer-<sha>.zip

1. the fragments of infra/template/ are joined (infra/template.py)
2. `chalice package --merge-template` generates the functions and the API from app.py
3. statemachines/*.yaml are expanded (infra/machines.py) and go in as DefinitionString, placeholders checked both ways
4. the packages are fetched as wheels for Lambda's Python (infra/packages.py), and both zips are packed
   to the same bytes every time, named by their content (infra/zips.py)
5. aws-sam-translator expands it, so what is linted and rehearsed is what is deployed

The same sources give the same bytes. Stage `local` differs in the architecture of its wheels alone.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.rooms import DUE, EACH_MINUTE, WISHED
from chalicelib.workflow.machines import titles
from infra.gateway_pages import add_gateway_pages
from infra.lint_machines import problems
from infra.machine_resources import add_machines, put_in_definitions
from infra.machines import SourceError, definitions
from infra.packages import interpreter, layer
from infra.template import (
    RUNTIME,
    BuildError,
    add_duties,
    expand,
    finish_functions,
    read_fragments,
)
from infra.watching import add_alarms
from infra.zips import pack

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("app.py", "chalicelib", "statemachines", "requirements.txt", ".chalice/config.json")
TOOLS = (
    "build.py",
    "gateway_pages.py",
    "packages.py",
    "machine_resources.py",
    "lint_machines.py",
    "machines.py",
    "template.py",
    "verdicts.py",
    "watching.py",
    "zips.py",
    "catalogues.py",
    "template",
)
SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.po", "*.pot", ".*")
Json = dict[str, Any]


def build(
    stage: str = "prod",
    out: Path | None = None,
    root: Path = ROOT,
    *,
    fresh: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Build ``stage``, unless these very sources were built before; returns the folder.

    ``out`` wants it in a folder of its own. Otherwise it lies under out/builds/ by its fingerprint,
    so that one who deploys it is not disturbed by the next build, and out/<stage> points there.
    Raises BuildError with one line that says what is wrong.
    """
    from infra.catalogues import compile_all

    for needed in SOURCES:
        if not (root / needed).exists():
            raise BuildError(f"{needed} is missing in {root}")
    compile_all(root)
    mark = fingerprint(root, stage)
    target = out or root / "out" / "builds" / f"{stage}-{mark[:16]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if fresh or out or not (target / "fingerprint").exists():
            _build_into(target, stage, mark, root, say)
        if out is None:
            _point_to(root / "out" / stage, target)
            _forget_old(target.parent, target)
    return target


def _build_into(
    target: Path, stage: str, mark: str, root: Path, say: Callable[[str], None]
) -> None:
    draft = target.with_name(f"{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _build(stage, draft, root, say)
        (draft / "fingerprint").write_text(mark)
        shutil.rmtree(target, ignore_errors=True)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _point_to(link: Path, target: Path) -> None:
    draft = link.with_name(f"{link.name}.link")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.relative_to(link.parent))
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    draft.replace(link)


def _forget_old(folder: Path, newest: Path) -> None:
    """Keep a handful of builds and whatever somebody may still be deploying."""
    newest.touch()
    found = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: -p.stat().st_mtime)
    for old in found[6:]:
        if time.time() - old.stat().st_mtime > 3600:
            shutil.rmtree(old, ignore_errors=True)


def _build(stage: str, out: Path, root: Path, say: Callable[[str], None]) -> None:
    source = out / "source"
    say("copying the sources")
    for name in SOURCES:
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, target, ignore=SKIPPED)
        else:
            shutil.copyfile(root / name, target)
    _set_stage(source, stage)
    try:
        machines = definitions(source / "statemachines")
    except SourceError as error:
        raise BuildError(f"statemachines/{error}") from None
    if wrong := problems(machines):
        raise BuildError(f"statemachines/{wrong[0]}")
    fragments = read_fragments(root / "infra" / "template")
    add_machines(fragments, titles(), machines)
    add_alarms(fragments, titles())
    add_gateway_pages(fragments)
    (out / "merge.json").write_text(json.dumps(fragments))
    say("packaging with Chalice")
    chalice_package(stage, source, out)
    template: Json = json.loads((out / "sam.json").read_text())
    finish_functions(template)
    add_duties(template, {"Clock": (DUE, *EACH_MINUTE), "Reconcile": (WISHED,)})
    put_in_definitions(template, machines)
    say("packing the code and its packages")
    with zipfile.ZipFile(out / "deployment.zip") as archive:
        archive.extractall(out / "code")
    compiler = sys.executable if stage == "local" else interpreter(RUNTIME)
    if not compiler:
        say(f"no Python {RUNTIME} here to compile with: each cold start on AWS takes longer")
    keys = {
        "./deployment.zip": pack(out / "code", out, "code", "/var/task", compiler).name,
        "./layer.zip": layer(root, out, stage).name,
    }
    for resource in template["Resources"].values():
        for prop in ("CodeUri", "ContentUri"):
            if (uri := resource.get("Properties", {}).get(prop)) in keys:
                resource["Properties"][prop] = {
                    "Bucket": {"Ref": "ArtifactBucket"},
                    "Key": keys[uri],
                }
    say("expanding the template")
    expanded = expand(template)
    (out / "template.json").write_text(json.dumps(expanded, indent=1, sort_keys=True) + "\n")
    for used in ("sam.json", "merge.json", "deployment.zip"):
        (out / used).unlink()
    shutil.rmtree(source)
    shutil.rmtree(out / "code")


def chalice_package(stage: str, source: Path, out: Path) -> None:
    """Run `chalice package`."""
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-c",
                "import sys; from chalice.cli import main; sys.exit(main())",
                "package",
            ),
            *("--stage", stage, "--merge-template", str(out.resolve() / "merge.json")),
            str(out.resolve()),
        ],
        cwd=source,
        # Chalice reads the region to pick the partition; bytecode in the copy would be zipped.
        env={"AWS_DEFAULT_REGION": "us-west-2", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).strip().splitlines() if line.strip()]
        raise BuildError(f"chalice package: {lines[-1] if lines else 'failed'}")


def _set_stage(source: Path, stage: str) -> None:
    """Stage `local` runs on this machine, whatever it is. Packages are the layer's, not Chalice's."""
    (source / "requirements.txt").write_text("")
    path = source / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    if stage == "local":
        arm = platform.machine() in ("arm64", "aarch64")
        config["stages"]["local"]["lambda_architecture"] = "arm64" if arm else "x86_64"
    elif stage not in config["stages"]:
        config["stages"][stage] = {}
    path.write_text(json.dumps(config))


def fingerprint(root: Path, stage: str) -> str:
    """A hash of everything that a build reads."""
    digest = hashlib.sha256(f"{stage} {sys.version} {platform.machine()}".encode())
    names = [root / name for name in SOURCES] + [root / "infra" / name for name in TOOLS]
    names.append(root / "requirements-dev.txt")
    for top in names:
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".po":
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main() -> int:
    """Command line: build one stage and say where it lies."""
    parser = argparse.ArgumentParser(description="Build the template and its zips.")
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--fresh", action="store_true", help="build even when nothing changed")
    args = parser.parse_args()
    try:
        out = build(args.stage, args.out, fresh=args.fresh, say=lambda line: print(f"  {line}"))
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    template = json.loads((out / "template.json").read_text())
    sizes = ", ".join(
        f"{p.name[:10]} {p.stat().st_size // 1024} KB" for p in sorted(out.glob("*.zip"))
    )
    print(
        f"{out.relative_to(ROOT) if out.is_relative_to(ROOT) else out}: {len(template['Resources'])} resources; {sizes}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
