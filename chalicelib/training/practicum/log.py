"""The page of a trainee's practicum: one link, on which hours are logged and put right until there are enough."""

from __future__ import annotations

from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadline
from chalicelib.training.practicum import hours, profile
from chalicelib.training.practicum.hours import Hours
from chalicelib.training.practicum.model import (
    DONE,
    MOST_MINUTES,
    NAME,
    STOPPED,
    TRAINEE,
    HoursTold,
    Practicum,
    PracticumPayload,
    told_in,
)
from chalicelib.web.forms import Field, Form, Option, Values, number, radios, select, words
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.render import TemplateValues
from chalicelib.web.request_context import reader
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.kinds import OPEN_UNTIL, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.tasks import ending

LOG, FIX, STRIKE = "log", "fix", "strike"
LOGGED, FIXED, STRUCK, ENOUGH, ENDED = "logged", "fixed", "struck", "enough", "stopped"
NO_HOME: Final = N_(
    "You have no home yet. You can log hours as soon as you have accepted an offer."
)
AHEAD: Final = N_("That day is still to come.")
WHICH: Final = N_("Choose the hours that were wrong.")
LONGEST: Final = 8 * 60
# Told about the hours: the provider is asked to confirm them, and the trainee's case hears of them.
ROOM: Final = "practicum_hours"
# Told when other hours are confirmed.
PROGRESS: Final = "training_progress"


def said(one: Hours, lang: str) -> str:
    """ "October 12: 45 minutes"."""
    text = N_("%(day)s: %(n)s minutes")
    return translator(lang)(text, day=date_words(one.moment, lang), n=one.minutes)


def own(state: Practicum) -> list[Hours]:
    """What they logged besides the sessions and can still put right: the provider has not confirmed it."""
    return [
        one
        for one in hours.tally(state).lines
        if not one.session and one.stands in (hours.WAITING, hours.DISPUTED)
    ]


def form(state: Practicum) -> Form:
    """One entry, or one that was wrong."""
    mine, lang = own(state), reader()
    choices: list[Option] = [(LOG, N_("Log hours"))]
    if mine:
        choices.append((FIX, N_("Change hours that I logged")))
        choices.append((STRIKE, N_("Take out hours that I logged by mistake")))
    timed = lambda values: values.get("decision") in (LOG, FIX)  # noqa: E731
    return Form(
        radios("decision", N_("What do you want to do?"), *choices),
        *(
            [
                select(
                    "which", N_("Which hours?"), *((one.id, said(one, lang)) for one in mine),
                    when=lambda values: values.get("decision") in (FIX, STRIKE), missing=WHICH,
                )
            ]
            if mine
            else []
        ),
        Field("day", "date", N_("On which day?"), when=timed),
        Field(
            "minutes", "number", N_("How many minutes?"), minimum=5, maximum=LONGEST, width="short",
            when=timed,
        ),
        radios("way", N_("How did you work with the home?"), *vocabulary.MODALITIES.items(), when=timed),
    )  # fmt: skip


def decide(state: Practicum, values: Values, now: int) -> Outcome:
    """One entry, and the task stays: the provider is asked to confirm it."""
    choice = words(values, "decision")
    if not state.homes:
        raise Invalid({"decision": NO_HOME})
    tell = TellRoom(room=ROOM, about={"home": state.home or state.homes[-1]})
    told = PracticumPayload()
    if choice in (FIX, STRIKE):
        wrong = next((one for one in own(state) if one.id == words(values, "which")), None)
        if wrong is None:
            raise Invalid({"which": WHICH})
        told["corrects"] = int(wrong.id)
    if choice in (LOG, FIX):
        told["hours"] = _typed(state, values, now)
    verdict = {LOG: LOGGED, FIX: FIXED, STRIKE: STRUCK}[choice]
    return Outcome(verdict, payload=told, effects=[tell], stays=True)


def _typed(state: Practicum, values: Values, now: int) -> HoursTold:
    day = words(values, "day")
    if day > pacific_date(now).isoformat():
        raise Invalid({"day": AHEAD})
    return HoursTold(
        home=state.home or state.homes[-1],
        day=day,
        minutes=number(values, "minutes"),
        way=words(values, "way"),
    )


def finished(state: Practicum, at: int, *, enough: bool) -> Outcome:
    """Its end: with the hours, or without."""
    status = DONE if enough else STOPPED
    changes, effects, rows = ending(state, status=status, closure=status, at=at)
    return Outcome(ENOUGH if enough else ENDED, changes, effects=effects, same_transaction=rows)


def details(state: Practicum) -> TemplateValues:
    """All hours with where each stands, the home, and what is said above twelve hours."""
    found = hours.tally(state)
    return {
        "tally": found,
        "stands": hours.STANDS,
        "home": state.home,
        "long": found.confirmed + found.waiting > MOST_MINUTES,
        "most": MOST_MINUTES // 60,
        "ways": vocabulary.MODALITIES,
    }


def recorded(state: Practicum, entry: Entry) -> Values:
    """The form's values for an entry."""
    told = told_in(entry)
    choice = LOG if "corrects" not in entry.payload else FIX if "hours" in told else STRIKE
    found: Values = {"decision": choice}
    if "corrects" in entry.payload:
        found["which"] = str(entry.payload["corrects"])
    kept = told.get("hours")
    return found | (
        {"day": kept["day"], "minutes": kept["minutes"], "way": kept["way"]} if kept else {}
    )


HOURS: Final = Kind[Practicum](
    name="practicum_hours",
    stage=NAME,
    role=TRAINEE,
    deadline=Deadline("sessions", None, monthly=True),
    letter="practicum/hours",
    words=TaskWords(
        title=N_("Your practicum and its hours"),
        by=OPEN_UNTIL,
        waiting=N_("Waiting for the hours of the practicum"),
        short=N_("to do the hours of the practicum"),
        then=N_("If the hours are not complete, the trainee is asked again %(when)s."),
        overdue=N_("A trainee should log the hours of their practicum."),
        asked=N_("The trainee got the page for the hours of their practicum."),
        answered={
            LOGGED: N_("The trainee logged hours."),
            FIXED: N_("The trainee changed hours that they had logged."),
            STRUCK: N_("The trainee took out hours that they had logged."),
            ENOUGH: N_("The practicum has its hours."),
            ENDED: N_("The practicum ended without its hours."),
        },
        expired=N_("The practicum does not have its hours yet. The trainee is asked again."),
        said={
            ENOUGH: N_("Your practicum has its hours. Thank you."),
            ENDED: N_("Your practicum has ended."),
        },
    ),
    policy=TaskPolicy(many=True),
    page=TaskPage(
        form=form,
        facts=profile.facts,
        details=details,
        template="practicum/hours.html",
        recorded=recorded,
        shows_details_after=True,
    ),
    decide=decide,
    outcomes=frozenset({LOGGED, FIXED, STRUCK, ENOUGH, ENDED, "expired"}),
    examples={
        LOGGED: lambda state, now: {
            "decision": LOG, "day": pacific_date(now).isoformat(), "minutes": 90, "way": "onsite",
        }
    },
)  # fmt: skip
