"""One command is one atomic write, whatever happens around it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import clients, dynamodb
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone, TryAgain
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.task_tokens import fingerprint
from chalicelib.workflow.tasks import answer
from tests.episode import STAGES
from tests.world import World

YES = {"talked": "phone", "decision": "confirm", "note": None}


def history(world: World, reference: str) -> list[str]:
    return [entry.event for entry in store.log(world.state(reference))]


def asked(world: World) -> str:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    return reference


def test_a_log_that_a_replica_shows_too_early_is_read_again_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.matched()
    whole, real, reads = store.log(world.state(reference)), dynamodb.each, []
    state = world.state(reference)

    def each(*where: Any, consistent: bool = False) -> Any:
        reads.append(consistent)
        rows = list(real(*where, consistent=consistent))
        return iter(rows if consistent else rows[:-1])

    monkeypatch.setattr(dynamodb, "each", each)
    assert store.log(state) == whole and reads == [False, True]


@pytest.mark.promise("log-tells-state")
def test_the_log_is_gapless_and_the_state_is_its_fold(world: World) -> None:
    reference = world.matched()
    state = world.state(reference)
    log = store.log(state)
    assert [entry.version for entry in log] == list(range(1, state.version + 1))
    assert same_story(fold(Referral, reference, log), state)


def test_the_state_row_stays_under_one_kilobyte(world: World) -> None:
    reference = world.matched(contact_name="Maria Guadalupe Hernandez de la Cruz")
    row = world.table.get_item(Key={"pk": f"R#{reference}", "sk": "REFERRAL"})["Item"]
    assert len(str(row)) < 1400  # Python's notation is longer than DynamoDB's count


@pytest.mark.promise("double-press", "one-referral-one-run")
def test_ten_replays_of_one_press_give_one_referral_one_run_one_mail(world: World) -> None:
    from chalicelib.referral.intake.create_referral import submit
    from chalicelib.referral.request import Request
    from tests.world import CENTER

    for _ in range(10):
        submit("0QXP-0SBS-4", Request.from_answers(CENTER), "en")
    world.relay()
    assert history(world, "0QXP-0SBS-4") == ["submitted"]
    assert len(world.started) == 1
    assert [mail.to for mail in world.mails] == ["ana@example.org"]


@pytest.mark.promise("two-people-one-link", "answer-once")
def test_two_people_who_hold_one_link_one_wins_the_other_sees_it(world: World) -> None:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    outcomes: list[str] = []
    lock = threading.Lock()  # moto is not linearizable across threads

    def press(number: int) -> None:
        with lock:
            try:
                answer(reference, 1, YES, "specialist", f"press-{number}", world.at)
                outcomes.append("recorded")
            except AlreadyDone:
                outcomes.append("already")

    threads = [threading.Thread(target=press, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already"] * 4 + ["recorded"]
    assert history(world, reference).count("triage_answered") == 1


@pytest.mark.promise("stale-page")
def test_the_same_press_again_is_the_same_answer(world: World) -> None:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    first, _ = answer(reference, 1, YES, "specialist", "press", world.at)
    second, _ = answer(reference, 1, YES, "specialist", "press", world.at)
    assert first.version == second.version


@pytest.mark.promise("double-press", "stale-page")
@pytest.mark.parametrize(
    ("brings", "values"),
    [
        (STAGES["needs_repair"], {"decision": "leave", "note": "Waiting"}),
        (STAGES["waits_for_coordinator"], {"decision": "cannot_be_served", "note": None}),
    ],
)
def test_the_same_press_again_is_known_whatever_its_entry_is_called(
    world: World, brings: Any, values: dict[str, Any]
) -> None:
    reference = brings(world)
    task = world.state(reference).task
    assert task is not None
    for _ in range(2):
        state, kind = answer(reference, task.number, values, task.role, "press", world.at)
        assert kind.name == task.kind and state.command == "press"
        assert [e.command for e in store.log(state)].count("press") == 1


@pytest.mark.promise("reply-lost")
def test_a_lost_reply_is_recognised_as_our_own_write(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asked(world)
    table = clients.client("dynamodb")
    real = table.update_item
    calls: list[int] = []

    def write_then_lose_the_reply(**arguments: Any) -> Any:
        calls.append(1)
        done = real(**arguments)
        if len(calls) == 1:
            refusal = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}
            raise ClientError(refusal, "UpdateItem")  # what a retry inside the SDK looks like
        return done

    monkeypatch.setattr(table, "update_item", write_then_lose_the_reply)
    state = world.answer(reference, YES)
    assert len(calls) == 1
    assert state.status == "tier_assigned"
    assert history(world, reference).count("triage_answered") == 1


@pytest.mark.promise("throttled-anywhere")
def test_a_throttled_table_is_tried_three_times_and_more_then_says_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asked(world)
    calls: list[int] = []

    def busy(**_: Any) -> Any:
        calls.append(1)
        raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "UpdateItem")

    monkeypatch.setattr(clients.client("dynamodb"), "update_item", busy)
    monkeypatch.setattr(store.time, "sleep", lambda _: None)
    with pytest.raises(TryAgain):
        world.answer(reference, YES)
    assert 3 <= len(calls) <= dynamodb.TRIES
    assert history(world, reference)[-1] == "triage_asked"


@pytest.mark.promise("concurrent-writer")
def test_a_real_concurrent_writer_makes_us_decide_again(world: World) -> None:
    reference = world.submit()
    stale = world.state(reference)
    world.step("decide_eligibility", reference)
    entry = Entry(event="late", at=world.at, actor="test", command="late", changes={})
    with pytest.raises(store.Conflict):
        store.commit(stale, entry)


@pytest.mark.promise("places-match-work")
def test_an_offer_holds_one_place_and_a_decline_returns_it(world: World) -> None:
    reference = world.offered()
    held_by = world.state(reference).consultant
    row = next(r for r in people.consultants() if r["id"] == held_by)
    assert row["held"] == [reference]
    world.answer(reference, {"decision": "decline", "decline_reason": "no_time"})
    row = next(r for r in people.consultants() if r["id"] == held_by)
    assert row["load"] == 0
    assert world.state(reference).declined == [held_by]


@pytest.mark.promise("never-over-the-cap", "last-place-taken-twice")
def test_a_full_consultant_gets_no_offer(world: World) -> None:
    first = world.offered()
    taken = world.state(first).consultant
    world.table.update_item(
        Key={"pk": people.CONSULTANTS, "sk": taken},
        UpdateExpression="SET cap = :one",
        ExpressionAttributeValues={":one": 1},
    )
    second = world.offered()
    assert world.state(second).consultant != taken


@pytest.mark.promise("offers-roll-on")
def test_three_misses_ask_the_coordinator(world: World) -> None:
    reference = world.offered()
    for _ in range(2):
        world.answer(reference, {"decision": "decline", "decline_reason": "too_far"})
        assert world.step("ask_offer", reference) == "asked"
    world.answer(reference, {"decision": "decline", "decline_reason": "too_far"})
    assert world.step("ask_offer", reference) == "exhausted"
    assert world.said[-1][1] == "exhausted"
    world.step("ask_coordinator", reference)
    assert world.state(reference).task.role == "coordinator"  # type: ignore[union-attr]


def test_a_step_of_an_older_generation_ends_without_an_effect(world: World) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    reference = world.submit()
    restart(world.state(reference), world.at, "test", "why not")
    before = history(world, reference)
    assert world.step("decide_eligibility", reference, generation=1) == "superseded"
    assert world.step("ask_triage", reference, "old", generation=1) == "superseded"
    assert world.said[-1] == ("old", "superseded")
    assert history(world, reference) == before


@pytest.mark.promise("restart-from-table")
def test_a_restarted_stage_hears_the_recorded_verdict_and_asks_nobody_twice(
    world: World,
) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    reference = world.triaged()
    restart(world.state(reference), world.at, "test", "run lost")
    assert world.step("ask_triage", reference, "new") == "intensive"
    assert world.said[-1] == ("new", "intensive")
    assert history(world, reference).count("triage_asked") == 1


def test_an_open_task_keeps_its_link_and_gets_the_new_runs_token(world: World) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    reference = world.offered()
    link = world.link(reference)
    restart(world.state(reference), world.at, "test", "run lost")
    assert world.step("ask_offer", reference, "second-token") == "asked"
    state = world.state(reference)
    assert state.task is not None and state.task.token == fingerprint("second-token")
    assert world.link(reference) == link
    world.answer(reference, {"decision": "accept"})
    world.relay()
    assert ("second-token", "accepted") in world.said


@pytest.mark.promise("engine-token-never-leaves")
def test_the_engines_token_stands_in_no_log_line_of_the_story(world: World) -> None:
    reference = world.offered()
    for entry in store.log(world.state(reference)):
        task = entry.changes.get("task")
        assert task is None or not task.token
