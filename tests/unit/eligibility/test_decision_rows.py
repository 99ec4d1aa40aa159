"""How a decision is kept."""

from __future__ import annotations

from typing import Any

from chalicelib.aws.writes import Put
from chalicelib.referral.rows import decision_rows


def test_what_a_rule_leads_to_is_kept_only_where_it_leads_somewhere() -> None:
    one: dict[str, Any] = {"rule": "E1", "state": "met", "reason": "Because.", "source": {}}
    found = {
        "result": "redirect",
        "conditions": [one | {"leads_to": ""}, one | {"leads_to": "redirect"}],
    }
    write = decision_rows.row("AAAA-AAAA-A", "eligibility", found)
    assert isinstance(write, Put)
    assert write.row["decision"] == found | {"conditions": [one, one | {"leads_to": "redirect"}]}
