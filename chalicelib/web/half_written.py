"""How a browser finds again what somebody half-wrote in it: its cookie has a secret, of which the table knows the hash;
or, where it came by a mailed link, a signed handle, because the secret is not kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from chalicelib.web import links

KEEP: Final = 30 * 24 * 3600
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """A secret for a new cookie."""
    return secrets.token_urlsafe(32)


def key_of(purpose: str, cookie: str) -> str:
    """The key behind a cookie's secret or handle; "" for what is neither."""
    if _SECRET.fullmatch(cookie):
        return hashlib.sha256(cookie.encode()).hexdigest()
    return links.unsign(purpose, cookie) or "" if "." in cookie else ""


def handle(purpose: str, key: str) -> str:
    """A cookie's value for a browser that came by the mailed link."""
    return links.sign(purpose, key)


def is_handle(purpose: str, cookie: str) -> bool:
    """Whether a browser came by a mailed link."""
    return "." in cookie and links.unsign(purpose, cookie) is not None
