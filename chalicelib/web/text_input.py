"""How typed text is read: one form of each character, nothing invisible, nothing guessed.

Accepted text is NFC, trimmed, with ``\\n`` line ends; everything else in it comes back as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from chalicelib.domain import addresses, ids
from chalicelib.web.languages import N_

# Overrides reverse what a reader sees in a mail or a list; marks and isolates of RTL text stay.
OVERRIDES = "\u202d\u202e"
# What other programs end a line or a paragraph with.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
SINGLE_LINE_ENDS = re.compile("[\t\v\f\x85\u2028\u2029]")
YEARS = range(2000, 2101)
# "14:30" and "14.30" are of the day; an hour that may be of the morning needs its AM or PM.
TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::00)? ?(?:([ap])\.? ?m\.?)?", re.IGNORECASE)


def _unseen(char: str, lines: bool) -> bool:
    if char in "\n\t":
        return not lines
    kind = unicodedata.category(char)
    if kind in ("Cc", "Cs") or char in OVERRIDES or char == "\ufffd":
        return True
    return ord(char) & 0xFFFE == 0xFFFE


# A value as a form keeps it; None where a question was left open.
Answer = str | int | list[str] | None


def text(typed: str, lines: bool = False) -> tuple[str, str | None]:
    """The text as kept, and an error msgid if it holds what cannot be kept."""
    ends, end = (LINE_ENDS, "\n") if lines else (SINGLE_LINE_ENDS, " ")
    value = ends.sub(end, typed)
    value = unicodedata.normalize("NFC", value).strip()
    if any(_unseen(char, lines) for char in value):
        return "", N_("There is a hidden character in this answer. Please type it again by hand.")
    return value, None


def showable(typed: str) -> str:
    """What was typed, without the characters that no page can hold (NUL, lone surrogates)."""
    return "".join(c for c in typed if c in "\r\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


# What is one thing, whatever a program has put around it or into it.
TIDIED: dict[str, Callable[[str], str]] = {
    "email": lambda typed: ids.visible(typed).removeprefix("mailto:"),
    "tel": lambda typed: re.sub("^tel: *", "", ids.typeable(typed).strip(), flags=re.IGNORECASE),
    "date": ids.typeable,
    "time": ids.typeable,
}


def email(value: str) -> tuple[Answer, str | None]:
    """One plain address."""
    if not addresses.plain(value):
        return None, N_("Type an email address, like name@example.org.")
    return value, None


def phone(value: str) -> tuple[Answer, str | None]:
    """One phone number, kept in the writing in which it was typed."""
    if addresses.phone(value) is None:
        return None, N_(
            "Type one phone number with its area code, like 626-555-0134. A number from another country "
            "begins with +."
        )
    return value, None


def whole_number(value: str) -> tuple[Answer, str | None]:
    """A whole number in ASCII digits."""
    if not re.fullmatch(r"[0-9]{1,9}", value):
        return None, N_("Type a whole number, like 12.")
    return int(value), None


def day(value: str) -> tuple[Answer, str | None]:
    """An ISO date, kept as text. In 12/04/2026 nobody knows which is the month."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None, N_("Give a date as year-month-day, like 2026-05-07.")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None, N_("There is no such day. Give a date as year-month-day, like 2026-05-07.")
    if found.year not in YEARS:
        return None, N_("Check the year. Give a date as year-month-day, like 2026-05-07.")
    return value, None


def clock_time(value: str) -> tuple[Answer, str | None]:
    """A time of day, as HH:MM. An hour without AM or PM is one of 24, as a browser sends it, in two digits."""
    found = TIME.fullmatch(value)
    hour, minute, half = found.groups() if found else ("", "", "")
    number, good = int(hour or 99), bool(hour and (minute or half))
    if half:
        good = good and 1 <= number <= 12
        number = number % 12 + (12 if half.lower() == "p" else 0)
    elif len(hour) < 2:
        good = False
    if not good or number > 23 or int(minute or 0) > 59:
        return None, N_("Give a time with AM or PM, like 2:30 PM.")
    return f"{number:02d}:{minute or '00'}", None


Reader = Callable[[str], tuple[Answer, "str | None"]]
READERS: dict[str, Reader] = {
    "email": email,
    "tel": phone,
    "number": whole_number,
    "date": day,
    "time": clock_time,
}


def secure_link(value: Answer) -> str | None:
    """What is wrong with a link to join."""
    try:
        parts = urlsplit(str(value))
    except ValueError:
        parts = urlsplit("")
    good = parts.scheme == "https" and "." in parts.netloc and not set(str(value)) & set(" <>\"'")
    return None if good else N_("Type the whole link. It begins with https://.")
