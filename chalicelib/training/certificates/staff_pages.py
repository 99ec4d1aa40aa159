"""The console's pages of certificates: the list, one by hand, printed again, mailed again, revoked and restored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory.people import name_of
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import Invalid
from chalicelib.training.certificates import file, issuing, letter, rows
from chalicelib.training.certificates.paper import PROGRAM, day_words
from chalicelib.training.certificates.rows import Certificate
from chalicelib.training.certificates.telling import COUNTS, REVOKED, tell
from chalicelib.web.forms import Field, Form, Values, radios, select, textarea, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, languages
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show

HOME: Final = "/console/training/certificates"
MEANWHILE: Final = N_("Somebody else has just changed it. Please look at it as it is now.")
NOT_HOURS: Final = N_("Write one in each line, like “Monthly sessions: 18”.")
LATER: Final = N_("This day has not come yet.")
OTHER: Final = "other"
WHY: Final = {
    "mistake": N_("It was issued by mistake"),
    "requirements": N_("The requirements were not met"),
    "misuse": N_("It was misused"),
    OTHER: N_("Another reason"),
}
# What its owner hears of a change.
TELLS: Final = {"revoke": REVOKED, "restore": COUNTS}
# What else a history says.
TOLD: Final = {
    **WHY,
    issuing.REPLACED: N_("Printed again with another code"),
    issuing.MISTAKE: N_("The completion was confirmed by mistake"),
    "restored": N_("Counts again"),
}


def counties_of(certificate: str) -> Collection[str]:
    """A certificate is of no county."""
    return [""]


def asked() -> Form:
    """What is printed, and where the letter goes."""
    return Form(
        Field("name", "text", N_("Name as it is printed"), max_length=80),
        Field("email", "email", N_("Email"), required=False, hint=N_("The certificate is mailed there.")),
        select("language", N_("Language of the letter"), *vocabulary.LETTERS_LANGUAGES.items()),
        Field("program", "text", N_("Program"), max_length=120),
        Field("cohort", "text", N_("Cohort"), required=False, max_length=80),
        Field("on", "date", N_("Day of completion")),
        textarea("hours", N_("What was completed"), required=False, guarded=False, max_length=800,
                 hint=N_("One in each line: what for, a colon, and how many."), rows=4),
        Field("credits", "text", N_("Hours of continuing education"), required=False, max_length=12,
              hint=N_("Only where a board or a school has accepted them.")),
        Field("credited_by", "text", N_("Who accepted them?"), max_length=120,
              when=lambda values: bool(values.get("credits"))),
    )  # fmt: skip


def show_list() -> Response:
    """All of them, the newest first."""
    return show("certificates/list.html", found=rows.every(), day=_day)


def _day(one_: Certificate) -> str:
    return day_words(one_, current().lang)


def add() -> Response:
    """A certificate by hand."""

    def act(values: Values, press: str) -> str:
        made = issuing.fresh(_read(values), current_staff().actor, now())
        rows.issue(made, now())
        return _done(made, "issued")

    known: Values = {"program": PROGRAM, "language": "en"}
    return FormPage("certificates/new.html", asked(), once=True, known=known, draw=show).answer(act)


def reissue(certificate: str) -> Response:
    """The same with other words; the older one is revoked by the same press."""
    old = rows.one_of(certificate)

    def act(values: Values, press: str) -> str:
        try:
            made = issuing.printed_anew(old, _read(values), current_staff().actor, now())
        except ConditionFailed:
            raise Hindered(MEANWHILE) from None
        return _done(made, "printed again")

    page = FormPage("certificates/reissue.html", asked(), once=True, known=_known(old), draw=show,
                    facts=lambda: {"one": old})  # fmt: skip
    return page.answer(act)


def show_one(certificate: str) -> Response:
    """One of them, with what became of it."""
    found = rows.one_of(certificate)
    told = [(at, TOLD.get(what, what), name_of(by)) for at, what, by in rows.history(found.id)]
    return show("certificates/one.html", one=found, day=_day(found), history=told, tongues=languages(),
                by=name_of(found.issued_by), why=WHY.get(found.why, TOLD.get(found.why, found.why)))  # fmt: skip


def save(certificate: str) -> Response:
    """The paper as a PDF, in the language that the address names."""
    asked_for = one(current().query, "in")
    lang = asked_for if asked_for in languages() else current().lang
    return file.save(rows.one_of(certificate), lang)


def change(certificate: str) -> Response:
    """Revoke it, let it count again, or mail it again."""
    found = rows.one_of(certificate)

    def act(values: Values, press: str) -> str:
        by, at = current_staff().actor, now()
        what = words(values, "decision")
        if what == "mail":
            letter.owe(found, at)
        elif (what == "restore" and not rows.restore(found, by, at)) or (
            what == "revoke" and not rows.revoke(found, words(values, "why"), by, at)
        ):
            raise Hindered(MEANWHILE)
        if news := TELLS.get(what):
            tell(found, news, by, at)
        return _done(found, what)

    def facts() -> TemplateValues:
        return {"one": found}

    page = FormPage("certificates/change.html", _change(found), once=True, facts=facts, draw=show)
    return page.answer(act)


_WHY: Final = radios(
    "why", N_("Why?"), *WHY.items(), when=lambda values: values.get("decision") == "revoke"
)


def _change(found: Certificate) -> Form:
    mail = [("mail", N_("Mail the certificate once more"))] if found.email and found.valid else []
    hears = N_("People who check its code will read that it is not valid, and we tell its owner.")
    nobody = N_("People who check its code will read that it is not valid.")
    revoke = ("revoke", N_("Revoke it"), hears if found.trainee else nobody)
    restore = ("restore", N_("Let it count again"))
    again = [] if found.why == issuing.REPLACED else [restore]
    return Form(
        radios(
            "decision", N_("What do you want to do?"), *mail, *([revoke] if found.valid else again)
        ),
        *([_WHY] if found.valid else []),
    )


def _read(values: Values) -> Certificate:
    if date.fromisoformat(words(values, "on")) > pacific_date(now()):
        raise Invalid({"on": LATER})
    return Certificate(
        id="", code="", at=0, issued_by="",
        name=words(values, "name"), on=words(values, "on"), program=words(values, "program"),
        hours=tuple(_hours(line) for line in words(values, "hours").splitlines() if line.strip()),
        credits=words(values, "credits"), credited_by=words(values, "credited_by"),
        cohort=words(values, "cohort"), email=words(values, "email"), language=words(values, "language"),
    )  # fmt: skip


def _hours(line: str) -> tuple[str, str]:
    what, _, many = line.rpartition(":")
    if not what.strip() or not many.strip().replace(".", "", 1).isdigit():
        raise Invalid({"hours": NOT_HOURS})
    return what.strip(), many.strip()


def _known(one_: Certificate) -> Values:
    lines = "\n".join(f"{what}: {many}" for what, many in one_.hours)
    names = ("name", "email", "language", "program", "cohort", "on", "credits", "credited_by")
    return {"hours": lines, **{name: str(getattr(one_, name)) for name in names}}


def _done(one_: Certificate, what: str) -> str:
    logger().info(
        "certificate", extra={"certificate": one_.id, "actor": current_staff().actor, "act": what}
    )
    return f"{HOME}/{one_.id}"
