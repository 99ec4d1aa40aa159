"""The mail doctor's rounds: once an hour by the clock, when an admin looks, and by a test letter."""

from __future__ import annotations

import html
import secrets

from chalicelib.aws import send_gate, ses
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.now import now
from chalicelib.mail.health.doctor import NAMES, RED, Finding, examine, verdict
from chalicelib.mail.health.ses_health import facts
from chalicelib.web.languages import N_, translator

HOUR, MINUTE = 3600, 60


def look(at: int) -> list[Finding]:
    """Examine everything now and keep what was found; intake reads the verdict."""
    found = examine(facts())
    said = verdict(found)
    send_gate.diagnosed(said, [_row(one) for one in found], at)
    if said == RED:
        count(Metric.MAIL_DOCTOR_RED)
        names = [one.check for one in found if one.colour == RED]
        logger().error("mail doctor", extra={"checks": names})
    return found


def hourly(state: Item, at: int) -> None:
    """The clock's look: ``state`` is the post's row as it stands."""
    if at - int(state.get("doctor_at", 0)) >= HOUR:
        look(at)


def latest(at: int) -> list[Finding]:
    """What was found in the last minute, or a fresh look."""
    state = send_gate.read()
    if at - int(state.get("doctor_at", 0)) < MINUTE:
        return [Finding(**row) for row in state.get("findings", [])]
    return look(at)


def said(one: Finding, lang: str) -> tuple[str, str, str]:
    """A finding's name, sentence and fix in the reader's language."""
    _ = translator(lang)
    name = _(NAMES.get(one.check, one.check))
    text = _(one.text) % one.values if one.values else _(one.text)
    fix = _(one.fix) % one.values if one.fix and "%(" in one.fix else _(one.fix) if one.fix else ""
    return name, text, fix


def send_test(to: str, lang: str) -> str:
    """Send a test letter and return its number, by which its report is known.

    Raises mail.PostBusy, mail.PostClosed, mail.BadAddress.
    """
    _ = translator(lang)
    number = secrets.token_hex(4)
    subject = _(N_("Test of the Network's mail"))
    text = _(N_("This letter only tests whether our mail arrives. You do not have to do anything."))
    send_gate.testing(number, now())
    ses.send(
        to, subject, text + "\n", f"<p>{html.escape(text)}</p>", {"kind": "doctor", "ref": number}
    )
    return number


def _row(one: Finding) -> Item:
    return {
        "check": one.check,
        "colour": one.colour,
        "text": one.text,
        "fix": one.fix,
        "values": one.values,
    }
