"""A referral on its way by steps, as its machines call them, and by forms as people send them."""

from __future__ import annotations

from functools import partial
from typing import Any

from chalicelib.referral.model import Referral
from chalicelib.referral.records import Episode, episode
from chalicelib.web.forms import Cleaned, clean
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from infra import answers
from tests.world import World

# Who is asked in turn: the step is named after the task's kind.
WAY = ("triage", "offer", "first_contact", "agreement", "plan", "plan_agreement", "service",
       "summary", "survey")  # fmt: skip


def cleaned(state: Referral, kind: str, raw: dict[str, Any]) -> Cleaned:
    """What the form of a kind of task makes of a posted answer."""
    posted = {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in raw.items()
    }
    return clean(kind_of(kind).page.form(state), posted, "en")


def fill(state: Referral, kind: str, **raw: Any) -> dict[str, Any]:
    """The values of a posted form; fails on an answer that the form refuses."""
    found = cleaned(state, kind, raw)
    assert found.ok, found.errors
    return found.values


def post(world: World, reference: str, **raw: Any) -> Referral:
    """Fill in and send the open task's form."""
    state = world.state(reference)
    assert state.task is not None
    return world.answer(reference, fill(state, state.task.kind, **raw))


def record(world: World, reference: str) -> Episode:
    """What the log tells."""
    return episode(store.log(world.state(reference)))


def told(world: World, reference: str, kind: str) -> dict[str, Any]:
    """What the newest answer to a task of a kind keeps; empty when there is none."""
    entries = store.log(world.state(reference))
    return next((e.payload for e in reversed(entries) if e.event == f"{kind}_answered"), {})


def hold(world: World, reference: str, **more: Any) -> Referral:
    """Move to the day of the planned session and record it as held, a week to the next one."""
    state = world.state(reference)
    world.at = answers.time_of_answer(state, world.at)
    raw = answers.example(state, world.at)
    if "end_reason" in raw and more.get("next") != "last":
        raw |= {"next": "another", "next_day": answers.day(world.at, 7), "next_time": "10:00"}
    return post(world, reference, **(raw | more))


def walk(world: World, to: str, asked: bool = True, **request: Any) -> str:
    """A new referral that waits for the answer to a task; unless ``asked``, the step before it."""
    reference = world.submit(**request)
    assert world.step("decide_eligibility", reference) == "eligible"
    for kind in WAY[: WAY.index(to)]:
        world.step(f"ask_{kind}", reference)
        while (state := world.state(reference)).task is not None:
            world.at = answers.time_of_answer(state, world.at)
            post(world, reference, **answers.example(state, world.at))
        if kind == "summary":
            assert world.step("close_referral", reference) == "closed"
    if asked:
        assert world.step(f"ask_{to}", reference) == "asked"
    return reference


triaged = partial(walk, to="offer", asked=False)
offered = partial(walk, to="offer")
matched = partial(walk, to="first_contact", asked=False)
talked = partial(walk, to="agreement", asked=False)
planned = partial(walk, to="plan_agreement")
in_service = partial(walk, to="service")
served = partial(walk, to="summary")
closed = partial(walk, to="survey")


def _by(step: str, world: World, **request: Any) -> str:
    """A referral that waits after a step out of the usual order."""
    reference = world.submit(**request)
    world.step("decide_eligibility", reference)
    world.step(step, reference)
    return reference


def _after_triage(step: str, world: World) -> str:
    reference = triaged(world)
    world.step(step, reference)
    return reference


def _ended_early(world: World) -> str:
    reference = in_service(world)
    post(world, reference, happened="end", end_reason="site_closed")
    world.step("ask_summary", reference)
    return reference


# Each place where a referral can stand, in the order of the lifecycle.
STAGES: dict[str, Any] = {
    "submitted": World.submit,
    "waits_for_confirmation": partial(_by, "ask_eligibility_confirmation", age_bands=["none"]),
    "waits_for_triage": partial(walk, to="triage"),
    "tier_is_decided": triaged,
    "offer_is_out": offered,
    "waits_for_coordinator": partial(_after_triage, "ask_coordinator"),
    "consultant_accepted": matched,
    "waits_for_first_contact": partial(walk, to="first_contact"),
    "waits_for_agreement": partial(walk, to="agreement"),
    "waits_for_plan": partial(walk, to="plan"),
    "waits_for_plan_agreement": planned,
    "in_service": in_service,
    "waits_for_summary": _ended_early,
    "needs_repair": partial(_after_triage, "ask_repair"),
}
