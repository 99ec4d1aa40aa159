"""The console's pages about letters: what did not arrive (L2), and the mail doctor (R6)."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import EVERYBODY, staff

bp = Blueprint(__name__)


@bp.route("/console/letters", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_letters() -> Response:
    """Letters of the last two weeks that did not arrive, and those that wait."""
    from chalicelib.mail import desk

    return desk.show_letters()


@bp.route("/console/mail", methods=["GET"])
@page
@staff("admin")
def show_doctor() -> Response:
    """Whether letters can leave and whether we hear what becomes of them."""
    from chalicelib.mail import desk

    return desk.show_doctor()


@bp.route("/console/mail", methods=["POST"], content_types=FORM)
@page
@staff("admin")
def send_test_letter() -> Response:
    """Send a test letter to the admin's own address."""
    from chalicelib.mail import desk

    return desk.send_test_letter()
