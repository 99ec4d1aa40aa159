"""A certificate as a file to keep: apart, because only who saves one waits for its library."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.referral.papers.pdf import pdf
from chalicelib.training.certificates.paper import document
from chalicelib.training.certificates.rows import Certificate
from chalicelib.web.pages import saved


def save(one: Certificate, lang: str) -> Response:
    """The paper as a PDF; its name tells nobody whose it is."""
    return saved(
        pdf(document(one, lang)), "application/pdf", f"certificate-{one.id[:8]}-{lang}.pdf"
    )
