"""Reviewers who are missing are asked as soon as staff have named some: the clock looks through the cohort's
applications."""

from __future__ import annotations

import time
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.writes import Key, put
from chalicelib.training.applications import of_cohort, scores
from chalicelib.training.applications.asking import asking
from chalicelib.training.applications.events import MORE_ASKED
from chalicelib.training.applications.model import Application, ApplicationChanges
from chalicelib.training.applications.reviewing import REVIEW, SCORING, rubric_of
from chalicelib.workflow.cases import CLOCK, Command, Entry
from chalicelib.workflow.storage import indexes, keys, store

SK: Final = "REVIEWS"
SECONDS: Final = 20.0


def look(cohort: str, at: int) -> None:
    """Let the clock look for missing reviewers of a cohort's applications."""
    row = {"since": at, "wpk": keys.WAKE_URGENT, "wake_at": at}
    dynamodb.write(put(Key(of_cohort.partition(cohort), SK), row))


def go_on(pk: str, sk: str, at: int) -> None:
    """Ask whoever is missing for each application, and look again where not all came to their turn."""
    until = time.monotonic() + SECONDS
    for state in of_cohort.applications(of_cohort.id_of(pk)):
        if state.task is None or state.task.kind != REVIEW:
            continue
        if time.monotonic() > until:
            indexes.wake_later(pk, sk, at + 1)
            return
        try:
            _ask(state, at)
        except store.Refused:
            logger().info("a reviewer was asked meanwhile", extra={"referral": state.reference})
    indexes.sleep(pk, sk)


def _ask(turn: Application, at: int) -> None:
    def decide(state: Application) -> Command | None:
        found = rubric_of(state)
        if found is None or state.task is None or state.task.kind != REVIEW:
            return None
        made = asking(state, SCORING.name, scores.lacking(state, found), at)
        if made.tasks == state.tasks:
            return None
        entry = Entry(
            event=MORE_ASKED,
            at=at,
            actor=CLOCK,
            command=f"reviewers:{made.tasks}",
            changes=ApplicationChanges(
                reviews=made.reviews, tasks=made.tasks, side_tasks=made.beside
            ),
            effects=made.effects,
        )
        return entry, made.rows

    store.change(turn.reference, decide)
