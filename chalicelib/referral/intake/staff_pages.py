"""The room's pages of the console. What they do is read when they are first asked for (P1)."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.referral.intake.landing import bp
from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import EVERYBODY, staff


@bp.route("/console/new", methods=["GET"])
@page
@staff(*EVERYBODY)
def new_request() -> Response:
    """The form for a request that somebody makes by phone (A7)."""
    from chalicelib.referral.intake import for_caller

    return for_caller.show_form()


@bp.route("/console/new", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def send_for_caller() -> Response:
    """Send it for them."""
    from chalicelib.referral.intake import for_caller

    return for_caller.send()
