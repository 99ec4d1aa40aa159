"""What staff and the facilitator record of a trainee: coursework that is in order, meetings that took place,
and with whom and in which small group they learn."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.training.trainees import events
from chalicelib.training.trainees.changing import letter
from chalicelib.training.trainees.model import (
    CONFIRMED,
    Trainee,
    TraineeChanges,
    TraineePayload,
    told_in,
)
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.events import EventName
from chalicelib.workflow.storage import store

PROGRESS = TellRoom(room="training_progress")


def confirm_work(state: Trainee, item: str, by: str, command: str, at: int) -> Command | None:
    """A piece of coursework is in order, whether they sent a link or showed it otherwise."""
    if not state.open or state.work.get(item) == CONFIRMED:
        return None
    changes = TraineeChanges(work={**state.work, item: CONFIRMED})
    told = TraineePayload(item=item)
    return _entry(events.WORK_CONFIRMED, changes, told, by, command, at, [PROGRESS]), ()


def return_work(
    state: Trainee, item: str, why: str, by: str, command: str, at: int
) -> Command | None:
    """Something is missing in it: they are asked for it again, and read why."""
    if not state.open or item not in state.work:
        return None
    left = {one: how for one, how in state.work.items() if one != item}
    effects: list[Effect] = [letter("work_returned")]
    told = TraineePayload(item=item)
    entry = _entry(
        events.WORK_RETURNED, TraineeChanges(work=left or None), told, by, command, at, effects
    )
    return entry.model_copy(update={"reason": why}), ()


def log_talk(
    state: Trainee, day: str, minutes: int, by: str, command: str, at: int
) -> Command | None:
    """They met with their facilitator."""
    if not state.open:
        return None
    told = TraineePayload(day=day, minutes=minutes)
    changes = TraineeChanges(talks=state.talks + 1)
    return _entry(events.TALKED, changes, told, by, command, at, [PROGRESS]), ()


def strike_talk(state: Trainee, version: int, by: str, command: str, at: int) -> Command | None:
    """A meeting with the facilitator was written down by mistake."""
    if not state.open or version not in [entry.version for entry in talks(state)]:
        return None
    changes = TraineeChanges(talks=state.talks - 1 or None)
    return _entry(events.TALK_STRUCK, changes, TraineePayload(struck=version), by, command, at), ()


def talks(state: Trainee) -> list[Entry]:
    """The meetings with the facilitator that count, the newest first."""
    log = store.log(state)
    struck = {told_in(entry).get("struck") for entry in log if entry.event == events.TALK_STRUCK}
    return [e for e in reversed(log) if e.event == events.TALKED and e.version not in struck]


def place(
    state: Trainee, group: str, facilitator: str, by: str, command: str, at: int
) -> Command | None:
    """With whom, and in which small group they learn."""
    if not state.open or (state.group, state.facilitator) == (group, facilitator):
        return None
    changes = TraineeChanges(group=group or None, facilitator=facilitator or None)
    if state.group and state.group != group:
        changes["earlier_groups"] = [*state.earlier_groups, state.group]
    told: list[Effect] = []
    if facilitator and facilitator != state.facilitator:
        told.append(SendLetter(letter="trainees/facilitator", to=facilitator))
    if group and group != state.group:
        told.append(letter("meetings"))
    return _entry(events.PLACED, changes, TraineePayload(), by, command, at, told), ()


def schedule(state: Trainee, by: str, command: str, at: int) -> Command | None:
    """Meetings were entered: they hear of all that they have."""
    if not state.takes_part:
        return None
    entry = _entry(
        events.SCHEDULED, TraineeChanges(), TraineePayload(), by, command, at, [letter("meetings")]
    )
    return entry, ()


def _entry(
    event: EventName,
    changes: TraineeChanges,
    told: TraineePayload,
    by: str,
    command: str,
    at: int,
    effects: Sequence[Effect] = (),
) -> Entry:
    return Entry(
        event=event,
        at=at,
        actor=by,
        command=command,
        changes=changes,
        payload=told,
        effects=effects,
    )
