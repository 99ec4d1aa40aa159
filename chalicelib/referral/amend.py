"""Change answers of a request after it was sent: the request's row, the state, and what the log tells.

One command writes all of it. The row is changed answer by answer and only where it still says what
was read, so that a change never brings back what somebody else changed meanwhile.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Write, field, update
from chalicelib.referral import sites
from chalicelib.referral.request import Request
from chalicelib.workflow import keys
from chalicelib.workflow.cases import Referral

# Answers by which requests for one site find each other (E8).
MEETING = frozenset({"county", "classroom", "license_number", "contact_email", "contact_phone"})


@dataclass(frozen=True)
class Amendment:
    """What a command takes over: fields of the state, the entry's data, rows of the transaction.

    ``data`` has ``before`` and ``after``: the changed answers by name. Empty when nothing changed.
    """

    changes: Item = dataclasses.field(default_factory=dict)
    data: Item = dataclasses.field(default_factory=dict)
    also: list[Write] = dataclasses.field(default_factory=list)
    request: Request = dataclasses.field(default_factory=Request)

    @property
    def names(self) -> list[str]:
        """The answers that changed."""
        return sorted({*self.data.get("before", {}), *self.data.get("after", {})})


def amend(state: Referral, request: Request, values: Mapping[str, Any], at: int) -> Amendment:
    """How ``values`` (cleaned answers by name) change a request. ``at``: UTC seconds."""
    known = {name: value for name, value in values.items() if name in Request.model_fields}
    after = Request.from_answers({**request.as_dict(), **known})
    was, new = request.as_dict(), after.as_dict()
    names = [name for name in known if was.get(name) != new.get(name)]
    if not names:
        return Amendment(request=request)
    if MEETING & set(names):
        sites.note(after, state.reference, at)
    return Amendment(
        changes=_of_state(state, after, set(names)),
        data={
            "before": {name: was[name] for name in names if name in was},
            "after": {name: new[name] for name in names if name in new},
        },
        also=[_row(state.reference, names, was, new)],
        request=after,
    )


def _of_state(state: Referral, after: Request, names: set[str]) -> Item:
    """The fields of the state that repeat an answer."""
    changes: Item = {}
    for name in ("county", "setting"):
        if name in names:
            changes[name] = getattr(after, name) or ""
    if "modality" in names or ("setting" in names and after.setting == "ffn"):
        changes["modality"] = _modality(after)
    if {"language", "language_required"} & names and state.language_choice:
        # The choice was about the language that was asked for before (H3).
        changes["language_choice"] = None
        if state.language_choice == "online":
            changes.setdefault("modality", _modality(after))
    if "letters_language" in names and after.letters_language:
        changes["language"] = after.letters_language
    if {"contact_name", "contact_email", "contact_phone", "contact_by"} & names:
        # What else is known of the address stays: it counts while it is this address (L3).
        contact = state.contact.model_copy(
            update={
                "name": after.contact_name or "",
                "email": after.contact_email or state.contact.email,
                "phone": after.contact_phone or "",
                "by": after.contact_by or "email",
            }
        )
        changes["contact"] = contact.model_dump(exclude_defaults=True)
    return changes


def _modality(after: Request) -> str:
    """How to meet. Care by family, friends and neighbors meets online or by phone (E5)."""
    if after.setting == "ffn" and after.modality != "phone":
        return "virtual"
    return after.modality or ""


def _row(reference: str, names: list[str], was: Item, new: Item) -> Write:
    answers = {name: field(("answers", name)) for name in names}
    same = [
        answer.equals(was[name]) if name in was else answer.absent()
        for name, answer in answers.items()
    ]
    values = {name: new.get(name) for name in names}
    return update(keys.request(reference)).set_or_remove(values, under="answers").only_if(*same)
