"""Whether the account has room for the calls that the template reserves, asked before a first deploy.

Lambda refuses a reservation that leaves less than a hundred for everybody else, and a new account may
have ten in all: the first create would fail half-way, with Lambda's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from infra.change_set import DeployError

# What Lambda keeps for functions without a reservation.
KEPT = 100
PARAMETER = "ReserveConcurrency"


def check_room(
    client: Callable[[str], Any], template: Mapping[str, Any], given: Mapping[str, str]
) -> None:
    """Raises DeployError, with what to do, when the account cannot reserve what the template wants."""
    if given.get(PARAMETER, template["Parameters"][PARAMETER]["Default"]) == "off":
        return
    wanted = reserved(template)
    limit = client("lambda").get_account_settings()["AccountLimit"]
    free = int(limit["UnreservedConcurrentExecutions"])
    if free - wanted < KEPT:
        raise DeployError(
            f"Lambda runs {limit['ConcurrentExecutions']} calls of this account at once and {free} are free,"
            f' where {wanted + KEPT} are needed: ask for 1,000 (docs/runbook.md, "Lambda\'s concurrency"),'
            f" or deploy with {PARAMETER}=off until you have them"
        )


def reserved(template: Mapping[str, Any]) -> int:
    """How many calls the template reserves, over all functions."""
    kept = (
        one["Properties"].get("ReservedConcurrentExecutions")
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Lambda::Function"
    )
    return sum(int(one["Fn::If"][1]) for one in kept if one)
