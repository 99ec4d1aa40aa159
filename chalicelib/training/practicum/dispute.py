"""Hours that the provider says are not right: who guides the trainee talks with both, and says what counts."""

from __future__ import annotations

from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.training.practicum import hours
from chalicelib.training.practicum.hours import Hours
from chalicelib.training.practicum.log import LONGEST, PROGRESS, ROOM
from chalicelib.training.practicum.model import Practicum, PracticumPayload
from chalicelib.training.practicum.words import HOURS_WRONG
from chalicelib.web.forms import Field, Form, Values, number, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import SendLetter, TellRoom
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.side_tasks import asked_anew

AS_LOGGED, OTHER, NOTHING = "as_logged", "other", "nothing"


def about(view: Practicum) -> list[Hours]:
    """The hours that are in dispute."""
    assert view.task is not None
    found = hours.tally(view).of(str(one) for one in view.task.about["hours"])
    return [one for one in found if one.stands == hours.DISPUTED]


def form(view: Practicum) -> Form:
    """What counts of them."""
    return Form(
        radios(
            "decision", N_("What counts?"),
            (AS_LOGGED, N_("The hours count as the trainee logged them")),
            (OTHER, N_("They count, but not as logged")),
            (NOTHING, N_("They do not count")),
        ),
        Field(
            "minutes", "number", N_("How many minutes each?"), minimum=5, maximum=LONGEST,
            width="short", when=lambda values: values.get("decision") == OTHER,
        ),
    )  # fmt: skip


def decide(view: Practicum, values: Values, now: int) -> Outcome:
    """It counts from now on; the trainee is told."""
    choice = words(values, "decision")
    told = PracticumPayload(settled=[one.id for one in about(view)])
    if choice != AS_LOGGED:
        told["minutes"] = number(values, "minutes") if choice == OTHER else 0
    home = str((view.task.about if view.task else {}).get("home", ""))
    effects = [
        SendLetter(letter="practicum/settled", to="trainee", always=True),
        TellRoom(room=ROOM, about={"home": home}),
        TellRoom(room=PROGRESS, about={"trainee": view.trainee}),
    ]
    return Outcome(choice, payload=told, effects=effects)


def details(view: Practicum) -> TemplateValues:
    """The hours, and what the provider said of them."""
    assert view.task is not None
    return {
        "trainee": view.contact.name,
        "lines": about(view),
        "why": HOURS_WRONG.get(str(view.task.about.get("why", "")), ""),
        "home": view.task.about.get("home", ""),
    }


DISPUTE = Kind[Practicum](
    name="practicum_dispute",
    role="consultant",
    deadline=Deadline("agreement", business_days(10), remind_when_due=True),
    letter="practicum/dispute",
    words=TaskWords(
        title=N_("Say which hours of a practicum count"),
        waiting=N_("Waiting for the facilitator to say which hours of a practicum count"),
        short=N_("to say which hours count"),
        then=ASKED_AGAIN,
        overdue=N_("A facilitator should say which hours of a practicum count."),
        asked=N_("%(who)s was asked which hours of the practicum count."),
        answered={
            AS_LOGGED: N_("The hours count as the trainee logged them."),
            OTHER: N_("The hours count with other minutes."),
            NOTHING: N_("The hours do not count."),
        },
        expired=N_("Nobody said which hours of the practicum count. It is asked again."),
        said={
            one: N_("Thank you. The trainee is told what counts.")
            for one in (AS_LOGGED, OTHER, NOTHING)
        },
    ),
    policy=TaskPolicy(after_close=True),
    page=TaskPage(
        form=form, details=details, template="practicum/dispute.html", shows_details_first=True
    ),
    decide=decide,
    expire=asked_anew,
    outcomes=frozenset({AS_LOGGED, OTHER, NOTHING, "expired"}),
    examples={
        AS_LOGGED: {"decision": AS_LOGGED},
        OTHER: {"decision": OTHER, "minutes": 45},
        NOTHING: {"decision": NOTHING},
    },
)
