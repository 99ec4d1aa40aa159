"""The cohorts for which somebody reviews applications: they are given no more, and a score that they do not give
is asked of the next reviewer when its time is over."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.holdings import Gift, Holding, Thing
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import of_cohort
from chalicelib.web.languages import N_

END: Final = "end"


def _of(who: str, at: int) -> list[Thing]:
    return [
        Thing(one.id, one.name)
        for one in cohorts.cohorts()
        if any(reviewer.who == who for reviewer in of_cohort.reviewers(one.id))
    ]


def _give(gift: Gift) -> bool:
    of_cohort.name(gift.key, gift.who, False)
    return True


HELD: Final = Holding(
    what=N_("Cohorts whose applications they review"),
    of=_of,
    takers=lambda who, thing: [
        (END, N_("They get no more; what they do not score is asked of the next reviewer"))
    ],
    give=_give,
    roles=frozenset({"reviewer"}),
)
