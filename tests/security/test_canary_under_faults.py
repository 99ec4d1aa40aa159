"""A canary in every personal field lives through the whole lifecycle while AWS fails at random: no log
line, no run's input, output or history and no address sings."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.aws.log import logger
from chalicelib.referral.request import PERSONAL
from tests.canary import line, sings
from tests.faults.fault_injector import FAULTS
from tests.faults.harness import FaultHarness
from tests.faults.stories import quiet
from tests.workflow.lifecycle import Story, act

CANARY = "kanarienvogel"
REQUEST: dict[str, Any] = {
    "site_name": f"{CANARY} site",
    "city": f"{CANARY} city",
    "classroom": f"{CANARY} room",
    "exclude_consultant": f"{CANARY} avoid",
    "contact_name": f"{CANARY} name",
    "contact_email": f"{CANARY}@example.org",
    "contact_phone": "555-555-0190",
    "anything_else": f"{CANARY} words",
    "zip": "90098",
    "license_number": "190000098",
}
SINGS = (CANARY, "555-555-0190", "90098", "190000098", "example.org")


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Every log line with all that it carries."""
    found: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(line(record))

    ear = Ear()
    for one in (logger(), logging.getLogger()):
        one.addHandler(ear)
    yield found
    for one in (logger(), logging.getLogger()):
        one.removeHandler(ear)


def test_every_personal_answer_has_its_canary() -> None:
    assert set(REQUEST) == PERSONAL


@pytest.mark.promise("no-personal-data-in-logs", "engine-token-never-leaves")
@pytest.mark.parametrize("seed", range(6))
def test_a_canary_under_faults_sings_nowhere(
    harness: FaultHarness, heard: list[str], seed: int
) -> None:
    rng = random.Random(seed)
    harness.at("triage")  # empty it of an earlier story
    logger().setLevel(logging.DEBUG)
    with harness.injector.without_faults():
        reference = harness.world.submit(**REQUEST)
    story = Story(harness, reference)
    harness.settle()
    for _ in range(40):
        if not story.asks:
            break
        harness.injector.begin({rng.randint(1, 14): rng.choice(FAULTS)})
        try:
            act(story)
        except BaseException as error:  # a process may die: the next one goes on
            if isinstance(error, KeyboardInterrupt | AssertionError):
                raise
        harness.injector.end()
        quiet(harness)
    assert story.state.status == "followed_up", f"seed {seed}: {story.state.status}"
    told = harness.engine.invoked, harness.engine.returned, [
        (run.input, run.output, run.data, run.error, run.cause, run.name)
        for run in harness.engine.runs.values()
    ]  # fmt: skip
    runs = json.dumps(told, default=str)
    assert reference in runs and heard
    assert sings(SINGS, runs) == [], f"seed {seed}"
    assert [one for one in heard if sings(SINGS, one)] == [], f"seed {seed}"
    tokens = {run.token for run in harness.engine.runs.values() if run.token}
    assert tokens
    for letter, *_ in harness.letters:
        for token in tokens:
            assert token not in letter.text + letter.html + letter.subject, f"seed {seed}"
    assert not [one for one in heard if any(token in one for token in tokens)]
