"""What entries of a deployment tell, and what of it the state row keeps."""

from __future__ import annotations

from typing import cast

from typing_extensions import TypedDict

from chalicelib.services.emergency.deployments.shifts import Hours, Shift
from chalicelib.workflow.cases import Entry, Payload


class Worked(Hours, total=False):
    """A shift that took place. ``miles`` and ``travel`` (minutes) are both ways together; ``brief``,
    ``calls`` and ``materials`` are what the encounter logs leave out: talks of less than 15 minutes, calls
    and messages, and what was handed out."""

    miles: int
    travel: int
    brief: int
    calls: int
    materials: int


class Encounter(TypedDict, total=False):
    """One encounter. ``day`` is ISO, Pacific; ``ages``: how many people by age band."""

    day: str
    kind: str
    county: str
    where: str
    language: str
    minutes: int
    visit: str
    ages: dict[str, int]
    referred: list[str]


class Usual(TypedDict, total=False):
    """Where and in which language the last encounter was: the next form begins with it."""

    county: str
    where: str
    language: str


class DeploymentPayload(Payload, total=False):
    """What an entry tells. ``shift``: one that was planned, moved or given back, as it then stood."""

    worked: Worked
    encounter: Encounter
    shift: Shift


def told_in(entry: Entry) -> DeploymentPayload:
    """What an entry of a deployment tells."""
    return cast("DeploymentPayload", entry.payload)
