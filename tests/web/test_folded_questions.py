"""No question that an answer calls for is ever folded away, on any form that people are mailed."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from chalicelib.referral.intake.for_caller import SETTINGS, form_of
from chalicelib.web.folding import folded
from chalicelib.web.forms import Form, blank
from chalicelib.workflow.kinds import kind_of
from tests.workflow.lifecycle import LifecycleHarness

from .kinds import KINDS, asked

SEED = int(os.environ.get("SEED", "7"))
TRIES = 150


def hidden_though_asked(form: Form, chance: random.Random) -> set[str]:
    """The questions that some answers call for, on a page that does not show them then."""
    shut = folded(form, blank(form))
    found: set[str] = set()
    for _ in range(TRIES):
        pressed: dict[str, Any] = {}
        for one in form.fields:
            if one.options and chance.random() < 0.8:
                value = chance.choice(one.options)[0]
                pressed[one.name] = [value] if one.many else value
        chosen = {(k, v[0] if isinstance(v, list) else v) for k, v in pressed.items()}
        shown = {number for pair in chosen for number in shut.sets.get(pair, [])}
        seen: dict[
            str, Any
        ] = {}  # as forms.clean reads them: an answer that is not asked is no answer
        for one in sorted(form.fields, key=lambda field: not field.ahead):
            if one.when is not None and not one.when(seen):
                continue
            seen[one.name] = pressed.get(one.name)
            if one.name in shut.questions and shut.questions[one.name] not in shown:
                found.add(one.name)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_task_asks_is_on_the_screen_when_it_is_asked(
    harness: LifecycleHarness, kind: str
) -> None:
    state = asked(harness, kind).state
    print(f"SEED={SEED}")
    assert not hidden_though_asked(kind_of(kind).page.form(state), random.Random(SEED))


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_is_keyed_in_for_a_caller_is_on_the_screen_when_it_is_asked(setting: str) -> None:
    print(f"SEED={SEED}")
    assert not hidden_though_asked(form_of(setting), random.Random(SEED))


def test_whoever_records_a_session_sees_what_was_recorded_first(harness: LifecycleHarness) -> None:
    form = kind_of("service").page.form(asked(harness, "service").state)
    shut = folded(form, blank(form))
    assert [one.name for one in form.fields if one.name not in shut.questions] == [
        "happened",
        "note",
        "note_for",
    ]
