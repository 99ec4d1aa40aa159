"""Pause and go on as parts of a command: what changes, who is told, and the word before the end.

Three rooms use it: the provider's status page, the consultant's session page, staff on the case
page. The other side hears of it by letter; the one who paused is reminded some days before the end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.aws.now import now as this_moment
from chalicelib.aws.now import scaled
from chalicelib.domain.calendar import PACIFIC, pacific_date
from chalicelib.domain.errors import Invalid
from chalicelib.referral.events import PAUSED
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Field, Values
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Changes, Command, Entry, Payload
from chalicelib.workflow.effects import Effect, SendLetter
from chalicelib.workflow.events import RESUMED
from chalicelib.workflow.pause import pause, resume

AWAY: Final = ("consultant_away", "provider_waits")
"""Status and reason while the provider waits until their consultant is back."""
MOST_DAYS: Final = 90
REMIND_DAYS: Final = 3
MORNING: Final = time(8)
TOO_LATE: Final = N_("Choose a day within the next 90 days.")
TOO_SOON: Final = N_("Choose a day that is still to come.")


def for_leave(state: Referral) -> bool:
    """Whether the provider waits until their consultant is back."""
    return state.pause is not None and state.status == AWAY[0]


def until_field(name: str, label: str, when: Callable[[Values], bool]) -> Field:
    """The question for the day on which the work goes on."""
    today = pacific_date(this_moment())
    return Field(
        name,
        "date",
        label,
        hint=N_("At most 90 days from today. It goes on by itself that morning."),
        minimum=(today + timedelta(days=1)).isoformat(),
        maximum=(today + timedelta(days=MOST_DAYS)).isoformat(),
        missing=N_("Choose a day within the next 90 days, from tomorrow on."),
        when=when,
    )


def until_of(day: str, at: int, name: str = "until") -> int:
    """The morning of an ISO day, Pacific, in this deployment's time. Raises Invalid for ``name``."""
    chosen, today = date.fromisoformat(day), pacific_date(at)
    if chosen <= today:
        raise Invalid({name: TOO_SOON})
    if (chosen - today).days > MOST_DAYS:
        raise Invalid({name: TOO_LATE})
    return scaled(at, int(datetime.combine(chosen, MORNING, PACIFIC).timestamp()))


def begin(
    state: Referral,
    status: str,
    reason: str,
    at: int,
    until: int,
    by: str,
    letter: str = "delivery/paused",
) -> tuple[Changes, list[Effect]]:
    """Changes and letters that pause a referral until ``until`` (UTC seconds), asked for by an
    actor: ``provider``, ``consultant:id`` or ``staff:id``."""
    remind = until - (scaled(at, at + REMIND_DAYS * 86400) - at)
    soon = remind if remind > at + (until - at) // 4 else None
    changes = pause(state, status, reason, at, until, by, soon)
    return changes, [SendLetter(letter=letter, to=to) for to in others(state, by)]


def end(state: Referral, at: int, by: str) -> tuple[Changes, list[Effect]]:
    """Changes and letters that take a referral off hold; ``by`` is not told what they did."""
    return resume(state, at), [
        SendLetter(letter="delivery/resumed", to=to) for to in others(state, by)
    ]


def paused(
    state: Referral,
    status: str,
    reason: str,
    at: int,
    until: int,
    by: str,
    command: str,
    told: Payload | None = None,
    letter: str = "delivery/paused",
) -> Command:
    """The command that pauses a referral. ``told``: who told staff, and how, if they pause it for
    somebody; ``letter``: what the other side gets."""
    changes, letters = begin(state, status, reason, at, until, by, letter)
    entry = Entry(
        event=PAUSED, at=at, actor=by, reason=reason, command=command, changes=changes,
        payload={"until": until, "was": state.status, **(told or {})}, effects=letters,
    )  # fmt: skip
    return entry, ()


def resumed(state: Referral, at: int, by: str, command: str) -> Command | None:
    """The command that takes a referral off hold; None for one that is not on hold."""
    if state.pause is None:
        return None
    changes, letters = end(state, at, by)
    entry = Entry(
        event=RESUMED, at=at, actor=by, command=command, changes=changes,
        payload={"was": state.pause.reason, "lasted": at - state.pause.since}, effects=letters,
    )  # fmt: skip
    return entry, ()


def others(state: Referral, by: str) -> list[str]:
    """Who takes part besides ``by``, as the outbox writes it: the provider, and the consultant once
    matched; a specialist while there is none."""
    before = state.pause.status if state.pause else state.status
    matched = state.consultant and before != "match_proposed"
    person = f"consultant:{state.consultant}" if matched else f"staff:{state.specialist}"
    side = [person] if matched or state.specialist else []
    return [one for one in ["provider", *side] if one != by]
