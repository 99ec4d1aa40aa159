"""What is done once a day for those who wait: invitations, and how long others waited."""

from __future__ import annotations

from chalicelib.referral.waits import invite, kept


def each_minute(at: int) -> None:
    """Look whether the day is over. What fails is tried again in the next minute."""
    if kept.due(at):
        invite.invite(at)
        kept.look(at)
