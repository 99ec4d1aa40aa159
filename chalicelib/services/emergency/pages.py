"""The console's pages of declared emergencies: declare one, end one early, see them all (J1)."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import staff

bp = Blueprint(__name__)
DECLARE = ("admin", "supervisor")


@bp.route("/console/emergencies", methods=["GET"])
@page
@staff(*DECLARE)
def show_emergencies() -> Response:
    """Those in force, the form to declare one, and those that are over."""
    from chalicelib.services.emergency import declaring

    return declaring.show_all()


@bp.route("/console/emergencies", methods=["POST"], content_types=FORM)
@page
@staff(*DECLARE)
def declare_emergency() -> Response:
    """Declare one for a county."""
    from chalicelib.services.emergency import declaring

    return declaring.declare()


@bp.route("/console/emergencies/{key}", methods=["GET"])
@page
@staff(*DECLARE)
def show_emergency(key: str) -> Response:
    """One of them, and the form to end it early."""
    from chalicelib.services.emergency import declaring

    return declaring.show_one(key)


@bp.route("/console/emergencies/{key}", methods=["POST"], content_types=FORM)
@page
@staff(*DECLARE)
def end_emergency(key: str) -> Response:
    """End one before its last day."""
    from chalicelib.services.emergency import declaring

    return declaring.end(key)
