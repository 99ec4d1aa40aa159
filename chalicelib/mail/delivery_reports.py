"""What SES reports of each letter lands beside it, on the referral's timeline."""

from __future__ import annotations

import json

from chalicelib.aws import send_gate
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.mail import bounce_counts, letter_rows
from chalicelib.mail.bad_addresses import flag
from chalicelib.rooms import REPORTS
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store

# Days on which an address bounced for now, until somebody is asked to look.
SOFT_DAYS = 3

# A letter that arrived within this time was never reported as delayed (milliseconds).
ON_TIME = 60_000

# "Send" is not news: the row itself says so.
WORDS = {
    "DeliveryDelay": "delayed",
    "Delivery": "delivered",
    "Reject": "rejected",
    "Rendering Failure": "rejected",
    "Bounce": "bounced",
    "Complaint": "complained",
}

# What says something of the address.
NOT_ARRIVED = ("bounced", "complained")


def mail_events(event: Json, context: object) -> None:
    """Record the reports of SES's event publishing, and of text messages; whatever else is on the topic is noted, no more.

    SES itself says there, in a sentence, that it may publish, whenever that is set up or changed.
    """
    for one in event["Records"]:
        text = str(one["Sns"]["Message"])
        try:
            report = json.loads(text)
        except ValueError:
            report = None
        if isinstance(report, dict) and isinstance(report.get("mail"), dict):
            record(report)
        elif isinstance(report, dict) and (heard := _of_texts(report)):
            registry.load(heard)(report, now())
        else:
            logger().info("no report of a letter", extra={"characters": len(text)})


def _of_texts(report: Json) -> str:
    """What hears of a text message: its report, or one that somebody sent to us; "" for neither."""
    if str(report.get("eventType", "")).startswith("TEXT_"):
        return "chalicelib.mail.texts.reports:record"
    return "chalicelib.mail.texts.answers:received" if report.get("inboundMessageId") else ""


def record(report: Json) -> bool:
    """Move the mail's status forward, and act on one that will not arrive.

    Almost every letter arrives at once: that writes nothing.
    Twice or late is nothing twice: the status only moves forward, and an address that is no longer
    on file is not flagged. False when the report is not about a letter of ours.
    """
    kind_of_report = str(report.get("eventType", ""))
    status = WORDS.get(kind_of_report)
    if status is None:
        logger().info("a report of no interest", extra={"type": kind_of_report[:40]})
        return False
    if status == "bounced" and _replied(report):
        logger().info("an automatic reply, which is no bounce")
        return True
    tags = report.get("mail", {}).get("tags") or {}
    reference, v, number, kind = (
        str((tags.get(name) or [""])[0]) for name in ("ref", "v", "i", "kind")
    )
    if not reference:
        return _of_no_case(tags, status, report)
    if kind == "doctor":
        send_gate.move_test(reference, status, now())
        return True
    if kind == "code":
        # The status page's code has no row: it is worthless in a minute. Its address is not.
        if status in NOT_ARRIVED:
            _act(reference, _applicant(reference), status, report, now())
        return True
    if not all(text.isascii() and text.isdigit() for text in (v, number)):
        logger().warning("a mail report that names no letter of ours")
        return False
    for letter in _letters(reference, int(v), int(number), tags):
        _of_letter(*letter, status, report)
    return True


def _of_no_case(tags: Json, status: str, report: Json) -> bool:
    """A report about a letter that belongs to no case: whoever sent it hears that it will not arrive."""
    lost = status in ("rejected", "complained") or (
        status == "bounced" and report.get("bounce", {}).get("bounceType") == "Permanent"
    )
    for tag, address in REPORTS.items():
        if tag in tags:
            if lost:
                registry.load(address)(str(tags[tag][0]), status, now())
            return True
    logger().warning("a mail report that names no letter of ours")
    return False


def _letters(reference: str, v: int, number: int, tags: Json) -> list[tuple[str, int, int]]:
    """The letters that a report is about: one, or all that a digest brought."""
    others = letter_rows.gathered_with(reference, v, number) if letter_rows.GATHERED in tags else []
    return [(reference, v, number), *others]


def _of_letter(reference: str, v: int, number: int, status: str, report: Json) -> None:
    """A report about effect ``number`` of entry ``v``."""
    if _arrived_as_usual(status, report):
        if bounce_counts.BOUNCED in (report.get("mail", {}).get("tags") or {}):
            bounce_counts.forget(_written_to(report))
        return
    bounce = str(report.get("bounce", {}).get("bounceType", ""))
    moved = letter_rows.move(reference, v, number, status, now(), bounce)
    if status == "delivered" and moved:
        bounce_counts.forget(_written_to(report))
    if status in NOT_ARRIVED:
        row = letter_rows.find(reference, v, number, consistent=True)
        to = (row and row.get("to")) or _to(reference, v, number)
        _act(reference, to, status, report, (row and row.get("status_at")) or now())


def _arrived_as_usual(status: str, report: Json) -> bool:
    """Whether nothing was wrong with a letter: its row says "sent" already, and stays as it is."""
    took = report.get("delivery", {}).get("processingTimeMillis")
    return status == "delivered" and took is not None and int(took) < ON_TIME


def _replied(report: Json) -> bool:
    """Whether a bounce is an automatic reply, as out of the office: SES reports it as a bounce for now,
    but no mail system said with a status or a code that it did not deliver the letter."""
    bounce = report.get("bounce", {})
    recipients = bounce.get("bouncedRecipients") or []
    said = any(one.get("status") or one.get("diagnosticCode") for one in recipients)
    unknown = bounce.get("bounceSubType", "General") in ("General", "Undetermined")
    return bounce.get("bounceType") != "Permanent" and unknown and not said


def _applicant(reference: str) -> str:
    """Whom the codes of a status page go to."""
    try:
        return applicant_of(store.load(reference))
    except NotFound:
        return ""


def _to(reference: str, v: int, number: int) -> str:
    """Whom a letter went to whose report came before its row was written: the entry knows too."""
    try:
        effect = store.effect(store.load(reference, consistent=True), v, number)
    except NotFound:
        return ""
    return effect.to if isinstance(effect, SendLetter) else ""


def _act(reference: str, to: str, status: str, report: Json, at: int) -> None:
    """Flag the address after a hard bounce, a complaint, or soft bounces on three days in a row.

    Soft bounces are counted by address: whatever the letters were about, and each address for itself.
    """
    kind = report.get("bounce", {}).get("bounceType")
    written = _written_to(report)
    why = ""
    if status == "complained":
        why = "complained"
    elif status == "bounced" and kind == "Permanent":
        why = "bounced"
    elif status == "bounced" and bounce_counts.note(written, pacific_date(at)) >= SOFT_DAYS:
        why = "soft"
    if why and to:
        for failed in _recipients(report):
            flag(reference, to, failed, now(), why)
        bounce_counts.forget(written)


def _written_to(report: Json) -> str:
    """The one address that stood on the letter."""
    return str((report.get("mail", {}).get("destination") or [""])[0])


def _recipients(report: Json) -> list[str]:
    """The addresses that a report is about; at most the one that we wrote to."""
    told = report.get("bounce", {}).get("bouncedRecipients") or report.get("complaint", {}).get(
        "complainedRecipients"
    )
    found = [str(one.get("emailAddress", "")) for one in told or []]
    # Some mail systems name a mailbox behind the one that we know: the envelope says which it was.
    found += [str(one) for one in report.get("mail", {}).get("destination") or []]
    return [one for one in dict.fromkeys(found) if one][:5]
