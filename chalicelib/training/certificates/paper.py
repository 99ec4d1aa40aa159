"""A certificate as a paper, in either language."""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.aws.settings import settings
from chalicelib.domain.calendar import midnight
from chalicelib.referral.papers.document import Document, Part
from chalicelib.training.certificates.rows import Certificate
from chalicelib.web.languages import N_, date_words, translator

TITLE: Final = N_("Certificate of completion")
CERTIFIES: Final = N_(
    "The California Infant and Early Childhood Mental Health Consultation (IECMHC) Network certifies that"
)
COMPLETED: Final = N_("completed the %(program)s on %(date)s.")
# What the program is called in the reader's language; a name that staff typed stays as it is.
PROGRAM: Final = N_("Consultant Training Program")
DONE: Final = N_("What was completed")
EDUCATION: Final = N_("Continuing education")
CREDITS: Final = N_("Hours of continuing education")
CREDITED: Final = N_("Accepted by")
COHORT: Final = N_("Cohort")
CHECK: Final = N_("Is this certificate genuine?")
HOW: Final = N_(
    "Open %(address)s and type the code %(code)s. The page says whether the certificate is valid today."
)
REVOKED: Final = N_("This certificate was revoked. It is not valid.")


def day_words(one: Certificate, lang: str) -> str:
    """The day of completion."""
    return date_words(midnight(date.fromisoformat(one.on)), lang, year=True)


def document(one: Certificate, lang: str) -> Document:
    """The paper."""
    _ = translator(lang)
    parts = []
    if not one.valid:
        parts.append(Part(_(REVOKED)))
    if one.cohort or one.hours:
        told = ((_(COHORT), one.cohort),) if one.cohort else ()
        parts.append(Part(_(DONE), rows=(*told, *((_(what), many) for what, many in one.hours))))
    if one.credits:
        by = ((_(CREDITED), one.credited_by),) if one.credited_by else ()
        parts.append(Part(_(EDUCATION), rows=((_(CREDITS), one.credits), *by)))
    where = f"{settings().base_url}/certificates"
    parts.append(Part(_(CHECK), (_(HOW, address=where, code=one.code),)))
    return Document(
        title=_(TITLE),
        reference=one.code,
        lang=lang,
        lead=_(CERTIFIES),
        name=one.printed,
        then=_(COMPLETED, program=_(one.program), date=day_words(one, lang)),
        parts=tuple(parts),
    )
