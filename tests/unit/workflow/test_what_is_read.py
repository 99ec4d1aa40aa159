"""What of a case is read twice, and what is not: each read has its price."""

from __future__ import annotations

from chalicelib.tasks.link_status import standing
from chalicelib.workflow.storage import store
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
    assert world.aws.calls == ["GetItem", "Query"]
