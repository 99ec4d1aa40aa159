"""What a practicum hears of others: of the referral that its trainee has, of the provider's answer about hours,
and of the trainee's own case. Each is done once for an entry, however often it is told."""

from __future__ import annotations

from typing import cast

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.training.practicum import events, hours, log, opening
from chalicelib.training.practicum.confirm import ask_provider
from chalicelib.training.practicum.model import (
    AWAY,
    BEGINS,
    LOOKS,
    NAME,
    TRAINEE,
    WORKS,
    Practicum,
    PracticumChanges,
    PracticumPayload,
    stands,
)
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Case, Command, Entry, Pause
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.events import EventName
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.pause import pause, resume
from chalicelib.workflow.side_tasks import begin
from chalicelib.workflow.stage_change import move
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered, ending


def news(home: Case, version: int, told: TellRoom) -> None:
    """Somebody in training got a referral, held a session of it, or has it no longer."""
    key = str(people.consultant_now(str(told.about["consultant"])).get("practicum", ""))
    if not key:
        return
    referral = store.load(home.reference, consistent=True)
    command = f"of:{home.reference}:{version}"

    def decide(state: Practicum) -> Command | None:
        theirs = referral.works_on(state.consultant)
        if theirs and state.home != referral.reference and state.open:
            return _home_found(state, referral.reference, command), ()
        if not theirs and state.home == referral.reference:
            return _home_over(state, command)
        return None

    state = store.change(key, decide, press=command)
    if referral.reference in state.homes:
        ask_provider(referral.reference, key)
        _finish(state, f"enough:{command}")


def _entry(
    event: EventName, command: str, changes: PracticumChanges, told: PracticumPayload
) -> Entry:
    return Entry(
        event=event, at=now(), actor="system", command=command, changes=changes, payload=told
    )


def _told(state: Practicum) -> TellRoom:
    """The training hears that other hours are confirmed."""
    return TellRoom(room=log.PROGRESS, about={"trainee": state.trainee})


def _home_found(state: Practicum, home: str, command: str) -> Entry:
    had = [one for one in state.homes if one != home]
    found = PracticumChanges(home=home, homes=[*had, home])
    changes = cast("PracticumChanges", {**found, **stands(state, WORKS)})
    return _entry(events.HOME_FOUND, command, changes, PracticumPayload(home=home))


def _home_over(state: Practicum, command: str) -> Command:
    """The hours stay; with enough of them it ends, else another home is looked for."""
    told = PracticumPayload(home=state.home)
    over = PracticumChanges(home=None)
    if state.open and not _enough(state):
        over = cast("PracticumChanges", {**over, **stands(state, LOOKS)})
    return _entry(events.HOME_OVER, command, over, told), ()


def hours_logged(state: Case, version: int, told: TellRoom) -> None:
    """Hours were logged, put right or settled: the provider is asked, and the training hears of it."""
    home = str(told.about["home"])
    if home:
        ask_provider(home, state.reference)
    _finish(store.load(state.reference, Practicum, consistent=True), f"enough:{version}")


def answered_by_provider(home: Case, version: int, told: TellRoom) -> None:
    """The provider confirmed hours, or said that some are not right: these go to who guides the trainee."""
    about, key = told.about, str(told.about["practicum"])
    command = f"hours:{home.reference}:{version}"

    def decide(state: Practicum) -> Command:
        payload = PracticumPayload(
            confirmed=[str(one) for one in about["confirmed"]],
            disputed=[str(one) for one in about["disputed"]],
            home=home.reference,
        )
        entry = _entry(events.HOURS_ANSWERED, command, PracticumChanges(), payload)
        entry.effects = [_told(state)]
        if not about["disputed"]:
            return entry, ()
        which = {"home": home.reference, "hours": about["disputed"], "why": about["why"]}
        begun = begin(state, kind_of("practicum_dispute"), state.facilitator, now(), which)
        payload["about"] = which
        entry.changes = begun.changes
        entry.effects = [*begun.effects, _told(state)]
        return entry, begun.same_transaction

    state = store.change(key, decide, press=command)
    ask_provider(home.reference, key)
    _finish(state, f"enough:{command}")


