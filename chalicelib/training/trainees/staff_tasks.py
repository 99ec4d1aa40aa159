"""What a coordinator is asked about a trainee: what becomes of one who wants a change or whose time is over,
and to confirm that one has completed the program."""

from __future__ import annotations

from typing import Final

from chalicelib import rooms
from chalicelib.aws.now import now as this_moment
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.training import cohort as cohorts
from chalicelib.training.trainees import changing, completion, progress
from chalicelib.training.trainees.model import COMPLETED, ON_LEAVE, Trainee, TraineePayload
from chalicelib.training.trainees.tasks import WISHES
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.request_context import reader
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.tasks import ending

CONFIRM, NOT_MET = "confirm", "not_met"
DONE: Final = "completed"
CONFIRMED: Final = N_(
    "They get their certificate, and are asked to become a consultant. If it was a mistake, open the training "
    "again on their page: that is possible for 90 days, and not once they are a consultant."
)
STAY: Final = N_("Nothing changes: they go on")


def facts(state: Trainee) -> list[Fact]:
    """The cohort, and what they asked for."""
    found: list[Fact] = [(N_("Cohort"), [cohorts.cohort(state.cohort).name])]
    return [*found, (N_("They asked for"), [WISHES[state.wish]])] if state.wish else found


def details(state: Trainee) -> TemplateValues:
    """Who it is, and what they have of each requirement."""
    parts, lang = progress.parts(state, this_moment()), reader()
    return {
        "name": state.contact.name,
        "parts": [(one.met, completion.sentence(one, lang)) for one in parts],
        "complete": completion.met(parts),
        "away": state.status == ON_LEAVE,
    }


# -- a change ----------------------------------------------------------------------------------------
def review_form(state: Trainee) -> Form:
    """What becomes of them. Whose time is over cannot go on as before."""
    return changing.form(state, stay=STAY if state.until > this_moment() else "")


def review(state: Trainee, values: Values, at: int) -> Outcome:
    """What was decided."""
    return changing.decide(state, values, at, answers=True)


REVIEW = Kind[Trainee](
    name="training_review",
    stage="training",
    role="coordinator",
    deadline=Deadline("assignment", business_days(5)),
    letter="trainees/review",
    words=TaskWords(
        title=N_("Talk with a trainee, and decide how they go on"),
        waiting=N_("Waiting for a coordinator to decide how the trainee goes on"),
        short=N_("to decide how the trainee goes on"),
        then=N_("If nothing is decided, the same is asked again %(when)s."),
        overdue=N_("A coordinator should decide how a trainee goes on."),
        asked=N_("A coordinator was asked to talk with the trainee."),
        answered={
            changing.GO_ON: N_("The trainee goes on."),
            changing.AWAY: N_("The trainee is on leave."),
            changing.MOVED: N_("The trainee goes on with another cohort."),
            changing.ENDED: N_("The trainee left the program."),
        },
        expired=N_("Nobody decided how the trainee goes on."),
        said={
            changing.GO_ON: N_("The trainee goes on."),
            changing.AWAY: N_("The trainee is on leave, and hears of it by letter."),
            changing.MOVED: N_(
                "The trainee goes on with another cohort, and hears of it by letter."
            ),
            changing.ENDED: N_("The trainee left the program, and hears of it by letter."),
        },
    ),
    policy=TaskPolicy(undo=True),
    page=TaskPage(
        form=review_form,
        facts=facts,
        details=details,
        template="trainees/task.html",
        shows_details_first=True,
    ),
    decide=review,
    outcomes=frozenset({changing.GO_ON, changing.AWAY, changing.MOVED, changing.ENDED, "expired"}),
    examples={
        changing.ENDED: {"decision": changing.END, "why": "own_wish"},
        changing.GO_ON: lambda state, at: {
            "decision": changing.MORE_TIME,
            "until": changing.in_days(at, 60),
        },
    },
)


# -- completion --------------------------------------------------------------------------------------
def confirm(state: Trainee, values: Values, at: int) -> Outcome:
    """They completed the program; unless something was put right meanwhile, and it is not all there."""
    parts = progress.parts(state, at)
    if not completion.met(parts):
        return Outcome(NOT_MET, final=False)
    told = TraineePayload(cohort=state.cohort, progress={one.name: one.have for one in parts})
    changes, effects, rows = ending(
        state,
        status=COMPLETED,
        closure=DONE,
        at=at,
        mails=[changing.letter("completed", always=True)],
    )
    tells = [TellRoom(room=one, about={"cohort": state.cohort}) for one in rooms.TRAINED]
    return Outcome(DONE, changes, told, [*effects, *tells], rows)


COMPLETION = Kind[Trainee](
    name="training_completion",
    stage="training",
    role="coordinator",
    deadline=Deadline("assignment", business_days(5)),
    letter="trainees/completion",
    words=TaskWords(
        title=N_("Confirm that a trainee completed the program"),
        waiting=N_("Waiting for a coordinator to confirm that the program is completed"),
        short=N_("to confirm that the program is completed"),
        then=N_("If nobody answers, the same is asked again %(when)s."),
        overdue=N_("A coordinator should confirm that a trainee completed the program."),
        asked=N_("A coordinator was asked to confirm that the program is completed."),
        answered={
            DONE: N_("The trainee completed the program."),
            NOT_MET: N_("Something was put right meanwhile: not all that is required is there."),
        },
        expired=N_("Nobody confirmed that the program is completed."),
        said={
            DONE: N_("The trainee completed the program, and hears of it by letter."),
            NOT_MET: N_(
                "Something was put right meanwhile: not all that is required is there. The trainee goes on."
            ),
        },
    ),
    page=TaskPage(
        form=lambda state: Form(
            radios(
                "decision",
                N_("Did they complete the program?"),
                (CONFIRM, N_("Yes: all that is required is there"), CONFIRMED),
            )
        ),
        facts=facts,
        details=details,
        template="trainees/task.html",
        shows_details_first=True,
    ),
    decide=confirm,
    outcomes=frozenset(
        {DONE, NOT_MET, changing.GO_ON, changing.AWAY, changing.MOVED, changing.ENDED, "expired"}
    ),
    examples={DONE: {"decision": CONFIRM}},
)
