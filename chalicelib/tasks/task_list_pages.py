"""All open tasks of a consultant behind one link, by due date, and what else stands on their own page."""

from __future__ import annotations

import time

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.ids import visible
from chalicelib.mail import email_code, task_list_link
from chalicelib.mail.send_now import send_now
from chalicelib.tasks.code_challenge import TICK, Place, ask_person, asking, code_page
from chalicelib.tasks.task_list import work_of
from chalicelib.web import links
from chalicelib.web.http_input import one
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow import registry

FLOOR_SECONDS = 0.6


def show_list() -> Response:
    """The list, for a browser that is known; else what is missing for it."""
    return _list() if task_list_link.holder() else _first(task_list_link.claimed(), "/mine")


def open_list_again() -> Response:
    """The tick and the code, where the browser had the list before."""
    return _open(task_list_link.claimed(), "/mine")


def mail_list() -> Response:
    """Mail a fresh link to an address, if it is a consultant's; the page says the same for any."""
    if current().switching:
        return _first("", "/mine")
    started = time.monotonic()
    try:
        _mail_fresh(visible(one(form(), "email")).strip().casefold()[:254])
    finally:
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))
    return render("tasks/mine_mailed.html")


def show_link(link: str) -> Response:
    """The mailed link: neutral words until the person has acted, the list in a browser that is known."""
    who = task_list_link.consultant_of(link)
    if who and email_code.known(task_list_link.person(who)):
        return redirect("/mine", cookies=[task_list_link.cookie(who)])
    return _first(who, f"/mine/{link}" if who else "/mine")


def open_list(link: str) -> Response:
    """ "This was sent to me": a person's tick, the code in a new browser, then the list."""
    who = task_list_link.consultant_of(link)
    return _open(who, f"/mine/{link}" if who else "/mine")


def _first(who: str, action: str, error: str = "") -> Response:
    ended = not who and current().method == "GET" and current().path != "/mine"
    status = 422 if error else 410 if ended else 200
    return render("tasks/mine_first.html", status, known=bool(who), action=action, error=error)


def _open(who: str, action: str) -> Response:
    switching, ticked = current().switching, form().get("mine") == ["yes"]
    if not who:
        return _first("", "/mine")
    if switching and asking():
        return code_page(action + "/open", "")
    if switching or not ticked:
        return _first(who, action, "" if switching else TICK)
    # Without the link, each browser that had the list counts by itself.
    pressed = action.rpartition("/")[2] if action != "/mine" else task_list_link.browser()
    own = links.mended(pressed)

    def letter() -> email_code.Letter:
        row = people.consultant(who)
        lang = str(row.get("letters_language", "en"))
        return email_code.Letter("tasks/code", str(row.get("email", "")), lang)

    def instead() -> None:
        _mail_link(people.consultant(who), own)

    place = Place(action + "/open", "", own)
    asks_code = ask_person(task_list_link.person(who), letter, place, instead)
    return asks_code or redirect("/mine", cookies=[task_list_link.cookie(who)])


def _list() -> Response:
    who, at = task_list_link.holder(), now()
    row = people.consultant_now(who)
    if not row.get("active"):
        return _first("", "/mine")
    tasks, others = work_of(who, row, at)
    return render(
        "tasks/mine.html",
        tasks=tasks,
        others=others,
        rests=people.rests(row, at),
        rests_until=row.get("paused_until", 0),
        texts=bool(row.get("texts")) if settings().sends_texts else None,
        saved=current().query.get("saved") == ["yes"],
        panels={template: facts(who, row, at) for template, facts in registry.desk().items()},
        hours=hours_of(who, row, at),
    )


def hours_of(who: str, row: people.Person, at: int) -> list[tuple[str, int]]:
    """The minutes of this month by service (msgids), of every service in which they have any."""
    first = pacific_date(at).replace(day=1)
    month = midnight(first), at
    found = [served(who, row, *month) for served in registry.hours()]
    return [(words, minutes) for words, minutes in found if minutes]


def _mail_fresh(email: str) -> None:
    allowed = rate_limits.mail_to("task list", email, now(), source=current().source_ip)
    known = [r for r in people.consultants() if str(r.get("email", "")).casefold() == email]
    if allowed and known and email:
        _send(known[0])


def _mail_link(row: people.Person, own: str) -> None:
    if rate_limits.mail_to("task list", str(row.get("email", "")), now(), own=own):
        _send(row)


def _send(row: people.Person) -> None:
    if row.get("active") and row.get("email"):
        lang, link = str(row.get("letters_language", "en")), task_list_link.address(str(row["id"]))
        send_now("tasks/mine", row["email"], lang, link=link)
