"""Letters about supervision: to whom it is due or has lapsed, once each, to the supervisor of whose has lapsed,
and to a facilitator who is to confirm
meetings, at most one a week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Key, field, update
from chalicelib.directory import mail_choices, people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.mail import send_now, task_list_link
from chalicelib.mail.choices.holding import held_until
from chalicelib.mail.mail_priority import LANES
from chalicelib.training.supervision import rows, rule
from chalicelib.training.supervision.rule import LAPSED, Standing
from chalicelib.web.render import TemplateValues

WEEK: Final = 7 * 86_400
# Seconds after which somebody else may send what a broken look did not.
STUCK: Final = 300
_LANE: Final = LANES.index("reminder")


def tell(row: Person, one: Standing | None, at: int) -> bool:
    """Send somebody what they are owed; False where something is left for later."""
    return _tell_standing(row, one, at) and _ask_facilitator(row, at)


def _tell_standing(row: Person, one: Standing | None, at: int) -> bool:
    own = rows.person(str(row["id"]))
    mark = rule.reminder(one, pacific_date(at)) if one else ""
    told = str((dynamodb.get(own) or {}).get("told", ""))
    if mark == told:
        return True
    if not mark or one is None:
        return dynamodb.write(update(own).remove("told"))
    if not _taken(own, at):
        return False
    sent = _send(
        "supervision/lapsed" if one.state == LAPSED else "supervision/due",
        row,
        at,
        {
            "until": midnight(date.fromisoformat(one.until)) if one.until else at,
            "minutes": one.minutes,
            "alone": one.alone,
            "threshold": one.threshold,
        },
    )
    _free(own, told=mark if sent else None)
    return sent


def tell_supervisor(who: str, lapsed: Collection[str], at: int) -> bool:
    """A supervisor hears of those of their consultants whose hours have lapsed, in one letter a day; of each again
    once it was current meanwhile. False where it is left for later."""
    own, lead = rows.person(f"staff:{who}"), people.staff_member(who)
    heard = set((dynamodb.get(own) or {}).get("heard", ()))
    if heard == set(lapsed) or not lead.get("active"):
        return True
    fresh = set(lapsed) - heard
    if fresh and not _taken(own, at):
        return False
    page = f"{settings().base_url}/console/supervision"
    sent = not fresh or _mail("supervision/lapsed_of", lead, page, at, {"n": len(fresh)})
    kept = sorted(lapsed) if sent else sorted(heard)
    dynamodb.write(update(own).remove("sending").set_or_remove({"heard": kept or None}))
    return sent


def _ask_facilitator(row: Person, at: int) -> bool:
    """What waits for a facilitator's word, in one letter; again after a week."""
    if not row.get("endorsement"):
        return True
    asked = rows.asked(str(row["id"]))
    if not any(int(found.get("told", 0)) < at - WEEK for _meeting, found in asked):
        return True
    own = rows.person(str(row["id"]))
    if not _taken(own, at):
        return False
    sent = _send("supervision/confirm", row, at, {"n": len(asked)})
    for meeting, _found in asked if sent else []:
        there = field("pk").exists()
        dynamodb.write(update(meeting.asked).set(told=at).only_if(there))
    _free(own)
    return sent


def _send(name: str, row: Person, at: int, facts: TemplateValues) -> bool:
    """Whether a letter to a consultant left, or need not be tried again."""
    return _mail(name, row, task_list_link.address(str(row["id"])), at, facts)


def _mail(name: str, row: Person, link: str, at: int, facts: TemplateValues) -> bool:
    email = str(row.get("email") or "")
    if not email or row.get("email_bad") == email:
        return True
    chosen = mail_choices.of(mail_choices.mark_of(email))
    if held_until(_LANE, at, at, chosen, works_here=True):
        return False
    lang = chosen.language or str(row.get("letters_language") or "en")
    fate = send_now.send_owed(
        name, email, lang, at, _LANE, chosen=chosen, tags={"kind": name.partition("/")[2]},
        link=link, **facts,
    )  # fmt: skip
    return fate != "later"


def _taken(own: Key, at: int) -> bool:
    """Take somebody's row to send a letter; False while somebody else does."""
    free = field("sending").absent() | field("sending").less_than(at - STUCK)
    return dynamodb.write(update(own).set(sending=at).only_if(free))


def _free(own: Key, told: str | None = None) -> None:
    done = update(own).remove("sending")
    dynamodb.write(done.set(told=told) if told else done)
