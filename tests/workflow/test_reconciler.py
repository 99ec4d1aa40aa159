"""The reconciler: whatever single write is killed, the next round finds it, and harms nobody."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.directory import people
from chalicelib.workflow import keys, reconcile_rows, side_task_rows, steps, store
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.reconcile import play_round, wished
from chalicelib.workflow.repairs import ENOUGH
from chalicelib.workflow.restarts import restart
from chalicelib.workflow.tasks import answer

from .engine import Run
from .theater import KINDS, StepFunctions, Story, Theater, act, at

LATER = 121
AFTER_CLOSING = ("survey", "follow_up_rest", "follow_up")


def found_later(stage: Theater, **how: Any) -> list[tuple[str, str]]:
    """A round after everything would have come to rest; what it found and did."""
    stage.world.at += LATER
    result = play_round(stage.world.at, **how)
    assert result["failed"] == 0
    stage.settle()
    return [(f["finding"], f["repair"]) for f in result["findings"]]


def quiet_now(stage: Theater) -> None:
    """A second round finds nothing: the first one repaired it for good."""
    assert found_later(stage, deep=True) == []


def machine(story: Story) -> str:
    return "follow_up" if story.asks in AFTER_CLOSING else "referral"


def told(story: Story) -> list[str]:
    entries = store.log(story.state)
    assert same_story(fold(story.reference, entries), story.state)
    return [e.data["finding"] for e in entries if e.type == "reconciled"]


@pytest.mark.parametrize("moment", KINDS)
def test_a_healthy_referral_is_left_alone_at_every_moment(stage: Theater, moment: str) -> None:
    story = at(stage, moment)
    before = story.state
    stage.world.at += LATER
    for deep in (False, True):
        assert play_round(stage.world.at, deep=deep)["findings"] == []
    assert story.state == before


@pytest.mark.parametrize("moment", ["triage", "plan", "survey", "follow_up"])
def test_a_task_without_a_run_gets_one_again_and_its_link_stays_good(
    stage: Theater, moment: str
) -> None:
    story = at(stage, moment)
    before, mails = story.state.task, len(stage.world.mails)
    stage.engine.stop(story.run(machine(story)))
    assert found_later(stage) == [("task_without_run", "restarted")]
    after = story.state.task
    assert before is not None and after is not None
    same = {"n", "kind", "who", "due", "expires", "link", "first"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert len(stage.world.mails) == mails, "nobody is asked twice"
    assert told(story) == ["task_without_run"]
    quiet_now(stage)


def test_an_open_referral_without_a_run_gets_one(stage: Theater) -> None:
    reference = stage.world.submit()
    stage.world.records()  # the start never left, and the sweep thinks that it did
    store.rearm(stage.world.state(reference), 1, None)
    assert found_later(stage) == [("no_run", "restarted")]
    assert stage.world.state(reference).task is not None


def test_a_run_that_was_just_stopped_or_just_began_is_not_touched_yet(stage: Theater) -> None:
    story = at(stage, "plan")
    stage.engine.stop(story.run())
    assert play_round(stage.world.at)["findings"] == []
    stage.world.at += LATER
    stage.engine.stop(story.run("delivery"))
    before = story.state
    assert play_round(stage.world.at)["started"] == 1
    assert story.state.generation == before.generation + 1


def test_somebody_who_answers_during_the_look_is_not_thrown_back(
    stage: Theater, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(stage, "offer")
    stage.engine.stop(story.run())
    stage.world.at += LATER
    from chalicelib.workflow import repairs

    real = repairs._free_generation

    def meanwhile(state: Any, latest: int) -> int:
        assert state.task is not None
        answer(story.reference, state.task.n, {"decision": "accept"}, "c", "press", stage.world.at)
        return real(state, latest)

    monkeypatch.setattr(repairs, "_free_generation", meanwhile)
    (finding,) = play_round(stage.world.at)["findings"]
    assert finding["repair"] == ""
    assert story.state.generation == 1 and story.state.status == "matched"
    monkeypatch.undo()


def test_a_replaced_run_that_lives_on_is_ended_and_the_log_says_so(
    stage: Theater, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at(stage, "plan")
    old = [story.run(), story.run("delivery")]
    with monkeypatch.context() as deaf:
        deaf.setattr(stage.engine, "stop", lambda run: None)
        restart(story.state, stage.world.at, "test", "again")
        stage.settle()
    assert [run.status for run in old] == ["RUNNING", "RUNNING"]
    assert found_later(stage) == [("old_run", "stopped")]
    assert [run.status for run in old] == ["ABORTED", "ABORTED"]
    entry = store.log(story.state)[-1]
    assert entry.data["runs"] == [run.name for run in old]
    assert story.asks == "plan" and told(story) == ["old_run"]
    quiet_now(stage)


def test_a_run_of_a_stage_where_a_closed_referral_no_longer_is_is_ended(stage: Theater) -> None:
    story = at(stage, "follow_up")
    left = Run("delivery", f"{story.reference}-delivery-1", {}, trail=["Hold the sessions"])
    stage.engine.runs["delivery", left.name] = left
    assert found_later(stage) == [("old_run", "stopped")]
    assert left.status == "ABORTED" and story.run("follow_up").status == "RUNNING"
    quiet_now(stage)


@pytest.mark.promise("table-restored")
def test_a_run_for_a_referral_that_the_table_lost_is_ended(stage: Theater) -> None:
    story = at(stage, "offer")
    names = [story.run(), story.run("match")]
    stage.world.table.delete_item(Key={"pk": keys.referral_pk(story.reference), "sk": keys.STATE})
    stage.world.records()
    assert found_later(stage) == [("no_referral", "stopped")]
    assert [run.status for run in names] == ["ABORTED", "ABORTED"]
    assert reconcile_rows.rounds()[0]["findings"][0]["reference"] == story.reference


def test_a_task_whose_token_was_never_stored_is_found(stage: Theater) -> None:
    story = at(stage, "agreement")
    stage.world.table.update_item(
        Key={"pk": keys.referral_pk(story.reference), "sk": keys.STATE},
        UpdateExpression="REMOVE task.#t",
        ExpressionAttributeNames={"#t": "token"},
    )
    stage.world.records()
    assert found_later(stage) == [("no_token", "restarted")]
    task = story.state.task
    assert task is not None and task.token == stage.engine.waiting()[0].token
    quiet_now(stage)


@pytest.mark.promise("answer-lost-on-the-way")
def test_a_run_that_never_heard_the_answer_hears_it(stage: Theater) -> None:
    story = at(stage, "offer")
    real = stage.engine.succeed
    stage.engine.succeed = lambda *_: None  # type: ignore[method-assign]
    act(story)
    stage.engine.succeed = real  # type: ignore[method-assign]
    assert not story.asks
    assert found_later(stage) == [("unheard", "restarted")]
    assert story.asks == "first_contact" and story.state.generation == 2
    quiet_now(stage)


@pytest.mark.promise("table-restored")
def test_a_table_that_went_back_asks_again_and_says_so(stage: Theater) -> None:
    story = at(stage, "agreement")
    table = stage.world.table
    where = {"pk": keys.referral_pk(story.reference), "sk": keys.STATE}
    earlier = table.get_item(Key=where)["Item"]
    act(story)
    assert story.asks == "plan"
    table.put_item(Item=earlier)
    for n in range(int(earlier["v"]) + 1, 99):
        table.delete_item(Key={**where, "sk": keys.log_sk(n)})
    stage.world.records()
    before = len(stage.world.mails)
    # Both say "delivery", and both runs live: only the tokens tell.
    assert found_later(stage) == []
    assert found_later(stage, deep=True) == [("other_token", "restarted")]
    assert story.asks == "agreement"
    (again,) = stage.world.mails[before:]
    assert again.to == "ana@example.org" and "may have to ask you again" in again.text
    quiet_now(stage)
    act(story)
    assert story.asks == "plan"


@pytest.mark.promise("table-restored")
def test_a_table_that_forgot_a_restart_takes_a_name_that_was_never_used(
    stage: Theater,
) -> None:
    story = at(stage, "agreement")
    where = {"pk": keys.referral_pk(story.reference), "sk": keys.STATE}
    earlier = stage.world.table.get_item(Key=where)["Item"]
    for _ in range(2):
        restart(story.state, stage.world.at, "test", "again")
        stage.settle()
    stage.world.table.put_item(Item=earlier)
    stage.world.table.delete_item(Key={**where, "sk": keys.log_sk(int(earlier["v"]) + 1)})
    stage.world.records()
    assert story.state.generation == 1
    assert found_later(stage) == [("newer_run", "restarted")]
    assert story.state.generation == 4 and story.asks == "agreement"
    assert [run.name for run in stage.engine.waiting()] == [story.run("delivery").name]
    quiet_now(stage)


@pytest.mark.parametrize("moment", ["offer", "survey"])
def test_what_stops_again_and_again_is_handed_to_a_person(stage: Theater, moment: str) -> None:
    story = at(stage, moment)
    for _ in range(ENOUGH):
        stage.engine.stop(story.run(machine(story)))
        assert found_later(stage) == [("task_without_run", "restarted")]
    generation = story.state.generation
    stage.engine.stop(story.run(machine(story)))
    assert found_later(stage) == [("task_without_run", "handed")]
    assert found_later(stage) == [("task_without_run", "waits_for_person")]
    assert story.state.generation == generation
    (n,) = story.state.beside
    asked = side_task_rows.get(story.reference, n)
    assert asked is not None and asked.kind == "attention" and asked.role == "coordinator"
    coordinator = people.staff_member(asked.who)["email"]
    assert stage.world.mails[-1].to == coordinator and stage.world.mails[-1].link
    answer(story.reference, n, {"decision": "again"}, "coordinator", "press", stage.world.at)
    stage.settle()
    assert story.asks == moment and story.state.beside == []
    quiet_now(stage)
    stage.engine.stop(story.run(machine(story)))
    assert found_later(stage)[-1][1] == "handed", "on the same day it asks at once"


def test_a_follow_up_that_stays_broken_is_not_started_for_ever(stage: Theater) -> None:
    story = at(stage, "survey")
    stage.breaks("AskFollowUpRest", times=10_000)
    act(story)
    for _ in range(60):
        stage.world.at += 61
        stage.tick()
    assert story.state.generation == 1 + ENOUGH
    assert [e.type for e in store.log(story.state)].count("reconciled") == ENOUGH + 1
    assert len(story.state.beside) == 1


def test_two_rounds_at_once_repair_once(stage: Theater, monkeypatch: pytest.MonkeyPatch) -> None:
    story = at(stage, "plan")
    stage.engine.stop(story.run())
    stage.world.at += LATER
    from chalicelib.workflow import repairs

    real, rounds = repairs._free_generation, [0]

    def other_first(state: Any, latest: int) -> int:
        if not rounds[0]:
            rounds[0] = 1
            play_round(stage.world.at)
        return real(state, latest)

    monkeypatch.setattr(repairs, "_free_generation", other_first)
    play_round(stage.world.at)
    monkeypatch.undo()
    assert story.state.generation == 2 and told(story) == ["task_without_run"]


def test_each_round_leaves_a_row_and_a_wish_is_heard_by_the_clock(stage: Theater) -> None:
    story = at(stage, "plan")
    stage.engine.stop(story.run())
    stage.world.at += LATER
    reconcile_rows.wish(stage.world.at, "staff:cora-match")
    stage.tick()
    (row,) = reconcile_rows.rounds()
    assert (row["by"], row["started"], row["looked"]) == ("staff:cora-match", 1, 1)
    assert row["expires_at"] > stage.world.at
    assert "wake_at" not in reconcile_rows.wished()
    wished(
        "RECONCILE", "RECONCILE", stage.world.at
    )  # a wish delivered twice is a round that finds nothing
    assert reconcile_rows.rounds()[0]["started"] == 0


def test_a_round_that_is_cut_short_says_where_to_go_on(
    stage: Theater, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.workflow import reconcile

    stories = [stage.submit() for _ in range(3)]
    for story in stories:
        stage.engine.stop(story.run())
    monkeypatch.setattr(reconcile, "LOOKS", 2)
    stage.world.at += LATER
    first = play_round(stage.world.at)
    assert (first["started"], first["left"]) == (2, 1)
    second = play_round(stage.world.at, after=first["next"])
    assert (second["started"], second["left"], second["next"]) == (1, 0, "")


ACTS = ("triage", "offer", "agreement", "plan", "last session", "summary", "survey")


@pytest.mark.promise("reconciler-finds-lost-writes", "answer-lost-on-the-way")
@pytest.mark.parametrize("call", ["start_execution", "send_task_success", "attach_token"])
@pytest.mark.parametrize("moment", ACTS)
def test_any_single_word_that_is_lost_is_found_within_one_cycle(
    stage: Theater, monkeypatch: pytest.MonkeyPatch, moment: str, call: str
) -> None:
    story = at(stage, moment)
    act(story)
    expected = story.asks
    story = at(stage, moment)
    with monkeypatch.context() as deaf:
        if call == "attach_token":
            restart(story.state, stage.world.at, "test", "again")
            deaf.setattr(steps.store, "attach_token", lambda state, token: True)
            stage.settle()
        else:
            lost = [call]
            real = getattr(StepFunctions, call)

            def once(self: Any, **more: Any) -> Any:
                return {} if lost and lost.pop() else real(self, **more)

            deaf.setattr(StepFunctions, call, once)
            act(story)
    # Nothing else makes it good: the clock believes that all has left.
    store.rearm(story.state, story.state.v, stage.world.at + 30 * 86400)
    found = found_later(stage)
    if call == "attach_token":
        assert found == [("no_token", "restarted")]
        act(story)
    else:
        assert len(found) <= 1 and all(repair == "restarted" for _, repair in found)
    assert story.asks == expected
    waiting = [run.token for run in stage.engine.waiting()]
    task = story.state.task
    assert task is None or [task.token] == waiting
    quiet_now(stage)


@pytest.mark.promise("engine-forgot-token")
@pytest.mark.parametrize("code", ["TaskTimedOut", "InvalidToken", "TaskDoesNotExist"])
def test_an_answer_that_the_engine_refuses_is_kept_and_the_run_brought_on(
    stage: Theater, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    story = at(stage, "offer")

    def refuses(self: Any, **more: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "SendTaskSuccess")

    with monkeypatch.context() as engine:
        engine.setattr(StepFunctions, "send_task_success", refuses)
        act(story)
    assert story.state.status == "matched" and not story.asks
    assert found_later(stage) == [("unheard", "restarted")]
    assert story.asks == "first_contact"
    quiet_now(stage)
