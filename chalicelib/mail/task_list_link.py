"""The link to all open tasks of one consultant, and whose list this browser may see.

The link is derived, as a task's is, and names nobody: it carries a hash of the consultant's id. It
opens the list only in a browser that the consultant has proved to be theirs.
"""

from __future__ import annotations

import hashlib

from chalicelib.aws.now import now, scaled
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.mail import email_code
from chalicelib.web import links
from chalicelib.web.request_context import Cookie, current

PURPOSE = COOKIE = "mine"
CALENDAR = "calendar"
LINK_SECONDS = 30 * 86400
# Nobody subscribes anew each month.
CALENDAR_SECONDS = 400 * 86400
COOKIE_SECONDS = 90 * 86400


def _mark(consultant: str) -> str:
    return hashlib.sha256(f"mine|{consultant}".encode()).hexdigest()[:24]


def address(consultant: str) -> str:
    """The whole address of a consultant's list, for letters."""
    at = now()
    end = at + max(60, scaled(0, LINK_SECONDS))
    return f"{settings().base_url}/mine/{links.ticket(PURPOSE, _mark(consultant), end)}"


def calendar_address(consultant: str) -> str:
    """The whole address of the calendar of a consultant's sessions, for their calendar program."""
    end = now() + CALENDAR_SECONDS
    return f"{settings().base_url}/mine/calendar/{links.ticket(CALENDAR, _mark(consultant), end)}"


def consultant_of(link: str) -> str:
    """The id of the consultant behind a link that is still good; "" for any other."""
    return _behind(PURPOSE, link)


def whose_calendar(link: str) -> str:
    """The same of the address of a calendar."""
    return _behind(CALENDAR, link)


def _behind(purpose: str, link: str) -> str:
    mark = links.read_ticket(purpose, link, now())
    known = [str(r["id"]) for r in people.consultants() if r.get("active")]
    return next((one for one in known if mark is not None and _mark(one) == mark), "")


def person(consultant: str) -> str:
    """A consultant as letters and known browsers name people."""
    return f"consultant:{consultant}"


def cookie(consultant: str) -> Cookie:
    """What lets a browser open the list again, without the link."""
    text = f"{consultant}~{now() + COOKIE_SECONDS:x}"
    return Cookie(COOKIE, links.sign(PURPOSE, text), COOKIE_SECONDS)


def claimed() -> str:
    """The consultant whose list this browser has opened before, proved or not; "" for none."""
    text = links.unsign(PURPOSE, current().cookies.get(COOKIE, ""))
    who, _, end = (text or "").partition("~")
    return who if end and int(end, 16) > now() else ""


def browser() -> str:
    """What tells this browser from others that had the list, as limits count them; "" for none."""
    return current().cookies.get(COOKIE, "")[-26:]


def holder() -> str:
    """The same, if this browser is known to be theirs."""
    who = claimed()
    return who if who and email_code.known(person(who)) else ""
