"""The console's page that changes how soon help is needed (D3)."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import EVERYBODY, staff

bp = Blueprint(__name__)


@bp.route("/console/referrals/{reference}/urgency", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_urgency(reference: str) -> Response:
    """What is to change, and why."""
    from chalicelib.referral.tiers import urgency

    return urgency.show_urgency(reference)


@bp.route("/console/referrals/{reference}/urgency", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def change_urgency(reference: str) -> Response:
    """Change it; the open task's clock follows."""
    from chalicelib.referral.tiers import urgency

    return urgency.change_urgency(reference)
