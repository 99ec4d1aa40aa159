"""One run: its machine drawn with the states passed and current, its events, and its repair.

Only this page asks the engine, and for one run. Without an answer it says what the table knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from chalice.app import Response

from chalicelib.aws import stepfunctions
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.console import case_record
from chalicelib.console.case_record import Run
from chalicelib.console.drawings.run_on_machine import Picture, picture
from chalicelib.console.execution_history import (
    GAVE_UP_WORDS,
    REPLACED_WORDS,
    STATUS_WORDS,
    Story,
    told,
)
from chalicelib.console.sentence import closed, sentence
from chalicelib.console.trouble import Sentence, look
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import is_reference
from chalicelib.domain.json_values import Json
from chalicelib.web.forms import Field, Form, Values
from chalicelib.web.languages import N_, long_words, translator, when_words
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.board import MARKS
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.machines import stages, titles
from chalicelib.workflow.reconciler.restarts import machine_of, restart
from chalicelib.workflow.storage import store

T = TypeVar("T")
_NAME = re.compile(r"(.{11})-([a-z_]+)-([0-9]{1,6})")
EVENTS_SHOWN = 300

REASON = Form(
    Field(
        "reason",
        "text",
        N_("Why do you start it again?"),
        hint=N_("It goes on where it stopped. Nobody is asked or told twice."),
        max_length=200,
        missing=N_("Say why, for the record."),
        guarded=True,
    )
)


def show_run(machine: str, name: str) -> Response:
    """The page of a run."""
    return _page(machine, name).show()


def restart_run(machine: str, name: str) -> Response:
    """Start the case's run again at its stage, for a reason."""
    reference, generation = _parse(machine, name)
    state = store.load(reference, consistent=True)
    whole = machine_of(state)
    if whole is None or generation != state.generation:
        return redirect(f"/console/runs/{machine}/{name}")

    def act(values: Values, command: str) -> str:
        after = restart(state, now(), current_staff().actor, str(values["reason"]))
        again = stepfunctions.run_name(reference, whole, after.generation)
        return f"/console/runs/{whole}/{again}"

    return _page(machine, name).press(act)


def _page(machine: str, name: str) -> FormPage:
    facts = partial(_facts, machine, name)
    return FormPage("console/run.html", REASON, facts=facts, draw=show)


def _parse(machine: str, name: str) -> tuple[str, int]:
    """Reference and generation in a run's name. Raises NotFound for what is no run of ours."""
    match = _NAME.fullmatch(name)
    if machine not in titles() or not match or match[2] != machine or not is_reference(match[1]):
        raise NotFound(name)
    return match[1], int(match[3])


def _facts(machine: str, name: str) -> Json:
    reference, generation = _parse(machine, name)
    state = store.load(reference, consistent=True)
    entries = store.log(state)
    lang, at = current().lang, now()
    definition = _asked(lambda: stepfunctions.definition(machine)) or {}
    description = _asked(lambda: stepfunctions.describe(machine, name))
    events = _asked(lambda: stepfunctions.history(machine, name)) if description else []
    story = told(description, events or [])
    if state.task is not None and story.struggling:
        story.stands = None  # it has asked since; not every engine tells of that
    drawn = _picture(definition, story, reference, generation, lang)
    whole = machine_of(state)
    said = _sentence(state, entries, machine, generation, story, at, lang)
    return {
        "state": state,
        "machine": machine,
        "name": name,
        "generation": generation,
        "said": said,
        "mark_word": MARKS[said.mark],
        "story": story,
        "status_word": _status_word(story),
        "why_blank": _why_blank(definition, description, events, generation, state.generation),
        "drawing": drawn,
        "shapes": {box.state: box.shape_word for box in drawn.boxes} if drawn else {},
        "happenings": list(reversed(story.happenings))[:EVENTS_SHOWN],
        "whole": parent_of(state),
        "parent": _parent(machine, state, generation),
        "newest": _newest(case_record.runs_of(state, entries), machine, name),
        "machines": titles(),
        "restartable": whole is not None
        and generation == state.generation
        and machine in (whole, state.stage),
        "live": story.status == "RUNNING" or (not story.status and generation == state.generation),
        "when": lambda instant: when_words(instant, at, lang),
        "long": lambda seconds: long_words(seconds, lang),
    }


