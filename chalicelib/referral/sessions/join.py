"""Where an online session is joined. The address stands in the plan's row and in the log, where
redaction finds it; the case counts how often it was set, so that a new one is told to calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.rows import plan_rows
from chalicelib.web.forms import Field, Values, words
from chalicelib.web.text_input import secure_link

NAME: Final = "join"
ONLINE: Final = "virtual"


def asked(
    label: str, hint: str, *, when: Callable[[Values], bool], readers: tuple[str, ...]
) -> Field:
    """The question for it; nobody has to know it yet."""
    return Field(
        NAME,
        "text",
        label,
        hint=hint,
        required=False,
        max_length=500,
        inputmode="url",
        tidied=str.strip,
        check=secure_link,
        when=when,
        readers=readers,
    )


def address(state: Referral) -> str:
    """Where both join the next session; "" where it is not online or nobody has said."""
    sessions = state.sessions
    if sessions is None or sessions.mode != ONLINE or not sessions.join:
        return ""
    plan = plan_rows.latest(state.reference)
    return good(plan.join) if plan is not None else ""


def good(join: str) -> str:
    """An address that leads somewhere; "" for one that words were taken out of."""
    return join if join and secure_link(join) is None else ""


def counted(state: Referral, values: Values) -> int:
    """``Sessions.join`` after an answer: more, where it brings another address."""
    given, before = words(values, NAME), state.sessions or Sessions()
    plan = plan_rows.latest(state.reference) if given else None
    same = plan is not None and plan.join == given
    return before.join if same and before.join else before.join + 1
