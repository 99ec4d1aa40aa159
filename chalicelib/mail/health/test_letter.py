"""The mail doctor's test letter: asked for by a row, sent by the relay, proved by SES's report.

Only the function that sends people's letters, in its own role, can show that they leave. So whoever
asks writes a row; the stream hands it to the relay. "sent" is written after the send.
"""

from __future__ import annotations

import html
import secrets
from typing import Final

from chalicelib.aws import dynamodb, send_gate, ses
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, put
from chalicelib.web.languages import N_, translator

ROW: Final = Key("POST", "TEST")
# SES's own mailbox that takes everything and reports it as delivered.
NOBODY: Final = "success@simulator.amazonses.com"
# Where a letter stands before its report came.
ASKED, LEAVES, SENT = "asked", "leaves", "sent"
PENDING: Final = (ASKED, LEAVES, SENT)
_KEEP_SECONDS = 3600


def ask(to: str, lang: str = "en") -> str:
    """Ask for a test letter to ``to``; its number, by which its report is known."""
    number, at = secrets.token_hex(4), now()
    send_gate.begin_test(number, ASKED, at)
    row = {"number": number, "to": to, "lang": lang, "expires_at": at + _KEEP_SECONDS}
    dynamodb.write(put(ROW, row))
    return number


def leave(row: Item) -> None:
    """Send the letter that a row of the stream asks for, once; an older one is left."""
    number = str(row.get("number", ""))
    if not send_gate.move_test(number, LEAVES, now(), after=ASKED):
        return
    _ = translator(str(row.get("lang", "en")))
    subject = _(N_("Test of the Network's mail"))
    text = _(N_("This letter only tests whether our mail arrives. You do not have to do anything."))
    page, tags = f"<p>{html.escape(text)}</p>", {"kind": "doctor", "ref": number}
    try:
        ses.send(str(row.get("to", "")), subject, text + "\n", page, tags)
    except (ses.PostBusy, ses.BadAddress, AwsError) as error:
        logger().error("test letter refused", extra={"error": type(error).__name__})
        send_gate.move_test(number, "refused", now())
        return
    send_gate.move_test(number, SENT, now(), after=LEAVES)
