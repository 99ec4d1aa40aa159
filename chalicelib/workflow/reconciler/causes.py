"""What broke a run, as the engine tells it, and why a case is in a person's hands: in words and raw.

Only a case that does not go on by itself asks the engine, and only for the newest events of its runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Literal

from chalicelib.aws import stepfunctions
from chalicelib.aws.log import logger
from chalicelib.domain.json_values import Json
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case
from chalicelib.workflow.machines import stages
from chalicelib.workflow.reconciler.restarts import machine_of

# What became of it: the step is tried again, the run went on by its own path, or it ended there.
After = Literal["again", "went_on", "ended"]
CAUSES = {
    "States.Timeout": N_("A step took longer than it may."),
    "States.TaskFailed": N_("A step failed and could not be tried again."),
    "States.Runtime": N_("The run came to a place that its definition does not provide for."),
    "States.HeartbeatTimeout": N_("A step gave no sign of life."),
    "States.Permissions": N_("The run may not do what its definition asks for."),
    "States.DataLimitExceeded": N_("A step answered with more than a run can carry."),
    "Lambda.TooManyRequestsException": N_("AWS had no room for a step."),
    "Lambda.ResourceNotFoundException": N_("The function of a step is not there."),
    "Lambda.AccessDeniedException": N_("The run may not call the function of a step."),
    "ExecutionAborted": N_("It was stopped from outside."),
    "failed": N_("The run of this stage ended because a step of it broke."),
    "NeedsAttention": N_("The person who should repair it could not be asked."),
}
WORKED = ("TaskSucceeded", "TaskSubmitted", "LambdaFunctionSucceeded")
SHOWN = 600
NEWEST = 40


@dataclass(frozen=True)
class RunError:
    """An error in a state of a run, when (UTC seconds), and what the run did ``after`` it."""

    state: str
    error: str
    cause: str
    at: int
    after: After = "again"
    run: tuple[str, str] = ("", "")  # machine and name, where they do not go without saying

    @property
    def words(self) -> str:
        """The cause as a msgid."""
        return CAUSES.get(self.error, N_("A step broke with an error."))


def error_in(event: Json) -> tuple[str, str] | None:
    """Error and cause of an event; they come under many types, each with details of its own."""
    details = next((v for k, v in event.items() if k.endswith("EventDetails")), None)
    stopped = str(event["type"]) if event.get("type") == "ExecutionAborted" else ""
    details = details if isinstance(details, dict) else {}
    error = str(details.get("error") or stopped)
    return (error, str(details.get("cause") or "")[:SHOWN]) if error else None


def broke(state: Case) -> list[RunError]:
    """What stands in the way of a case's runs: the last error of a stage, and of the whole run. Empty
    where the engine tells of none, or does not answer."""
    whole = machine_of(state)
    if whole is None:
        return []
    found = [one for one in [_standing(state, whole)] if one is not None]
    if whole == parent_of(state):
        # The table names a stage once a step of it has worked, so the broken one may be another.
        others = sorted(stages(), key=lambda name: name != state.stage)
        seen = (_standing(state, machine) for machine in others)
        found = [*islice((one for one in seen if one is not None), 1), *found]
    return found


def _standing(state: Case, machine: str) -> RunError | None:
    """The error of a run after which nothing has worked yet."""
    name = stepfunctions.run_name(state.reference, machine, state.generation)
    try:
        events = stepfunctions.newest_events(machine, name, NEWEST)
    except Exception as error:
        logger().warning("engine did not answer", extra={"error": type(error).__name__})
        return None
    for place, event in enumerate(events):
        if event["type"] in WORKED:
            return None
        found = error_in(event)
        if found is not None:
            entered = (one.get("stateEnteredEventDetails") for one in events[place:])
            where = next((str(one["name"]) for one in entered if one), "")
            at = stepfunctions.seconds(event.get("timestamp"))
            return RunError(where, *found, at, run=(machine, name))
    return None
