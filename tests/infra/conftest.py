"""The built template and its zips, built once for all tests here (and kept while nothing changes)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.build import build

Resource = dict[str, Any]


@pytest.fixture(scope="session")
def prod() -> Path:
    """The folder of the build that goes to AWS."""
    return build("prod")


@pytest.fixture(scope="session")
def local() -> Path:
    """The folder of the build for this machine."""
    return build("local")


@pytest.fixture(scope="session")
def template(prod: Path) -> dict[str, Any]:
    return json.loads((prod / "template.json").read_text())


@pytest.fixture(scope="session")
def of_type(template: dict[str, Any]) -> Callable[[str], dict[str, Resource]]:
    """Resources of a type, by logical id."""

    def find(kind: str) -> dict[str, Resource]:
        return {k: v for k, v in template["Resources"].items() if v["Type"] == kind}

    return find


def statements(role: Resource) -> Iterator[dict[str, Any]]:
    """Every statement of a role's own policies, with Action and Resource as lists."""
    for policy in role["Properties"].get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield {
                **statement,
                "Action": as_list(statement["Action"]),
                "Resource": as_list(statement["Resource"]),
            }


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
