"""The call-taker's page: who is it, what came of it, and Enter.

One press writes the contact down, with all that follows from it in the same transaction: the call that
was promised, the entry on the case that it was about.
"""

from __future__ import annotations

from dataclasses import replace

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.directory import emergencies
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.mail.send_now import send_now
from chalicelib.services.helpline import contacts, form, known, promises, resources, scripts
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.events import CONTACT_LOGGED
from chalicelib.services.helpline.known import Known
from chalicelib.services.helpline.resources import Resource
from chalicelib.web.forms import Values, several, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import DEFAULT, languages
from chalicelib.web.pages import current
from chalicelib.web.pages import form as posted
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.storage import store

HERE = "/console/helpline/call"
FIND = "_find"


def log_call() -> Response:
    """The form; a search shows it again with whom it found; a press writes the contact down."""
    at = now()
    page = _page(at)
    if current().method == "POST" and one(posted(), FIND):
        return page.show()

    def act(values: Values, press: str) -> str:
        return written_down(values, press, at)

    return page.answer(act)


def _page(at: int) -> FormPage:
    typed = " ".join(one(posted(), "q").split()) if current().method == "POST" else ""

    on_offer = resources.offered()

    def facts() -> TemplateValues:
        found: list[Known] = known.look_up(typed, current_staff()) if typed else []
        others = known.met(typed, current_staff()) if typed else []
        if found or others:
            shown = [one.reference for one in found]
            paths = [path for _, path in others]
            by = current_staff().actor
            logger().info(
                "contacts found", extra={"referrals": shown, "records": paths, "actor": by}
            )
        chosen = normalize_reference(one(posted(), "case")) if current().method == "POST" else None
        return {
            "typed_who": typed,
            "found": found,
            "met": others,
            "chosen": chosen or "",
            "first": form.FIRST,
            "saved": one(current().query, "saved"),
            "emergencies": emergencies.shown(),
            "crisis": scripts.in_a_crisis(),
            "scripts": scripts.every(),
            "script_topics": scripts.SCRIPT_TOPICS,
            "resources": on_offer,
            "dispositions": vocabulary.DISPOSITIONS,
        }

    asked = form.call_form(at, [(one_.id, _title(one_)) for one_ in on_offer])
    return FormPage(
        "helpline/call.html",
        asked,
        once=True,
        known=form.USUAL,
        check=form.together,
        facts=facts,
        draw=show,
    )


def _title(one_: Resource) -> str:
    return one_.title.get(current().lang) or next(iter(one_.title.values()), one_.id)


def written_down(values: Values, press: str, at: int) -> str:
    """Write a contact down; where its page goes on."""
    made = _contact(values, press, at)
    case = _case(one(posted(), "case"))
    if case is not None:
        made = replace(made, case=case.reference)
    if form.promises(values):
        day, time = words(values, "call_day"), words(values, "call_time")
        made = promises.promise(made, day, time, at)
    elif case is None:
        contacts.write(made)
    if case is not None:
        rows = [] if form.promises(values) else contacts.rows(made)
        _told_on(case, made, press, rows)
    _mail(made, at)
    if form.becomes_request(values):
        return f"/console/new?call={made.key}"
    return f"{HERE}?saved={made.key}"


def _contact(values: Values, press: str, at: int) -> HelplineContact:
    """The contact as it was typed."""
    who = current_staff()
    topics = dict.fromkeys([words(values, "topic"), *several(values, "topics")])
    names = (
        "county", "language", "role", "setting", "disposition", "channel", "repeat",
        "hand_over_to", "unmet_note", "protocol", "protocol_done", "name", "phone", "email",
    )  # fmt: skip
    plain: Item = {name: words(values, name) for name in names}
    return HelplineContact(
        at=at,
        id=contacts.id_of(press),
        by=who.actor,
        topics=tuple(one for one in topics if one),
        interpreter="yes" if several(values, "interpreter") else "",
        unmet=tuple(several(values, "unmet")),
        resources=tuple(several(values, "resources")),
        follow_up=words(values, "call_day") if form.follows_up(values) else "",
        role_of_staff=who.role if values.get("protocol") else "",
        **plain,
    )


def _mail(made: HelplineContact, at: int) -> None:
    """Send the resources that they want by mail. It belongs to no case, and is worth nothing later."""
    if not (made.resources and made.email):
        return
    lang = made.language if made.language in languages() else DEFAULT
    chosen = [
        {"title": one_.title[lang], "words": one_.words[lang], "link": one_.link}
        for one_ in resources.every()
        if one_.id in made.resources
    ]
    if rate_limits.mail_to("helpline resources", made.email, at, own=made.by):
        send_now("helpline/resources", made.email, lang, resources=chosen)


def _case(typed: str) -> Case | None:
    """The case that was chosen among those that were found, if it is one of the reader's counties."""
    reference = normalize_reference(typed)
    if reference is None:
        return None
    try:
        state = store.load(reference, consistent=True)
    except NotFound:
        return None
    return state if current_staff().scope.covers(state.county) else None


def _told_on(case: Case, made: HelplineContact, press: str, rows: list[Write]) -> None:
    """The entry on the case that the contact was about."""

    def decide(state: Case) -> Command:
        entry = Entry(
            event=CONTACT_LOGGED,
            at=made.at,
            actor=made.by,
            command=press,
            payload=contacts.told(made),
        )
        return entry, rows

    store.change(case.reference, decide, case, press)
