"""Places in long lists, as the addresses of their further pages carry them."""

from __future__ import annotations

import base64
import binascii
import re

from chalicelib.domain.ids import is_reference


def cursor_of(place: str) -> str:
    """A place in a list, as an address carries it."""
    return base64.urlsafe_b64encode(place.encode()).rstrip(b"=").decode()


def place_of(cursor: str, shape: re.Pattern[str]) -> str:
    """The place that a cursor names; one that we did not make means the first page: "".

    ``shape`` has the reference as its second group.
    """
    try:
        text = base64.urlsafe_b64decode(cursor[:96] + "=" * (-len(cursor[:96]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    match = shape.fullmatch(text)
    return text if match is not None and is_reference(match[2]) else ""
