"""The reconciler: whatever single write is killed, the next round finds it, and harms nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.rooms import WISHED
from chalicelib.workflow import steps
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.reconciler import reconcile, rows
from chalicelib.workflow.reconciler.reconcile import play_round
from chalicelib.workflow.reconciler.repairs import ENOUGH
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import keys, side_task_rows, store
from chalicelib.workflow.tasks import answer

from .engine import Run
from .lifecycle import KINDS, LifecycleHarness, StepFunctions, Story, act, at

LATER = 121
AFTER_CLOSING = ("survey", "follow_up_rest", "follow_up")


def found_later(harness: LifecycleHarness, **how: Any) -> list[tuple[str, str]]:
    """A round after everything would have come to rest; what it found and did."""
    harness.world.at += LATER
    result = play_round(harness.world.at, **how)
    assert result["failed"] == 0
    harness.settle()
    return [(f["finding"], f["repair"]) for f in result["findings"]]


def minute(harness: LifecycleHarness) -> Any:
    """The reconciler's minute: is a round wanted?"""
    found = reconcile.reconcile({"detail": {"duty": WISHED}}, None)
    harness.settle()
    return found


def quiet_now(harness: LifecycleHarness) -> None:
    """A second round finds nothing: the first one repaired it for good."""
    assert found_later(harness, deep=True) == []


def machine(story: Story) -> str:
    return "follow_up" if story.asks in AFTER_CLOSING else "referral"


def told(story: Story) -> list[str]:
    entries = store.log(story.state)
    assert same_story(fold(Referral, story.reference, entries), story.state)
    return [e.payload["finding"] for e in entries if e.event == "reconciled"]


