"""The console's routes at a glance, each with the roles that may use it (S21).

What a page does is read when it is first asked for: a provider's form does not wait for it (P1).
"""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.pages import FORM, page
from chalicelib.web.staff_auth import EVERYBODY, REPAIRERS, staff

bp = Blueprint(__name__)
# Who may take words out of a record (A8).
REDACTORS = ("admin", "supervisor", "specialist")


@bp.route("/console", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_list() -> Response:
    """The list of referrals, or what was pasted into the search box."""
    from chalicelib.console import lists

    return lists.show_list()


@bp.route("/console/queue", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_queue() -> Response:
    """Open tasks for the reader's role."""
    from chalicelib.console import lists

    return lists.show_queue()


@bp.route("/console/referrals/{reference}", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_case(reference: str) -> Response:
    """One referral."""
    from chalicelib.console import case

    return case.show_case(reference)


@bp.route("/console/referrals/{reference}/task", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def open_task(reference: str) -> Response:
    """Open the referral's task as one's own; for whose role it is, ``taking`` decides."""
    from chalicelib.console import case

    return case.open_task(reference)


@bp.route("/console/referrals/{reference}/redact", methods=["GET"])
@page
@staff(*REDACTORS)
def show_redaction(reference: str) -> Response:
    """Which words to take out of which texts."""
    from chalicelib.console import redact

    return redact.show_redaction(reference)


@bp.route("/console/referrals/{reference}/redact", methods=["POST"], content_types=FORM)
@page
@staff(*REDACTORS)
def redact_texts(reference: str) -> Response:
    """See how the texts will read, then take the words out (A8)."""
    from chalicelib.console import redact

    return redact.redact(reference)


@bp.route("/console/referrals/{reference}/letters/{letter}", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def send_letter_again(reference: str, letter: str) -> Response:
    """Send a letter of the timeline again (L5)."""
    from chalicelib.console import case

    return case.send_letter_again(reference, letter)


@bp.route("/console/runs/{machine}/{name}", methods=["GET"])
@page
@staff(*EVERYBODY)
def show_run(machine: str, name: str) -> Response:
    """One run."""
    from chalicelib.console import run

    return run.show_run(machine, name)


@bp.route("/console/runs/{machine}/{name}/restart", methods=["POST"], content_types=FORM)
@page
@staff(*REPAIRERS)
def restart_run(machine: str, name: str) -> Response:
    """Start the referral's run again at its stage."""
    from chalicelib.console import run

    return run.restart_run(machine, name)
