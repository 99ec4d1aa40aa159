"""The steps of a machine: load, decide, save, answer. One Lambda function a machine plays them all.

A step of an older run generation ends without an effect; one whose work is done already
says the recorded verdict again.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import Final, cast

from chalicelib.aws import dynamodb, stepfunctions
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.directory import people
from chalicelib.domain.json_values import Json
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import ROLES
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.cases import ASKS, C, Case, Changes, Command, Entry, Payload
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.events import EventName
from chalicelib.workflow.kinds import Kind, Opening, kind_of
from chalicelib.workflow.storage import store, task_tokens
from chalicelib.workflow.tasks import opened

ASK = "ask_"
# Roles that a case gives to one person; the others are of the county.
IN_CASE = ("consultant", "specialist")
Verdict = dict[str, str]
Handler = Callable[[Json, object], Verdict]


# What a machine may hear of any step in place of its own words: the case went on without this run.
OVERTAKEN: Final = frozenset({"superseded", "restarted", "moved", "withdrawn", "closed"})


@frozen
class Step:
    """One step of a machine. Takes {"referral", "generation"} and, where it asks a person, "token";
    returns {"verdict"}. ``says``: the verdicts that a machine may hear of it, beside ``OVERTAKEN``."""

    name: str
    play: Handler
    says: frozenset[str]

    def __call__(self, event: Json, context: object) -> Verdict:
        """Play it. One that fails says so in the table, because a run tells only whoever looks at it."""
        try:
            return self.play(event, context)
        except Exception as error:
            with contextlib.suppress(Exception):
                store.note_failing(
                    str(event["referral"]),
                    int(event["generation"]),
                    self.name,
                    type(error).__name__,
                    now(),
                )
            raise


def steps_of(module: str) -> dict[str, Step]:
    """The steps of an imported module, by name."""
    found = vars(sys.modules[module]).values()
    return {one.name: one for one in found if isinstance(one, Step)}


def step_of(module: str, name: str) -> Step:
    """The step of that name: the module's own, or the plain question of a kind of task.

    Raises KeyError when there is neither.
    """
    own = steps_of(module)
    return own[name] if name in own else plain_question(kind_of(name.removeprefix(ASK)))


def plain_question(kind: Kind) -> Step:
    """The step that asks whoever has the kind's role in the case, with nothing else to decide."""

    def begin(state: Case, now: int) -> Opening:
        """The applicant, whoever has the role in the case, or who is in charge of its county."""
        changes: Changes = {"status": kind.status} if kind.status else {}
        if kind.role == applicant_of(state):
            return Opening(changes=changes)
        who = state.in_role(kind.role) if kind.role in IN_CASE else ""
        if kind.role in ROLES:
            who = people.still(who, kind.role, state.county)
        return Opening(who, changes)

    return ask(kind)(begin)


def stage(module: str) -> Handler:
    """The Lambda function of a machine: plays the step of ``module`` that the event names."""

    def play(event: Json, context: object) -> Verdict:
        return step_of(module, str(event["step"]))(event, context)

    return play


@frozen
class Decision:
    """What a step decided, and the change that records it.

    ``also`` are rows of the same transaction; ``ahead`` rows that are written before it.
    """

    verdict: str
    event: EventName
    changes: Changes = field(default_factory=Changes)
    payload: Payload = field(default_factory=Payload)
    effects: Sequence[Effect] = ()
    same_transaction: Sequence[Write] = ()
    write_first: Sequence[Write] = ()


def _settled(state: Case, generation: int, name: str, after_close: bool) -> str | None:
    """The verdict of a step that must not act: superseded, over, or done before."""
    if generation < state.generation:
        return "superseded"
    if name in state.done:
        return state.done[name]
    if not state.open and not after_close:
        return "withdrawn" if state.status == "withdrawn" else "closed"
    return None


