"""The helpline's public page: whether it is open, and a call back for who calls outside its hours or cannot
talk now.

A phone number is enough. An hour is offered while it has a free place, and is taken by the same write
that promises the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.domain import addresses, vocabulary
from chalicelib.domain.calendar import opening
from chalicelib.domain.ids import new_reference
from chalicelib.services.helpline import contacts, promises, slots
from chalicelib.services.helpline.contacts import NOT_SAID, HelplineContact
from chalicelib.services.helpline.slots import Slot
from chalicelib.services.helpline.words import CALLS_BACK
from chalicelib.web import links
from chalicelib.web.forms import Field, Form, Values, radios, select, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, moment_words, time_words
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.web.press import FormPage, Hindered, command_id, sent_before, shown_by_us
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.storage import store

if TYPE_CHECKING:
    from chalicelib.workflow.cases import Contact

TRAP: Final = "website"
SUBJECT: Final = "helpline call back"
HOUR: Final = 3600
# Call backs that one network address, and one number, may ask for in a day.
FROM_ONE_SOURCE, TO_ONE_NUMBER = 12, 2
TAKEN: Final = N_("Somebody else has just taken that hour. Please choose another one.")
ENOUGH: Final = N_(
    "We have promised to call this number already. If something has changed, please call us."
)
BOX: Final = N_("Please leave the box at the end of this page empty, then send.")


def show_and_take() -> Response:
    """Open or not, the next hours for a call back, and the press that takes one."""
    at = now()
    shown = one(current().query, "kept")
    kept = links.unsign(SUBJECT, shown) if shown else None
    if kept and current().method != "POST":
        return _kept(int(kept))
    if current().method == "POST" and (moment := _promised_before(at)):
        return redirect(_promise(moment))
    free = slots.offered(at)

    def act(values: Values, press: str) -> str:
        return _promised(values, press, at)

    page = _page(at, free)
    return page.answer(act)


def _promised_before(at: int) -> int:
    """The hour that this very press has taken, where a phone sends it twice: by then the hour may not be
    offered anymore. 0 for another press."""
    if not shown_by_us(SUBJECT):
        return 0
    press = command_id()
    if not sent_before(press):
        return 0
    made = contacts.of_press(press, at)
    return int(one(form(), "slot")) if made is not None else 0


def _form(free: list[Slot], lang: str) -> Form:
    return Form(
        radios(
            "slot",
            N_("When may we call you?"),
            *((str(one.at), hour_words(one.at, lang)) for one in free),
            missing=N_("Choose a time."),
            gone=TAKEN,
        ),
        Field("phone", "tel", N_("Your phone number"), autocomplete="tel"),
        Field(
            "name",
            "text",
            N_("What should we call you?"),
            hint=N_("You do not have to tell us."),
            required=False,
            max_length=80,
        ),
        radios(
            "language",
            N_("In which language?"),
            *vocabulary.LETTERS_LANGUAGES.items(),
            ("other", N_("Another one. We will bring an interpreter")),
        ),
        select(
            "county",
            N_("In which county do you give care?"),
            *((slug, name) for slug, name in vocabulary.COUNTY_NAMES.items()),
            hint=N_("So that the right person calls."),
            required=False,
        ),
    )


def hour_words(at: int, lang: str) -> str:
    """An hour as people say it: its day and when it begins and ends."""
    return f"{moment_words(at, lang)} – {time_words(at + HOUR, lang)}"


def begun(who: Contact, lang: str) -> Response:
    """The page for somebody whom another service met, with what is known of them filled in."""
    at = now()
    return _page(at, slots.offered(at), {"name": who.name, "phone": who.phone}).show()


def _page(at: int, free: list[Slot], theirs: Values | None = None) -> FormPage:
    opens, closes = opening(at)

    def facts() -> TemplateValues:
        return {
            "opens": opens,
            "closes": closes,
            "free": free,
            "trap": TRAP,
            "emergencies": emergencies.shown(),
        }

    known: Values = {"language": current().lang, **(theirs or {})}
    asked = _form(free, current().lang)
    return FormPage("helpline/public.html", asked, SUBJECT, known=known, facts=facts, once=True)


def _promised(values: Values, press: str, at: int) -> str:
    if one(form(), TRAP):
        raise Hindered(BOX)
    phone, moment = words(values, "phone"), int(words(values, "slot"))
    source = current().source_ip
    if not rate_limits.allow("call-back-source", source, FROM_ONE_SOURCE, 24 * HOUR, at):
        raise Hindered(ENOUGH)
    dialed = addresses.phone(phone)
    number = dialed.national if dialed is not None else phone
    if not rate_limits.allow("call-back-number", number, TO_ONE_NUMBER, 24 * HOUR, at):
        raise Hindered(ENOUGH)
    chosen, reference = words(values, "language"), new_reference()
    made = HelplineContact(
        at=at,
        id=contacts.id_of(press),
        by="caller",
        channel="web",
        disposition=CALLS_BACK,
        language=chosen if chosen in vocabulary.LANGUAGES else "other",
        interpreter="yes" if chosen == "other" else "",
        county=words(values, "county") or NOT_SAID,
        name=words(values, "name"),
        phone=phone,
    )
    place = slots.reserved(moment, reference)
    try:
        if place is None:
            raise Hindered(TAKEN, _page(at, slots.offered(at)))
        promises.promised_at(made, moment, at, place, reference=reference)
    except store.Refused as taken:
        raise Hindered(TAKEN, _page(at, slots.offered(at))) from taken
    return _promise(moment)


def _promise(moment: int) -> str:
    """The page that says what was promised."""
    return f"/helpline?kept={links.sign(SUBJECT, str(moment))}"


def _kept(moment: int) -> Response:
    """What was promised, on a page that may be looked at again."""
    when = hour_words(moment, current().lang)
    return render("helpline/promise_kept.html", when=when)
