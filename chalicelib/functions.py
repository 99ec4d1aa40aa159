"""Every Lambda function beside the pages': where it stands, and what calls it."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.entry_points import called, every, on_run_end, on_stream, on_topic
from chalicelib.workflow.machines import machines

FUNCTIONS: Final = (
    # one a state machine, which plays its steps
    *(called(f"{machine.steps}:lambda_handler", machine.name) for machine in machines()),
    # what makes it certain
    on_stream("mail.relay:relay"),
    on_topic("mail.delivery_reports:mail_events"),
    every("1 minute", "workflow.scheduler:clock"),
    every("1 hour", "workflow.reconciler.reconcile:reconcile"),
    on_run_end("workflow.reconciler.ended_runs:run_ended"),
)