def step(
    name: str, stage: str, *, says: Iterable[str], after_close: bool = False
) -> Callable[[Callable[[C, int], Decision]], Step]:
    """Make a decision function ``(state, now) -> Decision`` a step."""

    def wrap(decide: Callable[[C, int], Decision]) -> Step:
        def handler(event: Json, context: object) -> Verdict:
            reference, generation = str(event["referral"]), int(event["generation"])
            said: list[str] = []

            def one(state: C) -> Command | None:
                settled = _settled(state, generation, name, after_close)
                if settled is not None:
                    said.append(settled)
                    return None
                at = now()
                decision = decide(state, at)
                # A step may come again in its run, once a person was asked in between.
                command = f"{name}:{generation}:{state.tasks}"
                for row in decision.write_first:
                    dynamodb.write(row)
                said.append(decision.verdict)
                changes: Changes = {}
                done = state.done
                if state.stage != stage and not after_close:
                    changes["stage"], done = stage, {}
                changes |= {"done": {**done, name: decision.verdict}} | decision.changes
                entry = Entry(
                    event=decision.event,
                    at=at,
                    actor="system",
                    command=command,
                    changes=changes,
                    payload=decision.payload,
                    effects=decision.effects,
                )
                return entry, decision.same_transaction

            state = store.change(reference, one, cast("C", store.load_with_neighbors(reference)))
            verdict = state.done.get(name, said[-1])
            _note(name, reference, generation, verdict)
            return {"verdict": verdict}

        return Step(name, handler, frozenset(says))

    return wrap


def ask(kind: Kind[C]) -> Callable[[Callable[[C, int], Opening]], Step]:
    """Make an opening function ``(state, now) -> Opening`` the step that asks a person.

    It opens the task, or gives an open one
    (after a restart) the new token, or answers at once when there is nothing to ask.
    """

    name = ASK + kind.name

    def wrap(begin: Callable[[C, int], Opening]) -> Step:
        def handler(event: Json, context: object) -> Verdict:
            reference, generation = str(event["referral"]), int(event["generation"])
            token = str(event["token"])
            at_once: list[str] = []

            def one(state: C) -> Command | None:
                at_once.clear()
                settled = _settled(state, generation, kind.name, kind.policy.after_close)
                if settled is not None:
                    at_once.append(settled)
                    return None
                if state.task is not None and state.task.kind == kind.name:
                    return None
                at = now()
                opening = begin(state, at)
                for row in opening.write_first:
                    dynamodb.write(row)
                if opening.verdict:
                    at_once.append(opening.verdict)
                    command = f"skip:{kind.name}:{generation}:{state.version}"
                    event = opening.event
                    return _skipped(opening, event, command, at) if event else None
                command = f"{ASKS}{kind.name}:{generation}:{state.tasks + 1}"
                mark = task_tokens.keep(reference, token, at)
                return opened(state, kind, opening, mark, command, at), opening.same_transaction

            state = _change(reference, one)
            if at_once:
                stepfunctions.answer(token, at_once[-1])
                _note(name, reference, generation, at_once[-1])
                return {"verdict": at_once[-1]}
            if state.task is not None and state.task.token != task_tokens.fingerprint(token):
                mark = task_tokens.keep(reference, token, now())
                if not store.attach_token(state, mark):
                    return handler(event, context)  # answered meanwhile: look again
            _note(name, reference, generation, "asked")
            return {"verdict": "asked"}

        return Step(name, handler, kind.outcomes)

    return wrap


def _skipped(opening: Opening, event: EventName, command: str, at: int) -> Command:
    """The command of a step that asks nobody, because there is nothing to ask."""
    entry = Entry(
        event=event,
        at=at,
        actor="system",
        command=command,
        changes=opening.changes,
        payload=opening.payload,
        effects=opening.effects,
    )
    return entry, opening.same_transaction


def _change(reference: str, decide: Callable[[C], Command | None], tries: int = 5) -> C:
    """Change a case; where a place was taken meanwhile, decide again from what is free now.

    Raises Refused when that happened ``tries`` times.
    """
    for _ in range(tries - 1):
        with contextlib.suppress(store.Refused):
            return store.change(reference, decide, cast("C", store.load_with_neighbors(reference)))
    return store.change(reference, decide)


def _note(name: str, reference: str, generation: int, verdict: str) -> None:
    logger().info(
        "step",
        extra={"step": name, "referral": reference, "generation": generation, "verdict": verdict},
    )
