"""What the tier rules ask that the request itself does not hold."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain.vocabulary import LETTERS_LANGUAGES
from chalicelib.referral.events import HANDED_OVER, STEPPED_DOWN
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.workflow.events import of_task
from chalicelib.workflow.storage import store

DAYS_90: Final = 90 * 86_400


def contacts(state: Referral, now: int) -> int | None:
    """How often the Network gave or checked a lighter support in the last 90 days.

    The support that was given is one, the check-in that heard "not enough" another. Only a request
    that came back to this stage can have any, so the log of all the others is not read.
    """
    if state.generation == 1:
        return None
    since = now - (scaled(now, now + DAYS_90) - now)
    recent = [e for e in store.log(state) if e.at >= since]
    given = sum(1 for e in recent if e.event in (HANDED_OVER, STEPPED_DOWN))
    unmet = sum(
        1
        for e in recent
        if e.event == of_task("check_in", "answered") and e.payload.get("verdict") == "moved"
    )
    return given + unmet


def told(state: Referral) -> str:
    """What the provider wrote when the lighter support was not enough; empty for no word."""
    if state.generation == 1:
        return ""
    said = [e for e in store.log(state) if e.event == of_task("check_in", "answered")]
    return str(said[-1].payload.get("note") or "") if said else ""


def group_languages(request: Request) -> list[str]:
    """The languages of groups that a provider can follow: the one they want to speak and, unless only that
    one will do, the one in which they read our letters."""
    own = [request.language]
    if request.language_required != "yes":
        own.append(request.letters_language)
    return [one for one in LETTERS_LANGUAGES if one in own]
