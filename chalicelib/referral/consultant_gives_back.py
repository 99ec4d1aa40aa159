"""A consultant who cannot go on says so in the form of any task of theirs, with a note.

Wrap a kind's form and decision: one box stands below what is asked, and with its tick nothing else
is. The referral goes back to the match; what is signed, agreed and held stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chalicelib.directory.people import in_charge, release_place
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.records import HANDED_OVER
from chalicelib.web.forms import Field, Form, Values, checkboxes, textarea
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.stage_change import MOVED, onward

HAND_OVER: Final = "hand_over"
NOTE: Final = "hand_over_note"
LABEL: Final = N_("I cannot go on: somebody else should take over")
HINT: Final = N_(
    "We will look for another consultant. The sessions, the agreement and the plan stay."
)
SAID: Final = {
    HANDED_OVER: N_(
        "Thank you for telling us. We will look for someone else and tell the provider."
    )
}
"""What the page says was recorded."""
LOGGED: Final = {HANDED_OVER: N_("%(who)s cannot go on. Another consultant is looked for.")}
"""What the staff's timeline says of it."""
CANNOT_GO_ON: Final = N_("Your consultant cannot go on. We are looking for another one.")
TOLD: Final = {HANDED_OVER: CANNOT_GO_ON}
"""What the provider's timeline says of it."""


def note_field(when: Callable[[Values], bool]) -> Field:
    """What the next consultant should know; it is on their page, and in no letter."""
    return textarea(
        NOTE,
        N_("If somebody else should take over: what should they know?"),
        hint=N_(
            "The next consultant and the Network's team read it. Do not write a child's name "
            "or birth date."
        ),
        missing=N_("Tell the next consultant what they should know."),
        rows=4,
        when=when,
        readers=(STAFF, CONSULTANT),
    )


def _ticked(values: Values) -> bool:
    return bool(values.get(HAND_OVER))


def with_hand_over(form: Callable[[Referral], Form]) -> Callable[[Referral], Form]:
    """The same form with the box; whoever ticks it is asked for the note only."""

    def unless(field: Field) -> Field:
        asked = field.when
        return replace(field, when=lambda v: not _ticked(v) and (asked is None or asked(v)))

    def wrapped(state: Referral) -> Form:
        box = checkboxes(
            HAND_OVER,
            N_("If you cannot go on"),
            (HAND_OVER, LABEL, HINT),
            required=False,
            ahead=True,
        )
        return Form(*map(unless, form(state).fields), box, note_field(_ticked))

    return wrapped


def or_hand_over(
    decide: Callable[[Referral, Values, int], Outcome],
) -> Callable[[Referral, Values, int], Outcome]:
    """The same decision, unless the box is ticked."""

    def wrapped(state: Referral, values: Values, now: int) -> Outcome:
        return (
            handed_over(state, str(values[NOTE])) if _ticked(values) else decide(state, values, now)
        )

    return wrapped


def handed_over(state: Referral, note: str) -> Outcome:
    """Back to the match by a new generation: the place returns, and the same person is not asked
    again. Sessions, agreement and plan stay as the log has them."""
    changes, effects = onward(state, "match")
    changes |= ReferralChanges(
        status="tier_assigned",
        consultant=None,
        previous=state.consultant,
        declined=[*state.declined, state.consultant],
    )
    if state.sessions is not None:
        changes |= ReferralChanges(sessions=state.sessions.without_days())
    coordinator = in_charge("coordinator", state.county)
    mails = [
        SendLetter(letter="delivery/handed_over", to="provider"),
        SendLetter(letter="delivery/handed_over_told", to=f"staff:{coordinator}"),
    ]
    # The run hears that it moved; the log tells why.
    data = ReferralPayload(verdict=HANDED_OVER, note=note, consultant=state.consultant)
    also = [release_place(state.consultant, state.reference)]
    return Outcome(MOVED, changes, data, [*effects, *mails], also, final=False)


def is_hand_over(answer: Entry) -> bool:
    """Whether an answer gave the referral back instead of what was asked."""
    return answer.payload.get("verdict") == HANDED_OVER
