"""Which other places a negative result names: none is a dead end."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chalicelib.domain.alternatives import ALTERNATIVES as ALTERNATIVES
from chalicelib.domain.alternatives import Alternative as Alternative


def alternatives_for(cases: Mapping[str, str], outside_scope: Collection[str]) -> tuple[str, ...]:
    """The ids to show, best first, for how each rule came out (rule -> case of ``reasons``)."""
    found: list[str] = []
    if cases["E1"] == "outside":
        found += ["out_of_state", "helpline"]
    if cases["E2"] == "nobody":
        found += ["local_agency", "helpline"]
    if cases["E3"] == "parent":
        found += ["local_agency", "child_doctor", "county_services"]
    if cases["E6"] == "outside":
        found += ["helpline", "open_door", "child_doctor"]
        if "iep_evaluation" in outside_scope:
            found += ["school_district"]
        if "placement" in outside_scope:
            found += ["local_agency"]
    if cases["E7"] == "local":
        found += ["local_program"]
    if not found or cases["E7"] == "local":
        found += ["helpline", "open_door"]
    return (*dict.fromkeys(found), "crisis")
