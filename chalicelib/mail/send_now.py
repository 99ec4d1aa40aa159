"""Sends a letter at once, outside the outbox: one that changes no case and is worth nothing later.

Codes and links that somebody asks for on a page go this way. When one fails, the person asks again. A
letter that a row owes to somebody (``send_owed``) goes this way too: whoever keeps the row calls again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from chalicelib.aws import send_gate, ses
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.directory.mail_choices import Choices
from chalicelib.mail.choices.links import address
from chalicelib.mail.letters import compose, may_be_left

Fate = Literal["sent", "left", "later", "never"]


def send_now(
    name: str,
    to: str,
    lang: str,
    *,
    reference: str = "",
    link: str | None = None,
    files: Sequence[ses.Attachment] = (),
    bare: bool = False,
    **facts: object,
) -> bool:
    """Mail the letter ``room/kind`` to one address; False when it did not leave. ``bare``: it leads nowhere,
    not to its reader's choices either.

    What goes wrong is logged and not raised, so that the page says the same whatever became of it.
    """
    kind = name.partition("/")[2]
    try:
        foot = "" if bare else address(to, lang)
        letter = compose(name, lang, reference=reference, link=link, due=None, foot=foot, **facts)
        tags = {"kind": kind} | ({"ref": reference} if reference else {})
        rest = (letter.text, letter.html, tags, files, letter.sender, letter.headers)
        ses.send(to, letter.subject, *rest)
    except Exception as error:
        count(Metric.LETTERS_REFUSED)
        # Only the kind of error: SES puts addresses into its messages.
        what = {"letter": kind, "referral": reference, "error": type(error).__name__}
        logger().error("letter not sent", extra=what)
        return False
    return True


def send_owed(
    name: str,
    to: str,
    lang: str,
    at: int,
    urgency: int,
    *,
    chosen: Choices,
    tags: Mapping[str, str],
    files: Sequence[ses.Attachment] = (),
    link: str | None = None,
    **facts: object,
) -> Fate:
    """Mail a letter that belongs to no case and must not be lost. ``urgency``: its lane, 0 is the first;
    ``chosen``: what its reader wants.

    ``left``: its reader wants none of this kind; ``never``: no letter can leave to this address;
    ``later``: SES takes none now. Raises what is wrong with the letter itself, and AwsError.
    """
    if send_gate.waits(urgency, at):
        return "later"
    if may_be_left(name) in chosen.left:
        return "left"
    foot = address(to, lang)
    letter = compose(name, lang, reference="", link=link, due=None, foot=foot, **facts)
    whole = (letter.text, letter.html, dict(tags), files, letter.sender, letter.headers)
    try:
        ses.send(to, letter.subject, *whole)
    except (ses.PostBusy, AwsError) as error:
        hold_back(error, urgency, at)
        return "later"
    except ses.BadAddress:
        count(Metric.LETTERS_REFUSED)
        return "never"
    return "sent"


def hold_back(error: ses.PostBusy | AwsError, urgency: int, at: int, channel: str = "") -> None:
    """Let less urgent letters of a channel wait, and all of them where something of ours is broken: a key that no
    link can be signed with, too. What is closed for long is said aloud, once.

    Raises the error when it says nothing of other letters.
    """
    if isinstance(error, AwsError):
        if not error.refused:
            raise error
        error = ses.PostRefused(ses.REFUSED, error.code)
    lane = 0 if isinstance(error, ses.PostRefused) else urgency
    closed = isinstance(error, ses.PostClosed)
    if send_gate.shut(lane, at + error.seconds, error.why, closed, at, channel):
        count_closed(channel)
        what = {"why": error.why, "until": at + error.seconds, "channel": channel}
        logger().error("post closed", extra=what)


def count_closed(channel: str) -> None:
    """Count that a channel is closed for long, for its alarm."""
    if channel:
        count(Metric.TEXTS_CLOSED)
    else:
        count(Metric.POST_CLOSED)
