"""The letter by which staff hear of a leave that a consultant entered, changed or took back: the one who is in
charge of assignments, and the consultant's supervisor."""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import field, update
from chalicelib.directory import mail_choices, people
from chalicelib.domain.roles import COORDINATOR, SUPERVISOR
from chalicelib.mail.choices.holding import held_until
from chalicelib.mail.mail_priority import LANES
from chalicelib.mail.send_now import send_owed
from chalicelib.referral.matching.own_leave import rows
from chalicelib.workflow.storage import indexes

LETTER: Final = "matching/own_leave"
_LANE: Final = LANES.index("task")
AGAIN: Final = 60


def look(pk: str, sk: str, at: int) -> None:
    """The clock's look at a leave of which staff are to hear. Who has heard of it hears it once."""
    who = sk.removeprefix(rows.SK)
    row = dynamodb.get(rows.key(who), consistent=True) or {}
    heard, later = {str(one) for one in row.get("heard", ())}, 0
    for member in _staff(who):
        if member in heard:
            continue
        if wait := _send(who, member, at):
            later = max(later, wait)
            continue
        heard.add(member)
        dynamodb.write(update(rows.key(who)).add("heard", {member}).only_if(field("pk").exists()))
    same = field("at").equals(row.get("at"))
    if later:
        indexes.wake_later(pk, sk, later, same)
    else:
        indexes.sleep(pk, sk, same)


def _staff(who: str) -> list[str]:
    """Who hears of it."""
    row = people.consultant_now(who)
    county = next(iter(row.get("counties") or [""]))
    lead = people.in_charge_of(SUPERVISOR, county, who)
    return [one for one in dict.fromkeys((people.in_charge(COORDINATOR, county), lead)) if one]


def _send(who: str, member: str, at: int) -> int:
    """When to try again; 0 where it left, or can never leave."""
    to, row = people.staff_member(member), people.consultant_now(who)
    email = str(to.get("email") or "")
    if not email or to.get("email_bad") == email:
        return 0
    chosen = mail_choices.of(mail_choices.mark_of(email))
    if held := held_until(_LANE, at, at, chosen, works_here=True):
        return held
    last = int(row.get("on_leave_until", 0))
    fate = send_owed(
        LETTER,
        email,
        chosen.language or str(to.get("letters_language") or "en"),
        at,
        _LANE,
        chosen=chosen,
        tags={"kind": "own_leave"},
        link=f"{settings().base_url}/console/consultants/{who}",
        first=int(row.get("on_leave_from", at)),
        last=last - 1 if last > at else 0,
        others=list(rows.wishes_of(who).values()).count(rows.OTHER),
        open=len(row.get("held", [])),
    )
    return at + AGAIN if fate == "later" else 0
