"""One plain email address, and nothing that only looks like one."""

from __future__ import annotations

import re
from typing import Final

LONGEST, LONGEST_LOCAL = 254, 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")


def plain(text: str) -> bool:
    """Whether ``text`` is exactly one address that we write to.

    No display name, comment, quotes, line break, second @, trailing dot, or letter beyond ASCII:
    every one of these has been used to make a letter go somewhere else.
    """
    local = text.rpartition("@")[0]
    return (
        len(text) <= LONGEST and len(local) <= LONGEST_LOCAL and _PLAIN.fullmatch(text) is not None
    )


_COMMON: Final = [
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "live.com",
    "msn.com",
    "me.com",
    "mac.com",
    "mail.com",
    "ymail.com",
    "email.com",
    "gmx.com",
    "comcast.net",
    "sbcglobal.net",
    "att.net",
    "verizon.net",
    "pacbell.net",
    "cox.net",
    "earthlink.net",
    "charter.net",
    "protonmail.com",
    "proton.me",
    "yahoo.es",
    "hotmail.es",
    "yahoo.com.mx",
]


def suggested(address: str) -> str:
    """The address that was probably meant, where the part after the @ is one slip of the finger away
    from a common one; "" else."""
    local, _at, typed = address.rpartition("@")
    domain = typed.casefold()
    if domain in _COMMON:
        return ""
    near = next((one for one in _COMMON if _one_slip(domain, one)), "")
    return f"{local}@{near}" if near else ""


def _one_slip(typed: str, meant: str) -> bool:
    """Whether a letter was added, left out, changed or swapped with its neighbor."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    one, other = typed[start:], meant[start:]
    swapped = other[1:2] + other[:1] + other[2:]
    return one[1:] == other or one == other[1:] or one[1:] == other[1:] or one == swapped


def same(one: str, other: str) -> bool:
    """Whether two addresses are the same mailbox to us: upper and lower case do not count."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()
