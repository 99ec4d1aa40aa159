"""The steps of a trainee's machine."""

from __future__ import annotations

from chalicelib.training.trainees import progress
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.tasks import COMPLETE, TIME_OVER, TRAINING, WISHED, limits
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(TRAINING)
def ask_training(state: Trainee, now: int) -> Opening:
    """They go on, unless a coordinator has to look first: a run may begin again at any time."""
    if state.wish:
        return Opening(verdict=WISHED)
    if progress.complete(state, now):
        return Opening(verdict=COMPLETE)
    if state.until <= now:
        return Opening(verdict=TIME_OVER)
    return Opening(limits=limits(state, now))


lambda_handler = stage(__name__)
