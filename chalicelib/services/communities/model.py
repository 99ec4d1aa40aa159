"""What a seat is: the case of somebody who wants to take part in a Community, from the first step to the
end of its season. ``group`` is the one whose place they hold, offered or taken."""

from __future__ import annotations

from typing import ClassVar, Final, TypedDict, cast

from pydantic import Field

from chalicelib.workflow.cases import Case, Changes, Entry, Payload

PROVIDER: Final = "provider"
STAGE: Final = "seat"


class PassedOver(TypedDict):
    """Who stood before in line and was not offered the seat, and why."""

    reference: str
    rules: list[str]


class SeatChanges(Changes, total=False):
    """New values of a seat's own fields too."""

    languages: list[str] | None
    setting: str | None
    groups: list[str] | None
    refused: list[str] | None
    group: str | None
    silent: int | None
    registered: int | None
    session: str | None
    met: int | None
    referral: str | None
    address: str | None


class SeatPayload(Payload, total=False):
    """What an entry tells of a seat. ``referral``: the request that it is part of."""

    group: str
    session: str
    passed: list[PassedOver]
    further: int
    met: int
    meetings: int
    referral: str


class Seat(Case):
    """The state of a seat, as its row holds it.

    ``languages``: in which they can take part. ``groups``: those that they said they can come to;
    ``refused``: those that they were offered and did not take. ``silent``: offers in a row that were
    not answered. ``registered``: since when they are in line. ``session``: the information session
    that they chose. ``met``: meetings of the group that they came to. ``referral``: the request that
    this is the targeted support of. ``address``: the row by which it is the only one of its address.
    """

    case_type: ClassVar[str] = "seat"
    stage: str = STAGE
    status: str = "invited"
    languages: list[str] = Field(default_factory=list)
    setting: str = ""
    groups: list[str] = Field(default_factory=list)
    refused: list[str] = Field(default_factory=list)
    group: str = ""
    silent: int = 0
    registered: int = 0
    session: str = ""
    met: int = 0
    referral: str = ""
    address: str = ""

    @property
    def seated(self) -> bool:
        """Whether they take part in a group, on hold or not."""
        return (self.pause.status if self.pause else self.status) == "seated"


def told_in(entry: Entry) -> SeatPayload:
    """What an entry of a seat tells."""
    return cast("SeatPayload", entry.payload)
