"""A referral at each place where it can stand, brought there by the real steps and answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.domain.calendar import local
from tests.world import World

Stage = Callable[[World], str]
STAGES: dict[str, Stage] = {}
"""Name -> brings a new referral there and returns its reference; in the order of the lifecycle."""


def stage(make: Stage) -> Stage:
    """Register under the function's own name."""
    STAGES[make.__name__] = make
    return make


def _day(world: World, days: int) -> str:
    return (local(world.at) + timedelta(days=days)).date().isoformat()


@stage
def submitted(world: World) -> str:
    return world.submit()


@stage
def waits_for_confirmation(world: World) -> str:
    reference = world.submit(age_bands=["none"])
    world.step("decide_eligibility", reference)
    world.step("ask_eligibility_confirmation", reference)
    return reference


@stage
def waits_for_triage(world: World) -> str:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    return reference


@stage
def tier_is_decided(world: World) -> str:
    return world.triaged()


@stage
def offer_is_out(world: World) -> str:
    return world.offered()


@stage
def waits_for_coordinator(world: World) -> str:
    reference = world.triaged()
    world.step("ask_coordinator", reference)
    return reference


@stage
def consultant_accepted(world: World) -> str:
    return world.matched()


@stage
def waits_for_first_contact(world: World) -> str:
    reference = world.matched()
    world.step("ask_first_contact", reference)
    return reference


@stage
def waits_for_agreement(world: World) -> str:
    reference = waits_for_first_contact(world)
    talk: dict[str, Any] = {
        "reached": "reached", "how": "phone", "day": _day(world, 0), "planned": 4,
        "mode": "virtual", "note": None,
    }  # fmt: skip
    world.answer(reference, talk)
    world.step("ask_agreement", reference)
    return reference


@stage
def waits_for_plan(world: World) -> str:
    reference = waits_for_agreement(world)
    world.answer(reference, {"decision": "agreed", "signed_name": "Ana Demo"})
    world.step("ask_plan", reference)
    return reference


@stage
def waits_for_plan_agreement(world: World) -> str:
    reference = waits_for_plan(world)
    plan: dict[str, Any] = {
        "goal_1": "Calmer mornings", "doing_1": "Greet each family", "planned": 4,
        "first_day": _day(world, 3), "first_time": "10:00", "minutes": "60", "mode": "virtual",
    }  # fmt: skip
    world.answer(reference, plan)
    world.step("ask_plan_agreement", reference)
    return reference


@stage
def in_service(world: World) -> str:
    reference = waits_for_plan_agreement(world)
    world.answer(reference, {"decision": "agreed"})
    world.step("ask_service", reference)
    return reference


@stage
def waits_for_summary(world: World) -> str:
    reference = in_service(world)
    world.answer(reference, {"happened": "end", "end_reason": "site_closed", "note": None})
    world.step("ask_summary", reference)
    return reference


@stage
def needs_repair(world: World) -> str:
    reference = world.triaged()
    world.step("ask_repair", reference)
    return reference
