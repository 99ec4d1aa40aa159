"""A consultation by somebody in training is followed by their practicum: who hears when they get it, hold a
session or have it no longer, and which sessions they held. Its room is named in ``rooms.py``."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.domain.vocabulary import FAMILY_CHILD_CARE
from chalicelib.referral.events import told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.storage import store

ROOM: Final = "practicum_news"


def followed(before: Referral, after: Referral, entry: Entry) -> list[TellRoom]:
    """What leaves with an entry for the practicum of who has it, or had it. Nobody is looked up for other
    kinds of care, nor where nothing changed that a practicum reads."""
    if after.setting not in FAMILY_CHILD_CARE and before.setting not in FAMILY_CHILD_CARE:
        return []
    had, have = (one.consultant if one.works_on(one.consultant) else "" for one in (before, after))
    theirs = {one for one in (had, have) if one} if had != have else set()
    if "session" in told_in(entry) and have:
        theirs.add(have)
    return [
        TellRoom(room=ROOM, about={"consultant": one})
        for one in sorted(theirs)
        if people.consultant(one).get("practicum")
    ]


def sessions_of(reference: str, consultant: str) -> list[tuple[int, str, int, str]]:
    """The sessions that a consultant held of a referral: the entry's version, the ISO day, minutes, how.

    Whoever wrote it down, a session is of who had the referral at the time.
    """
    log, had, whose = store.log(store.load(reference, Referral)), "", {}
    for entry in log:
        had = str(entry.changes.get("consultant", had) or "")
        whose[entry.version] = had
    return [
        (one.version, one.day, one.minutes, one.mode)
        for one in episode(log).held
        if whose[one.version] == consultant
    ]
