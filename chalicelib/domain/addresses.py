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


def same(one: str, other: str) -> bool:
    """Whether two addresses are the same mailbox to us: upper and lower case do not count."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()
