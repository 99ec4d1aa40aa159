"""What a consultant can say on the session page besides a session: pause, go on, hand over.

The form's fields and what they do stand together; ``service`` asks here first.
"""

from __future__ import annotations

from typing import Any, Final

from chalicelib.aws.people import in_charge, release
from chalicelib.kit import pauses
from chalicelib.kit.forms import Field, Option
from chalicelib.kit.moves import MOVED, onward
from chalicelib.kit.tasks import Outcome, Values, recipient
from chalicelib.kit.words import N_
from chalicelib.referral.model import Referral, Sessions

Item = dict[str, Any]

HAND_OVER, PAUSE, RESUME = "hand_over", "pause", "resume"
PAUSES: Final = {
    "site_asked": ("paused_by_site", N_("They asked for a pause")),
    "permission_not_given": ("awaiting_consent", N_("A permission is still needed")),
}
"""Reason -> the status that it puts the referral in, and its label."""


def options(state: Referral) -> list[Option]:
    """What can be chosen besides a session."""
    pause = N_("The work pauses for some time") if not state.hold else N_("The pause gets longer")
    return [
        *([(RESUME, N_("The pause is over: we go on now"))] if state.hold else []),
        (PAUSE, pause),
        (
            HAND_OVER,
            N_("I cannot go on: somebody else should take over"),
            N_("We look for another consultant. The sessions, the agreement and the plan stay."),
        ),
    ]


def fields(state: Referral) -> list[Field]:
    """What each of them asks for."""
    reasons = tuple((reason, label) for reason, (_status, label) in PAUSES.items())
    return [
        Field(
            "pause_reason",
            "radios",
            N_("If it pauses: why?"),
            options=reasons,
            when=lambda values: values.get("happened") == PAUSE,
        ),
        pauses.until_field(
            "pause_until",
            N_("If it pauses: when do you go on?"),
            when=lambda values: values.get("happened") == PAUSE,
        ),
        Field(
            "hand_over_note",
            "textarea",
            N_("If somebody else should take over: what should they know?"),
            hint=N_(
                "The next consultant and the Network's team read it. Do not write a child's name "
                "or birth date."
            ),
            missing=N_("Tell the next consultant what they should know."),
            max_length=1000,
            rows=4,
            when=lambda values: values.get("happened") == HAND_OVER,
        ),
    ]


def decide(state: Referral, values: Values, now: int) -> Outcome | None:
    """What the choice does, or None when it is about a session."""
    if values["happened"] == PAUSE:
        return paused(state, values, now)
    if values["happened"] == RESUME:
        changes, letters = pauses.end(state, now, recipient(state, "consultant"))
        return Outcome(RESUME, changes, effects=letters, stays=True, type="resumed")
    if values["happened"] == HAND_OVER:
        return handed_over(state, str(values["hand_over_note"]))
    return None


def paused(state: Referral, values: Values, now: int) -> Outcome:
    """On hold until the day that they chose; the provider is told, and the task stays."""
    reason = str(values["pause_reason"])
    until = pauses.until_of(str(values["pause_until"]), now, "pause_until")
    status, _label = PAUSES[reason]
    changes, letters = pauses.begin(
        state, status, reason, now, until, recipient(state, "consultant")
    )
    data = {"until": until, "was": state.status}
    return Outcome(PAUSE, changes, data, letters, stays=True, type="paused", reason=reason)


def handed_over(state: Referral, note: str) -> Outcome:
    """Back to the match by a new generation: the place returns, and the same person is not asked
    again. Sessions, agreement and plan stay as the log has them (E5, I9)."""
    changes, effects = onward(state, "match")
    sessions = (state.sessions or Sessions()).model_copy(update={"next": None})
    changes |= {
        "status": "tier_assigned",
        "consultant": None,
        "previous": state.consultant,
        "declined": [*state.declined, state.consultant],
        "sessions": sessions.model_dump(exclude_defaults=True),
    }
    coordinator = in_charge("coordinator", state.county)
    mails: list[Item] = [
        {"do": "mail", "letter": "delivery/handed_over", "to": "provider"},
        {"do": "mail", "letter": "delivery/handed_over_told", "to": f"staff:{coordinator}"},
    ]
    # The run hears that it moved; the log tells why.
    data = {"verdict": "handed_over", "note": note, "consultant": state.consultant}
    also = [release(state.consultant, state.reference)]
    return Outcome(MOVED, changes, data, [*effects, *mails], also, final=False)
