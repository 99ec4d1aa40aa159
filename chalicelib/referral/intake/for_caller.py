"""A request that staff key in for somebody who called: one page, attributed, theirs from then on.

The caller gets the confirmation, the number and every later letter; the log says who keyed it in.
"""

from __future__ import annotations

from typing import NamedTuple

from chalice.app import Response

from chalicelib.directory import emergencies
from chalicelib.domain.ids import new_reference, normalize_reference
from chalicelib.referral import questions
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.intake import notice
from chalicelib.referral.intake.call_script import (
    LATER,
    OPENING,
    OPENING_SHORT,
    by_phone,
    follows,
    groups,
    in_order,
)
from chalicelib.referral.intake.create_referral import submit
from chalicelib.referral.question import INCIDENT
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.rows import sites
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Form, Raw, Values, blank, clean, radios, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import STALE
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry

PURPOSE = "caller"
TWIN = "twin_ok"

HOW = radios(
    "came_by",
    N_("How did they ask?"),
    ("phone", N_("By phone")),
    ("in_person", N_("In person")),
    ("agency", N_("Through their agency")),
)


SETTING = QUESTIONS["setting"]
SETTINGS = tuple(option[0] for option in SETTING.options)


ELSEWHERE = N_("That county is not in this emergency. Go back and use the usual form.")


def form_of(setting: str, incident: str = "") -> Form:
    """Every question that this kind of care may be asked, in the order of a call; in a declared
    emergency (its id) those of the short form.

    One that depends on another answer is on the page, and counts only when that answer calls for it.
    """
    every = [one for one in questions.ever_asked(setting, incident) if one.name != SETTING.name]
    return Form(HOW, *(by_phone(one, setting, incident) for one in in_order(every)))


def show_form() -> Response:
    """Which kind of care, then all questions on one page."""
    query = current().query
    told = _told(query)
    setting = one(query, "setting") or str(told.known.get("setting", ""))
    # What a call tells of does not say whether the short form fits: staff choose it.
    near = "setting" not in query and emergencies.shown(words(told.known, "county") or "-")
    if setting not in SETTINGS or near:
        return show(
            "intake/caller_setting.html",
            field=SETTING,
            cleaned=blank(Form(SETTING), {"setting": setting}),
            sent=normalize_reference(one(query, "sent")),
            source=told.field,
            emergencies=near or emergencies.shown(),
            incident=_incident(),
        )
    asked = form_of(setting, _incident())
    return _show(setting, blank(asked, told.known), _ticket(new_reference()), told=told)


def _incident() -> str:
    """The id of the emergency, in force now, that staff chose for the caller; "" for none."""
    chosen = one(form(), "incident") or one(current().query, "incident")
    return next((found.id for found in emergencies.shown() if found.id == chosen), "")


def _wrong(incident: str, answers: Values) -> dict[str, str]:
    """What is wrong with several answers together, in the reader's language, by field: also a place
    outside of the emergency that staff chose."""
    _, wrong = translator(current().lang), questions.together(answers)
    near = emergencies.shown(words(answers, "county") or "-", words(answers, "zip"))
    if incident and all(found.id != incident for found in near):
        wrong["county"] = ELSEWHERE
    return {name: _(text) for name, text in wrong.items()}


class _Told(NamedTuple):
    """Where answers of a request come from that somebody gave before: its name and key in the address,
    and the answers."""

    name: str = ""
    key: str = ""
    known: Values = {}  # noqa: RUF012 (nobody changes it)

    @property
    def field(self) -> tuple[str, str] | None:
        """As the form carries it."""
        return (self.name, self.key) if self.name else None


def _told(data: Raw) -> _Told:
    """What is known from elsewhere, as rooms hand it down. Raises NotFound."""
    for name in registry.prefills():
        key = one(data, name)
        source = registry.prefilled(name) if key else None
        if source is not None:
            return _Told(name, key, source[0](key))
    return _Told()


def send() -> Response:
    """One press is one request, however often it comes; the caller gets the confirmation."""
    setting = one(form(), "setting")
    if setting not in SETTINGS:
        return redirect("/console/new")
    incident = _incident()
    asked = form_of(setting, incident)
    cleaned = clean(asked, form(), current().lang)
    before = _told(form())
    ticket = one(form(), "_ticket")
    reference = links.unsign(PURPOSE, ticket) or ""
    if cleaned.switching:
        return _show(setting, cleaned, ticket, told=before)
    cleaned.errors = _wrong(incident, cleaned.values) | cleaned.errors
    if cleaned.errors:
        return _show(setting, cleaned, ticket, told=before)
    if not reference:
        return _show(setting, cleaned, _ticket(new_reference()), notice_words=STALE, told=before)
    answers = {**cleaned.values, "setting": setting, INCIDENT: incident or None}
    came_by = str(answers.pop("came_by"))
    answers = questions.kept(answers | follows(answers)) | {"notice_version": notice.VERSION}
    request = Request.from_answers(answers)
    twins = sites.still_open(sites.others(request, reference))
    if twins and one(form(), TWIN) != "yes":
        alike = [same.reference for same in twins]
        return _show(setting, cleaned, ticket, twins=alike, told=before)
    told = ReferralPayload(verdict="for_caller", came_by=came_by)
    if twins:
        told |= {"others": [same.reference for same in twins], "warned": True}
    lang = str(answers["letters_language"])
    submit(reference, request, lang, actor=current_staff().actor, told=told)
    _tell(before, reference)
    near = current_staff().scope.covers(str(request.county or ""))
    return redirect(f"/console/referrals/{reference}" if near else f"/console/new?sent={reference}")


def _tell(before: _Told, reference: str) -> None:
    """Say where the answers came from that the request is there."""
    source = registry.prefilled(before.name)
    if source is not None:
        source[1](before.key, reference, current_staff().actor)


def _ticket(reference: str) -> str:
    """The number that this page will give: reserved without a write, so that GET writes nothing."""
    return links.sign(PURPOSE, reference)


def _show(
    setting: str,
    cleaned: Cleaned,
    ticket: str,
    notice_words: str = "",
    twins: list[str] | None = None,
    told: _Told = _Told(),  # noqa: B008 (nobody changes it)
) -> Response:
    incident = _incident()
    asked = form_of(setting, incident)
    return show(
        "intake/caller.html",
        409 if twins else 422 if notice_words else cleaned.status,
        setting=setting,
        form=asked,
        how=HOW,
        groups=groups(asked.fields),
        later=LATER,
        opening=OPENING_SHORT if incident else OPENING,
        incident=incident,
        cleaned=cleaned,
        ticket=ticket,
        words=notice_words,
        twins=twins or [],
        twin=TWIN,
        source=told.field,
    )
