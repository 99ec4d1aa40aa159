"""What the template decides of a lifecycle's bill: which records call the relay, who begins a trace, and
how large the functions are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from infra.emulator import ROOT
from infra.template import read_fragments

Json = dict[str, Any]


@cache
def _template() -> Json:
    return read_fragments(ROOT / "infra" / "template")


@cache
def relay_patterns() -> tuple[Json, ...]:
    """The filter patterns of the stream: a record that none of them matches calls nobody."""
    (source,) = _template()["Resources"]["Relay"]["Properties"]["Events"].values()
    filters = source["Properties"]["FilterCriteria"]["Filters"]
    return tuple(json.loads(one["Pattern"]) for one in filters)


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record passes a pattern, as far as ours go: equal values and prefixes."""

    def fits(wanted: Any, found: Any) -> bool:
        if isinstance(wanted, dict):
            return isinstance(found, dict) and matches(wanted, found)
        return any(
            str(found).startswith(one["prefix"]) if isinstance(one, dict) else found == one
            for one in wanted
        )

    return all(name in record and fits(wanted, record[name]) for name, wanted in pattern.items())


def functions_begin_traces() -> bool:
    """Whether a call that comes without a trace begins one."""
    return bool(_template()["Globals"]["Function"]["Tracing"] == "Active")


def _machine() -> Json:
    (machine,) = _template()["EachMachine"].values()
    properties: Json = machine["Properties"]
    return properties


def runs_are_traced() -> bool:
    """Whether each run is a trace."""
    return bool(_machine()["TracingConfiguration"]["Enabled"])


def runs_are_logged() -> bool:
    """Whether each event of a run is a line in the log."""
    return bool(_machine()["LoggingConfiguration"]["Level"] == "ALL")


def gigabytes() -> tuple[float, float]:
    """The memory of the pages' function and of a step's."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    pages = config["lambda_functions"]["api_handler"]["lambda_memory_size"]
    return pages / 1024, config["lambda_memory_size"] / 1024
