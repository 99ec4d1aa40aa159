"""A seat's own page, by a mailed link: where it stands, when the group meets, and leaving."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.services.communities import groups
from chalicelib.services.communities.ends import left
from chalicelib.services.communities.model import PROVIDER, Seat
from chalicelib.services.communities.season import plan
from chalicelib.services.communities.statuses import STATUSES
from chalicelib.services.communities.words import group_words
from chalicelib.web import links
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

PURPOSE: Final = "seat"
GOOD_FOR: Final = 330 * 86400
LEAVE, STAY = "leave", "stay"
FORM: Final = Form(
    radios(
        "decision",
        N_("Do you want to give your place back?"),
        (
            LEAVE,
            N_("Yes, I give it back"),
            N_("We offer it to somebody who waits. You can begin again at any time."),
        ),
        (STAY, N_("No, nothing changes")),
    )
)


def address(reference: str) -> str:
    """The whole address of a seat's page."""
    ticket = links.case_ticket(PURPOSE, reference, now() + GOOD_FOR)
    return f"{settings().base_url}/seat/{ticket}"


def show(link: str) -> Response:
    """The page, and what is pressed on it."""
    reference = links.read_case_ticket(PURPOSE, link, now())
    if reference is None:
        return redirect("/communities")
    state = store.load(reference, Seat, consistent=True)
    if not state.open:
        return render("communities/seat.html", **_facts(state, link))

    def act(values: Values, command: str) -> str:
        at = now()

        def decide(fresh: Seat) -> Command | None:
            return left(fresh, "", PROVIDER, command, at) if fresh.open else None

        store.change(reference, decide, press=command)
        return f"/seat/{link}"

    page = FormPage(
        "communities/seat.html",
        FORM,
        subject=f"seat|{reference}",
        version=state.version,
        facts=lambda: _facts(state, link),
    )
    return page.answer(act, no=STAY, back=f"/seat/{link}")


def _facts(state: Seat, link: str) -> TemplateValues:
    group = groups.group(state.group) if state.open and state.group else None
    ahead = [one.at for one in plan.ahead(group.id, now())] if group and state.seated else []
    return {
        "state": state,
        "link": link,
        "told": STATUSES[state.status].next,
        "group": group_words(group) if group else "",
        "ahead": ahead,
    }
