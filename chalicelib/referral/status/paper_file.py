"""A paper of the status page as a file to keep: apart, because only who saves one waits for its library."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.referral.model import Referral
from chalicelib.referral.papers.pdf import pdf
from chalicelib.referral.status.paper_pages import found
from chalicelib.web.pages import saved


def save(state: Referral, paper: str) -> Response:
    """The paper as a PDF. Raises NotFound."""
    file = pdf(found(state, paper))
    return saved(file, "application/pdf", f"{state.reference}-{paper}.pdf")
