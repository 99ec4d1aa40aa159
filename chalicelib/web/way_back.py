"""The way back to the page of the console from which staff opened a task.

It is kept in a cookie beside the task's own, so that it outlives every step of the task's pages, and
names the task, so that no other one shows it: each tab leads back to where it was opened.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlencode

from chalicelib.web.request_context import Cookie, current

COOKIE = "way_back"
FIELD = "_back"
_PAGE = re.compile(
    r"/console(/[a-z]{1,20}(/[0-9A-Za-z-]{1,40})?)?(\?[A-Za-z0-9_=&%.+-]{1,300})?(#[a-z]{1,9})?"
)


def here() -> str:
    """The address of the page at hand, as its forms carry it."""
    at = current()
    query = urlencode([(name, one) for name, values in at.query.items() for one in values])
    return at.path + (f"?{query}" if query else "")


def cookie(reference: str, n: int, page: str, seconds: int) -> Cookie:
    """The cookie that leads back from task ``n``; from a page that is none of ours, to nowhere."""
    good = page if _PAGE.fullmatch(page) else ""
    told = base64.urlsafe_b64encode(f"{_task(reference, n)}{good}".encode()).rstrip(b"=").decode()
    return Cookie(COOKIE, told, seconds if good else 0, f"/task/{reference}/{n}")


def from_task(reference: str, n: int) -> str:
    """The page from which this browser opened task ``n``; empty when it did not."""
    kept = current().cookies.get(COOKIE, "")[:600]
    try:
        told = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    page = told.removeprefix(_task(reference, n))
    return page if page != told and _PAGE.fullmatch(page) else ""


def _task(reference: str, n: int) -> str:
    return f"{reference}.{n}|"
