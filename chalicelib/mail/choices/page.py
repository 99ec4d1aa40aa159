"""The page where somebody chooses how we write to them, by the link at the foot of any letter.

A look changes nothing. An old link and one that we never made are answered alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import mail_choices, people
from chalicelib.directory.mail_choices import ANY_TIME, BUSINESS_DAYS, BY_DAY, Choices
from chalicelib.mail.choices import own_texts
from chalicelib.mail.choices.links import reader_of
from chalicelib.mail.choices.rules import usual_hours
from chalicelib.web.forms import Field, Form, Values, checkboxes, radios, several, words
from chalicelib.web.languages import N_, language_name, languages
from chalicelib.web.pages import current, form, render
from chalicelib.web.press import FormPage

AT_ONCE, DIGEST = "at_once", "digest"
# The button that leaves all that is not needed; a program that sends the form presses no button.
LEAVE: Final = "leave"
KINDS: Final = {
    mail_choices.INVITATIONS: N_("Invitations to Open-Door sessions while you wait"),
    mail_choices.THANKS: N_("A thank-you with two questions after a session"),
}
HOURS: Final = radios(
    "hours",
    N_("When may our messages come?"),
    (BY_DAY, N_("From 7 in the morning to 8 at night")),
    (BUSINESS_DAYS, N_("From 7 in the morning to 8 at night, on business days only")),
    (ANY_TIME, N_("At any time")),
    hint=N_(
        "California time. What you ask for yourself, like a code, still comes right away. So does "
        "everything about safety."
    ),
)
PACE: Final = radios(
    "pace",
    N_("How often should we write to you?"),
    (AT_ONCE, N_("One message for each thing, right away")),
    (
        DIGEST,
        N_("One message each morning"),
        N_(
            "It lists all that can wait. What is urgent, or due before the next morning, still comes "
            "right away. On a morning with nothing new, nothing comes."
        ),
    ),
)
WANTED: Final = checkboxes(
    "wanted",
    N_("Messages that you can do without"),
    *KINDS.items(),
    required=False,
    hint=N_("We send you what is checked."),
)


def _works_here(reader: str) -> bool:
    """Whether an address is a consultant's or a member of staff's."""
    ours = (*people.consultants(), *people.staff())
    return any(mail_choices.mark_of(row.get("email", "")) == reader for row in ours)


def _asked(*, works_here: bool, texts: bool) -> Form:
    language = radios(
        "language",
        N_("In which language should we write to you?"),
        *((one, language_name(one)) for one in languages()),
    )
    pace: list[Field] = [PACE] if works_here else []
    return Form(language, *pace, HOURS, *([own_texts.ASKED] if texts else []), WANTED)


def _known(chosen: Choices, *, works_here: bool) -> Values:
    wanted = [kind for kind in mail_choices.MAY_BE_LEFT if kind not in chosen.left]
    return {
        "language": chosen.language or current().lang,
        "pace": DIGEST if chosen.digest else AT_ONCE,
        "hours": chosen.hours or usual_hours(works_here=works_here),
        "wanted": wanted,
    }


def choose(link: str) -> Response:
    """Show what somebody chose, and keep what they choose."""
    reader = reader_of(link)
    if not reader:
        return render("mail/choices_ended.html", 410)
    before, works_here = mail_choices.of(reader, fresh=True), _works_here(reader)
    case = own_texts.of(link)

    def act(values: Values, command: str) -> str:
        chosen = _chosen(before, values)
        mail_choices.keep(reader, chosen, now())
        if case is not None and "texts" in values:
            own_texts.keep(case, values, link, command)
        return f"/letters/{link}?saved=yes&lang={chosen.language}"

    saved = current().query.get("saved") == ["yes"]
    known = _known(before, works_here=works_here)
    if case is not None:
        known["texts"] = own_texts.YES if case.contact.texted else own_texts.NO
    page = FormPage(
        "mail/choices.html",
        _asked(works_here=works_here, texts=case is not None),
        subject=f"letters|{reader}",
        once=True,
        known=known,
        facts=lambda: {
            "link": link,
            "saved": saved,
            "number": own_texts.ending(case) if case is not None else "",
        },
    )
    return page.answer(act)


def _chosen(before: Choices, values: Values) -> Choices:
    """What was chosen; whoever was not asked of a digest keeps it as it was."""
    wanted = [] if form().get(LEAVE) else several(values, "wanted")
    return replace(
        before,
        language=words(values, "language"),
        digest=values["pace"] == DIGEST if "pace" in values else before.digest,
        hours=words(values, "hours"),
        left=frozenset(mail_choices.MAY_BE_LEFT) - {*wanted},
    )


def leave(link: str, kind: str) -> Response:
    """What a mail program posts when its reader presses "unsubscribe" (RFC 8058): one kind is left, by
    that word of it and without another question. Whoever only looks sees the page."""
    reader = reader_of(link)
    one_click = form().get("List-Unsubscribe") == ["One-Click"]
    if not reader or kind not in mail_choices.MAY_BE_LEFT or not one_click:
        return choose(link) if current().method == "GET" else render("mail/choices_ended.html", 410)
    mail_choices.leave(reader, [kind], now())
    return render("mail/choices_left.html")
