"""The pages of a mailed task. What a visitor may do there is said in ``visit``."""

from __future__ import annotations

from contextlib import suppress

from chalice.app import Response

from chalicelib.domain.errors import AlreadyDone
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.tasks.task_page import fresh_subject
from chalicelib.tasks.visit import Visit, budget, by_link
from chalicelib.web import links
from chalicelib.web.pages import current, render
from chalicelib.web.press import STALE, command_id, shown_by_us


def show(visit: Visit) -> Response:
    """The page, by the link or inside."""
    return visit.go_on()


def answer(visit: Visit) -> Response:
    """A decision, or what is kept for later."""
    return visit.decide()


def open_details(visit: Visit) -> Response:
    """A person says that the task is theirs."""
    return visit.open()


def take_back(visit: Visit) -> Response:
    """The own answer is taken back."""
    return visit.undo()


def fresh_link(link: str) -> Response:
    """Mail a fresh link to the address on file, once for each page that offered it; the page says the
    same for any link."""
    known = links.read(link)
    if current().switching:
        return by_link(link).show()
    if known is None or not shown_by_us(fresh_subject(known)):
        return by_link(link).show(notice=STALE)
    with suppress(AlreadyDone):
        press = command_id(fresh_subject(known))
        send_fresh(known.reference, known.n, own=budget(known), press=press)
    return render("tasks/fresh.html")
