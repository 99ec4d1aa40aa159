"""What is decided about a trainee besides what they do: leave of absence, a later cohort, more time, the end.

One form and one decision, wherever it is made: in the task in which a coordinator looks at a trainee, or by
staff on the trainee's page at any time.
"""

from __future__ import annotations

from typing import Final, cast

from chalicelib.aws.now import now, scaled
from chalicelib.aws.writes import Write
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.training import cohort as cohorts
from chalicelib.training import seats
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import events, opening
from chalicelib.training.trainees.model import (
    ENROLLED,
    ON_LEAVE,
    TRAINEE,
    TRANSFERRED,
    WITHDRAWN,
    Trainee,
    TraineeChanges,
    TraineePayload,
)
from chalicelib.web.forms import Field, Form, Values, radios, select, textarea, words
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.effects import Effect, SendLetter
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.pause import lifted, pause
from chalicelib.workflow.tasks import ending

STAY, LEAVE, BACK, TRANSFER, MORE_TIME, END = "stay", "leave", "back", "transfer", "time", "end"
# What a run hears.
GO_ON, AWAY, MOVED, ENDED = "go_on", "on_leave", "moved", "ended"
WEEK: Final = 7 * 86400
REASONS: Final = {
    "own_wish": N_("Their own wish"),
    "no_time": N_("No time beside work or family"),
    "moved_away": N_("Moved away, or has another job"),
    "not_completed": N_("Did not complete what is required"),
    "not_reached": N_("We could not reach them"),
    "other": N_("Another reason"),
}
FULL: Final = N_("That cohort has no free seat.")
PASSED: Final = N_("Choose a day after today.")


def later_cohorts(state: Trainee, at: int) -> list[Cohort]:
    """The cohorts that a trainee may go to: those that are not over, the next first."""
    today = calendar.pacific_date(at).isoformat()
    return sorted(
        (one for one in cohorts.cohorts() if one.id != state.cohort and one.ends_on > today),
        key=lambda one: one.begins_on,
    )


def form(state: Trainee, *, stay: str = "") -> Form:
    """What becomes of a trainee; ``stay``: the words of the choice that leaves all as it is, "" without it."""
    others = later_cohorts(state, now())
    away = state.pause is not None
    choices = [
        *([(STAY, stay)] if stay else []),
        *([(BACK, N_("They are back"))] if away else []),
        (LEAVE, N_("Leave of absence"), N_("They are on no list of a meeting until they are back.")),
        (MORE_TIME, N_("More time, in the same cohort")),
        *([(TRANSFER, N_("Another cohort"), N_("What they have done so far counts there."))]
          if others else []),
        (END, N_("They leave the program"), N_("Their seat is free again. For 90 days you can open the training again on their page, if a seat is free.")),
    ]  # fmt: skip
    return Form(
        radios("decision", N_("What was decided?"), *choices),
        Field("until", "date", N_("Until which day?"),
              when=lambda values: values.get("decision") in (LEAVE, MORE_TIME)),
        *([select("cohort", N_("Which cohort?"), *((one.id, one.name) for one in others),
                  when=lambda values: values.get("decision") == TRANSFER)] if others else []),
        select("why", N_("Why do they leave?"), *REASONS.items(),
               when=lambda values: values.get("decision") == END),
        textarea("note", N_("Note"), required=False, max_length=600,
                 hint=N_("For staff. Please write nothing about health.")),
    )  # fmt: skip


def decide(state: Trainee, values: Values, at: int, *, answers: bool = False) -> Outcome:
    """What becomes of a trainee. ``answers``: it is the answer to a task that ends with it. Raises Invalid."""
    choice, note = words(values, "decision"), words(values, "note")
    if choice == END:
        return _ended(state, words(values, "why"), note, at, answers)
    if choice == TRANSFER:
        return _moved(state, cohorts.cohort(words(values, "cohort")), note, at, answers)
    if choice == LEAVE:
        return _on_leave(state, _day(values, at), note, at, answers)
    changes, effects, event = TraineeChanges(wish=None), list[Effect](), events.EXTENDED
    told = TraineePayload()
    if choice == BACK:
        event = events.BACK
        changes = with_(changes, back(state, at))
    elif choice == MORE_TIME:
        until = _day(values, at)
        told["until"] = until
        changes = with_(changes, TraineeChanges(until=until), _timed(state, until))
        effects.append(letter("more_time"))
    return Outcome(
        GO_ON,
        changes,
        told,
        effects,
        final=False,
        stays=not answers,
        reason=note,
        event=None if answers else event,
    )