def _asked(call: Callable[[], T]) -> T | None:
    """The engine's answer, or None: a page that explains is better than none."""
    try:
        return call()
    except Exception as error:
        logger().warning("engine did not answer", extra={"error": type(error).__name__})
        return None


def _picture(
    definition: Json, story: Story, reference: str, generation: int, lang: str
) -> Picture | None:
    if not definition.get("States"):
        return None

    def child(state: Json) -> str:
        arn = str(state.get("Parameters", {}).get("StateMachineArn", ""))
        machine = arn.removeprefix(settings().state_machine_prefix)
        if machine not in titles():
            return ""
        return f"/console/runs/{machine}/{stepfunctions.run_name(reference, machine, generation)}"

    return picture(definition, story, child, translator(lang))


def _parent(machine: str, state: Case, generation: int) -> str:
    """The path of the run that started this one; only a stage's run has one."""
    whole = parent_of(state)
    if machine not in stages():
        return ""
    return f"/console/runs/{whole}/{stepfunctions.run_name(state.reference, whole, generation)}"


def _newest(known: list[Run], machine: str, name: str) -> str:
    """The path of a later run of the same machine, "" when this is the newest."""
    same = [run for run in known if run.machine == machine]
    if not same or same[-1].name == name:
        return ""
    return f"/console/runs/{machine}/{same[-1].name}"


def _status_word(story: Story) -> str:
    if story.replaced:
        return REPLACED_WORDS
    if story.gave_up:
        return GAVE_UP_WORDS
    return STATUS_WORDS.get(story.status, N_("Not known to the engine"))


def _why_blank(
    definition: Json,
    description: Json | None,
    events: list[Json] | None,
    generation: int,
    today: int,
) -> str:
    """Why there is less to see than usual, as a msgid; "" when all is there."""
    if not definition:
        return N_("The engine does not answer right now. This is what our own record says.")
    if description is None and generation >= today:
        return N_("The engine does not know this run yet. A new run is there within a minute.")
    if description is None or not events:
        return N_(
            "The engine no longer keeps the history of this run. The request's own page tells "
            "what happened."
        )
    return ""


def _sentence(
    state: Case,
    entries: list[Entry],
    machine: str,
    generation: int,
    story: Story,
    at: int,
    lang: str,
) -> Sentence:
    """The waiting sentence of the case, or what became of a run that is not its live one."""
    _, parent = translator(lang), parent_of(state)
    if generation != state.generation:
        text = _(N_("A newer run took over: this one was replaced, and nobody waits for it."))
        return Sentence(text, "done")
    if machine == parent and not state.open:
        return closed(state, at, lang)
    live = machine in (machine_of(state), state.stage)
    # The table names a stage once a step of it has worked: what broke before that is ours, too.
    broken = _broken(story) if machine_of(state) else ""
    if not broken and (not live or (story.status == "SUCCEEDED" and machine != parent)):
        when = when_words(story.stopped, at, lang) if story.stopped else ""
        text = _(N_("This stage is over since %(when)s. The request has moved on."), when=when)
        return Sentence(text if when else _(N_("This stage is not at work now.")), "done")
    said = sentence(state, entries, at, lang, look(state))
    return Sentence(f"{_(broken)} {said.text}", "attention") if broken else said


def _broken(story: Story) -> str:
    """What is wrong with a run that should be at work, as a msgid; empty for nothing."""
    if story.gave_up:
        return N_("This run ended because a step of it broke.")
    if story.failed:
        return N_("This run has stopped. It is started again by itself, or you can do it here.")
    return N_("A step of this run fails and is tried again.") if story.struggling else ""
