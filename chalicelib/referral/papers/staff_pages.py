"""The papers of a request for staff: to print and mail them to who cannot open their own page, or to read
to them."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.referral.model import Referral
from chalicelib.referral.papers.shelf import document, papers
from chalicelib.referral.records import episode
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.render import html
from chalicelib.web.staff_auth import note_look, show
from chalicelib.workflow.storage import store


def choose(reference: str) -> Response:
    """Which papers there are."""
    state = store.look_up(reference, Referral)
    found = papers(state, episode(store.log(state)))
    return show("papers/staff_papers.html", state=state, papers=found)


def sheet(reference: str, paper: str) -> Response:
    """One of them in the provider's language, as it is printed. Raises NotFound. That somebody looked is
    written down."""
    state = store.look_up(reference, Referral)
    lang = state.language
    found = document(state, store.log(state), paper, lang, answers)
    note_look(state.reference)
    return show(
        "papers/staff_paper.html",
        state=state,
        document=found,
        told_in=lang,
        words=html("papers/document.html", lang, document=found),
    )
