"""Another consultant in place of one in training, because the provider says so: by the answer of the request,
or when they read the agreement. The room of the match does it, by its name in ``rooms.py``."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.workflow.effects import TellRoom

ROOM: Final = "another_consultant"


def another_consultant(instead_of: str) -> TellRoom:
    """The effect that takes a referral from a consultant and looks for another one."""
    return TellRoom(room=ROOM, about={"consultant": instead_of})


def not_in_training(state: Referral, wanted: Request) -> list[TellRoom]:
    """The same where somebody in training has it and is not, or no longer, welcome."""
    unwelcome = state.open and state.consultant and wanted.trainee_welcome != "yes"
    return (
        [another_consultant(state.consultant)]
        if unwelcome and people.in_training(state.consultant)
        else []
    )
