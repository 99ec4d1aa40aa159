"""Sends a letter at once, outside the outbox: one that changes no case and is worth nothing later.

Codes and links that somebody asks for on a page go this way. When one fails, the person asks again.
"""

from __future__ import annotations

from chalicelib.aws import ses
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.mail.letters import compose


def send_now(
    name: str, to: str, lang: str, *, reference: str = "", link: str | None = None, **facts: object
) -> bool:
    """Mail the letter ``room/kind`` to one address; False when it did not leave.

    What goes wrong is logged and not raised, so that the page says the same whatever became of it.
    """
    kind = name.partition("/")[2]
    try:
        letter = compose(name, lang, reference=reference, link=link, due=None, **facts)
        tags = {"kind": kind} | ({"ref": reference} if reference else {})
        ses.send(to, letter.subject, letter.text, letter.html, tags, (), letter.sender)
    except Exception as error:
        count(Metric.LETTERS_REFUSED)
        # Only the kind of error: SES puts addresses into its messages.
        what = {"letter": kind, "referral": reference, "error": type(error).__name__}
        logger().error("letter not sent", extra=what)
        return False
    return True
