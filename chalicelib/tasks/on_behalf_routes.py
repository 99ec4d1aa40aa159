"""Staff finish a consultant's or a provider's task from a phone call: the same form (F10)."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import staff

bp = Blueprint(__name__)
RECORDERS = ("supervisor", "coordinator", "specialist")


@bp.route("/console/referrals/{reference}/behalf/{n}", methods=["GET"])
@page
@staff(*RECORDERS)
def show_form(reference: str, n: str) -> Response:
    """The task's form, and who told the answer."""
    from chalicelib.tasks import on_behalf_page

    return on_behalf_page.show_form(reference, n)


@bp.route("/console/referrals/{reference}/behalf/{n}", methods=["POST"], content_types=FORM)
@page
@staff(*RECORDERS)
def record(reference: str, n: str) -> Response:
    """Record it."""
    from chalicelib.tasks import on_behalf_page

    return on_behalf_page.record(reference, n)
