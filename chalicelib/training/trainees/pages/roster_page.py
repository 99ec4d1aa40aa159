"""A cohort in the console: who is in it and what each of them lacks, when it meets, and what it requires."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.training import cohort as cohorts
from chalicelib.training.trainees import completion
from chalicelib.training.trainees.pages import cohort_pages, roster, schedule_pages
from chalicelib.web.http_input import one
from chalicelib.web.pages import current
from chalicelib.web.staff_auth import show


def show_cohort(cohort: str) -> Response:
    """All of it; ``lacks`` narrows the roster to who has not met a requirement yet."""
    found, lacks = cohorts.cohort(cohort), one(current().query, "lacks")
    everybody = roster.lines(found, now(), current().lang)
    shown = [
        line for line in everybody if not lacks or lacks in [part.name for part in line.lacking]
    ]
    return show(
        "trainees/cohort.html",
        **{**cohort_pages.facts_of(found), **schedule_pages.facts_of(found)},
        trainees=shown,
        everybody=len(everybody),
        lacks=lacks,
        requirements=completion.NAMES,
    )
