"""Ask the provider for more: which questions, who wants to know, and whether it is still open.

The wanted questions stand in the decision row ``information``; a task of that kind asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypedDict, cast

from chalicelib.aws.writes import Write, update
from chalicelib.referral.questions import ever_asked
from chalicelib.referral.request import QUESTIONS
from chalicelib.referral.rows import decision_rows
from chalicelib.web.forms import Field, Values, checkboxes
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import keys

ASK: Final = "ask_provider"
NAME: Final = "information"
RULES: Final = "rules"


class Asked(TypedDict, total=False):
    """What was asked last. ``by``: the rules, or a member of staff; ``answered``: what was asked
    before and came back."""

    fields: list[str]
    by: str
    open: bool
    answered: list[str]


def of(reference: str) -> Asked:
    """What was asked last; empty when nothing was."""
    return cast(Asked, decision_rows.of(reference, NAME))


def askable(fields: Sequence[str]) -> list[str]:
    """Those of some answers that can be asked for."""
    return [name for name in fields if name in QUESTIONS and not QUESTIONS[name].asked_once]


def put(reference: str, fields: Sequence[str], by: str, answered: Sequence[str] = ()) -> Write:
    """Ask these questions."""
    asks: Asked = {
        "fields": askable(fields), "by": by, "open": True, "answered": list(answered)
    }  # fmt: skip
    return decision_rows.row(reference, NAME, asks)


def settle(reference: str, answered: Sequence[str]) -> Write:
    """Close what was asked."""
    closed = update(keys.decision(reference, NAME)).set_at(("decision", "open"), False)
    return closed.set_at(("decision", "answered"), list(answered))


def taken_back(reference: str) -> list[Write]:
    """Close questions of staff that nobody is to answer anymore, if there are any."""
    asked = of(reference)
    return [settle(reference, asked.get("answered", []))] if asked.get("open") else []


def wanted(setting: str, when: Callable[[Values], bool]) -> Field:
    """The checkboxes by which staff choose the questions for this kind of care."""
    return checkboxes(
        "ask_fields",
        N_("Which questions should the provider answer?"),
        *((one.name, one.listed) for one in ever_asked(setting) if not one.asked_once),
        hint=N_("They get one email and see only these questions. Our clock stands still."),
        missing=N_("Choose at least one question."),
        when=when,
    )
