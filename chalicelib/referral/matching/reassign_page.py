"""The staff page that gives a referral to another consultant: the ranked list, a note, a reason (E5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.referral.matching import reassign
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.matching.rules import CRITERIA, Ranking
from chalicelib.web.forms import Cleaned, Field, Form, Option, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import store
from chalicelib.workflow.cases import Referral

LOOK = "look"
GONE = N_("This referral is not with that consultant any more. Here is how it stands now.")
FULL = N_("This consultant has no free place any more. Please choose another.")
# How many candidates are offered for choice; the coordinator's own list shows as many.
CHOICES = 8


def name_of(consultant: str) -> str:
    """A consultant's name, or their id."""
    return str(people.consultant(consultant).get("name") or consultant)


def destinations(
    found: Ranking, state: Referral, lang: str, most: int = CHOICES
) -> Sequence[Option]:
    """Who could go on, best first, with points; never who has it now."""
    _ = translator(lang)
    text = N_("%(name)s, %(points)s of 100 points")
    return [
        (one.id, _(text, name=name_of(one.id), points=one.total))
        for one in found.candidates
        if one.id != state.consultant
    ][:most]


def note_field(name: str = "note") -> Field:
    """The hand-over note; it is on the new consultant's page, and in no letter."""
    return Field(
        name,
        "textarea",
        N_("Hand-over note"),
        hint=N_(
            "The new consultant reads it on their page. We never mail it. Do not write a child's "
            "name or birth date."
        ),
        missing=N_("Write what the next consultant should know."),
        max_length=1000,
        rows=4,
    )


def asked(state: Referral, found: Ranking, lang: str) -> Form:
    """Who goes on, why, and the note."""
    options = destinations(found, state, lang)
    look: Option = (
        LOOK,
        N_("Look for somebody: offer it to everybody who fits"),
        N_("It goes back to the match. What is signed and agreed stays."),
    )
    return Form(
        (
            Field("to", "radios", N_("Who should go on?"), options=(*options, look)),
            Field(
                "reason", "select", N_("Why?"), options=tuple(vocabulary.HAND_ON_REASONS.items())
            ),
            note_field(),
        )
    )


def _state(reference: str) -> Referral:
    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    return store.load(stored, consistent=True)


def show_form(reference: str) -> Response:
    """The page. A referral without a consultant leads back to its own page."""
    state = _state(reference)
    if not reassign.replaceable(state):
        return redirect(f"/console/referrals/{state.reference}")
    return _page(state)


def _page(state: Referral, cleaned: Cleaned | None = None, notice: str = "") -> Response:
    found, lang = ranking(state), current().lang
    form_asked = asked(state, found, lang)
    told: dict[str, Any] = {
        "ranking": found, "criteria": CRITERIA, "names": people.consultant,
    }  # fmt: skip
    status = 422 if notice else cleaned.status if cleaned else 200
    return show(
        "matching/hand_on.html",
        status,
        state=state,
        holder=name_of(state.consultant),
        offering=reassign.offering(state),
        form=form_asked,
        cleaned=cleaned or blank(form_asked),
        notice=notice,
        details=told,
    )


def press(reference: str) -> Response:
    """Hand it on in one command; pressed twice it is done once (F11)."""
    state = _state(reference)
    old = one(form(), "from")
    if not reassign.replaceable(state):
        return redirect(f"/console/referrals/{state.reference}")
    if state.consultant != old:
        return _page(state, notice=GONE)
    cleaned = clean(asked(state, ranking(state), current().lang), form(), current().lang)
    if not cleaned.ok:
        return _page(state, cleaned)
    new = "" if cleaned.values["to"] == LOOK else str(cleaned.values["to"])
    command = "hand:" + hashlib.sha256(one(form(), "_nonce").encode()).hexdigest()[:12]
    try:
        done = reassign.hand_on(
            state.reference, old, new, str(cleaned.values["note"]),
            str(cleaned.values["reason"]), current_staff().actor, command, now(),
        )  # fmt: skip
    except store.Refused:
        return _page(state, cleaned, notice=FULL)
    if not done:
        return _page(_state(reference), cleaned, notice=GONE)
    return redirect(f"/console/referrals/{state.reference}")
