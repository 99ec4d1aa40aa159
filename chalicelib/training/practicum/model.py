"""What a practicum is: the case of a trainee who works with one family child care home at a time."""

from __future__ import annotations

from typing import ClassVar, Final, cast

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.domain.statuses import CLOSED, IN_PROGRESS, MATCHING, PAUSED, RECEIVED, in_stage
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Case, Changes, Entry, Payload

NAME: Final = "practicum"
TRAINEE: Final = "trainee"
BEGINS, LOOKS, WORKS = "practicum_begins", "practicum_looks", "practicum_works"
DONE, STOPPED = "practicum_done", "practicum_stopped"
UNREACHED: Final = "practicum_unreached"
AWAY: Final = "practicum_away"
# What the Network has published: eight to twelve hours.
MOST_MINUTES: Final = 12 * 60


class Practicum(Case):
    """The state. ``trainee``: their case in the training program; ``consultant``: their row in the directory;
    ``facilitator``: the consultant who guides them. ``home``: the referral that they have now; ``homes``: all
    that they had. ``until``: the last instant at which they may be offered a home."""

    case_type: ClassVar[str] = NAME
    stage: str = NAME
    status: str = BEGINS
    trainee: str = ""
    consultant: str = ""
    facilitator: str = ""
    home: str = ""
    homes: list[str] = Field(default_factory=list)
    until: int = 0

    def in_role(self, role: str) -> str:
        """Who guides the trainee."""
        return self.facilitator if role == "consultant" else ""


class PracticumChanges(Changes, total=False):
    """New values of its own fields too."""

    trainee: str | None
    consultant: str | None
    facilitator: str | None
    home: str | None
    homes: list[str] | None
    until: int | None


def stands(state: Practicum, status: str) -> PracticumChanges:
    """That it stands so from now on, or once its pause is over."""
    if state.pause is None:
        return PracticumChanges(status=status)
    later = state.pause.model_copy(update={"status": status})
    return PracticumChanges(status=state.status, reason=state.reason, pause=later)


class HoursTold(TypedDict):
    """Time that a trainee worked with a home, besides its sessions; ``way``: how."""

    home: str
    day: str
    minutes: int
    way: str


class PracticumPayload(Payload, total=False):
    """What an entry tells of a practicum. ``confirmed`` and ``disputed``: hours, by id; ``home``: where;
    ``settled`` with ``minutes``: disputed hours, and what each of them counts; ``hours_wrong``: what the provider says of them."""

    hours: HoursTold
    confirmed: list[str]
    disputed: list[str]
    home: str
    settled: list[str]
    minutes: int
    hours_wrong: str


def told_in(entry: Entry) -> PracticumPayload:
    """What an entry of a practicum tells."""
    return cast("PracticumPayload", entry.payload)


_status: Final = in_stage(NAME)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(
            BEGINS, "requested", RECEIVED, N_("Says where and how they can work"),
            N_("Please tell us where and how you can work."), TRAINEE,
        ),
        _status(
            LOOKS, "accepted", MATCHING, N_("Is offered a home by the match"),
            N_("We look for a family child care home, and will offer it to you."), "system",
        ),
        _status(
            WORKS, "in-progress", IN_PROGRESS, N_("Works with a home"),
            N_("You work with a family child care home."), TRAINEE,
        ),
        _status(
            UNREACHED, "on-hold", RECEIVED, N_("Letters do not reach the trainee"),
            N_("Our letters do not reach you."), "specialist",
        ),
        _status(
            AWAY, "on-hold", PAUSED, N_("The trainee is on leave"),
            N_("You are on leave. We ask you nothing until you are back."), TRAINEE,
        ),
        _status(
            DONE, "completed", CLOSED, N_("Has the hours of the practicum"),
            N_("You have the hours of your practicum."), "system",
        ),
        _status(
            STOPPED, "cancelled", CLOSED, N_("Ended without the hours"),
            N_("Your practicum has ended."), "system",
        ),
    )
}  # fmt: skip
