"""What people answered, line by line, as staff read it under an entry of the timeline.

The sentence of an entry says what came of an answer; here stands the rest of what was chosen and
written. A note is shown apart, because who may read it is for whoever wrote it to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from chalicelib.domain.alternatives import ALTERNATIVES
from chalicelib.domain.vocabulary import (
    CLOSURE_REASONS,
    CONCERNS,
    DISPOSITIONS,
    LANGUAGES,
    SAFETY_PROTOCOLS,
    YES_NO,
)
from chalicelib.referral.closure.summary import CONFIDENCE, LIGHTER, REMOVAL
from chalicelib.referral.closure.survey import BEFORE, GOING, KEPT, NOW, WORTHWHILE
from chalicelib.referral.delivery import notes
from chalicelib.referral.delivery.service_form import COURSES, DONE, DONE_WORDS
from chalicelib.referral.delivery.words import MODES
from chalicelib.referral.events import PlanTold, ReferralPayload, SessionTold, told_in
from chalicelib.referral.records import PROGRESS, RHYTHMS, noon_of
from chalicelib.referral.safety.forms import OUTCOMES
from chalicelib.services.emergency.deployments import told as deployments
from chalicelib.services.helpline import words as helpline
from chalicelib.training.practicum.words import HOURS_WRONG
from chalicelib.web.languages import N_, Translate, date_words, moment_words, translator
from chalicelib.workflow.cases import Entry

Labels = Mapping[str, str]
Row = tuple[str, str]

# What an entry tells -> its name, and the words of what could be chosen; none where it was typed.
TOLD: Final[dict[str, tuple[str, Labels | None]]] = {
    "day": (N_("Day"), None),
    "mode": (N_("How they meet"), MODES),
    "note_for": (N_("Who may read the note"), dict(notes.OPTIONS)),
    "alternatives": (
        N_("Where they can turn"),
        {key: place.label for key, place in ALTERNATIVES.items()},
    ),
    "signed_name": (N_("Signed by"), None),
    "hours_wrong": (N_("What is not right"), HOURS_WRONG),
    "text": (N_("Version of the text"), None),
    "wanted": (N_("Sessions asked for"), None),
    "join": (N_("Where they join"), None),
    "end_reason": (N_("Why the sessions ended"), CLOSURE_REASONS | {DONE: DONE_WORDS}),
    "helped": (N_("What helped"), None),
    "next_steps": (N_("What they can go on with"), None),
    "confidence": (N_("How sure of themselves the adults are"), CONFIDENCE),
    "removal": (N_("A child had to stay away because of behavior"), REMOVAL),
    "lighter": (N_("Lighter support goes on"), LIGHTER),
    "worthwhile": (N_("Worth their time"), WORTHWHILE),
    "kept_in_care": (N_("Every child kept in care"), KEPT),
    "going": (N_("How things are going"), GOING),
    "call_wanted": (N_("Wants a call"), YES_NO),
    "comment": (N_("In their own words"), None),
    "protocol": (N_("What it is about"), SAFETY_PROTOCOLS),
    "completed": (N_("Steps of the protocol done"), YES_NO),
    "outcome": (N_("What was done"), OUTCOMES),
    "channel": (N_("How they reached us"), helpline.CHANNELS),
    "spoken": (N_("Language of the call"), LANGUAGES),
    "topics": (N_("What it is about"), {**CONCERNS, **helpline.CONTACT_TOPICS}),
    "disposition": (N_("What came of it"), DISPOSITIONS),
    "repeat": (N_("First or again?"), helpline.REPEAT),
    "hand_over_to": (N_("To whom did you hand over?"), helpline.HAND_OVER_TO),
    "unmet": (N_("What nobody could give"), helpline.UNMET),
    "it_helped": (N_("Did what we gave them help?"), helpline.IT_HELPED),
    "unmet_note": (N_("In a few words"), None),
}


# How to reach somebody is looked at on demand, and each look is written down.
_MASKED: Final = "•••"
_NAMES: Final = ("signed_name",)


def answers_told(entry: Entry, lang: str, *, contact: bool = False) -> list[Row]:
    """Name and words of all that an entry tells besides its sentence and its note; who the provider is
    only with their ``contact``."""
    _ = translator(lang)
    data = told_in(entry)
    rows = [
        (
            _(label),
            _MASKED if name in _NAMES and not contact else _words(_, name, labels, value, lang),
        )
        for name, (label, labels) in TOLD.items()
        if (value := _value(data, name)) not in (None, "", 0, [])
    ]
    rows += [*deployments.rows(entry, lang), *_plan(_, data.get("plan") or {}, lang)]
    rows += _session(_, data.get("session") or {}, lang)
    rows += _review(_, data.get("review") or {})
    rows += _numbered(_, N_("Goal %(n)s"), data.get("progress") or (), PROGRESS)
    rows += _rated(_, BEFORE, data.get("rated_before")) + _rated(_, NOW, data.get("rated_now"))
    if data.get("next"):
        rows.append((_(N_("How they meet next")), _(MODES.get(_next_mode(entry), ""))))
    return [(label, words) for label, words in rows if words]


def _value(data: ReferralPayload, name: str) -> object:
    more = dict(data.get("more") or {})
    return more.get(name) or dict(data).get(name)


def _words(_: Translate, name: str, labels: Labels | None, value: object, lang: str) -> str:
    given = value if isinstance(value, list) else [value]
    if name == "day":
        return _day(str(value), lang)
    return "; ".join(_(labels.get(str(one), str(one))) if labels else str(one) for one in given)


def _day(day: str, lang: str) -> str:
    try:
        return date_words(noon_of(date.fromisoformat(day)), lang)
    except ValueError:
        return day


def _plan(_: Translate, plan: PlanTold, lang: str) -> list[Row]:
    if not plan:
        return []
    rows = [
        (
            _(N_("Goal %(n)s"), n=n),
            " · ".join(one[part] for part in ("text", "doing") if one.get(part)),
        )
        for n, one in enumerate(plan.get("goals") or (), start=1)
    ]
    start, minutes = plan.get("start"), plan.get("minutes")
    return [
        *rows,
        (_(N_("The first one")), moment_words(start, lang) if start else ""),
        (_(N_("How often")), _(RHYTHMS.get(str(plan.get("every", "")), ""))),
        (_(N_("How long each time")), _minutes(_, minutes)),
        (_(N_("How they meet")), _(MODES.get(str(plan.get("mode")), ""))),
        (_(N_("Where they join")), plan.get("join", "")),
    ]


def _session(_: Translate, session: SessionTold, lang: str) -> list[Row]:
    return [
        (_(N_("Day")), _day(session.get("day", ""), lang)),
        (_(N_("How long each time")), _minutes(_, session.get("minutes"))),
        (_(N_("How they meet")), _(MODES.get(session.get("mode", ""), ""))),
        (_(N_("Classroom or group")), session.get("classroom", "")),
    ]


def _review(_: Translate, review: Labels) -> list[Row]:
    return [
        (_(N_("Review")), review.get("words", "")),
        (_(N_("How they go on")), _(COURSES.get(review.get("course", ""), ""))),
    ]


def _rated(_: Translate, items: Iterable[str], rated: Iterable[int] | None) -> list[Row]:
    pairs = zip(items, rated or (), strict=False)
    return [(_(item), _(CONFIDENCE[str(given)])) for item, given in pairs if given]


def _next_mode(entry: Entry) -> str:
    """How the next session is held."""
    sessions = dict(entry.changes).get("sessions") or {}
    return str(sessions.get("mode", "")) if isinstance(sessions, dict) else ""


def _minutes(_: Translate, minutes: int | None) -> str:
    return _(N_("%(n)s minutes"), n=minutes) if minutes else ""


def _numbered(_: Callable[..., str], label: str, given: Iterable[str], words: Labels) -> list[Row]:
    return [(_(label, n=n), _(words.get(one, one))) for n, one in enumerate(given, start=1)]
