"""What a trainee is asked for as long as the program lasts: to send in coursework, and to say when something
has to change. Their page shows what they have of each requirement, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.aws.now import now as this_moment
from chalicelib.domain.service_standards import Deadline, Deadlines
from chalicelib.training import cohort as cohorts
from chalicelib.training.trainees import changing, completion, events, progress
from chalicelib.training.trainees.model import (
    CONFIRMED,
    ON_LEAVE,
    REPORTED,
    TRAINEE,
    Trainee,
    TraineeChanges,
    TraineePayload,
)
from chalicelib.training.trainees.schedule import lists
from chalicelib.web.forms import Field, Form, Values, radios, select, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.request_context import reader
from chalicelib.web.text_input import secure_link
from chalicelib.workflow.kinds import (
    OPEN_UNTIL,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)

REPORT, CHANGE = "report", "change"
BACK: Final = changing.BACK
SENT, WISHED, COMPLETE, TIME_OVER = "reported", "wants_a_change", "complete", "time_over"
BREAK, LATER, STOP = "break", "later", "stop"
WISHES: Final = {
    BREAK: N_("I need a break"),
    LATER: N_("I want to go on with a later cohort"),
    STOP: N_("I want to leave the program"),
}


def form(state: Trainee) -> Form:
    """Coursework that is not confirmed yet, and a change that they want."""
    cohort = cohorts.cohort(state.cohort)
    open_work = [
        (one.id, one.title.get(reader(), ""))
        for one in cohort.asked_for
        if state.work.get(one.id) != CONFIRMED
    ]
    report = (REPORT, N_("Send in coursework"), N_("You send a link to your work."))
    change = (
        CHANGE,
        N_("I need a break, a later cohort, or to stop"),
        N_("We will talk with you before anything changes."),
    )
    away = state.status == ON_LEAVE
    choices = [
        *([(BACK, N_("I am back from my leave"))] if away else []),
        *([report] if open_work else []),
        change,
    ]
    return Form(
        radios("decision", N_("What do you want to do?"), *choices),
        *([
            select("item", N_("Which coursework?"), *open_work, when=_chose(REPORT)),
            Field("link", "text", N_("Link to your work"), max_length=500, check=secure_link,
                  hint=N_("For example, a shared document. Do not write about a child or a family in it."),
                  when=_chose(REPORT)),
        ] if open_work else []),
        radios("wish", N_("What do you need?"), *WISHES.items(), when=_chose(CHANGE)),
        textarea("why", N_("Is there something that we should know?"), required=False,
                 max_length=600, hint=N_("You do not have to say why."), when=_chose(CHANGE)),
    )  # fmt: skip


def _chose(decision: str) -> Callable[[Values], bool]:
    return lambda values: values.get("decision") == decision


def facts(state: Trainee) -> list[Fact]:
    """Which cohort it is."""
    return [(N_("Cohort"), [cohorts.cohort(state.cohort).name])]


def details(state: Trainee) -> TemplateValues:
    """What they have of each requirement."""
    parts = progress.parts(state, this_moment())
    lang = reader()
    return {
        "parts": [(one.met, completion.sentence(one, lang)) for one in parts],
        "complete": completion.met(parts),
        "away": state.status == ON_LEAVE,
        "ahead": [one.at for one in lists.ahead(state, this_moment())],
    }


def decide(state: Trainee, values: Values, at: int) -> Outcome:
    """Coursework is sent in, and they go on; or they want a change, which a coordinator looks at."""
    if values["decision"] == CHANGE:
        wish = words(values, "wish")
        return Outcome(
            WISHED,
            TraineeChanges(wish=wish),
            TraineePayload(wish=wish),
            final=False,
            reason=words(values, "why"),
        )
    if values["decision"] == BACK:
        changes = changing.back(state, at)
        return Outcome(changing.GO_ON, changes, stays=True, event=events.BACK)
    item = words(values, "item")
    changes = TraineeChanges(work={**state.work, item: REPORTED})
    told = TraineePayload(item=item, link=words(values, "link"))
    return Outcome(SENT, changes, told, stays=True)


def over(state: Trainee, at: int) -> Outcome:
    """The time of the program is over: a coordinator looks at what they have."""
    return Outcome(COMPLETE if progress.complete(state, at) else TIME_OVER, final=False)


def limits(state: Trainee, at: int) -> Deadlines:
    """As long as the program lasts for them."""
    until = max(state.until, at + 60)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def _report(state: Trainee, at: int) -> Values:
    item = next(one.id for one in cohorts.cohort(state.cohort).asked_for)
    return {"decision": REPORT, "item": item, "link": "https://example.org/my-work"}


TRAINING: Final = Kind[Trainee](
    name="training",
    stage="training",
    role=TRAINEE,
    # Each task brings its own instants: the last day of the cohort.
    deadline=Deadline("training", None),
    letter="trainees/training",
    words=TaskWords(
        title=N_("Your page of the training program"),
        by=OPEN_UNTIL,
        waiting=N_("Takes part in the training program"),
        short=N_("to complete the training program"),
        then=N_("The time of the program is over %(when)s. Then a coordinator looks at it."),
        overdue=N_("The time of the program is over for a trainee."),
        asked=N_("The trainee got the link to their page."),
        answered={
            SENT: N_("The trainee sent in coursework."),
            WISHED: N_("The trainee wants something to change. A coordinator was asked."),
            COMPLETE: N_("All that is required is there. A coordinator was asked to confirm it."),
            TIME_OVER: N_("The time of the program is over. A coordinator was asked."),
        },
        expired={
            COMPLETE: N_("All that is required is there. A coordinator was asked to confirm it."),
            "": N_("The time of the program is over. A coordinator was asked."),
        },
        said={
            SENT: N_("Thank you. Your facilitator or the team will look at it."),
            WISHED: N_("Thank you for telling us. We will talk with you before anything changes."),
            changing.GO_ON: N_("Welcome back."),
        },
    ),
    policy=TaskPolicy(many=True, undo=True),
    page=TaskPage(
        form=form,
        facts=facts,
        details=details,
        template="trainees/task.html",
        shows_details_first=True,
        shows_details_after=True,
    ),
    decide=decide,
    expire=over,
    outcomes=frozenset(
        {SENT, WISHED, COMPLETE, TIME_OVER, changing.GO_ON, changing.AWAY, changing.MOVED,
         changing.ENDED}
    ),
    examples={WISHED: {"decision": CHANGE, "wish": BREAK}, SENT: _report},
)  # fmt: skip
