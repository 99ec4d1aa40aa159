"""Send the effects of a command: letters, starts and ends of runs, answers to runs.

The stream calls this at once and the scheduler makes it certain. Starts and answers are idempotent by
nature. A letter leaves once per effect key (reference, version, number); ``mail`` sends it.
"""

from __future__ import annotations

from chalicelib.aws import stepfunctions
from chalicelib.aws.errors import is_refused, is_transient
from chalicelib.aws.log import logger
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import (
    AnswerRun,
    Effect,
    Redrive,
    SendLetter,
    StartRun,
    StopRun,
    TellRoom,
)
from chalicelib.workflow.storage import store, task_tokens


class NotLeft(Exception):
    """Some effects of an entry could not leave; ``failures``: (number, effect, error) of each."""

    def __init__(self, failures: list[tuple[int, Effect, Exception]]) -> None:
        super().__init__(", ".join(f"{n}: {type(e).__name__}" for n, _, e in failures))
        self.failures = failures

    @property
    def broken(self) -> bool:
        """True when trying again soon cannot help: it is not AWS that is away."""
        return not any(is_transient(error) for _, _, error in self.failures)

    @property
    def refused(self) -> bool:
        """True when AWS refuses something until somebody mends what is ours."""
        return any(is_refused(error) for _, _, error in self.failures)

    @property
    def kinds(self) -> list[str]:
        """What could not leave: ``mail``, ``start``, ``answer``, ``stop``, ``tell``."""
        failed = [effect for _, effect, _ in self.failures]
        found = [effect.do for effect in failed if not isinstance(effect, Redrive)]
        again = [kind for effect in failed if isinstance(effect, Redrive) for kind in effect.kinds]
        return list(dict.fromkeys([*found, *again]))

    @property
    def why(self) -> str:
        """The names of the errors, without their words: those may be personal."""
        return ", ".join(dict.fromkeys(type(error).__name__ for _, _, error in self.failures))


def dispatch(
    reference: str, entry: Entry, known: Case | None = None, *, heard: bool = False
) -> None:
    """Perform every effect of an entry, in order. Raises NotLeft when some failed.

    One that is broken does not hold up the others; while AWS is away the rest is not tried.
    ``known`` is a state of this very moment, if the caller has one. A letter must not be judged by a
    state that is older than its entry, so such a one is read again. ``heard``: its run has gone on
    since, so it has heard every answer.
    """
    failures: list[tuple[int, Effect, Exception]] = []
    state = known
    for number, effect in enumerate(entry.effects):
        if heard and isinstance(effect, AnswerRun):
            continue
        try:
            state = _fresh_enough(reference, entry, state)
            _perform(state, entry, number, effect)
        except Exception as error:
            failures.append((number, effect, error))
            if is_transient(error):
                break
    if failures:
        raise NotLeft(failures) from failures[0][2]


def _fresh_enough(reference: str, entry: Entry, state: Case | None) -> Case:
    if state is None:
        state = store.load(reference)
    return state if state.version >= entry.version else store.load(reference, consistent=True)


def _perform(state: Case, entry: Entry, number: int, effect: Effect) -> None:
    match effect:
        case SendLetter():
            registry.send_letter()(state, entry, number, effect)
        case StartRun():
            # An old entry replayed later must not wake a run that a newer one replaced.
            if effect.generation == state.generation:
                stepfunctions.start(
                    effect.machine, state.reference, effect.generation, effect.stage
                )
        case AnswerRun():
            token = task_tokens.find(state.reference, effect.token)
            if not token or not stepfunctions.answer(token, effect.verdict):
                logger().info(
                    "nobody waits", extra={"referral": state.reference, "v": entry.version}
                )
        case StopRun():
            stepfunctions.stop(effect.machine, effect.name, "a newer run took over")
        case TellRoom():
            registry.told(effect.room)(state, entry.version, effect)
        case Redrive():
            _redrive(state, effect)
        case _:
            raise ValueError(f"unknown effect {effect.do}")


def _redrive(state: Case, again: Redrive) -> None:
    """Try parked effects of an earlier entry again, under their own keys: what left stays left."""
    entry = next(e for e in store.log(state) if e.version == again.v)
    errors: list[Exception] = []
    for number in again.numbers:
        try:
            _perform(state, entry, number, entry.effects[number])
        except Exception as error:
            errors.append(error)
    if errors:
        raise next((e for e in errors if is_transient(e)), errors[0])
