"""The provider confirms the hours of a trainee by one press, or says which are not right: a task beside the
referral of the home. One is open at a time; what is logged meanwhile is asked when it is answered."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.training.practicum import hours
from chalicelib.training.practicum.hours import Hours
from chalicelib.training.practicum.log import said
from chalicelib.training.practicum.model import Practicum, PracticumPayload
from chalicelib.training.practicum.words import HOURS_WRONG
from chalicelib.web.forms import Form, Option, Values, checkboxes, radios, several, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.request_context import reader
from chalicelib.workflow.cases import Case, Command, Entry, Payload
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.side_tasks import asked_anew, begin, open_rows
from chalicelib.workflow.storage import store

CONFIRMED, DISPUTED = "confirmed", "disputed"
# What is told of an answer.
ROOM: Final = "practicum_answered"


def asked(view: Case) -> tuple[Practicum, list[Hours]]:
    """The practicum that a task is about, and those of its hours that still wait."""
    assert view.task is not None
    state = store.load(str(view.task.about["practicum"]), Practicum)
    ids = [str(one) for one in view.task.about["hours"]]
    return state, [one for one in hours.tally(state).of(ids) if one.stands == hours.WAITING]


def form(view: Case) -> Form:
    """Yes to all of them, or which are not right and why."""
    _, lines = asked(view)
    wrong = lambda values: values.get("decision") == DISPUTED  # noqa: E731
    options: list[Option] = [(one.id, said(one, reader())) for one in lines]
    choices: list[Option] = [(CONFIRMED, N_("Yes, that is right"))]
    if not options:
        return Form(radios("decision", N_("Is that right?"), *choices))
    choices.append((DISPUTED, N_("No, something is not right")))
    return Form(
        radios("decision", N_("Is that right?"), *choices),
        checkboxes("wrong", N_("What is not right?"), *options, when=wrong),
        radios("why", N_("What was it?"), *HOURS_WRONG.items(), when=wrong),
    )


def decide(view: Case, values: Values, at: int) -> Outcome:
    """What is not right goes to who guides the trainee; the rest counts."""
    state, lines = asked(view)
    wrong = several(values, "wrong") if words(values, "decision") == DISPUTED else []
    about = {
        "practicum": state.reference,
        "confirmed": [one.id for one in lines if one.id not in wrong],
        "disputed": [one.id for one in lines if one.id in wrong],
        "why": words(values, "why") if wrong else "",
    }
    tell = TellRoom(room=ROOM, about=about)
    verdict = DISPUTED if wrong else CONFIRMED
    told = PracticumPayload(hours_wrong=str(about["why"])) if wrong else PracticumPayload()
    return Outcome(verdict, payload=told, effects=[tell])


def details(view: Case) -> TemplateValues:
    """The trainee, and the hours that are asked about."""
    state, lines = asked(view)
    return {
        "trainee": state.contact.name,
        "lines": lines,
        "minutes": sum(one.minutes for one in lines),
    }


def _example(view: Case, at: int) -> Values:
    _, lines = asked(view)
    wrong = [lines[0].id] if lines else []
    return (
        {"decision": DISPUTED, "wrong": wrong, "why": "shorter"}
        if wrong
        else {"decision": CONFIRMED}
    )


CONFIRM: Final = Kind[Case](
    name="practicum_confirm",
    role="provider",
    deadline=Deadline("agreement", business_days(10), remind_when_due=True),
    letter="practicum/confirm",
    words=TaskWords(
        title=N_("Confirm the hours of your consultant in training"),
        waiting=N_("Waiting for the provider to confirm the hours of a trainee"),
        short=N_("to confirm the hours of a trainee"),
        then=ASKED_AGAIN,
        overdue=N_("A provider should confirm the hours of a trainee. You can ask them by phone."),
        asked=N_("The provider was asked to confirm the hours of the trainee."),
        answered={
            CONFIRMED: N_("The provider confirmed the hours of the trainee."),
            DISPUTED: N_("The provider said that hours of the trainee are not right."),
        },
        expired=N_("The provider did not confirm the hours of the trainee. They are asked again."),
        provider_asked=N_("We asked you to confirm the hours of your consultant in training."),
        provider_answered={
            CONFIRMED: N_("You confirmed the hours of your consultant in training."),
            DISPUTED: N_("You told us that hours of your consultant in training are not right."),
        },
        said={
            CONFIRMED: N_("Thank you. The hours are confirmed."),
            DISPUTED: N_("Thank you. Who guides your consultant looks into it. Nobody is blamed."),
        },
    ),
    policy=TaskPolicy(after_close=True),
    page=TaskPage(
        form=form, details=details, template="practicum/confirm.html", shows_details_first=True
    ),
    decide=decide,
    expire=asked_anew,
    outcomes=frozenset({CONFIRMED, DISPUTED, "expired"}),
    examples={CONFIRMED: {"decision": CONFIRMED}, DISPUTED: _example},
)


def ask_provider(home: str, practicum: str) -> None:
    """Ask the provider of a home about the hours that wait for them, unless they are asked already."""

    def decide(case: Case) -> Command | None:
        theirs = [one for one in open_rows(case) if one.kind == CONFIRM.name and not one.over]
        if theirs:
            return None
        waits = hours.tally(store.load(practicum, Practicum, consistent=True)).to_confirm(home)
        if not waits:
            return None
        begun = begin(case, CONFIRM, "", now(), {"practicum": practicum, "hours": waits})
        entry = Entry(
            event=of_task(CONFIRM.name, "asked"),
            at=now(),
            actor="system",
            command=f"confirm:{begun.number}",
            changes=begun.changes,
            payload=Payload(beside=CONFIRM.name, task=begun.number, **begun.payload),
            effects=begun.effects,
        )
        return entry, begun.same_transaction

    store.change(home, decide)
