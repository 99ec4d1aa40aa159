"""A press in two steps: first the page says what the change will do, then the same press does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.domain.errors import AlreadyDone
from chalicelib.web.forms import Values
from chalicelib.web.http_input import one
from chalicelib.web.pages import form
from chalicelib.web.press import Act, FormPage, only_once, sent_before
from chalicelib.web.render import TemplateValues

# The field that says what was shown: the change and its effects, as a fingerprint.
SEEN: Final = "seen"

# What a page shows before it was pressed.
UNSEEN: Final[TemplateValues] = {"effects": [], "seen": ""}

# What a change does, in the reader's language, by the values of its form.
Effects = Callable[[Values], Sequence[str]]


def answer(page: FormPage, act: Act, effects: Effects) -> Response:
    """The page for whoever looks. For whoever presses, what the change does; and the change itself, once
    exactly this was shown. Where the effects differ meanwhile, they are shown anew."""

    facts = page.facts

    def pressed(values: Values, command: str) -> str | Response:
        if sent_before(command):
            raise AlreadyDone(
                command
            )  # what it did is in the way of a second one: that is no mistake
        told = list(effects(values))
        seen = _fingerprint(values, told)
        if one(form(), SEEN) == seen:
            only_once(command)  # to look is no press
            return act(values, command)
        shown: TemplateValues = {**facts(), "effects": told, "seen": seen}
        return replace(page, known=values, facts=lambda: shown).show()

    return replace(page, facts=lambda: {**facts(), **UNSEEN}).answer(pressed)


def _fingerprint(values: Values, told: Sequence[str]) -> str:
    text = json.dumps([values, told], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
