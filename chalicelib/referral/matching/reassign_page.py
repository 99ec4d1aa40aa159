"""The staff page that gives a referral to another consultant: the ranked list, a note, a reason."""

from __future__ import annotations

from collections.abc import Sequence

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.referral.matching import reassign
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.matching.rules import CRITERIA, Ranking
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Field, Form, Option, Values, radios, select, textarea
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage import store

LOOK = "look"
GONE = N_("This referral is not with that consultant anymore. Here is how it stands now.")
FULL = N_("This consultant has no free place anymore. Please choose another.")
# How many candidates are offered for choice; the coordinator's own list shows as many.
CHOICES = 8


def name_of(consultant: str) -> str:
    """A consultant's name, or their id."""
    return people.name_of(f"consultant:{consultant}")


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
    return textarea(
        name,
        N_("Hand-over note"),
        hint=N_(
            "The new consultant reads it on their page. We never mail it. Do not write a child's "
            "name or birth date."
        ),
        missing=N_("Write what the next consultant should know."),
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
        radios("to", N_("Who should go on?"), *options, look),
        select("reason", N_("Why?"), *vocabulary.HAND_ON_REASONS.items()),
        note_field(),
    )


def show_form(reference: str) -> Response:
    """The page. A referral without a consultant leads back to its own page."""
    state = store.look_up(reference, Referral)
    if not reassign.replaceable(state):
        return redirect(f"/console/referrals/{state.reference}")
    return _page(state).show()


def press(reference: str) -> Response:
    """Hand it on in one command."""
    state = store.look_up(reference, Referral)
    old = one(form(), "from")
    if not reassign.replaceable(state):
        return redirect(f"/console/referrals/{state.reference}")
    if state.consultant != old:
        return _page(state).show(notice=GONE)

    def act(values: Values, command: str) -> str:
        new = "" if values["to"] == LOOK else str(values["to"])
        note, reason = str(values["note"]), str(values["reason"])
        actor = current_staff().actor
        try:
            done = reassign.hand_on(state.reference, old, new, note, reason, actor, command, now())
        except store.Refused:
            raise Hindered(FULL) from None
        if not done:
            raise Hindered(GONE, _page(store.look_up(reference, Referral)))
        return f"/console/referrals/{state.reference}"

    return _page(state).press(act)


def _page(state: Referral) -> FormPage:
    # Whoever has it now is not among those who could take it over.
    others = [row for row in people.consultants() if row["id"] != state.consultant]
    found = ranking(state, others)
    told = {
        "ranking": found, "criteria": CRITERIA, "names": people.consultant,
    }  # fmt: skip
    facts: TemplateValues = {
        "state": state,
        "holder": name_of(state.consultant),
        "offering": reassign.offering(state),
        "details": told,
    }
    asks = asked(state, found, current().lang)
    return FormPage(
        "matching/hand_on.html", asks, version=state.version, facts=lambda: facts, draw=show
    )
