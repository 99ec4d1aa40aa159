"""What the rules decided, whole: version, inputs, and met / not met / unknown with reasons (C1, C2).

A decision is larger than the entry that records it, so it has a row of its own. It is written before
the command that refers to it: a row without its command says nothing and harms nothing.
"""

from __future__ import annotations

from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.workflow import keys

Item = dict[str, Any]
PREFIX = "DECISION#"


def row(reference: str, name: str, decision: dict[str, Any]) -> Item:
    """The row of a decision, as ``eligibility`` or ``tiers``."""
    return {"pk": keys.referral_pk(reference), "sk": PREFIX + name, "decision": decision}


def of(reference: str, name: str) -> dict[str, Any]:
    """The newest decision of that name; empty before there is one."""
    found = dynamodb.get(keys.referral_pk(reference), PREFIX + name) or {}
    decision: dict[str, Any] = found.get("decision", {})
    return decision
