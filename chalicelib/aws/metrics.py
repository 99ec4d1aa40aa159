"""What is counted, for alarms and dashboard: each metric once, by its name in CloudWatch.

A count is a line of the log in CloudWatch's embedded metric format: it costs no call and no right. The
alarms and the dashboard that use it are in infra/template/, and a test compares both.
"""

from __future__ import annotations

import os
from enum import StrEnum


class Metric(StrEnum):
    """What is counted. Never anything of a person: names and dimensions are seen in CloudWatch."""

    REQUESTS_RECEIVED = "RequestsReceived"
    WAITS_OVER_STANDARD = "WaitsOverStandard"  # an open task is late: its supervisor was told
    LETTERS_QUEUED = "LettersQueued"  # could not leave now, and wait
    LETTERS_REFUSED = "LettersRefused"  # will never leave as they are
    POST_CLOSED = "PostClosed"  # SES takes no letter for long
    TEXTS_CLOSED = "TextsClosed"  # no text message leaves for long
    MAIL_DOCTOR_RED = "MailDoctorRed"
    CALLS_REFUSED = "CallsRefused"  # AWS says that a right, a thing or a key of ours is missing


def count(metric: Metric, times: int = 1) -> None:
    """Count ``metric`` so many times, now."""
    # With the logger, and only where something is counted.
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "iecmhc")
    with single_metric(metric.value, MetricUnit.Count, times, namespace=namespace):
        pass
