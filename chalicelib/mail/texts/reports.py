"""What became of a text message lands beside it, on the case's timeline; who gets none is reached another way."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.log import logger
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.mail import bounce_counts, letter_rows
from chalicelib.mail.delivery_reports import SOFT_DAYS
from chalicelib.mail.texts.ending import LOST
from chalicelib.mail.texts.whom import leave, reader
from chalicelib.workflow.cases import Case
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store

# The number takes no texts, or is no number.
_NEVER: Final = frozenset(
    {"INVALID", "BLOCKED", "CARRIER_BLOCKED", "SPAM", "PROTECT_BLOCKED", "INVALID_MESSAGE"}
)
# A phone that is off, or a network that is away.
_FOR_NOW: Final = frozenset({"UNREACHABLE", "CARRIER_UNREACHABLE", "TTL_EXPIRED"})
# No news: it is on its way, it arrived, or nobody can say.
_FINE: Final = frozenset({"SENT", "PENDING", "QUEUED", "SUCCESSFUL", "DELIVERED", "UNKNOWN"})


def record(report: Json, at: int) -> None:
    """Move the text's status forward, and end texts to a number that gets none. A text that arrives writes
    nothing; twice or late is nothing twice."""
    what = str(report["eventType"]).removeprefix("TEXT_")
    if what not in _NEVER | _FOR_NOW or report.get("isFinal") is False:
        if what not in _FINE:
            logger().info("a report of no interest", extra={"type": what[:40]})
        return
    found = _ours(report)
    if found is None:
        logger().warning("a report that names no text of ours")
        return
    state, v, number, to = found
    letter_rows.move(state.reference, v, number, "bounced", at, what.lower())
    one = reader(state, to)
    alone = not one.consultant and not state.contact.email
    if what in _NEVER or alone or _days(report, at) >= SOFT_DAYS:
        leave(state, one, at, LOST)


def _ours(report: Json) -> tuple[Case, int, int, str] | None:
    """The text that a report is about: its case, its effect, and whom it went to."""
    about = report.get("context") or {}
    reference, v, number = (str(about.get(name, "")) for name in ("ref", "v", "i"))
    if not reference or not all(text.isascii() and text.isdigit() for text in (v, number)):
        return None
    try:
        state = store.load(reference, consistent=True)
    except NotFound:
        return None
    effect = store.effect(state, int(v), int(number))
    if not isinstance(effect, SendLetter) or not effect.channel:
        return None
    return state, int(v), int(number), effect.to


def _days(report: Json, at: int) -> int:
    return bounce_counts.note(str(report.get("destinationPhoneNumber", "")), pacific_date(at))
