"""Whether a trainee has all that is required by now: looked at whenever something was confirmed."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.training.trainees import opening, progress
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.tasks import COMPLETE, TRAINING
from chalicelib.workflow.cases import Case, Command
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered


def look(reference: str, at: int) -> None:
    """Ask a coordinator to confirm the completion, if all is there and nobody is asked yet."""

    def decide(state: Trainee) -> Command | None:
        task = state.task
        asked = state.open and task is not None and task.kind == TRAINING.name
        if task is None or not asked or not progress.complete(state, at):
            return None
        outcome = Outcome(COMPLETE, final=False)
        # An answer that was taken back may be found complete again: the version makes it another command.
        command = f"complete:{state.version}"
        return answered(state, kind_of(TRAINING.name), outcome, "system", command, at), ()

    store.change(reference, decide)


def look_at_all(cohort: str, at: int) -> None:
    """What a cohort requires has changed: look at everybody in it."""
    for one in opening.roster(cohort):
        if one.open and one.cohort == cohort:
            look(one.reference, at)


def told(state: Case, version: int, effect: TellRoom) -> None:
    """Something of a trainee was confirmed, in this room or another (``about`` names the trainee)."""
    look(str(effect.about.get("trainee") or state.reference), now())
