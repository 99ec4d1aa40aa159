"""What of a case is read twice, and what is not: each read has its price."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.referral.model import Referral
from chalicelib.referral.rows import request_rows
from chalicelib.tasks.link_status import standing
from chalicelib.web import links
from chalicelib.workflow.storage import store, task_drafts
from tests.workflow.lifecycle import LifecycleHarness, at
from tests.world import World


def test_a_log_that_was_read_for_a_state_is_not_read_again_for_it(world: World) -> None:
    state = world.state(world.matched())
    world.aws.begin()
    whole = store.log(state)
    assert [one.version for one in whole] == [*range(1, state.version + 1)]
    whole.clear()  # what a caller does with its list is nobody else's
    assert [one.version for one in store.log(state, after=2)] == [*range(3, state.version + 1)]
    assert world.aws.calls == ["Query"]


def test_who_loads_a_case_anew_reads_its_log_anew(world: World) -> None:
    reference = world.offered()
    before = store.log(world.state(reference))
    world.answer(reference, {"decision": "accept"})
    after = world.state(reference)
    assert len(store.log(after)) == after.version > len(before)


def test_an_older_entry_that_a_replica_has_not_got_is_read_as_it_is(world: World) -> None:
    state = world.state(world.offered())
    world.aws.begin()
    assert getattr(store.entry_of(state, 1), "version", 0) == 1
    assert world.aws.calls == ["GetItem"]
    world.fake_table.stale = True
    world.fake_table.row_before[f"R#{state.reference}", "LOG#000001"] = None
    world.aws.begin()
    assert getattr(store.entry_of(state, 1), "version", 0) == 1
    assert world.aws.calls == ["GetItem", "GetItem"]


def test_the_link_of_an_answered_question_of_the_lifecycle_looks_for_no_task_beside(
    world: World,
) -> None:
    reference = world.offered()
    link = world.link(reference)
    world.answer(reference, {"decision": "accept"})
    world.step("ask_first_contact", reference)
    world.aws.begin()
    assert standing(link, world.at).stand == "answered"
    assert world.aws.calls == ["Query", "Query"]


def test_a_page_reads_a_case_the_answers_of_its_request_and_what_was_half_written_at_once(
    world: World,
) -> None:
    reference = world.offered()
    link = world.link(reference)
    world.aws.begin()
    found = standing(link, world.at).state
    assert isinstance(found, Referral)
    request = request_rows.request_of(found)
    assert found.task is not None
    assert task_drafts.known(found, found.task.number, world.at) is None
    assert world.aws.calls == ["Query"]
    task_drafts.keep(reference, found.task.number, {"note": ["x"]}, world.at, world.at + 60, 0)
    again = standing(link, world.at).state
    assert again is not None
    assert task_drafts.known(again, found.task.number, world.at) == {"note": ["x"]}
    assert task_drafts.known(again, found.task.number, world.at + 60) is None
    anew = world.state(reference)
    world.aws.begin()
    assert request_rows.request_of(anew) == request
    assert world.aws.calls == ["GetItem"]


def test_answers_that_a_replica_has_not_got_yet_are_read_once_more(world: World) -> None:
    reference = world.submit()
    row = world.fake_table.items[f"R#{reference}"].pop("REQUEST")
    state = store.load_with_neighbors(reference)
    assert isinstance(state, Referral)
    world.fake_table.items[f"R#{reference}"]["REQUEST"] = row
    assert request_rows.request_of(state).city == "Los Angeles"


def test_the_newest_entries_say_of_a_question_what_the_whole_log_says(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, read = at(harness, "survey"), 0
    for n in range(1, story.state.tasks + 1):
        link = links.mint(story.reference, n, 1, harness.world.at + 60)
        lately = standing(link, harness.world.at)
        with monkeypatch.context() as patch:
            patch.setattr(store, "log_of_task", lambda *_: [])
            whole = standing(link, harness.world.at)
        assert replace(lately, since=()) == replace(whole, log=lately.log)
        read += bool(lately.since)
    assert 1 <= read < story.state.tasks - 1  # those of long ago are read from the whole log


def test_newest_entries_of_which_a_replica_lacks_one_say_nothing(world: World) -> None:
    reference = world.offered()
    offer = world.state(reference)
    assert offer.task is not None
    world.answer(reference, {"decision": "accept"})
    world.step("ask_first_contact", reference)
    now, n = world.state(reference), offer.task.number
    versions = [one.version for one in store.log_of_task(now, n)]
    assert versions == [offer.version, offer.version + 1, now.version]
    del world.fake_table.items[f"R#{reference}"][f"LOG#{offer.version + 1:06d}"]
    assert store.log_of_task(now, n) == []
