"""Trainees whom a facilitator meets, and the cohorts that they are a facilitator of, given to somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.directory.holdings import Gift, Holding, Thing
from chalicelib.domain.calendar import pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training import facilitators
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import acts, opening
from chalicelib.training.trainees.model import TRAINEE, Trainee
from chalicelib.training.trainees.pages.cohort_pages import CONSOLE
from chalicelib.training.trainees.schedule import small_groups
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store


def _running(at: int) -> list[Cohort]:
    today = pacific_date(at).isoformat()
    return [one for one in cohorts.cohorts() if one.ends_on >= today]


def _led(who: str, at: int) -> list[Thing]:
    mine = [one for one in _running(at) if who in one.facilitators]
    return [Thing(one.id, one.name, f"{CONSOLE}/cohorts/{one.id}") for one in mine]


def _guided(who: str, at: int) -> list[Thing]:
    """Of every cohort: somebody may take longer than it."""
    trainees = {one.reference: one for each in cohorts.cohorts() for one in opening.roster(each.id)}
    mine = [one for one in trainees.values() if one.open and one.facilitator == who]
    return [
        Thing(
            one.reference, one.contact.name or one.reference, f"{CONSOLE}/trainees/{one.reference}"
        )
        for one in mine
    ]


def _takers(who: str, thing: Thing) -> list[tuple[str, str]]:
    return [one for one in facilitators.choices() if one[0] != who]


def _give_cohort(gift: Gift) -> bool:
    found = cohorts.cohort(gift.key)
    if gift.who not in found.facilitators:
        return True
    others = [one for one in found.facilitators if one not in (gift.who, gift.to)]
    return cohorts.change(replace(found, facilitators=[*others, gift.to]))


def _give_trainee(gift: Gift) -> bool:
    def decide(state: Trainee) -> Command | None:
        if state.facilitator != gift.who:
            return None
        return acts.place(state, state.group, gift.to, gift.actor, gift.command, gift.at)

    return store.change(gift.key, decide, press=gift.command).facilitator != gift.who


def _small_groups(who: str, at: int) -> list[Thing]:
    running = {one.id for one in _running(at)}
    mine = [one for one in small_groups.led_by(who) if one.cohort in running]
    return [Thing(one.id, one.name, f"{CONSOLE}/cohorts/{one.cohort}") for one in mine]


def _give_small_group(gift: Gift) -> bool:
    """Its meetings to come are handed over as any meeting is."""
    small_groups.give(gift.key, gift.who, gift.to)
    return small_groups.group(gift.key).facilitator != gift.who


SMALL_GROUPS: Final = Holding(
    what=N_("Small groups of a cohort that they lead"),
    of=_small_groups,
    takers=_takers,
    give=_give_small_group,
    fields=frozenset({"training.trainees.schedule.small_groups:SmallGroup.facilitator"}),
)
LED: Final = Holding(
    what=N_("Cohorts whose facilitator they are"),
    of=_led,
    takers=_takers,
    give=_give_cohort,
    fields=frozenset({"training.cohort:Cohort.facilitators"}),
)
GUIDED: Final = Holding(
    what=N_("Trainees whom they meet as a facilitator"),
    of=_guided,
    takers=_takers,
    give=_give_trainee,
    case_types=frozenset({TRAINEE}),
    fields=frozenset({"training.trainees.model:Trainee.facilitator"}),
)
