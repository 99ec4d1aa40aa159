"""Changes of a request after it was sent: how they are written, and what is told of them.

One command writes the request's row, the state and the log. The row is changed answer by answer and
only where it still says what was read, so that a change never brings back what somebody else changed
meanwhile. Answers to questions that the change calls off are dropped with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from chalicelib.aws.writes import Update, Write, field, update
from chalicelib.domain.plain.values import frozen
from chalicelib.referral.events import AMENDED
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.question import Question
from chalicelib.referral.questions import called_off
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.rows import request_rows, sites
from chalicelib.web.forms import Answers, Values, words_of
from chalicelib.web.text_input import Answer
from chalicelib.workflow.cases import Changes, Contact, Entry, Payload
from chalicelib.workflow.events import of_task
from chalicelib.workflow.storage import keys


@frozen
class Amendment:
    """What a command takes over: fields of the state, the entry's data, rows of the transaction.

    ``data`` has ``before`` and ``after``: the changed answers by name. Empty when nothing changed.
    """

    changes: Changes = dataclasses.field(default_factory=Changes)
    data: Payload = dataclasses.field(default_factory=Payload)
    also: list[Write] = dataclasses.field(default_factory=list)
    request: Request = dataclasses.field(default_factory=Request)

    @property
    def names(self) -> list[str]:
        """The answers that changed."""
        return sorted({*self.data.get("before", {}), *self.data.get("after", {})})

    @property
    def danger(self) -> bool:
        """Whether somebody says only now that someone is in danger."""
        return self.data.get("after", {}).get("safety_now") == "yes"


def amend(state: Referral, request: Request, values: Answers, at: int) -> Amendment:
    """How ``values`` (cleaned answers by name) change a request. ``at``: UTC seconds."""
    was = request.as_dict()
    given = {name: value for name, value in values.items() if name in QUESTIONS}
    after = Request.from_answers({**was, **given})
    gone = [one.name for one in called_off(was, after.situation) if one.name not in given]
    after = after.model_copy(update={name: Request.model_fields[name].default for name in gone})
    new = after.as_dict()
    names = [name for name in [*given, *gone] if was.get(name) != new.get(name)]
    if not names:
        return Amendment(request=request)
    if sites.marks(after) != sites.marks(request):
        sites.note(after, state.reference, at)
    changes = _of_state(state, after, set(names))
    contact = changes.get("contact") or state.contact
    return Amendment(
        changes=changes,
        data={
            "before": {name: was[name] for name in names if name in was},
            "after": {name: new[name] for name in names if name in new},
        },
        also=[
            _row(state.reference, names, was, new).set(
                request_rows.moved(state, request, after, contact, at)
            )
        ],
        request=after,
    )


def _of_state(state: Referral, after: Request, names: set[str]) -> ReferralChanges:
    """The fields of the state that repeat an answer."""
    changes: ReferralChanges = {}
    if "county" in names:
        changes["county"] = after.county or ""
    if "setting" in names:
        changes["setting"] = after.setting or ""
    if "modality" in names or ("setting" in names and after.setting == "ffn"):
        changes["modality"] = after.way_to_meet
    asked = {"language", "language_required"}
    asked |= {"county", "modality"} if state.language_choice == "online" else set()
    if asked & names and state.language_choice:
        # The choice was about the language, or the place, that was asked for before.
        changes["language_choice"] = None
        if state.language_choice == "online":
            changes.setdefault("modality", after.way_to_meet)
    if "letters_language" in names and after.letters_language:
        changes["language"] = after.letters_language
    if {"contact_name", "contact_email", "contact_phone", "contact_by"} & names:
        changes["contact"] = _contact(state, after)
    return changes


def _contact(state: Referral, after: Request) -> Contact:
    """How to reach them now. What else is known of the address stays: it counts while it is this
    address."""
    return state.contact.model_copy(
        update={
            "name": after.contact_name or "",
            "email": after.contact_email or "",
            "phone": after.contact_phone or "",
            "by": after.contact_by or "email",
        }
    )


def _row(reference: str, names: list[str], was: Values, new: Values) -> Update:
    answers = {name: field(("answers", name)) for name in names}
    same = [
        answer.equals(was[name]) if name in was else answer.absent()
        for name, answer in answers.items()
    ]
    values = {name: new.get(name) for name in names}
    return update(keys.request(reference)).set_or_remove(values, under="answers").only_if(*same)


@frozen
class Changed:
    """One changed answer: when (UTC seconds), to which question, before and after."""

    at: int
    question: Question
    before: Answer
    after: Answer

    def words(self, answer: Answer, lang: str) -> str:
        """An answer in the reader's language; "" for none."""
        return words_of(self.question, answer, lang)


def told(log: Sequence[Entry]) -> list[Changed]:
    """What the provider changed since they sent the request, newest first, for the consultant who
    has accepted it. Nothing that is meant for the specialist alone."""
    found: list[Changed] = []
    for entry in reversed(log):
        if entry.event not in (AMENDED, of_task("information", "answered")):
            continue
        before, after = entry.payload.get("before") or {}, entry.payload.get("after") or {}
        found += [
            Changed(entry.at, one, before.get(name), after.get(name))
            for name, one in QUESTIONS.items()
            if name in {*before, *after} and not one.specialist_only
        ]
    return found