def of_trainee(trainee: Case, version: int, told: TellRoom) -> None:
    """The trainee is away, back, or their training is over: no home is offered meanwhile, and the one that
    they have goes on with somebody else, unless they have completed the program."""
    state = opening.of_trainee(trainee.reference)
    if state is None:
        return
    now_is, command = str(told.about["stands"]), f"training:{version}"
    _rest(state, now_is not in ("back", "again"))
    _waits(state.reference, trainee.pause, command, away=now_is == "away")
    if now_is == "again":
        _again(state.reference, f"again:{version}")
    if now_is in ("away", "left"):
        registry.load(rooms.GIVES_BACK)(
            state.consultant, "leave" if now_is == "away" else "left", command
        )
    if now_is in ("left", "completed"):
        _end(state.reference, now_is == "completed", command)


def _rest(state: Practicum, rests: bool) -> None:
    """Told late, it rests nobody who has become a consultant since."""
    if people.consultant_now(state.consultant).get("trainee"):
        people.set_fields(state.consultant, {"practicum_rests": True if rests else None})


def _waits(reference: str, leave: Pause | None, command: str, *, away: bool) -> None:
    """Nobody is asked or reminded while the trainee is away; back, they have the time that was left."""

    def decide(state: Practicum) -> Command | None:
        if not state.open or (state.status == AWAY) is away:
            return None
        if away and (leave is None or state.pause is not None):
            return None
        at = now()
        changes = (
            pause(state, AWAY, "leave", at, leave.until, TRAINEE)
            if away and leave is not None
            else resume(state, at)
        )
        event = events.RESTS if away else events.GOES_ON
        made = cast("PracticumChanges", changes)
        return _entry(event, f"waits:{command}", made, PracticumPayload()), ()

    store.change(reference, decide, press=f"waits:{command}")


def _end(reference: str, enough: bool, command: str) -> None:
    """Its end, wherever it stands."""

    def decide(state: Practicum) -> Command | None:
        if not state.open:
            return None
        status = "practicum_done" if enough else "practicum_stopped"
        changes, effects, rows = ending(
            state, status=status, closure=status, at=now(), tell="closed"
        )
        entry = Entry(
            event=events.ENDED, at=now(), actor="system", command=command,
            changes=changes, effects=effects,
        )  # fmt: skip
        return entry, rows

    store.change(reference, decide, press=command)


def _again(reference: str, command: str) -> None:
    """It goes on where the training was opened again; what was logged stays."""

    def decide(state: Practicum) -> Command | None:
        if state.open or _enough(state):
            return None
        changes, effects = move(state, NAME)
        over = PracticumChanges(status=BEGINS, closed=None, closure=None, reason=None)
        entry = Entry(
            event=events.AGAIN, at=now(), actor="system", command=command,
            changes=cast("PracticumChanges", {**over, **changes}), effects=effects,
        )  # fmt: skip
        return entry, ()

    store.change(reference, decide, press=command)


def _enough(state: Practicum) -> bool:
    needed: int = registry.load(rooms.PRACTICUM_NEEDS)(state.trainee)
    return hours.tally(state).confirmed >= needed


def _finish(state: Practicum, command: str) -> None:
    """A practicum that has its hours ends when its home is over."""

    def decide(fresh: Practicum) -> Command | None:
        task = fresh.task
        ready = fresh.open and not fresh.home and fresh.homes and task is not None
        if not ready or task is None or task.kind != log.HOURS.name or not _enough(fresh):
            return None
        outcome = log.finished(fresh, now(), enough=True)
        entry = answered(fresh, kind_of(task.kind), outcome, "system", command, now())
        return entry, outcome.same_transaction

    store.change(state.reference, decide, state, press=command)
