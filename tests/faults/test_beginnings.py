"""A case begins with one write: a reply to it that nobody heard changes nothing for who asked."""

from __future__ import annotations

import pytest

from chalicelib.workflow.storage import keys, store

from .harness import build
from .long_run import SCRIPTS
from .script import CaseScript


def begun(script: CaseScript, faults: dict[int, str]) -> tuple[list[str], int, str]:
    """The calls with which somebody opens a case, how many there are then, and its first entry."""
    with script.registered(), pytest.MonkeyPatch.context() as patch:
        harness = build(patch, script)
        harness.injector.begin(faults)
        reference = script.opens(harness.world)
        harness.injector.end()
        first = store.entry_of(store.load(reference, consistent=True), 1)
        assert first is not None
        return (
            list(harness.injector.calls),
            sum(row["sk"] == keys.STATE for row in harness.injector.fake_table.scan()),
            first.event,
        )


@pytest.mark.promise("reply-lost")
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_reply_to_the_write_that_begins_a_case_may_be_lost(
    environment: None, name: str
) -> None:
    calls, cases, event = begun(SCRIPTS[name], {})
    writes = [n for n, call in enumerate(calls, start=1) if call == "TransactWriteItems"]
    assert writes
    for number in writes:
        _, found, first = begun(SCRIPTS[name], {number: "lost"})
        assert (found, first) == (cases, event), number
