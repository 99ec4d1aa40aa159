"""The provider's papers on the status page: to read and to print."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.referral.model import Referral
from chalicelib.referral.papers.document import Document
from chalicelib.referral.papers.shelf import document
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.pages import current, render
from chalicelib.workflow.storage import store


def show(state: Referral, paper: str) -> Response:
    """One paper, with a way to save it. Raises NotFound."""
    return render("status/paper.html", document=found(state, paper), paper=paper)


def found(state: Referral, paper: str) -> Document:
    """A paper in the reader's language. Raises NotFound."""
    return document(state, store.log(state), paper, current().lang, answers)
