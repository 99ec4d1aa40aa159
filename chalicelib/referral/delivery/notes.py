"""Who may read a consultant's note: private unless they choose otherwise.

Private: the consultant who wrote it, and the supervisor. Team: staff as well. Shared: the provider
too, on the status page and never by mail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.directory import people
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF, SUPERVISOR
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.records import PRIVATE, SHARED, TEAM
from chalicelib.web.forms import NO_CHILD, Field, Values, radios, textarea, words
from chalicelib.web.languages import N_

READERS: Final = {
    PRIVATE: (SUPERVISOR, CONSULTANT),
    TEAM: (STAFF, CONSULTANT),
    SHARED: (STAFF, CONSULTANT, PROVIDER),
}
OPTIONS: Final = (
    (PRIVATE, N_("Only I and my supervisor")),
    (TEAM, N_("The Network's team too")),
    (SHARED, N_("The provider too, on their status page")),
)


def fields(unless: Callable[[Values], bool] = lambda values: False) -> list[Field]:
    """A short note, and who may read it; neither ``unless`` another is asked for instead."""
    return [
        textarea("note", N_("Short note"), hint=NO_CHILD, required=False, rows=4,
                 readers=READERS[PRIVATE], when=lambda values: not unless(values)),
        radios("note_for", N_("Who may read the note?"), *OPTIONS, hint=N_(
                "If you leave this open, only you and your supervisor. Above it says who that is."
            ), required=False, when=lambda values: bool(values.get("note")),
            fold=N_("Only you and your supervisor read the note. Open this to let others read it.")),
    ]  # fmt: skip


def told(values: Values) -> ReferralPayload:
    """The note's data in an entry: who may read it, if there is one."""
    if not values.get("note"):
        return {}
    return {"note_for": words(values, "note_for") or PRIVATE}


def readers(state: Referral) -> dict[str, list[str]]:
    """Who exactly reads a note of each kind, by name."""
    own = str(people.consultant(state.consultant).get("name", ""))
    lead = str(people.staff_member(people.in_charge("supervisor", state.county)).get("name", ""))
    team = [
        str(row.get("name", ""))
        for row in people.staff()
        if row.get("active", True) and people.serves(row, state.county)
    ]
    return {
        PRIVATE: [one for one in (own, lead) if one],
        TEAM: sorted({one for one in team if one and one != lead}),
        SHARED: [state.contact.name or state.contact.email],
    }
