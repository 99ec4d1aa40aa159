"""The earlier request that a new one is linked to: a signed reference in a cookie, for a month.

Only somebody who showed the code of the earlier request gets it; the new request keeps the number.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.web import links
from chalicelib.web.pages import Cookie, current

COOKIE: Final = "earlier"
SECONDS: Final = 30 * 86400


def earlier_cookie(reference: str) -> Cookie:
    """The cookie for the earlier request's provider."""
    return Cookie(COOKIE, links.sign(COOKIE, f"{reference}:{now() + SECONDS}"), SECONDS)


def earlier_here() -> str:
    """The reference of the earlier request, or an empty string."""
    given = current().cookies.get(COOKIE, "")
    text = (links.unsign(COOKIE, given) or "") if given else ""
    reference, _, until = text.partition(":")
    return reference if until.isdigit() and int(until) > now() else ""
