"""The search of the console: a box on every page, and what it found.

What is typed is somebody's name or number, so no address holds it: it is sent as a form, kept in a
cookie of this browser for the length of a call, and the page's address says only which search it is.
So Back and a reload work, also in several tabs.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.ids import normalize_reference
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import Cookie, current, form, redirect
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.board import words_of_lines
from chalicelib.workflow.lists.records import PATHS, records
from chalicelib.workflow.lists.search import Hits, search
from chalicelib.workflow.lists.spelling import words_of
from chalicelib.workflow.machines import titles

COOKIE: Final = "searches"
# As long as a call, and the few that tabs may hold.
KEPT_SECONDS, KEPT = 1800, 3
LONGEST = 80
_RUN: Final = re.compile(r"(.{11})-([a-z_]+)-([0-9]{1,6})")
_KEPT: Final = re.compile(r"([A-Za-z0-9_-]{6})~([A-Za-z0-9_-]{1,440})")


def find() -> Response:
    """Go to the case or run that was typed, or to what the search finds."""
    typed = " ".join(one(form(), "q").split())[:LONGEST]
    if target := named(typed):
        return redirect(target)
    key = secrets.token_urlsafe(6)[:6]
    kept = [f"{key}~{_packed(typed)}"] if typed else []
    kept += [f"{name}~{text}" for name, text in _searches().items()]
    cookie = Cookie(COOKIE, ".".join(kept[:KEPT]), KEPT_SECONDS)
    return redirect(f"/console/search?s={key}", cookies=[cookie])


def show_found() -> Response:
    """What fits a search, the best first."""
    query = current().query
    key, page = ((query.get(name) or [""])[0] for name in ("s", "page"))
    typed = _unpacked(_searches().get(key, ""))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0
    who = current_staff()
    enough = any(len(word) > 1 for word in words_of(typed))
    result = search(typed, who.scope, who.actor, number) if enough else Hits([], 0, False)
    if result.hits:
        # Names are contact data: who looked at whose is on record, not what was typed.
        shown = [hit.state.reference for hit in result.hits]
        logger().info("contacts found", extra={"referrals": shown, "actor": who.actor})
    link = f"/console/search?s={key}"
    return show(
        "console/search.html",
        typed=typed,
        enough=enough,
        result=result,
        met=_met(typed) if enough and not number else [],
        first=link if number else "",
        more=f"{link}&page={number + 1}" if result.more else "",
        all_stages={**vocabulary.STAGES, "closed": N_("Closed")},
        **words_of_lines(now(), current().lang),
    )


def _met(typed: str) -> list[tuple[str, str, str]]:
    """Who was met by another service and fits: the person's name, the program, and the page of their record."""
    found = [
        (person, program, f"{PATHS[kind]}/{one}")
        for kind, one, person, program in records(fresh=False).met(typed, current_staff().scope)
    ]
    if found:
        paths = [path for _, _, path in found]
        logger().info("contacts found", extra={"records": paths, "actor": current_staff().actor})
    return found


def named(typed: str) -> str:
    """The page of a whole reference or of a run's name, "" when it is neither."""
    if (run := _RUN.fullmatch(typed)) and run[2] in titles():
        reference = normalize_reference(run[1])
        if reference:
            return f"/console/runs/{run[2]}/{reference}-{run[2]}-{run[3]}"
    reference = normalize_reference(typed)
    return f"/console/referrals/{reference}" if reference else ""


def _searches() -> dict[str, str]:
    """What this browser searched for lately, the newest first."""
    kept = current().cookies.get(COOKIE, "")[:2000].split(".")
    return {match[1]: match[2] for one in kept if (match := _KEPT.fullmatch(one))}


def _packed(typed: str) -> str:
    raw = typed.encode("utf-8", "replace")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpacked(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()[:LONGEST]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
