"""Walks through delivery and closure, as the forms are really filled in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.domain.calendar import local
from chalicelib.referral.model import Referral
from chalicelib.referral.records import Episode, episode
from chalicelib.web.forms import clean
from chalicelib.workflow import store
from chalicelib.workflow.kinds import kind_of
from tests.world import World

DAY = 86400


def day(at: int, days: int = 0) -> str:
    """The Pacific ISO day, so many days after an instant."""
    return (local(at).date() + timedelta(days=days)).isoformat()


def fill(state: Referral, kind: str, **raw: Any) -> dict[str, Any]:
    """The values of a posted form; fails on an answer that the form refuses."""
    posted = {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in raw.items()
    }
    cleaned = clean(kind_of(kind).page.form(state), posted, "en")
    assert cleaned.ok, cleaned.errors
    return cleaned.values


def post(world: World, reference: str, **raw: Any) -> Referral:
    """Fill in and send the open task's form."""
    state = world.state(reference)
    assert state.task is not None
    return world.answer(reference, fill(state, state.task.kind, **raw))


def record(world: World, reference: str) -> Episode:
    """What the log tells."""
    return episode(store.log(world.state(reference)))


TALKED = {
    "reached": "reached",
    "how": "phone",
    "planned": 6,
    "mode": "virtual",
    "note": "Went well",
}
AGREED = {"decision": "agreed", "signed_name": "Ana Demo"}
PLAN = {
    "goal_1": "Calm mornings",
    "doing_1": "Picture schedule by the door",
    "goal_2": "Talk with families",
    "doing_2": "A weekly note home",
    "planned": 6,
    "first_time": "10:00",
    "minutes": 60,
    "mode": "onsite",
}


def talked(world: World, **answers: Any) -> str:
    """A referral whose consultant has talked with the provider."""
    reference = world.matched(**answers)
    assert world.step("ask_first_contact", reference) == "asked"
    post(world, reference, day=day(world.at), **TALKED)
    return reference


def planned(world: World, **answers: Any) -> str:
    """A referral with a plan that waits for the provider."""
    reference = talked(world, **answers)
    world.step("ask_agreement", reference)
    post(world, reference, **AGREED)
    world.step("ask_plan", reference)
    mode = "virtual" if answers.get("setting") == "ffn" else "onsite"
    post(world, reference, **(PLAN | {"mode": mode}), first_day=day(world.at, 7))
    world.step("ask_plan_agreement", reference)
    return reference


def in_service(world: World, **answers: Any) -> str:
    """A referral with its first session planned in a week, and the service task open."""
    reference = planned(world, **answers)
    post(world, reference, decision="agreed")
    world.step("ask_service", reference)
    return reference


def hold(world: World, reference: str, **more: Any) -> Referral:
    """Move to the day of the planned session and record it as held, a week to the next one."""
    state = world.state(reference)
    assert state.sessions is not None and state.sessions.next is not None
    world.at = max(world.at, state.sessions.next + 2 * 3600)
    raw: dict[str, Any] = {
        "happened": "planned",
        "minutes": 60,
        "mode": "virtual",
        "next": "another",
        "next_day": day(world.at, 7),
        "next_time": "10:00",
    }
    if state.sessions.held == 3:
        raw |= {"review": "Mornings are calmer", "course": "continue"}
    return post(world, reference, **(raw | more))


LAST = {"next": "last", "end_reason": "done"}


def served(world: World, sessions: int = 4, **answers: Any) -> str:
    """A referral whose sessions are complete and whose summary is asked for."""
    reference = in_service(world, **answers)
    for number in range(1, sessions + 1):
        hold(world, reference, **(LAST if number == sessions else {}))
    world.step("ask_summary", reference)
    return reference


SUMMED_UP = {
    "progress_1": "met",
    "progress_2": "met",
    "helped": "Trying one thing at a time",
    "next_steps": "Keep the picture schedule",
    "confidence": 4,
    "removal": "none",
    "closure": "goals_met",
}


def closed(world: World, **answers: Any) -> str:
    """A referral that is closed and waits for its survey."""
    reference = served(world, **answers)
    post(world, reference, **SUMMED_UP)
    assert world.step("close_referral", reference) == "closed"
    assert world.step("ask_survey", reference) == "asked"
    return reference
