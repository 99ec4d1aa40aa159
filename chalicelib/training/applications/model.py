"""What an application is: the case of somebody who wants a place in a cohort, from their form to their answer
to an offer."""

from __future__ import annotations

from typing import ClassVar, Final, TypedDict, cast

from pydantic import Field

from chalicelib.workflow.cases import Case, Changes, Entry, Payload

APPLICANT: Final = "applicant"
STAGE: Final = "application"
# What became of somebody who was asked to score it.
ASKED, SCORED, CONFLICT, SILENT = "asked", "scored", "conflict", "silent"


class PassedOver(TypedDict):
    """Who stood before in line and was not offered the seat, and why."""

    reference: str
    rules: list[str]


class ApplicationChanges(Changes, total=False):
    """New values of an application's own fields too."""

    cohort: str | None
    reviews: dict[str, str] | None
    scores: dict[str, list[int]] | None
    rank: int | None
    seat: bool | None
    answer: str | None
    address: str | None


class ApplicationPayload(Payload, total=False):
    """What an entry tells of an application."""

    points: list[int]
    passed: list[PassedOver]
    further: int
    rank: int


class Application(Case):
    """The state of an application, as its row holds it.

    ``cohort``: for which. ``reviews``: who was asked to score it, and what became of it; ``scores``: reviewer ->
    points, in the order of the rubric's criteria. ``rank``: its place when the offers were made. ``seat``: a
    seat is held for it. ``answer``: what they said to the offer. ``address``: the row by which it is the only
    one of its address.
    """

    case_type: ClassVar[str] = "application"
    stage: str = STAGE
    status: str = "received"
    cohort: str = ""
    reviews: dict[str, str] = Field(default_factory=dict)
    scores: dict[str, list[int]] = Field(default_factory=dict)
    rank: int = 0
    seat: bool = False
    answer: str = ""
    address: str = ""


def told_in(entry: Entry) -> ApplicationPayload:
    """What an entry of an application tells."""
    return cast("ApplicationPayload", entry.payload)
