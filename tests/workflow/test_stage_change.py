"""A referral is sent to another stage: the old run ends by itself, a new generation begins there."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.stage_change import move
from chalicelib.workflow.storage import store

from .lifecycle import LifecycleHarness, Story, at


def moved(story: Story, stage: str) -> None:
    when = story.harness.world.at

    def decide(state: Referral) -> Any:
        changes, effects = move(state, stage)
        return Entry(event="moved", at=when, actor="staff:x", command=f"move:{state.version}",
                     changes=changes, effects=effects), ()  # fmt: skip

    store.change(story.reference, decide)
    story.harness.settle()


@pytest.mark.parametrize("moment", ["triage", "offer", "plan", "summary"])
def test_from_every_stage_back_to_another(harness: LifecycleHarness, moment: str) -> None:
    story = at(harness, moment)
    n = story.state.tasks
    moved(story, "tiers" if moment != "triage" else "eligibility")
    old, new = story.run("referral", 1), story.run("referral", 2)
    assert (old.status, old.where) == ("SUCCEEDED", "A newer run took over")
    assert new.status == "RUNNING" and story.asks == "triage"
    assert story.state.tasks == n + 1 and story.state.generation == 2


def test_from_a_confirmation_too(harness: LifecycleHarness) -> None:
    story = harness.submit(age_bands=["none"])
    assert story.asks == "eligibility_confirmation"
    moved(story, "tiers")
    assert story.run("referral", 1).where == "A newer run took over"
    assert story.asks == "triage"
