"""What a page hands to the script that keeps an answer on the phone while there is no connection: the key
under which it lies there, where it is posted, and how long it may be kept.

The key follows from the task under the link keys, so that only a page of that task gives it. A phone that
several people use holds nothing that can be read without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from chalicelib.aws.secrets import link_keys
from chalicelib.domain.plain.values import frozen

# Seconds for which an answer may lie on a phone, however long its link is good.
LONGEST: Final = 3 * 86400


@frozen
class Here:
    """``id``: the task, as what is kept is named. ``keys``: in base64, the one to use first. ``action``: the
    path to post to. ``seconds``: how long it may be kept, whatever the phone's clock says."""

    id: str
    keys: str
    action: str
    seconds: int


def kept_here(reference: str, n: int, action: str, ends: int, at: int) -> Here:
    """Of one task, whose link ends at ``ends``."""
    current, keys = link_keys()
    ordered = [keys[current], *(key for name, key in keys.items() if name != current)]
    return Here(
        id=f"{reference}/{n}",
        keys=" ".join(_key(key, f"{reference}|{n}") for key in ordered),
        action=action,
        seconds=max(0, min(ends - at, LONGEST)),
    )


def _key(key: bytes, task: str) -> str:
    made = hmac.new(key, f"kept on a phone|{task}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()
