"""The letter with the link to a certificate, which the row owes and the clock sends; and the link itself."""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import field, update
from chalicelib.directory import mail_choices
from chalicelib.mail.choices.holding import held_until
from chalicelib.mail.mail_priority import LANES
from chalicelib.mail.send_now import send_owed
from chalicelib.training.certificates import rows
from chalicelib.training.certificates.rows import Certificate
from chalicelib.web import links
from chalicelib.workflow.storage import indexes, keys

PURPOSE: Final = "certificate"
LETTER: Final = "certificates/certificate"
LANE: Final = LANES.index("notice")
# Seconds for which a mailed link is good; staff mail another one.
LASTS: Final = 400 * 86_400
AGAIN: Final = 60


def look(pk: str, sk: str, at: int) -> None:
    """The clock's look at a certificate whose letter is owed."""
    one = rows.one_of(sk.removeprefix(rows.SK))
    fate = _send(one, at) if one.valid and one.email else "never"
    if isinstance(fate, int):
        indexes.wake_later(pk, sk, fate)
        return
    done = update(rows.key(one.id)).remove("wpk", "wake_at")
    dynamodb.write(done.set(mailed=at) if fate == "sent" else done)


def _send(one: Certificate, at: int) -> int | str:
    """What became of the letter, or when it is tried again."""
    chosen = mail_choices.of(mail_choices.mark_of(one.email))
    if held := held_until(LANE, one.at, at, chosen, works_here=False):
        return held
    lang, link = chosen.language or one.language, address(one.id, at)
    fate = send_owed(
        LETTER,
        one.email,
        lang,
        at,
        LANE,
        chosen=chosen,
        tags={"kind": PURPOSE},
        link=link,
        program=one.program,
        code=one.code,
    )
    return at + AGAIN if fate == "later" else fate


def owe(one: Certificate, at: int) -> None:
    """Mail it once more."""
    due = update(rows.key(one.id)).set(wpk=keys.WAKE_PARTITION, wake_at=at)
    dynamodb.write(due.only_if(field("pk").exists()))


def address(id_: str, at: int) -> str:
    """The whole address of somebody's own certificate."""
    return f"{settings().base_url}/certificate/{links.ticket(PURPOSE, id_, at + LASTS)}"


def read(text: str, at: int) -> Certificate | None:
    """The certificate of a link; None for one that is not good (any more)."""
    id_ = links.read_ticket(PURPOSE, text, at)
    return rows.one_of(id_) if id_ else None
