"""The page that says whether a certificate is valid, to whoever has its code; and the page of who it is of.

A code that was never given and a text that is none get the same answer after the same work: one count and
one read. Who asks too often is slowed down by their network address alone, so nobody else is.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import Invalid
from chalicelib.referral.papers.typeface import written
from chalicelib.training.certificates import file, letter, rows
from chalicelib.training.certificates.paper import day_words
from chalicelib.training.certificates.rows import LONGEST, Certificate
from chalicelib.web.forms import Field, Form, Values, radios, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, language_name, languages
from chalicelib.web.pages import current, render
from chalicelib.web.press import FormPage, Hindered

SUBJECT: Final = "certificates"
HOUR: Final = 3600
# Codes that one network address may try in an hour: an agency that looks at a whole cohort needs as many.
FROM_ONE_SOURCE: Final = 120
UNKNOWN: Final = N_(
    "There is no certificate with this code. Please compare it with the paper, letter by letter."
)
LATIN: Final = N_("Please write your name in Latin letters, like Wang Xiaoming.")
ENOUGH: Final = N_(
    "Too many codes were tried from here. Please try again in an hour, or call the helpline."
)


def _tidied(typed: str) -> str:
    """As much as is looked at, so that nothing is too long or too strange; blank stays blank."""
    return typed[:LONGEST].encode("ascii", "replace").decode().replace("\x00", "?").strip()


def asked() -> Form:
    """One question."""
    return Form(
        Field("code", "text", N_("Code of the certificate"), max_length=LONGEST, tidied=_tidied,
              hint=N_("It is printed on the certificate, like 7K3M-9QXA-52TV-HB40."),
              missing=N_("Type the code that is printed on the certificate.")),
    )  # fmt: skip


def verify() -> Response:
    """Type a code, or come by a link that brings it; a press looks it up."""
    given = one(current().query, "code")
    page = FormPage("certificates/verify.html", asked(), SUBJECT, known={"code": _tidied(given)})
    return page.answer(_look_up)


def _look_up(values: Values, press: str) -> Response:
    if not rate_limits.allow("certificates", current().source_ip, FROM_ONE_SOURCE, HOUR, now()):
        raise Hindered(ENOUGH)
    found = rows.by_code(words(values, "code"))
    if found is None:
        raise Invalid({"code": UNKNOWN})
    on = day_words(found, current().lang)
    return render(
        "certificates/found.html",
        name=found.name,
        spelled=found.spelled,
        program=found.program,
        on=on,
        valid=found.valid,
    )


def _spelling() -> Field:
    return Field("spelled", "text", N_("Your name in Latin letters, as the paper should have it"), max_length=80,
                 hint=N_("For example, as it stands in your passport. You write it once; we can change it later."),
                 autocomplete="name")  # fmt: skip


def _language(found: Certificate) -> Form:
    def native(lang: str) -> str:
        return language_name(lang)

    options = [(lang, native(lang)) for lang in languages()]
    lacks = [] if _prints(found.printed) else [_spelling()]
    return Form(*lacks, radios("paper", N_("In which language?"), *options))


def _prints(name: str) -> bool:
    return not written(name)[1]


def mine(link: str) -> Response:
    """The page behind a mailed link: the certificate as a file, after a press."""
    found = letter.read(link, now())
    if found is None:
        return render("certificates/gone.html", 410)

    def act(values: Values, press: str) -> Response:
        spelled = words(values, "spelled")
        if spelled and not _prints(spelled):
            raise Invalid({"spelled": LATIN})
        if spelled:
            rows.spell(found, spelled)
        return file.save(rows.one_of(found.id), words(values, "paper"))

    page = FormPage("certificates/mine.html", _language(found), f"certificate|{found.id}",
                    known={"paper": current().lang}, facts=lambda: {"link": link, "valid": found.valid, "name": found.name,
                                   "lacks": not _prints(found.printed)})  # fmt: skip
    return page.answer(act)
