"""What time it is, and the deployment's time scale: the one place that reads the clock."""

from __future__ import annotations

import time

from chalicelib.aws.settings import settings
from chalicelib.domain import calendar, service_standards


def now() -> int:
    """UTC epoch seconds."""
    return int(time.time())


def scaled(start: int, instant: int) -> int:
    """``instant`` moved nearer to ``start`` by the deployment's time scale (1 on AWS)."""
    return int(calendar.scaled(start, instant, settings().time_scale))


def due(deadline: service_standards.Deadline, priority: str, start: int) -> int:
    """The due instant alone of a task, in this deployment's time."""
    return scaled(start, service_standards.due(deadline.clock, priority, start))


def deadlines(
    deadline: service_standards.Deadline, priority: str, start: int
) -> service_standards.Deadlines:
    """A task's instants in this deployment's time."""
    real = service_standards.deadlines(deadline, priority, start)
    return service_standards.Deadlines(
        due=scaled(start, real.due),
        remind=tuple(scaled(start, i) for i in real.remind),
        escalate=None if real.escalate is None else scaled(start, real.escalate),
        expires=scaled(start, real.expires),
    )


def unscaled(start: int, instant: int) -> int:
    """The other way round: ``instant`` as it would be where nothing is scaled."""
    return start + int((instant - start) * settings().time_scale)
