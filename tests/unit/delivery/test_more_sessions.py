"""More than twelve sessions are asked for and decided on; the review after 90 days; notes."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.console import timeline
from chalicelib.domain.errors import Invalid
from chalicelib.referral.delivery import notes, service, service_form
from chalicelib.referral.model import Referral
from chalicelib.referral.records import readable
from chalicelib.referral.sessions.deadlines import review_at
from chalicelib.referral.status.view import view
from chalicelib.web.forms import clean
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answer
from infra.answers import LAST, day
from tests.episode import fill, hold, in_service, post, record
from tests.world import World

DAY = 86400
ASKED = {"next": "more", "more_sessions": 16, "more_reason": "Two new rooms opened"}


def with_sessions(world: World, reference: str, **counts: int) -> None:
    """As after so many sessions, without playing each."""
    from chalicelib.workflow.cases import Entry

    def decide(state: Referral) -> Any:
        sessions = state.sessions.model_copy(update=counts)  # type: ignore[union-attr]
        changes = {"sessions": sessions.model_dump(exclude_defaults=True)}
        return Entry(event="test", at=world.at, actor="test", command="t", changes=changes), ()

    store.change(reference, decide)


def near_the_end(world: World) -> str:
    reference = in_service(world)
    with_sessions(world, reference, held=11, planned=12)
    return reference


def options(state: Referral, name: str) -> list[str]:
    field = next(f for f in service_form.form(state).fields if f.name == name)
    return [o[0] for o in field.options]


def decided(world: World, reference: str, n: int, **raw: Any) -> None:
    view_ = kind_of("extension").page.form(world.state(reference))
    cleaned = clean(view_, {k: [str(v)] for k, v in raw.items()}, "en")
    assert cleaned.ok, cleaned.errors
    answer(reference, n, cleaned.values, "supervisor:sam-lead", f"x{n}", world.at)


@pytest.mark.promise("sessions-watched")
def test_the_supervisor_approves_and_the_page_takes_more(world: World) -> None:
    reference = near_the_end(world)
    world.relay()
    state = hold(world, reference, **ASKED)
    assert state.sessions is not None and (state.sessions.held, state.sessions.next) == (12, None)
    (n,) = state.side_tasks
    row = side_task_rows.get(reference, n)
    assert row is not None and (row.kind, row.assignee, row.about) == (
        "extension",
        "sam-lead",
        {"wanted": 16},
    )
    assert "more" not in options(state, "happened"), "asked once at a time"
    world.relay()
    mail = next(m for m in reversed(world.mails) if m.to == "sam-lead@example.org")
    assert mail.link and "Two new rooms" not in mail.text
    assert kind_of("extension").page.details(state)["more"].reason == "Two new rooms opened"
    decided(world, reference, n, decision="approved", sessions=15)
    world.relay()
    assert "up to 15 sessions" in world.mails[-1].text
    state = world.state(reference)
    assert state.sessions is not None and state.sessions.planned == 15 and state.side_tasks == []
    post(world, reference, happened="move", next_day=day(world.at, 7), next_time="10:00")
    for _ in range(2):
        hold(world, reference)
    state = hold(world, reference, **LAST)
    assert state.status == "closing" and state.sessions and state.sessions.held == 15
    assert same_story(fold(Referral, reference, store.log(state)), state)


@pytest.mark.promise("sessions-watched")
def test_declined_the_next_entry_must_be_the_last(world: World) -> None:
    reference = near_the_end(world)
    state = hold(world, reference, **ASKED)
    decided(world, reference, state.side_tasks[0], decision="declined", note="Please finish")
    world.relay()
    assert "must be the last" in world.mails[-1].text
    values = {"happened": "move", "next_day": day(world.at, 7), "next_time": "10:00"}
    with pytest.raises(Invalid) as error:
        service.decide(world.state(reference), values, world.at)
    assert set(error.value.errors) == {"happened"}
    state = post(world, reference, happened="end", end_reason="done")
    assert state.status == "closing"


def test_a_service_that_ends_takes_the_question_back(world: World) -> None:
    reference = near_the_end(world)
    n = hold(world, reference, **ASKED).side_tasks[0]
    state = post(world, reference, happened="end", end_reason="done")
    row = side_task_rows.get(reference, n)
    assert state.side_tasks == [] and row is not None and row.over == "void"


@pytest.mark.promise("sessions-watched")
def test_nobody_deciding_asks_the_supervisor_anew(world: World) -> None:
    reference = near_the_end(world)
    n = hold(world, reference, **ASKED).side_tasks[0]
    row = side_task_rows.get(reference, n)
    assert row is not None
    world.at = row.expires
    scheduler.look_beside(reference, n, world.at)
    state = world.state(reference)
    assert state.side_tasks == [n + 1]
    again = side_task_rows.get(reference, n + 1)
    assert again is not None and again.about == {"wanted": 16} and again.expires > world.at


def test_far_from_twelve_nobody_is_offered_to_ask(world: World) -> None:
    state = world.state(in_service(world))
    assert "more" not in options(state, "happened") and "more" not in options(state, "next")


@pytest.mark.promise("sessions-watched")
def test_after_ninety_days_the_review_is_asked_for_once(world: World) -> None:
    reference = in_service(world)
    hold(world, reference, next_day=day(world.at, 100))
    state = world.state(reference)
    assert state.task is not None
    due = review_at(state.task.opened)
    assert due in state.task.remind
    names = [f.name for f in service_form.form(state).fields]
    assert "review" not in names
    world.at = due + DAY
    scheduler.look(reference, world.at)
    world.relay()
    assert "The review comes with the fourth session" in world.mails[-1].text
    late = {"review": "Slow, but better", "course": "continue"}
    hold(world, reference, happened="other", day=day(world.at), **late)
    assert record(world, reference).review is not None
    assert "review" not in [f.name for f in service_form.form(world.state(reference)).fields]


# -- notes ------------------------------------------------------------------------------------------


def noted(world: World, **raw: Any) -> str:
    reference = in_service(world)
    hold(world, reference, note="They greet each family now", **raw)
    return reference


@pytest.mark.promise("notes-stay-private")
@pytest.mark.parametrize(
    ("chosen", "readers"),
    [("", {"supervisor"}), ("private", {"supervisor"}), ("team", {"supervisor", "specialist"}),
     ("shared", {"supervisor", "specialist", "provider"})],
)  # fmt: skip
def test_a_note_is_read_by_those_who_were_chosen_and_never_mailed(
    world: World, chosen: str, readers: set[str]
) -> None:
    reference = noted(world, **({"note_for": chosen} if chosen else {}))
    state = world.state(reference)
    entries = store.log(state)
    seen = {
        role
        for role in ("supervisor", "specialist")
        if any("greet" in line.note for line in timeline.lines(entries, [], world.at, "en", role))
    }
    if view(state, entries, world.at, lambda key: "").notes:
        seen.add("provider")
    assert seen == readers
    world.relay()
    assert not any("greet" in m.text + m.html for m in world.mails)


@pytest.mark.promise("notes-stay-private")
def test_before_sharing_the_page_says_who_reads_by_name(world: World) -> None:
    state = world.state(in_service(world))
    who = notes.readers(state)
    assert who["shared"] == ["Ana Demo"] and len(who["private"]) == 2 and len(who["team"]) >= 2
    assert service.details(state)["readers"] == who


@pytest.mark.promise("notes-stay-private")
def test_the_next_consultant_does_not_read_private_notes_of_the_one_before(
    world: World,
) -> None:
    reference = noted(world)
    state = world.state(reference)
    (session,) = record(world, reference).held
    from dataclasses import replace

    mine = replace(session, by=f"consultant:{state.consultant}")
    assert readable(mine, state.consultant)
    assert not readable(replace(mine, by="consultant:somebody-else"), state.consultant)
    theirs = replace(mine, by="consultant:somebody-else", note_for="team")
    assert readable(theirs, state.consultant)


def test_a_note_is_private_unless_chosen(world: World) -> None:
    state = world.state(in_service(world))
    raw = {"happened": "no_show", "next": "another", "next_day": day(world.at, 9),
           "next_time": "10:00", "note": "No answer at the door"}  # fmt: skip
    assert notes.told(fill(state, "service", **raw)) == {"note_for": "private"}
    assert notes.told({"note": None}) == {}
