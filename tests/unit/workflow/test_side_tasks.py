"""Tasks beside the lifecycle: they open with any command, and are asked, reminded and answered alone."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory.people import in_charge
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.service_standards import Deadline, Deadlines, business_days
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.tasks.link_status import standing
from chalicelib.web import links
from chalicelib.web.forms import Field, Form
from chalicelib.workflow import kinds, scheduler, tasks
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskWords
from chalicelib.workflow.side_tasks import begin
from chalicelib.workflow.storage import indexes, side_task_rows, store
from tests.world import World

DAY = 86400
LOOK = Kind(
    name="test_look",
    stage="",
    role="coordinator",
    letter="workflow/repair",
    deadline=Deadline("repair", business_days(10)),
    words=TaskWords(
        title="Look at something",
        waiting="Waiting for somebody to look at something",
        short="to look at something",
        then="The same is asked again.",
        overdue="Somebody should look at something.",
        asked="Somebody was asked to look.",
        answered="Somebody looked.",
        expired="Nobody looked.",
    ),
    page=TaskPage(
        form=lambda state: Form(Field("seen", "text", "What did you see?")),
    ),
    decide=lambda state, values, now: Outcome("seen", payload={"seen": values["seen"]}),
    expire=lambda state, now: Outcome("expired"),
    outcomes=frozenset({"seen", "expired"}),
    examples={"seen": {"seen": "smoke"}},
)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, LOOK.name, LOOK)


def opened(world: World, reference: str) -> int:
    at = world.at
    limits = Deadlines(at + 2 * DAY, (at + DAY,), at + 2 * DAY, at + 3 * DAY)

    def decide(state: Referral) -> Any:
        begun = begin(
            state, LOOK, in_charge("coordinator", state.county), at, {"what": "x"}, limits
        )
        entry = Entry(event="found", at=at, actor="system", command=f"find:{state.version}",
                      changes=begun.changes, effects=begun.effects)  # fmt: skip
        return entry, begun.same_transaction

    return store.change(reference, decide).tasks


def whole(world: World, reference: str) -> None:
    state = world.state(reference)
    assert same_story(fold(Referral, reference, store.log(state)), state)


@pytest.mark.promise("answer-once")
def test_it_opens_beside_the_offer_and_both_are_answered_alone(world: World) -> None:
    reference = world.offered()
    n = opened(world, reference)
    state = world.state(reference)
    assert state.task is not None and state.task.kind == "offer" and state.side_tasks == [n]
    world.relay()
    link = next(m.link for m in world.mails if f"-{n}-" in m.link)
    found = standing(link, world.at)
    assert found.stand == "open" and found.kind is LOOK
    assert found.state is not None and found.state.main_task == state.task
    tasks.answer(reference, n, {"seen": "fire"}, "coordinator", "press", world.at)
    after = world.state(reference)
    assert after.side_tasks == [] and after.task == state.task
    assert standing(link, world.at).stand == "answered"
    with pytest.raises(AlreadyDone):
        tasks.answer(reference, n, {"seen": "water"}, "coordinator", "other", world.at)
    world.answer(reference, {"decision": "accept"})
    whole(world, reference)


@pytest.mark.promise("always-wakes-up")
def test_it_is_reminded_escalated_and_expires_without_a_run(world: World) -> None:
    reference = world.offered()
    n = opened(world, reference)
    world.relay()
    world.at += 31  # the rest is not due yet
    start = world.at
    for days, expected in ((1, "reminded"), (2, "escalated"), (3, "test_look_expired")):
        world.at = start + days * DAY
        scheduler.look_beside(reference, n, world.at)
        assert store.log(world.state(reference))[-1].event == expected
    row = side_task_rows.get(reference, n)
    assert row is not None and row.over == "expired"
    assert world.state(reference).side_tasks == []
    assert not any(sk.startswith("TASK#") for _, sk in indexes.due(2**40))
    whole(world, reference)


@pytest.mark.promise("fresh-link")
def test_a_fresh_link_to_it_goes_to_the_address_on_file(world: World) -> None:
    reference = world.offered()
    n = opened(world, reference)
    world.relay()
    before = [m for m in world.mails if f"-{n}-" in m.link]
    send_fresh(reference, n, void_older=True)
    world.relay()
    after = [m for m in world.mails if f"-{n}-" in m.link]
    assert len(after) == len(before) + 1
    assert standing(before[0].link, world.at).stand == "superseded"
    assert standing(after[-1].link, world.at).stand == "open"


def test_it_sleeps_for_good_when_its_referral_has_ended(world: World) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = world.offered()
    n = opened(world, reference)
    withdraw(reference, "", "w")
    link = links.mint(reference, n, 1, world.at + DAY)
    assert standing(link, world.at).stand == "over"
    world.at += 2 * DAY
    scheduler.look_beside(reference, n, world.at)
    assert store.log(world.state(reference))[-1].event == "task_void"
    assert world.state(reference).side_tasks == []
    assert not any(sk.startswith("TASK#") for _, sk in indexes.due(2**40))