def _day(values: Values, at: int) -> int:
    """The end of the day that was typed, in this deployment's time. Raises Invalid."""
    until = scaled(at, calendar.end_of(words(values, "until")))
    if until <= at:
        raise Invalid({"until": PASSED})
    return until


def _on_leave(state: Trainee, until: int, note: str, at: int, answers: bool) -> Outcome:
    """They are away, and hear a week before that it ends; then they go on by themselves."""
    remind = max(at, until - (scaled(at, at + WEEK) - at))
    hold = pause(state, ON_LEAVE, "leave", at, until, TRAINEE, remind)
    return Outcome(
        AWAY,
        with_(TraineeChanges(wish=None), hold),
        TraineePayload(until=until),
        [letter("on_leave")],
        final=False,
        stays=not answers,
        reason=note,
        event=None if answers else events.LEFT_FOR_A_WHILE,
    )


def back(state: Trainee, at: int) -> TraineeChanges:
    """They go on, in the time that the program has."""
    return with_(TraineeChanges(), lifted(state, at), _timed(state, state.until))


def pause_ends(state: Trainee, at: int, asked: str) -> tuple[Changes, list[Effect]]:
    """A leave is over, or the later cohort begins. The letter with their link says so."""
    return back(state, at), []


def _timed(state: Trainee, until: int) -> Changes:
    """What they are asked lasts until then."""
    if state.task is None or state.task.role != TRAINEE:
        return {}
    instants = {"due": until, "escalate": until, "expires": until, "remind": []}
    return {"task": state.task.model_copy(update=instants)}


def _moved(state: Trainee, cohort: Cohort, note: str, at: int, answers: bool) -> Outcome:
    """They go on with another cohort: their seat is there now, and all that they did counts."""
    changes = with_(
        TraineeChanges(
            wish=None,
            cohort=cohort.id,
            seat=state.reference,
            group=None,
            facilitator=state.facilitator if state.facilitator in cohort.facilitators else None,
            until=opening.over(cohort, at),
            earlier=[*state.earlier, state.cohort],
            earlier_groups=[*state.earlier_groups, *([state.group] if state.group else [])],
        ),
        lifted(state, at),
    )
    begins = scaled(at, calendar.begin_of(cohort.begins_on))
    if begins > at:
        still = state.model_copy(update={"pause": None, "status": ENROLLED})
        changes = with_(changes, pause(still, TRANSFERRED, "later_cohort", at, begins, TRAINEE))
    rows: list[Write] = [
        *seat_back(state, at),
        cohorts.take_seat(cohort.id, state.reference),
        opening.listed(cohort.id, state.reference, at),
    ]
    told = TraineePayload(cohort=cohort.id)
    return Outcome(
        MOVED, changes, told, [letter("transferred")], rows, final=False, reason=note,
        event=None if answers else events.MOVED,
    )  # fmt: skip


def _ended(state: Trainee, why: str, note: str, at: int, answers: bool) -> Outcome:
    mails = [letter("withdrawn", always=True)]
    changes, effects, rows = ending(
        state, status=WITHDRAWN, closure=why, at=at, reason=note or why, mails=mails
    )
    return Outcome(
        ENDED, changes, TraineePayload(cohort=state.cohort), effects, rows, reason=note or why,
        event=None if answers else events.WITHDREW,
    )  # fmt: skip


def seat_back(state: Trainee, at: int = 0) -> list[Write]:
    """Their seat is free again, and offered to who waits for it."""
    return seats.give_back(state.cohort, state.seat, at or now()) if state.seat else []


def letter(name: str, *, always: bool = False) -> SendLetter:
    """A letter to the trainee."""
    return SendLetter(letter=f"trainees/{name}", to=TRAINEE, always=always)


def with_(changes: TraineeChanges, *more: Changes) -> TraineeChanges:
    """Several changes as one."""
    found: dict[str, object] = dict(changes)
    for one in more:
        found |= one
    return cast("TraineeChanges", found)


def in_days(at: int, days: int) -> str:
    """The day so many days later, as the form takes it."""
    return calendar.pacific_date(at + 86400 * days).isoformat()
