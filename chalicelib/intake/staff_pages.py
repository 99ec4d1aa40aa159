"""The room's pages of the console. What they do is read when they are first asked for (P1)."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.intake.doors import bp
from chalicelib.kit.door import EVERYBODY, staff
from chalicelib.kit.web import FORM, page


@bp.route("/console/new", methods=["GET"])
@page
@staff(*EVERYBODY)
def new_request() -> Response:
    """The form for a request that somebody makes by phone (A7)."""
    from chalicelib.intake import for_caller

    return for_caller.show_form()


@bp.route("/console/new", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def send_for_caller() -> Response:
    """Send it for them."""
    from chalicelib.intake import for_caller

    return for_caller.send()
