"""What a consultant can say on the session page besides a session: pause, go on, hand over.

The form's fields and what they do stand together; ``service`` asks here first.
"""

from __future__ import annotations

from typing import Final

from chalicelib.referral import consultant_gives_back, pauses
from chalicelib.referral.consultant_gives_back import HAND_OVER
from chalicelib.referral.delivery import notes
from chalicelib.referral.events import PAUSED, ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Field, Option, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.events import RESUMED
from chalicelib.workflow.kinds import Outcome

PAUSE, RESUME = "pause", "resume"
PAUSES: Final = {
    "site_asked": ("paused_by_site", N_("They asked for a pause")),
    "permission_not_given": ("awaiting_consent", N_("A permission is still needed")),
}
"""Reason -> the status that it puts the referral in, and its label."""


def hands_over(values: Values) -> bool:
    """Whether the note for the next consultant is asked for."""
    return values.get("happened") == HAND_OVER


def options(state: Referral) -> list[Option]:
    """What can be chosen besides a session."""
    pause = N_("The work pauses for some time") if not state.pause else N_("The pause gets longer")
    return [
        *([(RESUME, N_("The pause is over: we go on now"))] if state.pause else []),
        (PAUSE, pause),
        (HAND_OVER, consultant_gives_back.LABEL, consultant_gives_back.HINT),
    ]


def fields(state: Referral) -> list[Field]:
    """What each of them asks for."""
    reasons = tuple((reason, label) for reason, (_status, label) in PAUSES.items())
    return [
        radios(
            "pause_reason",
            N_("If it pauses: why?"),
            *reasons,
            when=lambda values: values.get("happened") == PAUSE,
        ),
        pauses.until_field(
            "pause_until",
            N_("If it pauses: when do you go on?"),
            when=lambda values: values.get("happened") == PAUSE,
        ),
        consultant_gives_back.note_field(hands_over),
    ]


def decide(state: Referral, values: Values, now: int) -> Outcome | None:
    """What the choice does, or None when it is about a session."""
    if values["happened"] == PAUSE:
        return paused(state, values, now)
    if values["happened"] == RESUME:
        changes, letters = pauses.end(state, now, recipient(state, "consultant"))
        return Outcome(RESUME, changes, _note(values), effects=letters, stays=True, event=RESUMED)
    if hands_over(values):
        return consultant_gives_back.handed_over(state, str(values[consultant_gives_back.NOTE]))
    return None


def _note(values: Values) -> ReferralPayload:
    """A note that was written with it, and for whom."""
    return ReferralPayload(note=words(values, "note")) | notes.told(values)


def paused(state: Referral, values: Values, now: int) -> Outcome:
    """On hold until the day that they chose; the provider is told, and the task stays."""
    reason = str(values["pause_reason"])
    until = pauses.until_of(str(values["pause_until"]), now, "pause_until")
    status, _label = PAUSES[reason]
    changes, letters = pauses.begin(
        state, status, reason, now, until, recipient(state, "consultant")
    )
    data = _note(values) | ReferralPayload(until=until, was=state.status)
    return Outcome(PAUSE, changes, data, letters, stays=True, event=PAUSED, reason=reason)
