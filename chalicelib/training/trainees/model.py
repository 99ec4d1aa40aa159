"""What a trainee is: the case of somebody in the training program, from the first day to completion."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, cast

from pydantic import Field

from chalicelib.workflow.cases import Case, Changes, Entry, Payload

TRAINEE: Final = "trainee"
STAGE: Final = "training"
ENROLLED, ON_LEAVE, TRANSFERRED = "enrolled", "on_leave", "transferred"
UNREACHABLE: Final = "trainee_unreachable"
COMPLETED, WITHDRAWN = "training_completed", "training_withdrawn"

Work = Literal["reported", "confirmed"]
REPORTED: Final[Work] = "reported"
CONFIRMED: Final[Work] = "confirmed"


class TraineeChanges(Changes, total=False):
    """New values of a trainee's own fields too."""

    cohort: str | None
    application: str | None
    seat: str | None
    group: str | None
    facilitator: str | None
    work: dict[str, Work] | None
    talks: int | None
    wish: str | None
    until: int | None
    earlier: list[str] | None
    earlier_groups: list[str] | None


class TraineePayload(Payload, total=False):
    """What an entry tells of a trainee. ``item`` and ``link``: a piece of coursework and where it is;
    ``day`` and ``minutes``: a meeting with the facilitator; ``struck``: the version of the entry that was
    wrong; ``wish``: what they want; ``cohort``: the one that they go to, or are in; ``progress``: what they
    had when they completed the program, by requirement."""

    item: str
    link: str
    day: str
    minutes: int
    struck: int
    wish: str
    cohort: str
    progress: dict[str, int]


class Trainee(Case):
    """The state of a trainee, as its row holds it.

    ``application``: the case that led to it, "" for who was enrolled by staff. ``seat``: in whose name the
    seat of the cohort is held, "" for none. ``group``: their small group. ``facilitator``: ``staff:id`` or
    ``consultant:id``. ``work``: how far each piece of coursework is. ``talks``: meetings with the
    facilitator. ``wish``: a change that they asked for and that nobody has decided yet. ``until``: when the
    time of the program is over for them. ``earlier``: cohorts, and ``earlier_groups`` small groups, that
    they were in before: what they did there counts.
    """

    case_type: ClassVar[str] = TRAINEE
    stage: str = STAGE
    status: str = ENROLLED
    cohort: str = ""
    application: str = ""
    seat: str = ""
    group: str = ""
    facilitator: str = ""
    work: dict[str, Work] = Field(default_factory=dict)
    talks: int = 0
    wish: str = ""
    until: int = 0
    earlier: list[str] = Field(default_factory=list)
    earlier_groups: list[str] = Field(default_factory=list)

    @property
    def takes_part(self) -> bool:
        """Whether they come to the meetings of their cohort: they do not while on leave, nor before a later
        cohort begins."""
        return self.open and self.status not in (ON_LEAVE, TRANSFERRED)


def told_in(entry: Entry) -> TraineePayload:
    """What an entry of a trainee tells."""
    return cast("TraineePayload", entry.payload)
