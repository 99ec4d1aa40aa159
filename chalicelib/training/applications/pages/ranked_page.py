"""The applications of a cohort in their order, what is missing, and the press that makes the offers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.training import cohort as cohorts
from chalicelib.training import rubric as rubrics
from chalicelib.training.applications import line, making_offers, of_cohort, scores
from chalicelib.training.applications.deciding import RANKED
from chalicelib.training.applications.making_offers import Offers
from chalicelib.training.applications.model import ASKED, CONFLICT, Application
from chalicelib.training.applications.scores import Ranked
from chalicelib.training.applications.statuses import STATUSES
from chalicelib.training.begun import begun
from chalicelib.training.cohort import Cohort
from chalicelib.training.rubric import Rubric
from chalicelib.web.forms import Form, Values
from chalicelib.web.http_input import one as one_of
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage import lines

CHANGED: Final = N_("Something changed since this page was shown. Please look at it as it is now.")
NOBODY: Final = N_("Nobody is scored and undecided now.")
WOULD: Final = {
    "offered": N_("Gets an offer"),
    "waitlist": N_("Goes on the waitlist"),
    "closed": N_("Hears: not this time"),
}


def ranked_list(cohort: str) -> Response:
    """The list; a press offers the free seats to the first who are undecided."""
    one, at, who = cohorts.cohort(cohort), now(), current_staff()
    found = rubrics.rubric_of(one)
    states = of_cohort.applications(cohort)
    would = _would(one, found, states, at)
    path = f"/console/training/cohorts/{one.id}/applications"

    def act(values: Values, command: str) -> str:
        if not would.offered and not would.waitlist and not would.closed:
            raise Hindered(NOBODY)
        if one_of(form(), "seen") != _seen(would):
            raise Hindered(CHANGED)
        key = hashlib.sha256(command.encode()).hexdigest()[:12]
        making_offers.make(one.id, key, would)
        logger().info("offers of a cohort", extra={"cohort": one.id, "actor": who.actor})
        return path

    def facts() -> TemplateValues:
        return {
            "one": one,
            "own_path": path,
            "rubric": found,
            "reviewers": of_cohort.reviewers(one.id),
            "rows": _rows(states, found, would),
            "seen": _seen(would),
            "would": would,
            "waitlist": _chosen(states),
            "begun": begun(one, at),
        }

    page = FormPage("applications/ranked.html", Form(), once=True, facts=facts, draw=show)
    return page.answer(act)


def _undecided(states: Sequence[Application]) -> list[Application]:
    return [one for one in states if one.open and one.task and one.task.kind == RANKED]


def _chosen(states: Sequence[Application]) -> int:
    """How many go on the waitlist: everybody, unless staff chose a number."""
    typed = one_of(form(), "waitlist") or (current().query.get("waitlist") or [""])[0]
    return int(typed) if typed.isdecimal() and len(typed) < 5 else len(states)


def _would(one: Cohort, found: Rubric | None, states: Sequence[Application], at: int) -> Offers:
    """Who would be offered a seat, wait, or hear that there is none, by their order."""
    by = current_staff().actor
    if found is None or begun(one, at):
        return Offers(by, at)
    order = [row.state.reference for row in scores.ranked(_undecided(states), found)]
    # Whoever waits in line comes first: what is free is theirs.
    free = max(0, one.free - len(lines.rows(line.line_of(one.id))))
    wait = free + _chosen(states)
    return Offers(
        by,
        at,
        offered=order[:free],
        waitlist=order[free:wait],
        closed=order[wait:],
        first=max((state.rank for state in states), default=0) + 1,
    )


def _seen(would: Offers) -> str:
    """What tells the list that was shown from another."""
    shown = "|".join(",".join(one) for one in (would.offered, would.waitlist, would.closed))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _rows(
    states: Sequence[Application], found: Rubric | None, would: Offers
) -> list[TemplateValues]:
    """A line for each application: the scored in their order, then those that are not."""
    ready = [one for one in states if found is not None and scores.complete(one, found)]
    rest = [one for one in states if one not in ready]
    rest.sort(key=lambda one: (one.submitted, one.reference))
    order = scores.ranked(ready, found) if found is not None else []
    rows = [*order, *(Ranked(one, scores.mean(one)) for one in rest)]
    planned = {reference: WOULD[name] for name in WOULD for reference in getattr(would, name)}
    return [
        _row(row, number if number <= len(order) else 0, found)
        | {"would": planned.get(row.state.reference, "")}
        for number, row in enumerate(rows, 1)
    ]


def _row(row: Ranked, place: int, found: Rubric | None) -> TemplateValues:
    state = row.state
    needed = scores.needed(state, found) if found is not None else scores.USUAL
    reviews = list(state.reviews.values())
    return {
        "place": place,
        "state": state,
        "score": scores.said(row.score) if state.scores else "",
        "sums": scores.sums(state),
        "tie": row.tie,
        "criterion": row.criterion,
        "missing": max(0, needed - len(state.scores)),
        "asked": reviews.count(ASKED),
        "conflicts": reviews.count(CONFLICT),
        "stands": STATUSES[state.status].label,
        "county": vocabulary.label("county", state.county),
    }
