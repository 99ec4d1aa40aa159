"""The mail doctor's rounds: by the clock each hour, and every two minutes while something is wrong or
not known yet; when an admin looks; and once a day with a test letter to nobody, which is repeated while it does
not leave."""

from __future__ import annotations

from chalicelib.aws import refusals, send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.mail.health import test_letter
from chalicelib.mail.health.doctor import HARMLESS, NAMES, RED, Finding, examine, verdict
from chalicelib.mail.health.ses_health import facts
from chalicelib.web.languages import translator

DAY, HOUR, MINUTE = 86400, 3600, 60
# Seconds between two looks while something is wrong or not known yet; its alarm counts on it.
UNSETTLED = 120
# Seconds until another test letter leaves, by what became of the last one, where that is not a day.
TEST_AGAIN = {"refused": 300} | dict.fromkeys(test_letter.PENDING, HOUR)


def look(at: int) -> list[Finding]:
    """Examine everything now and keep what was found; intake reads the verdict."""
    found = examine(facts())
    said = verdict(found)
    names = [one.check for one in found if one.colour == RED]
    shut = any(name not in HARMLESS for name in names)
    send_gate.diagnosed(said, [_row(one) for one in found], at, shut)
    if said == RED:
        count(Metric.MAIL_DOCTOR_RED)
        logger().error("mail doctor", extra={"checks": names})
    return found


def each_minute(at: int) -> None:
    """The clock's look at the doctor's row: is his hour over?"""
    hourly(send_gate.read(), at)


def hourly(state: Item, at: int) -> None:
    """Examine everything when an hour has passed, or two minutes while something is wrong, and ask for a
    test letter; ``state`` is the post's row as it stands."""
    test = str(state.get("test_status", ""))
    unsettled = (
        state.get("doctor") == RED
        or state.get("closed_since")
        or test in TEST_AGAIN
        or refusals.standing(state, at)
    )
    if at - int(state.get("doctor_at", 0)) >= (UNSETTLED if unsettled else HOUR):
        look(at)
    if at - int(state.get("test_at", 0)) >= TEST_AGAIN.get(test, DAY):
        test_letter.ask(test_letter.NOBODY)


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


def _row(one: Finding) -> Item:
    return {
        "check": one.check,
        "colour": one.colour,
        "text": one.text,
        "fix": one.fix,
        "values": one.values,
    }
