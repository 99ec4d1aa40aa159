"""A run needs attention: a person starts it again, or notes why it waits."""

from __future__ import annotations

from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea
from chalicelib.web.languages import N_
from chalicelib.workflow.attention import ATTENTION as ATTENTION
from chalicelib.workflow.case_types import where_it_stands
from chalicelib.workflow.cases import Case
from chalicelib.workflow.effects import StopRun
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.reconciler.causes import broke
from chalicelib.workflow.reconciler.restarts import restart_changes

RESTART, LEAVE = "restart", "leave"


def form(state: Case) -> Form:
    """Start the run again, or leave it for now with a note."""
    return Form(
        radios(
            "decision",
            N_("What should happen?"),
            (
                RESTART,
                N_("Start it again now"),
                N_("It goes on where it stopped. Nobody is asked or told twice."),
            ),
            (
                LEAVE,
                N_("Leave it for now"),
                N_("Say why. This task stays open, and we remind you."),
            ),
        ),
        textarea(
            "note",
            N_("Note for the record"),
            hint=NO_CHILD,
            when=lambda values: values.get("decision") == LEAVE,
        ),
    )


def facts(state: Case) -> list[Fact]:
    """What broke, by its name and never by its words, which may be personal; and where it stands."""
    found = broke(state)
    told: list[Fact] = [
        (N_("What happened"), list(dict.fromkeys(one.words for one in found))),
        (N_("In the state"), [one.state for one in found if one.state]),
        (N_("As the system says it"), list(dict.fromkeys(one.error for one in found))),
    ]
    return [*[fact for fact in told if fact[1]], *where_it_stands(state)]


def decide(state: Case, values: Values, now: int) -> Outcome:
    """Restart one generation on, or keep the note and the task.

    The verdict is not remembered for the stage: what breaks again must ask again.
    """
    if values["decision"] == LEAVE:
        note = str(values["note"])
        return Outcome(
            "noted", payload={"note": note}, stays=True, event=of_task("repair", "noted")
        )
    changes, effects = restart_changes(state)
    # The old run waits for this very answer and ends by its own path when it hears it.
    effects = [effect for effect in effects if not isinstance(effect, StopRun)]
    return Outcome("restarted", changes, effects=effects, final=False)


REPAIR = Kind(
    name="repair",
    role="coordinator",
    deadline=Deadline("repair", business_days(10)),
    letter="workflow/repair",
    words=TaskWords(
        title=N_("Look at a request whose process has stopped"),
        waiting=N_("The process has stopped. Waiting for the coordinator to look into it"),
        short=N_("to look into a process that has stopped"),
        then=ASKED_AGAIN,
        overdue=N_("A coordinator should look at a process that has stopped."),
        asked=N_("The process stopped. %(who)s was asked to look into it."),
        answered={
            "": N_("The process was started again, as number %(generation)s."),
            "noted": N_("A note was left, and the stopped process stays as it is for now."),
        },
        expired=N_("Nobody looked into the stopped process in time. %(who)s is asked again."),
        said={
            "restarted": N_("The process was started again."),
            "noted": N_("Your note is kept. The task stays open."),
        },
    ),
    policy=TaskPolicy(trouble="attention"),
    page=TaskPage(form=form, facts=facts),
    decide=decide,
    outcomes=frozenset({"restarted", "noted", "expired"}),
    examples={
        "restarted": {"decision": RESTART},
        "noted": {"decision": LEAVE, "note": "We wait for the vendor"},
    },
)
