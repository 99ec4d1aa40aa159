"""How typed text is read: one form of each character, nothing invisible, nothing guessed.

Accepted text is NFC, trimmed, with ``\\n`` line ends; everything else in it comes back as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time

from chalicelib.domain import addresses
from chalicelib.web.languages import N_

# Overrides reverse what a reader sees in a mail or a list; marks and isolates of RTL text stay.
OVERRIDES = "\u202d\u202e"
# Phones wrap a number copied from their contacts in these.
MARKS = [0xA0, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
WRAPPERS = dict.fromkeys(MARKS, " ")

PHONE = re.compile(r"\+?[0-9 ().\-/]{7,25}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.I)


def _unseen(char: str, lines: bool) -> bool:
    if char in "\n\t":
        return not lines
    kind = unicodedata.category(char)
    if kind in ("Cc", "Cs") or char in OVERRIDES or char == "\ufffd":
        return True
    return kind in ("Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE


# A value as a form keeps it; None where a question was left open.
Answer = str | int | list[str] | None


def text(typed: str, lines: bool = False) -> tuple[str, str | None]:
    """The text as kept, and an error msgid if it holds what cannot be kept."""
    value = typed.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        value = value.replace("\t", " ")
    value = unicodedata.normalize("NFC", value).strip()
    if any(_unseen(char, lines) for char in value):
        return "", N_("There is a hidden character in this answer. Please type it again by hand.")
    return value, None


def unwrapped(typed: str) -> str:
    """A phone number without the direction marks that phones put around it."""
    return " ".join(typed.translate(WRAPPERS).split(" ")).strip()


def showable(typed: str) -> str:
    """What was typed, without the characters that no page can hold (NUL, lone surrogates)."""
    return "".join(c for c in typed if c in "\r\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def email(value: str) -> tuple[Answer, str | None]:
    """One plain address."""
    if not addresses.plain(value):
        return None, N_("Type an email address, like name@example.org.")
    return value, None


def phone(value: str) -> tuple[Answer, str | None]:
    """A phone number of 10 to 15 digits, kept as typed."""
    digits = sum(char.isdigit() for char in re.split(r"[xe]", value.lower())[0])
    if not PHONE.fullmatch(value) or not 10 <= digits <= 15:
        return None, N_("Type a phone number with its area code.")
    return value, None


def whole_number(value: str) -> tuple[Answer, str | None]:
    """A whole number in ASCII digits."""
    if not re.fullmatch(r"[0-9]{1,9}", value):
        return None, N_("Type a whole number, like 12.")
    return int(value), None


def day(value: str) -> tuple[Answer, str | None]:
    """An ISO date, kept as text."""
    try:
        return date.fromisoformat(value).isoformat(), None
    except ValueError:
        return None, N_("Give a date as year-month-day, like 2026-05-07.")


def clock_time(value: str) -> tuple[Answer, str | None]:
    """A time of day as HH:MM."""
    try:
        return time.fromisoformat(value).strftime("%H:%M"), None
    except ValueError:
        return None, N_("Give a time, like 14:30.")


Reader = Callable[[str], tuple[Answer, "str | None"]]
READERS: dict[str, Reader] = {
    "email": email,
    "tel": phone,
    "number": whole_number,
    "date": day,
    "time": clock_time,
}
