"""Whoever waits more than five days for a consultation is invited to the next session that fits: once, and
never again for who asked for no such letters.

Which room's sessions these are, ``rooms.INVITED_TO`` says. A session fits that is held in the language of
the person's letters, is on, has a place, and begins in more than an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.aws.now import scaled
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Key, create, field
from chalicelib.directory import mail_choices
from chalicelib.domain.errors import NotFound
from chalicelib.meetings import rows as meetings
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.owners import owner_of
from chalicelib.referral.events import INVITED, ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.waits.told import STATUSES
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import indexes, keys, store

TIER: Final = "intensive"
AFTER: Final = 5 * 86400
SOON: Final = 3600
# What a request keeps of its invitation.
ROW: Final = "INVITED"


def invite(at: int) -> int:
    """Invite everybody whose time it is; returns how many."""
    if rooms.INVITED_TO not in rooms.MEETINGS:
        return 0
    ahead = [one for one in meetings.ahead(rooms.INVITED_TO, at) if _fits(one, at)]
    if not ahead:
        return 0
    late = list(_waiting(at))
    told = {
        keys.reference_of(str(row["pk"]))
        for row in dynamodb.batch_get(Key(keys.case_pk(one), ROW) for one in late)
    }
    return sum(_invited(one, ahead, at) for one in late if one not in told)


def _fits(meeting: Meeting, at: int) -> bool:
    return meeting.on and not meeting.full and meeting.begins > scaled(at, at + SOON)


def _waiting(at: int) -> Iterator[str]:
    """References of the requests that were sent more than five days ago and wait for a consultant."""
    sent = field(keys.BOARD.order).at_most(str(2 * at - scaled(at, at + AFTER)))
    for row in dynamodb.each(indexes.partition("open"), sent, index=keys.BOARD):
        if row.get("tier") == TIER and row.get("stage") == "match":
            yield str(row[keys.BOARD.order]).partition("#")[2]


def _invited(reference: str, ahead: list[Meeting], at: int) -> bool:
    """Invite one, if they still wait and want to hear of it."""
    state = store.load(reference, Referral)
    fits = next((one for one in ahead if one.language == state.language), None)
    email = state.contact.email
    if fits is None or not _waits(state) or not email or state.contact.blocked:
        return False
    if mail_choices.unwanted(email, mail_choices.INVITATIONS):
        return False
    meeting = fits

    def decide(fresh: Referral) -> Command | None:
        if not _waits(fresh):
            return None
        letter = SendLetter(letter="waits/invitation", to="provider")
        entry = Entry(
            event=INVITED,
            at=at,
            actor="clock",
            command=f"invite:{reference}",
            payload=ReferralPayload(meeting=meeting.id),
            effects=[letter],
        )
        return entry, [create(Key(keys.case_pk(reference), ROW), {"at": at, "meeting": meeting.id})]

    try:
        store.change(reference, decide, state)
    except store.Refused:
        return False  # somebody else invited them at this very moment
    return True


def _waits(state: Referral) -> bool:
    return state.open and state.pause is None and state.status in STATUSES and state.tier == TIER


def facts(state: Referral, entry: Entry, lang: str) -> TemplateValues:
    """What the letter says of the session; its link leads to it."""
    meeting = meetings.find(str(entry.payload.get("meeting", "")))
    if meeting is None:
        raise NotFound("meeting")
    return {
        "title": meeting.title_in(lang),
        "at": meeting.at,
        "link": f"{settings().base_url}{owner_of(meeting).page(meeting)}",
    }
