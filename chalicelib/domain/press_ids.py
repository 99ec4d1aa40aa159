"""The id of a press: what tells a form that is sent again from one that is sent for the first time.

It says which version of the case the form showed, which form it was and for what it was sent, and
last what was typed. A form is good for one command, whatever is typed into it: two presses of one
form differ in the last part at most.
"""

from __future__ import annotations

import hashlib
import re

_SHOWN = re.compile(r"([0-9a-f]{1,6})-[0-9a-f]{12}-[0-9a-f]{4}")


def press_id(version: int, form: str, typed: str) -> str:
    """The id of a press on ``form`` (its nonce and what it was sent for), which showed ``version``."""
    return f"{version:x}-{_digest(form)[:12]}-{_digest(typed)[:4]}"


def version_shown(press: str) -> int:
    """The version that the pressed form showed: no earlier entry can be this press. 0 if unknown."""
    found = _SHOWN.fullmatch(press)
    return int(found[1], 16) if found else 0


def same_form(press: str, other: str) -> bool:
    """Whether both are presses of one form."""
    return press == other or (
        _SHOWN.fullmatch(press) is not None and press.rpartition("-")[0] == other.rpartition("-")[0]
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
