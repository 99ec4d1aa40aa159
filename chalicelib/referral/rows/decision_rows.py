"""What the rules decided, whole: version, inputs, and met / not met / unknown with reasons.

A decision is larger than the entry that records it, so it has a row of its own. It is written before
the command that refers to it: a row without its command says nothing and harms nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Write, put
from chalicelib.domain.decisions import DecisionRow
from chalicelib.workflow.storage import keys


def row(reference: str, name: str, decision: Mapping[str, object]) -> Write:
    """Write a decision, as ``eligibility`` or ``tiers``, in place of an earlier one."""
    return put(keys.decision(reference, name), {"decision": decision})


def of(reference: str, name: str) -> DecisionRow:
    """The newest decision of that name; empty before there is one."""
    found = dynamodb.get(keys.decision(reference, name)) or {}
    return cast(DecisionRow, found.get("decision", {}))
