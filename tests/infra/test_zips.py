"""What Lambda gets: it works by itself, it is no larger than it must be, and it is always the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalicelib.workflow.machines import machines
from infra.build import build
from infra.packages import interpreter
from infra.template import KINDS

ENOUGH = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-west-2"}


def one(out: Path, prefix: str) -> Path:
    (found,) = out.glob(f"{prefix}-*.zip")
    return found


@pytest.fixture(scope="module")
def unpacked(local: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both zips, as Lambda lays them out: task/ and opt/python/."""
    place = tmp_path_factory.mktemp("lambda")
    with zipfile.ZipFile(one(local, "code")) as code, zipfile.ZipFile(one(local, "layer")) as layer:
        code.extractall(place / "task")
        layer.extractall(place / "opt")
    return place


def run(unpacked: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that sees the standard library and the two zips, and nothing of this checkout."""
    paths = (
        f"import sys; sys.path[:0] = [{str(unpacked / 'task')!r}, {str(unpacked / 'opt/python')!r}]"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{paths}\n{program}"],
        capture_output=True,
        text=True,
        env=ENOUGH,
        cwd="/",
    )


def test_every_handler_is_found_in_a_fresh_process_without_app_py(
    local: Path, unpacked: Path
) -> None:
    template = json.loads((local / "template.json").read_text())
    handlers = {
        resource["Properties"]["Handler"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    assert len(handlers) == len(KINDS) + len(machines())

    def failure(handler: str) -> str:
        module, _, name = handler.rpartition(".")
        program = f"import importlib, sys; assert callable(getattr(importlib.import_module({module!r}), {name!r}))"
        if module != "app":
            program += "; assert 'app' not in sys.modules"
        done = run(unpacked, program)
        return f"{handler}: {done.stderr[-600:]}" if done.returncode else ""

    with ThreadPoolExecutor(2) as pool:
        assert [f for f in pool.map(failure, sorted(handlers)) if f] == []


def test_what_was_left_out_of_the_packages_is_not_missed(unpacked: Path) -> None:
    done = run(
        unpacked,
        """
import jinja2, jwt, pydantic
from cryptography.hazmat.primitives.asymmetric import rsa
from aws_lambda_powertools import Logger, Metrics
key = rsa.generate_private_key(65537, 2048)
token = jwt.encode({"sub": "x"}, key, algorithm="RS256")
assert jwt.decode(token, key.public_key(), algorithms=["RS256"])["sub"] == "x"
assert jinja2.Template("{{ a }}").render(a=1) == "1"
Logger(service="x").info("said")
""",
    )
    assert done.returncode == 0, done.stderr[-800:]


def test_only_the_program_is_in_the_code(local: Path) -> None:
    with zipfile.ZipFile(one(local, "code")) as code:
        names = code.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops - {"__pycache__"} == {"app.py", "chalicelib", "chalice"}
    assert not [n for n in names if n.endswith((".po", ".pot", ".pyi")) or "/tests/" in n]
    assert [n for n in names if n.endswith("/es/LC_MESSAGES/messages.mo")]


def test_modules_travel_with_bytecode_that_trusts_its_source(local: Path) -> None:
    with zipfile.ZipFile(one(local, "code")) as code:
        for name in code.namelist():
            if name.endswith(".pyc"):
                # PEP 552: bit 0 says hash-based, bit 1 would have the source checked.
                assert int.from_bytes(code.read(name)[4:8], "little") == 1, name


def test_templates_travel_compiled(local: Path) -> None:
    with zipfile.ZipFile(one(local, "code")) as code:
        names = code.namelist()
    sources = [n for n in names if n.endswith((".html", ".j2"))]
    folded = [n for n in names if n.endswith((".escaped", ".plain"))]
    assert len(sources) == len(folded) > 50


def test_what_ships_is_for_lambdas_python_and_processor_whatever_builds_it(prod: Path) -> None:
    template = json.loads((prod / "template.json").read_text())
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            says = resource["Properties"]
            assert (says["Runtime"], says["Architectures"]) == ("python3.13", ["arm64"]), name
    with zipfile.ZipFile(one(prod, "layer")) as layer:
        names = layer.namelist()
    compiled = [name for name in names if name.endswith(".so")]
    assert [n for n in compiled if n.endswith(".cpython-313-aarch64-linux-gnu.so")]
    assert [
        n for n in compiled if not n.endswith((".cpython-313-aarch64-linux-gnu.so", ".abi3.so"))
    ] == []


@pytest.mark.skipif(not interpreter("3.13"), reason="no Python 3.13 here to compile with")
def test_bytecode_is_of_lambdas_python(prod: Path) -> None:
    for prefix in ("code", "layer"):
        with zipfile.ZipFile(one(prod, prefix)) as archive:
            names = archive.namelist()
        made = {name.rsplit(".", 2)[1] for name in names if name.endswith(".pyc")}
        assert made == {"cpython-313"}, prefix


def test_the_zips_stay_small(prod: Path) -> None:
    assert one(prod, "code").stat().st_size < 6_000_000
    assert one(prod, "layer").stat().st_size < 12_000_000


@pytest.mark.long
def test_a_second_build_gives_the_same_bytes(prod: Path, tmp_path: Path) -> None:
    again = build("prod", tmp_path / "again", fresh=True)

    def content(out: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in out.iterdir()}

    first: dict[str, Any] = content(prod)
    assert first.keys() == content(again).keys()
    assert first == content(again)


def test_an_unchanged_build_is_not_built_again(prod: Path) -> None:
    before = (prod / "template.json").stat().st_mtime_ns
    build("prod")
    assert (prod / "template.json").stat().st_mtime_ns == before
