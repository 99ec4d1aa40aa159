"""Whether what was typed into a personal field is found in a text. Hides how a number made of digits is
told from the same digits in a random id, a hash or the fraction of a second, which meet it by chance."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FRACTION = re.compile(r"(?<=:\d\d)\.\d+")
# What logging itself adds to each line: where, when, and in which process.
NOT_SAID = {"created", "msecs", "relativeCreated", "thread", "process", "pathname", "filename"}


def sings(canaries: Iterable[str], text: str) -> list[str]:
    """The canaries in a text, however they are cased. One of digits alone counts within a longer word, too
    ("zip90099", "%2C90099"), unless that looks random: three signs more, a digit among them."""
    lower = FRACTION.sub(" ", UUID.sub(" ", text.lower()))
    return [one for one in canaries if _within(one.lower(), lower)]


def _within(canary: str, text: str) -> bool:
    if not canary.isdigit():
        return canary in text
    words = re.finditer(rf"[0-9a-z]*{canary}[0-9a-z]*", text)
    return any(not _random(one[0].replace(canary, "", 1)) for one in words)


def _random(rest: str) -> bool:
    return len(rest) > 2 and any(sign.isdigit() for sign in rest)


def line(record: logging.LogRecord) -> str:
    """Everything that a log line carries, and not what logging adds by itself."""
    return str({name: value for name, value in record.__dict__.items() if name not in NOT_SAID})
