"""Before and after stand in the story of a change, and nowhere else."""

from __future__ import annotations

import pytest

from chalicelib.console.entry_words import before_after
from chalicelib.console.timeline import lines
from chalicelib.workflow.cases import Entry

AT = 1_792_512_000


def entry(kind: str, **data: object) -> Entry:
    return Entry(version=1, event=kind, at=AT, actor="provider", command="x", payload=dict(data))


@pytest.mark.promise("older-and-newer-data")
@pytest.mark.parametrize("before", ["routine", [3, 4], None, 7])
def test_an_entry_that_means_something_else_by_before_is_told_all_the_same(
    before: object,
) -> None:
    for kind in ("survey_answered", "urgency_changed", "amended", "something_new"):
        told = lines([entry(kind, before=before, after=before)], [], AT, "en")
        assert len(told) == 1 and "→" not in told[0].note


@pytest.mark.promise("change-or-withdraw", "looks-and-changes-audited")
def test_a_change_says_both_and_masks_how_to_reach_somebody() -> None:
    told = before_after(
        entry(
            "amended",
            before={"county": "fresno", "contact_email": "a@example.org"},
            after={"county": "kern", "contact_email": "b@example.org", "concerns": ["inclusion"]},
        ),
        "en",
    )
    assert "County: Fresno → Kern" in told and "Help with: – → " in told
    assert "Email: •••" in told and "example.org" not in told
