"""What the rules decided, whole: version, inputs, and met / not met / unknown with reasons.

A decision is larger than the entry that records it, so it has a row of its own. It is written before
the command that refers to it: a row without its command says nothing and harms nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Write, put
from chalicelib.domain.decisions import ConditionRow, DecisionRow
from chalicelib.workflow.storage import keys


def row(reference: str, name: str, decision: Mapping[str, object]) -> Write:
    """Write a decision, as ``eligibility`` or ``tiers``, in place of an earlier one.

    What a rule alone would lead to is kept where it leads somewhere: most do not, and that is a unit.
    """
    told = dict(decision)
    if "conditions" in decision:
        conditions = cast(Sequence[ConditionRow], decision["conditions"])
        told["conditions"] = [
            {name: value for name, value in one.items() if name != "leads_to" or value}
            for one in conditions
        ]
    return put(keys.decision(reference, name), {"decision": told})


def of(reference: str, name: str) -> DecisionRow:
    """The newest decision of that name; empty before there is one."""
    found = dynamodb.get(keys.decision(reference, name)) or {}
    return cast(DecisionRow, found.get("decision", {}))
