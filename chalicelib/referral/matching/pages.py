"""Staff pages of the match: another consultant for one referral, and every consultant's work (E5, E6).

What a page does is read when it is first asked for (P1).
"""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import REPAIRERS, staff

bp = Blueprint(__name__)


@bp.route("/console/referrals/{reference}/consultant", methods=["GET"])
@page
@staff(*REPAIRERS)
def show_hand_on(reference: str) -> Response:
    """Who could go on with a referral."""
    from chalicelib.referral.matching import reassign_page

    return reassign_page.show_form(reference)


@bp.route("/console/referrals/{reference}/consultant", methods=["POST"], content_types=FORM)
@page
@staff(*REPAIRERS)
def hand_on(reference: str) -> Response:
    """Give it to somebody else, or back to the match."""
    from chalicelib.referral.matching import reassign_page

    return reassign_page.press(reference)


@bp.route("/console/consultants", methods=["GET"])
@page
@staff(*REPAIRERS)
def show_consultants() -> Response:
    """Everybody with load, cap, leave and pause."""
    from chalicelib.referral.matching import consultants_page

    return consultants_page.show_list()


@bp.route("/console/consultants/{consultant}", methods=["GET"])
@page
@staff(*REPAIRERS)
def show_consultant(consultant: str) -> Response:
    """One consultant, their work, and what happens to it when they go."""
    from chalicelib.referral.matching import consultants_page

    return consultants_page.show_one(consultant)


@bp.route("/console/consultants/{consultant}", methods=["POST"], content_types=FORM)
@page
@staff(*REPAIRERS)
def change_consultant(consultant: str) -> Response:
    """Pause offers, take them again, or be active again."""
    from chalicelib.referral.matching import consultants_page

    return consultants_page.press(consultant)


@bp.route("/console/consultants/{consultant}/away", methods=["POST"], content_types=FORM)
@page
@staff(*REPAIRERS)
def go_away(consultant: str) -> Response:
    """A leave or an end: move all their work as chosen, row by row."""
    from chalicelib.referral.matching import consultants_page

    return consultants_page.press_away(consultant)
