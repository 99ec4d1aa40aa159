"""Something needs a person, beside the lifecycle: a run that stops again and again, a letter that
cannot leave, a referral on which the clock breaks. Nothing waits in silence."""

from __future__ import annotations

from chalicelib.aws.attribute_values import Item
from chalicelib.directory.people import in_charge
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import where_it_stands
from chalicelib.workflow.cases import Case, Payload
from chalicelib.workflow.effects import Redrive
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
from chalicelib.workflow.reconciler.findings import FINDINGS
from chalicelib.workflow.reconciler.restarts import machine_of, restart_changes
from chalicelib.workflow.side_tasks import Beginning, begin

AGAIN, DONE, LEAVE = "again", "done", "leave"

# What happened (``about.what``) -> what the first page says of it.
WHAT = {
    "run": N_(
        "The process of this request stopped again and again. We will not start it again by ourselves."
    ),
    "effects": N_("Something could not leave our house: a letter, or a word to the process."),
    "lost": N_(
        "What was asked of somebody is gone from our record, and we do not know what it was."
    ),
    "clock": N_("Our clock cannot do what is due for this request."),
    "refused": N_(
        "Letters or processes are held up, of this request and maybe of many. Nothing is lost: they go "
        "on by themselves once it is fixed. Please tell an administrator now. The page of the mail "
        "doctor says what to fix."
    ),
}
# What a parked effect is, for the first page.
LEAVES = {
    "mail": N_("A letter"),
    "start": N_("The start of the process"),
    "answer": N_("An answer to the process"),
    "stop": N_("The end of an older process"),
}
_AGAIN = {
    "run": (N_("Start it again now"), N_("It goes on where it stopped. Nobody is asked twice.")),
    "effects": (
        N_("Try to send it again now"),
        N_("What has left before does not leave twice. If it fails again, we will ask you again."),
    ),
}


def _what(state: Case) -> str:
    return str(state.task.about.get("what", "")) if state.task is not None else ""


def form(state: Case) -> Form:
    """Try again, say that it is taken care of, or leave it for now with a note."""
    options = []
    if (again := _AGAIN.get(_what(state))) is not None:
        options.append((AGAIN, *again))
    options += [
        (DONE, N_("It is taken care of"), N_("Say what you did. This task ends.")),
        (LEAVE, N_("Leave it for now"), N_("Say why. This task stays open, and we remind you.")),
    ]
    return Form(
        radios("decision", N_("What should happen?"), *options),
        textarea(
            "note",
            N_("Note for the record"),
            hint=NO_CHILD,
            when=lambda values: values.get("decision") in (DONE, LEAVE),
        ),
    )


def decide(state: Case, values: Values, now: int) -> Outcome:
    """Let it try again, end the task, or keep it with a note."""
    choice = values["decision"]
    note: Payload = {"note": words(values, "note")} if values.get("note") else {}
    if choice == LEAVE:
        return Outcome("noted", payload=note, stays=True, event=of_task(ATTENTION.name, "noted"))
    if choice == DONE:
        return Outcome("done", payload=note)
    assert state.task is not None
    about = state.task.about
    if _what(state) == "run":
        # The task beside is ours; what is started again is the lifecycle with its own.
        main = state.model_copy(update={"task": state.main_task, "main_task": None})
        if machine_of(main) is None:
            return Outcome("done")
        changes, effects = restart_changes(main)
        return Outcome("again", changes, effects=effects)
    redrive = Redrive(v=about["v"], numbers=about["numbers"], kinds=about.get("do", []))
    return Outcome("again", effects=[redrive])


def expire(state: Case, now: int) -> Outcome:
    """Asked again, of whoever is in charge now; what is wrong does not go away by itself."""
    assert state.task is not None
    begun = open_attention_task(state, now, state.task.about)
    return Outcome("expired", begun.changes, begun.payload, begun.effects, begun.same_transaction)


def open_attention_task(state: Case, at: int, about: Item) -> Beginning:
    """What a command takes over to ask the coordinator; ``about`` has ``what`` and ids."""
    return begin(state, ATTENTION, in_charge("coordinator", state.county), at, about)


def what_happened(about: Item) -> tuple[str, str]:
    """What a task is about in words (a msgid), and as our own record has it."""
    finding = str(about.get("finding", ""))
    words = FINDINGS.get(finding) or WHAT.get(str(about.get("what", "")), WHAT["clock"])
    return words, finding or str(about.get("why", ""))


def facts(state: Case) -> list[Fact]:
    """What happened and where; no names, no concerns."""
    assert state.task is not None
    words, raw = what_happened(state.task.about)
    found = [
        (N_("What happened"), list(dict.fromkeys([WHAT.get(_what(state), words), words]))),
        *([(N_("As the system says it"), [raw])] if raw else []),
        *where_it_stands(state),
    ]
    kinds = [LEAVES[do] for do in state.task.about.get("do", []) if do in LEAVES]
    if kinds:
        found.insert(1, (N_("What could not leave"), list(dict.fromkeys(kinds))))
    return found


ATTENTION = Kind(
    name="attention",
    role="coordinator",
    deadline=Deadline("repair", business_days(10)),
    letter="workflow/attention",
    words=TaskWords(
        title=N_("Look at something that does not work by itself"),
        waiting=N_("Something does not work by itself. Waiting for the coordinator to look at it"),
        short=N_("to look at something that does not work by itself"),
        then=ASKED_AGAIN,
        overdue=N_("A coordinator should look at something that does not work by itself."),
        asked=N_("A coordinator was asked to look at something that does not work by itself."),
        answered={
            "again": N_("The coordinator let the system try again."),
            "done": N_("The coordinator took care of it."),
            "noted": N_("A note was left. The coordinator's task stays open."),
        },
        expired=N_("Nobody looked at it in time. The coordinator is asked again."),
        said={
            "again": N_("It is tried again now."),
            "done": N_("Recorded as taken care of."),
            "noted": N_("Your note is kept. The task stays open."),
        },
    ),
    policy=TaskPolicy(after_close=True, trouble="attention"),
    page=TaskPage(form=form, facts=facts),
    decide=decide,
    expire=expire,
    outcomes=frozenset({"again", "done", "noted", "expired"}),
    examples={
        "done": {"decision": DONE, "note": "The clock goes again"},
        "noted": {"decision": LEAVE, "note": "We wait for the vendor"},
    },
)
