"""Report a safety concern: from a consultant's or a staff member's task, and from the case page.

The page begins with whom to call. It asks for no word, keeps none, and holds nobody up.
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.referral.model import Referral
from chalicelib.referral.safety.flag import flag
from chalicelib.referral.safety.forms import FLAG
from chalicelib.web import links
from chalicelib.web.forms import Values
from chalicelib.web.pages import current, redirect, render
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Case
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store

COOKIE = "task"
NOBODY = ("provider", "system", "")


def flag_by_link(link: str) -> Response:
    """From the mailed link's first page."""
    return _by_link(link, f"/t/{link}")


def flag_inside(reference: str, n: str) -> Response:
    """From the task's page with the details."""
    text = current().cookies.get(COOKIE, "")
    return _by_link(text, f"/task/{reference}/{n}", only=(reference, n))


def flag_by_staff(reference: str) -> Response:
    """From the case page."""
    state, role = store.look_up(reference, Referral), current_staff().role
    return report(state, role, f"/console/referrals/{state.reference}", console=True)


def _by_link(text: str, back: str, only: tuple[str, str] | None = None) -> Response:
    """Whoever holds an open task of a consultant or of staff may flag; others see the task's page,
    which tells them what their link is."""
    link = links.read(text)
    if link is None or now() >= link.expires or (only and only != (link.reference, str(link.n))):
        return redirect(back)
    try:
        state = store.load(link.reference, Referral, consistent=True)
    except NotFound:
        return redirect(back)
    view = asked_by(state, link.n)
    task = view.task if view is not None else None
    if task is None or task.role in NOBODY or link.number < task.first_valid_link:
        return redirect(back)
    return report(state, task.role, back)


def report(state: Case, role: str, back: str, *, console: bool = False) -> Response:
    """The page that reports a concern about a case of any type, at the address ``back``/safety; ``role``:
    of who reports."""

    def facts() -> dict[str, object]:
        recorded = current().query.get("recorded") == ["yes"]
        return {"state": state, "back": back, "console": console, "recorded": recorded}

    def act(values: Values, command: str) -> str:
        flag(state.reference, values, role, command, now())
        return f"{back}/safety?recorded=yes"

    subject = "" if console else f"safety|{state.reference}|{role}"
    draw = show if console else render
    page = FormPage(
        "safety/report.html", FLAG, subject, version=state.version, facts=facts, draw=draw
    )
    return page.answer(act)
