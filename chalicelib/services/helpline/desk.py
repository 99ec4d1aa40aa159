"""The helpline's own pages in the console: its desk, one contact, the hours for call backs."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date, typed
from chalicelib.domain.roles import ROLE_WORDS
from chalicelib.services.helpline import contacts, figures, slots
from chalicelib.services.helpline import words as kept_words
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.form import TOPICS, UNSAID
from chalicelib.services.helpline.model import NAME
from chalicelib.web import way_back
from chalicelib.web.forms import Field, Form, Values, checkboxes, number, several
from chalicelib.web.languages import N_, WEEKDAYS, Translate, date_words, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.board import words_of_lines

HOME: Final = "/console/helpline"


def show_desk() -> Response:
    """Today's figures, the promised calls by their time, and today's contacts."""
    at, scope = now(), current_staff().scope
    waiting = figures.promised(at, scope)
    found = figures.seen(contacts.of_day(pacific_date(at)), scope)
    return show(
        "helpline/desk.html",
        figures=figures.counted(found, waiting, at),
        lines=waiting,
        contacts=contacts.newest(found),
        by=people.name_of,
        hours=slots.capacity(),
        back=way_back.here(),
        **words(),
        **words_of_lines(at, current().lang, NAME),
    )


def words() -> TemplateValues:
    """The labels of what is kept of a contact."""
    return {
        "dispositions": vocabulary.DISPOSITIONS,
        "unmets": kept_words.UNMET,
        "topics": TOPICS,
        "channels": kept_words.CHANNELS,
    }


def panel() -> TemplateValues:
    """Today's figures for the console's first page."""
    return {"helpline": figures.today(now(), current_staff().scope), **words()}


def show_contact(contact: str) -> Response:
    """One contact: all that was written down. Who it was is shown on demand, and looking is logged."""
    found = contacts.find(contact)
    seen = current().query.get("contact") == ["yes"]
    if seen:
        told = {"contact": found.key, "actor": current_staff().actor}
        logger().info("contact viewed", extra=told)
    return show(
        "helpline/contact.html",
        one=found,
        rows=lines(found, current().lang),
        anonymous=not (found.name or found.phone or found.email),
        contact=found if seen else None,
        by=people.name_of(found.by) if ":" in found.by else "",
    )


def lines(one: HelplineContact, lang: str) -> list[tuple[str, str]]:
    """Label (a msgid) and words of what was written down; not who it was."""
    _ = translator(lang)

    def named(labels: dict[str, str], *ids: str) -> str:
        known = {**labels, UNSAID[0]: UNSAID[1]}
        return "; ".join(_(known.get(id_, id_)) for id_ in ids if id_)

    rows = [
        (N_("How they reached us"), named(kept_words.CHANNELS, one.channel)),
        (N_("What came of it"), named(vocabulary.DISPOSITIONS, one.disposition)),
        (N_("County"), named(vocabulary.COUNTY_NAMES, one.county)),
        (N_("Language of the call"), named(vocabulary.LANGUAGES, one.language)),
        (N_("Interpreter line"), _(N_("Yes")) if one.interpreter else ""),
        (N_("Who calls"), named(vocabulary.REQUESTER_ROLES, one.role)),
        (N_("Kind of care"), named(vocabulary.SETTINGS, one.setting)),
        (N_("What it is about"), named(TOPICS, *one.topics)),
        (N_("First or again?"), named(kept_words.REPEAT, one.repeat)),
        (N_("To whom did you hand over?"), named(kept_words.HAND_OVER_TO, one.hand_over_to)),
        (N_("What nobody could give"), named(kept_words.UNMET, *one.unmet)),
        (N_("In a few words"), one.unmet_note),
        (N_("Safety concern"), _safety(one, _)),
        (
            N_("They agree to a call on"),
            date_words(typed(one.follow_up, "12:00"), lang) if one.follow_up else "",
        ),
    ]
    return [(label, text) for label, text in rows if text]


def _safety(one: HelplineContact, _: Translate) -> str:
    if not one.protocol:
        return ""
    what = _(vocabulary.SAFETY_PROTOCOLS.get(one.protocol, one.protocol))
    done = _(vocabulary.YES_NO.get(one.protocol_done, ""))
    return f"{what} · {done} · {_(ROLE_WORDS.get(one.role_of_staff, one.role_of_staff))}"


HOUR_WORDS: Final = {
    8: N_("8 to 9 in the morning"),
    9: N_("9 to 10 in the morning"),
    10: N_("10 to 11 in the morning"),
    11: N_("11 to 12"),
    12: N_("12 to 1"),
    13: N_("1 to 2 in the afternoon"),
    14: N_("2 to 3 in the afternoon"),
    15: N_("3 to 4 in the afternoon"),
    16: N_("4 to 5 in the afternoon"),
}


DAY_AND_HOUR: Final = N_("%(day)s, %(hour)s")
EVERY_DAY: Final = checkboxes(
    "every_day",
    N_("Is every weekday like Monday?"),
    ("yes", N_("Copy Monday's numbers to the other days")),
    required=False,
)


def _name(day: int, hour: int) -> str:
    return f"h{day}_{hour}"


def _week(lang: str) -> list[tuple[str, list[Field]]]:
    """The hours of a week, each with its field for every weekday."""
    _ = translator(lang)

    def field(day: int, hour: int) -> Field:
        label = _(DAY_AND_HOUR, day=_(WEEKDAYS[day]), hour=_(HOUR_WORDS[hour]))
        return Field(
            _name(day, hour), "number", label, required=False, minimum=0, maximum=slots.MOST
        )

    return [
        (HOUR_WORDS[hour], [field(day, hour) for day in slots.WEEKDAYS]) for hour in slots.HOURS
    ]


def set_hours() -> Response:
    """How many call backs fit into each hour of a week: staff enter it, and the public page offers no more."""
    by, at = current_staff().actor, now()

    def act(values: Values, press: str) -> str:
        same = bool(several(values, EVERY_DAY.name))
        hours = {
            (day, hour): number(values, _name(0 if same else day, hour))
            for day, hour in slots.EVERY
        }
        slots.set_capacity(hours, by, at)
        logger().info("call back hours entered", extra={"actor": by})
        return HOME

    week = _week(current().lang)
    known: Values = {_name(*when): n for when, n in slots.capacity().items() if n}
    page = FormPage(
        "helpline/hours.html",
        Form(*(one for _hour, fields in week for one in fields), EVERY_DAY),
        once=True,
        known=known,
        facts=lambda: {"week": week, "every_day": EVERY_DAY, "days": WEEKDAYS},
        draw=show,
    )
    return page.answer(act)
