"""Where a request stands, for staff to tell whoever calls: the provider's own words, in their language."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory.people import consultant
from chalicelib.mail.phone.sayings import sayings
from chalicelib.referral.model import Referral
from chalicelib.referral.status.view import view
from chalicelib.web.render import html
from chalicelib.web.staff_auth import show
from chalicelib.workflow.storage import store


def show_status(reference: str) -> Response:
    """What the status page of a request says, without what only its provider sees."""
    state = store.look_up(reference, Referral)
    seen = view(state, store.log(state), now(), _name_of)
    return show(
        "status/told.html",
        state=state,
        told_in=state.language,
        words=html("status/standing.html", state.language, view=seen),
        sayings=sayings(state),
    )


def _name_of(who: str) -> str:
    return str(consultant(who).get("name", "")) if who else ""
