"""The report of an emergency as a PDF: apart, because only who saves one waits for its library."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.referral.papers.document import Document, Part
from chalicelib.referral.papers.pdf import pdf
from chalicelib.services.emergency import counting
from chalicelib.services.emergency.report import public, shown
from chalicelib.services.emergency.report_page import SMALL, dates, figures
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current, saved

TITLE = N_("Report on the emergency: %(name)s")
COUNTED = N_("%(dates)s. %(counties)s. Counted on %(counted)s.")
NOTE = N_("In brackets: what may be published. Counts below 11 stay out of public figures.")


def save_pdf(key: str) -> Response:
    """The report as a PDF, in the language of who asks."""
    one, lang = emergencies.one_of(key), current().lang
    tr = translator(lang)
    counted, _ = counting.standing(one.id, now())
    small = tr(SMALL)
    parts = tuple(
        Part(
            tr(group.heading),
            rows=tuple((tr(f.name), f"{shown(f)} ({public(f, small)})") for f in group.figures),
        )
        for group in figures(one)
    )
    told = {"dates": dates(one, lang), "counties": ", ".join(one.names)}
    lead = tr(COUNTED, counted=date_words(counted, lang) if counted else "–", **told)
    paper = Document(
        title=tr(TITLE, name=one.called),
        reference=one.id,
        lang=lang,
        lead=lead,
        parts=(*parts, Part(tr(N_("About these figures")), (tr(NOTE),))),
    )
    return saved(pdf(paper), "application/pdf", f"emergency-{one.id}.pdf")
