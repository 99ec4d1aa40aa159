"""Staff name who reviews the applications of a cohort."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.meetings import hosts
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import missing_scores, of_cohort
from chalicelib.web.forms import Form, Values, checkboxes, several
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import show


def name_reviewers(cohort: str) -> Response:
    """Who they are, and how much each was given."""
    one = cohorts.cohort(cohort)
    named = of_cohort.reviewers(one.id)

    def act(values: Values, command: str) -> str:
        chosen = several(values, "reviewers")
        for who, _name in hosts.choices():
            if (who in chosen) != any(row.who == who for row in named):
                of_cohort.name(one.id, who, who in chosen)
        missing_scores.look(one.id, now())
        return f"/console/training/cohorts/{one.id}/applications"

    def facts() -> TemplateValues:
        return {"one": one, "named": named, "name": hosts.name}

    page = FormPage(
        "applications/reviewers.html",
        Form(
            checkboxes(
                "reviewers",
                N_("Who reviews?"),
                *hosts.choices(),
                hint=N_("Each application is read by two of them, by three where two differ much."),
                missing=N_("Choose at least two people."),
            )
        ),
        once=True,
        known={"reviewers": [row.who for row in named]},
        facts=facts,
        draw=show,
    )
    return page.answer(act)
