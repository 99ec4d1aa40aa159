"""Ask the provider for more: which questions, who wants to know, and whether it is still open (B4, E9).

The wanted questions stand in the decision row ``information``; a task of that kind asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from chalicelib.referral import decision_rows
from chalicelib.referral.questions import MASTER, question
from chalicelib.web.forms import Field, Values
from chalicelib.web.languages import N_
from chalicelib.workflow import keys

Item = dict[str, Any]
ASK: Final = "ask_provider"
NAME: Final = "information"
RULES: Final = "rules"
# The address is where we ask, and a name is given once.
NOT_ASKED: Final = frozenset({"contact_email", "contact_name", "letters_language"})
# Questions that make no sense for care by family, friends and neighbors.
NOT_AT_HOME: Final = frozenset(
    {"director_knows", "site_name", "license_number", "classroom", "funding", "focus"}
)


def of(reference: str) -> Item:
    """What was asked last: ``fields``, ``by`` ("rules" or a staff actor), ``open``, ``answered``."""
    return decision_rows.of(reference, NAME)


def row(reference: str, fields: Sequence[str], by: str, answered: Sequence[str] = ()) -> Item:
    """The row that asks these questions. ``answered``: what was asked before and came back."""
    wanted = [name for name in fields if name in MASTER and name not in NOT_ASKED]
    asks = {"fields": wanted, "by": by, "open": True, "answered": list(answered)}
    return decision_rows.row(reference, NAME, asks)


def put(reference: str, fields: Sequence[str], by: str) -> Item:
    """Transaction member that asks."""
    return {"Put": {"Item": row(reference, fields, by)}}


def settle(reference: str, answered: Sequence[str]) -> Item:
    """Transaction member that closes what was asked."""
    return {
        "Update": {
            "Key": {"pk": keys.referral_pk(reference), "sk": decision_rows.PREFIX + NAME},
            "UpdateExpression": "SET #d.#o = :no, #d.answered = :names",
            "ExpressionAttributeNames": {"#d": "decision", "#o": "open"},
            "ExpressionAttributeValues": {":no": False, ":names": list(answered)},
        }
    }


def taken_back(reference: str) -> list[Item]:
    """Transaction members for questions of staff that nobody is to answer any more, if any."""
    asked = of(reference)
    return [settle(reference, asked.get("answered", []))] if asked.get("open") else []


def wanted(setting: str, when: Callable[[Values], bool]) -> Field:
    """The checkboxes by which staff choose the questions for this kind of care."""
    answers = {"setting": setting}
    left_out = NOT_ASKED | (NOT_AT_HOME if setting == "ffn" else frozenset())
    return Field(
        "ask_fields",
        "checkboxes",
        N_("Which questions should the provider answer?"),
        hint=N_("They get one email and see only these questions. Our clock stands still."),
        options=tuple(
            (name, question(name, answers).listed) for name in MASTER if name not in left_out
        ),
        missing=N_("Choose at least one question."),
        when=when,
    )
