"""One thing breaks at one call of one act, and in the end all is as if nothing had happened.

The long run (``make faults``) breaks every call of the whole way; here one act stands for all.
"""

from __future__ import annotations

import pytest

from .harness import FaultHarness
from .single_faults import DEATHS, Scenario, as_usual, breaks


def wrong(harness: FaultHarness, name: str, faults: tuple[str, ...]) -> list[str]:
    found = list(breaks(harness, name, faults))
    assert len(found) > 20 * len(faults)
    return [f"{where}: {what}" for where, what in found if what]


@pytest.mark.promise("crash-anywhere", "one-letter-per-reason", "always-wakes-up")
def test_a_process_may_die_before_and_after_any_call_of_an_act(harness: FaultHarness) -> None:
    assert wrong(harness, "offer", DEATHS) == []


@pytest.mark.promise("crash-anywhere", "handler-times-out", "reply-lost", "always-wakes-up")
@pytest.mark.parametrize("name", ["an offer is declined", "summary", "the provider withdraws"])
def test_a_process_may_die_after_any_call_of_others(harness: FaultHarness, name: str) -> None:
    assert wrong(harness, name, ("die_after",)) == []


@pytest.mark.promise("throttled-anywhere")
def test_any_call_of_an_act_may_be_throttled_or_never_arrive(harness: FaultHarness) -> None:
    assert wrong(harness, "an offer is declined", ("throttle", "before")) == []


@pytest.mark.promise("reply-lost", "handler-times-out")
def test_the_reply_to_any_call_of_an_act_may_be_lost(harness: FaultHarness) -> None:
    assert wrong(harness, "an offer is declined", ("lost", "twice")) == []


@pytest.mark.parametrize("fault", ["die_after", "lost"])
def test_a_net_that_expects_nothing_would_catch_nothing(harness: FaultHarness, fault: str) -> None:
    """The picture changes when nothing puts things right: it is looked at."""
    from .single_faults import picture, play

    expected, _, calls = play(harness, Scenario("offer", "offer", as_usual), {})
    story = harness.at("offer")
    harness.injector.begin({len(calls): fault})
    assert picture(harness, story) != expected
