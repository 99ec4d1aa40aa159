"""Each trainee is on the lists of the sessions of their cohort and of the meetings of their small group, for as
long as they take part; what they came to stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.now import now
from chalicelib.aws.ses import Attachment
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.members import calendar, put_on, take_off
from chalicelib.meetings.model import Meeting
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.opening import ON_LISTS
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.storage import store

# Letters that bring all meetings into a calendar, and those that take them out.
BRING: Final = ("trainees/training", "trainees/meetings")
TAKE: Final = ("trainees/on_leave", "trainees/withdrawn")


def groups_of(state: Trainee) -> list[str]:
    """The groups whose meetings somebody comes to: the cohort, which has its sessions, and the small group."""
    return [one for one in (state.cohort, state.group) if one]


def tells(before: Trainee, after: Trainee, entry: Entry) -> Sequence[Effect]:
    """What leaves with an entry besides: to the lists of meetings, where they are not as the trainee is."""
    had, has = (groups_of(one) if one.takes_part else [] for one in (before, after))
    same = had == has and (before.contact, before.language) == (after.contact, after.language)
    about = {"groups": list(dict.fromkeys([*had, *has]))}
    if same or not about["groups"]:
        return entry.effects
    return [TellRoom(room=ON_LISTS, about=about), *entry.effects]


def put_right(state: Case, version: int, told: TellRoom) -> None:
    """Put a trainee on the lists of these groups' meetings, or off them, as they stand now."""
    trainee = store.load(state.reference, Trainee, consistent=True)
    for group in told.about["groups"]:
        on_it = trainee.takes_part and group in groups_of(trainee)
        for meeting in listed.meetings(group):
            if on_it:
                put_on(meeting, trainee, now())
            else:
                take_off(meeting, trainee.reference, now())


def ahead(state: Trainee, at: int) -> list[Meeting]:
    """The meetings that somebody comes to, the next first."""
    if not state.takes_part:
        return []
    found = [one for group in groups_of(state) for one in listed.ahead(group, at)]
    return sorted(found, key=lambda one: (one.at, one.id))


def files(
    state: Trainee, entry: Entry, effect: SendLetter, to: str, lang: str
) -> Sequence[Attachment]:
    """The calendar file of a letter about a trainee."""
    at, off = now(), effect.letter in TAKE
    if not off and (effect.letter not in BRING or not state.takes_part):
        return []
    meetings = [one for group in groups_of(state) for one in listed.meetings(group)]
    return calendar(meetings, state, to, lang, at, off=off)
