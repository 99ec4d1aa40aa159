"""Lambda functions as Chalice packages them, known by name only.

AWS imports a function's own module and calls it with (event, context), without app.py. So the app
need not import that module to register it: here it is imported when this process calls the function.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from chalice.app import BaseLambdaEvent, Blueprint

from chalicelib.domain.json_values import Json

# Which stream and which topic they are is said by the template.
STREAM = "arn:aws:dynamodb:us-west-2:000000000000:table/set-by-the-template"
TOPIC = "set-by-the-template"
# How a run ends that should not have; whose runs is said by the template.
ENDED_BADLY: Json = {
    "source": ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"]},
}


@cache
def load(name: str) -> Callable[..., Any]:
    """The function behind "room.module:function", within chalicelib."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"chalicelib.{module}"), function)
    return found


def called(code: str, name: str) -> Blueprint:
    """A function that a state machine calls, under a name of its own."""

    def handler(event: Json, context: object) -> object:
        return load(code)(event, context)

    blueprint, handler.__name__ = _place(code)
    blueprint.lambda_function(name=name)(handler)
    return blueprint


def every(rate: str, code: str) -> Blueprint:
    """A function that runs by the clock; ``rate`` as in "5 minutes"."""
    blueprint, name = _place(code)
    blueprint.schedule(f"rate({rate})", name=name)(_with_event(code))
    return blueprint


def on_stream(code: str) -> Blueprint:
    """A function that gets the changes of the table."""
    blueprint, name = _place(code)
    blueprint.on_dynamodb_record(stream_arn=STREAM, name=name)(_with_event(code))
    return blueprint


def on_topic(code: str) -> Blueprint:
    """A function that gets the messages of the mail topic."""
    blueprint, name = _place(code)
    blueprint.on_sns_message(topic=TOPIC, name=name)(_with_event(code))
    return blueprint


def on_run_end(code: str) -> Blueprint:
    """A function that hears of each run that failed, timed out or was stopped."""
    blueprint, name = _place(code)
    blueprint.on_cw_event(ENDED_BADLY, name=name)(_with_event(code))
    return blueprint


def _place(code: str) -> tuple[Blueprint, str]:
    module, _, name = code.partition(":")
    return Blueprint(f"chalicelib.{module}"), name


def _with_event(code: str) -> Callable[[BaseLambdaEvent], object]:
    """A handler that takes Chalice's event object, and calls with what AWS would."""

    def handler(event: BaseLambdaEvent) -> object:
        return load(code)(event.to_dict(), event.context)

    handler.__name__ = code.rpartition(":")[2]
    return handler