@pytest.mark.parametrize("moment", KINDS)
def test_a_healthy_referral_is_left_alone_at_every_moment(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before = story.state
    harness.world.at += LATER
    for deep in (False, True):
        assert play_round(harness.world.at, deep=deep)["findings"] == []
    assert story.state == before


@pytest.mark.parametrize("moment", ["triage", "plan", "survey", "follow_up"])
def test_a_task_without_a_run_gets_one_again_and_its_link_stays_good(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, mails = story.state.task, len(harness.world.mails)
    harness.engine.stop(story.run(machine(story)))
    assert found_later(harness) == [("task_without_run", "restarted")]
    after = story.state.task
    assert before is not None and after is not None
    same = {"number", "kind", "assignee", "due", "expires", "link_number", "first_valid_link"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert len(harness.world.mails) == mails, "nobody is asked twice"
    assert told(story) == ["task_without_run"]
    quiet_now(harness)


def test_an_open_referral_without_a_run_gets_one(harness: LifecycleHarness) -> None:
    reference = harness.world.submit()
    harness.world.records()  # the start never left, and the sweep thinks that it did
    store.rearm(harness.world.state(reference), 1, None)
    assert found_later(harness) == [("no_run", "restarted")]
    assert harness.world.state(reference).task is not None


def test_a_whole_run_that_was_stopped_is_brought_back_at_once(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    harness.engine.stop(story.run())
    assert play_round(harness.world.at)["started"] == 1
    assert story.state.generation == 2


def test_what_just_moved_is_counted_and_not_touched_yet(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    stage = story.run("delivery")
    stage.parent = None  # of an engine whose whole run does not notice
    harness.engine.stop(stage)
    found = play_round(harness.world.at)
    assert (found["findings"], found["young"], found["looked"]) == ([], 1, 1)
    harness.world.at += LATER
    found = play_round(harness.world.at)
    assert (found["started"], found["young"]) == (1, 0)


def test_a_press_on_compare_now_looks_again_when_the_young_can_be_judged(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan")
    stage = story.run("delivery")
    stage.parent = None
    harness.engine.stop(stage)
    rows.wish(harness.world.at, "staff:sam-lead")
    minute(harness)
    assert story.state.generation == 1 and rows.wished()["wake_at"] == harness.world.at + LATER
    harness.world.at += LATER
    minute(harness)
    assert story.state.generation == 2 and "wake_at" not in rows.wished()


def test_somebody_who_answers_during_the_look_is_not_thrown_back(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(harness, "offer")
    harness.engine.stop(story.run())
    harness.world.at += LATER
    from chalicelib.workflow.reconciler import repairs

    real = repairs._free_generation

    def meanwhile(state: Any, latest: int) -> int:
        assert state.task is not None
        answer(
            story.reference,
            state.task.number,
            {"decision": "accept"},
            "c",
            "press",
            harness.world.at,
        )
        return real(state, latest)

    monkeypatch.setattr(repairs, "_free_generation", meanwhile)
    (finding,) = play_round(harness.world.at)["findings"]
    assert finding["repair"] == ""
    assert story.state.generation == 1 and story.state.status == "matched"
    monkeypatch.undo()


def test_a_replaced_run_that_lives_on_is_ended_and_the_log_says_so(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(harness, "plan")
    old = [story.run(), story.run("delivery")]
    with monkeypatch.context() as deaf:
        deaf.setattr(harness.engine, "stop", lambda run: None)
        restart(story.state, harness.world.at, "test", "again")
        harness.settle()
    assert [run.status for run in old] == ["RUNNING", "RUNNING"]
    assert found_later(harness) == [("old_run", "stopped")]
    assert [run.status for run in old] == ["ABORTED", "ABORTED"]
    entry = store.log(story.state)[-1]
    assert entry.payload["runs"] == [run.name for run in old]
    assert story.asks == "plan" and told(story) == ["old_run"]
    quiet_now(harness)


def test_a_run_of_a_stage_where_a_closed_referral_no_longer_is_is_ended(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "follow_up")
    left = Run("delivery", f"{story.reference}-delivery-1", {}, trail=["Hold the sessions"])
    harness.engine.runs["delivery", left.name] = left
    assert found_later(harness) == [("old_run", "stopped")]
    assert left.status == "ABORTED" and story.run("follow_up").status == "RUNNING"
    quiet_now(harness)


@pytest.mark.promise("table-restored")
def test_a_run_for_a_referral_that_the_table_lost_is_ended(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    names = [story.run(), story.run("match")]
    harness.world.table.delete_item(Key={"pk": keys.case_pk(story.reference), "sk": keys.STATE})
    harness.world.records()
    assert found_later(harness) == [("no_referral", "stopped")]
    assert [run.status for run in names] == ["ABORTED", "ABORTED"]
    assert rows.rounds()[0]["findings"][0]["reference"] == story.reference


def test_a_task_whose_token_was_never_stored_is_found(harness: LifecycleHarness) -> None:
    story = at(harness, "agreement")
    harness.world.table.update_item(
        Key={"pk": keys.case_pk(story.reference), "sk": keys.STATE},
        UpdateExpression="REMOVE task.#t",
        ExpressionAttributeNames={"#t": "token"},
    )
    harness.world.records()
    assert found_later(harness) == [("no_token", "restarted")]
    task = story.state.task
    assert task is not None and story.token == harness.engine.waiting()[0].token
    quiet_now(harness)


@pytest.mark.promise("answer-lost-on-the-way")
def test_a_run_that_never_heard_the_answer_hears_it(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    real = harness.engine.succeed
    harness.engine.succeed = lambda *_: None  # type: ignore[method-assign]
    act(story)
    harness.engine.succeed = real  # type: ignore[method-assign]
    assert not story.asks
    assert found_later(harness) == [("unheard", "restarted")]
    assert story.asks == "first_contact" and story.state.generation == 2
    quiet_now(harness)


@pytest.mark.promise("table-restored")
def test_a_table_that_went_back_asks_again_and_says_so(harness: LifecycleHarness) -> None:
    story = at(harness, "agreement")
    table = harness.world.table
    where = {"pk": keys.case_pk(story.reference), "sk": keys.STATE}
    earlier = table.get_item(Key=where)["Item"]
    act(story)
    assert story.asks == "plan"
    table.put_item(Item=earlier)
    for n in range(int(earlier["version"]) + 1, 99):
        table.delete_item(Key={**where, "sk": keys.log_sk(n)})
    harness.world.records()
    before = len(harness.world.mails)
    # Both say "delivery", and both runs live: only the tokens tell.
    assert found_later(harness) == []
    assert found_later(harness, deep=True) == [("other_token", "restarted")]
    assert story.asks == "agreement"
    (again,) = harness.world.mails[before:]
    assert again.to == "ana@example.org" and "may have to ask you again" in again.text
    quiet_now(harness)
    act(story)
    assert story.asks == "plan"


@pytest.mark.promise("table-restored")
def test_a_table_that_forgot_a_restart_takes_a_name_that_was_never_used(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "agreement")
    where = {"pk": keys.case_pk(story.reference), "sk": keys.STATE}
    earlier = harness.world.table.get_item(Key=where)["Item"]
    for _ in range(2):
        restart(story.state, harness.world.at, "test", "again")
        harness.settle()
    harness.world.table.put_item(Item=earlier)
    harness.world.table.delete_item(Key={**where, "sk": keys.log_sk(int(earlier["version"]) + 1)})
    harness.world.records()
    assert story.state.generation == 1
    assert found_later(harness) == [("newer_run", "restarted")]
    assert story.state.generation == 4 and story.asks == "agreement"
    assert [run.name for run in harness.engine.waiting()] == [story.run("delivery").name]
    quiet_now(harness)


def breaks_at_once(harness: LifecycleHarness, machine: str) -> Callable[[], None]:
    """From now on a run of this machine ends before its first state; returns what mends it."""
    real, patch = harness.engine.start, harness.world.monkeypatch

    def start(name: str, run: str, given: Any, parent: Run | None = None) -> Run:
        if name != machine:
            return real(name, run, given, parent)
        broken = Run(name, run, given, parent, status="FAILED", stopped=harness.world.at)
        harness.engine.runs[name, run] = broken
        return broken

    def mend() -> None:
        patch.setattr(harness.engine, "start", real)

    patch.setattr(harness.engine, "start", start)
    return mend


def broken_for_good(harness: LifecycleHarness, story: Story) -> Callable[[], None]:
    """Its runs break until a person is asked; returns what mends the engine."""
    mend = breaks_at_once(harness, machine(story))
    harness.engine.stop(story.run(machine(story)))
    assert found_later(harness) == [("task_without_run", "restarted")], "it had waited"
    for _ in range(ENOUGH):
        assert found_later(harness) == [("task_without_run", "restarted")]
    assert found_later(harness) == [("task_without_run", "handed")]
    return mend


@pytest.mark.parametrize("moment", ["offer", "survey"])
def test_what_breaks_again_and_again_is_handed_to_a_person(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    mend = broken_for_good(harness, story)
    generation = story.state.generation
    assert found_later(harness) == [("task_without_run", "waits_for_person")]
    assert story.state.generation == generation
    (n,) = story.state.side_tasks
    asked = side_task_rows.get(story.reference, n)
    assert asked is not None and asked.kind == "attention" and asked.role == "coordinator"
    coordinator = people.staff_member(asked.assignee)["email"]
    assert harness.world.mails[-1].to == coordinator and harness.world.mails[-1].link
    mend()
    answer(story.reference, n, {"decision": "again"}, "coordinator", "press", harness.world.at)
    harness.settle()
    assert story.asks == moment and story.state.side_tasks == []
    quiet_now(harness)


@pytest.mark.promise("restarts-are-no-faults")
@pytest.mark.parametrize("moment", ["triage", "offer", "service", "survey"])
def test_a_run_that_is_lost_twenty_times_in_a_day_is_always_brought_back(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, mails = story.state.task, len(harness.world.mails)
    for _ in range(20):
        harness.engine.runs.clear()
        harness.engine._waits.clear()
        play_round(harness.world.at, reason="restart", quiet=-1)
        harness.settle()
    for _ in range(20):
        harness.engine.stop(story.run(machine(story)))
        assert found_later(harness) == [("task_without_run", "restarted")]
    after = story.state.task
    assert before is not None and after is not None and story.state.side_tasks == []
    assert (after.number, after.assignee) == (before.number, before.assignee)
    assert len(harness.world.mails) == mails, "nobody is asked twice"
    act(story)
    assert story.asks != moment or moment == "service"


def test_an_announced_restart_in_the_middle_of_a_step_is_no_fault_either(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    mend = breaks_at_once(harness, "referral")
    harness.engine.stop(story.run())
    for _ in range(2 * ENOUGH):
        play_round(harness.world.at, reason="restart", quiet=-1)
        harness.settle()
    mend()
    assert found_later(harness) == [("task_without_run", "restarted")]
    assert story.state.side_tasks == [] and story.asks == "triage"


@pytest.mark.promise("restarts-are-no-faults")
def test_an_answer_is_heard_although_the_run_could_not_be_brought_back(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "offer")
    broken_for_good(harness, story)()
    act(story)
    assert story.asks == "", "nobody hears it yet"
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "first_contact"
    assert story.state.side_tasks == [], "nobody has to start it again"


def test_a_follow_up_that_stays_broken_is_not_started_for_ever(harness: LifecycleHarness) -> None:
    story = at(harness, "survey")
    harness.fail_step("ask_follow_up_rest", times=10_000)
    act(story)
    for _ in range(60):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.state.generation == 1 + ENOUGH
    assert [e.event for e in store.log(story.state)].count("reconciled") == ENOUGH + 1
    assert len(story.state.side_tasks) == 1


def test_rounds_without_time_come_to_an_end_and_pass_nobody_over(harness: LifecycleHarness) -> None:
    stories = [at(harness, "offer"), *(harness.submit() for _ in range(3))]
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    after, rounds = "", 0
    while True:
        found = play_round(harness.world.at, reason="restart", quiet=-1, after=after, seconds=0)
        rounds, after = rounds + 1, found["next"]
        if not after:
            break
    harness.settle()
    assert rounds == len(stories) and {story.state.generation for story in stories} == {2}


def test_two_rounds_at_once_repair_once(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(harness, "plan")
    harness.engine.stop(story.run())
    harness.world.at += LATER
    from chalicelib.workflow.reconciler import repairs

    real, rounds = repairs._free_generation, [0]

    def other_first(state: Any, latest: int) -> int:
        if not rounds[0]:
            rounds[0] = 1
            play_round(harness.world.at)
        return real(state, latest)

    with monkeypatch.context() as racing:
        racing.setattr(repairs, "_free_generation", other_first)
        play_round(harness.world.at)
    assert story.state.generation == 2 and told(story) == ["task_without_run"]


def test_each_round_leaves_a_row_and_a_wish_is_heard_by_the_clock(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan")
    harness.engine.stop(story.run())
    harness.world.at += LATER
    rows.wish(harness.world.at, "staff:cora-match")
    assert minute(harness) is not None
    (row,) = rows.rounds()
    assert (row["by"], row["started"], row["looked"]) == ("staff:cora-match", 1, 1)
    assert row["expires_at"] > harness.world.at
    assert "wake_at" not in rows.wished()
    assert minute(harness) is None, "nobody asks anymore"


def test_a_round_that_is_cut_short_says_where_to_go_on(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [harness.submit() for _ in range(3)]
    for story in stories:
        harness.engine.stop(story.run())
    monkeypatch.setattr(reconcile, "LOOKS", 2)
    harness.world.at += LATER
    first = play_round(harness.world.at)
    assert (first["started"], first["left"]) == (2, 1)
    second = play_round(harness.world.at, after=first["next"])
    assert (second["started"], second["left"], second["next"]) == (1, 0, "")


ACTS = ("triage", "offer", "agreement", "plan", "last session", "summary", "survey")


@pytest.mark.promise("reconciler-finds-lost-writes", "answer-lost-on-the-way")
@pytest.mark.parametrize("call", ["start_execution", "send_task_success", "attach_token"])
@pytest.mark.parametrize("moment", ACTS)
def test_any_single_word_that_is_lost_is_found_within_one_cycle(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, moment: str, call: str
) -> None:
    story = at(harness, moment)
    act(story)
    expected = story.asks
    story = at(harness, moment)
    with monkeypatch.context() as deaf:
        if call == "attach_token":
            restart(story.state, harness.world.at, "test", "again")
            deaf.setattr(steps.store, "attach_token", lambda state, token: True)
            harness.settle()
        else:
            lost = [call]
            real = getattr(StepFunctions, call)

            def once(self: Any, **more: Any) -> Any:
                return {} if lost and lost.pop() else real(self, **more)

            deaf.setattr(StepFunctions, call, once)
            act(story)
    # Nothing else makes it good: the clock believes that all has left.
    store.rearm(story.state, story.state.version, harness.world.at + 30 * 86400)
    found = found_later(harness)
    if call == "attach_token":
        assert found == [("no_token", "restarted")]
        act(story)
    else:
        assert len(found) <= 1 and all(repair == "restarted" for _, repair in found)
    assert story.asks == expected
    waiting = [run.token for run in harness.engine.waiting()]
    task = story.state.task
    assert task is None or [story.token] == waiting
    quiet_now(harness)


@pytest.mark.promise("engine-forgot-token")
@pytest.mark.parametrize("code", ["TaskTimedOut", "InvalidToken", "TaskDoesNotExist"])
def test_an_answer_that_the_engine_refuses_is_kept_and_the_run_brought_on(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    story = at(harness, "offer")

    def refuses(self: Any, **more: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "SendTaskSuccess")

    with monkeypatch.context() as engine:
        engine.setattr(StepFunctions, "send_task_success", refuses)
        act(story)
    assert story.state.status == "matched" and not story.asks
    assert found_later(harness) == [("unheard", "restarted")]
    assert story.asks == "first_contact"
    quiet_now(harness)
