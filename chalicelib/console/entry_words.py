"""One plain sentence for an entry of the log, and the words for what it names: letters, reasons, questions.

The words of a task's entries stand in its kind, the others in a table. An entry that this release does not know is told
politely and in general, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from chalicelib.calls.words import WAYS
from chalicelib.console.timeline_words import CASES, LETTERS, SAID
from chalicelib.directory.people import name_of, name_of_either
from chalicelib.domain import vocabulary
from chalicelib.referral.events import AMENDED, PlanTold, ReferralPayload, told_in
from chalicelib.referral.request import QUESTIONS
from chalicelib.web.forms import Values, words_of
from chalicelib.web.languages import N_, long_words, translator, when_words
from chalicelib.workflow import events
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.kinds import every_kind, kind_of, sentence_of
from chalicelib.workflow.reconciler.findings import FINDINGS

# Whom a letter goes to who is in no directory.
OUTSIDE = {
    "caller": N_("the caller"),
    "applicant": N_("the applicant"),
    "trainee": N_("the trainee"),
}


def entry_words(entry: Entry, at: int, lang: str, given: str = "") -> str:
    """One plain sentence for an entry."""
    _ = translator(lang)
    data = entry.payload
    verdict = str(data.get("verdict") or data.get("case") or data.get("repair") or "")
    text = CASES.get((entry.event, verdict)) or SAID.get(entry.event)
    text = text or sentence_of(entry.event, verdict)
    if text:
        return _(text, **_values(entry, at, lang, given))
    kind, _sep, ending = entry.event.rpartition("_")
    title = _title(kind, lang)
    general = {
        "asked": N_("Asked: %(title)s"),
        "answered": N_("Answered: %(title)s"),
        "expired": N_("Time was over: %(title)s"),
    }.get(ending)
    if general and title:
        return _(general, title=title)
    return _(N_("Recorded: %(words)s"), words=entry.event.replace("_", " "))


def _title(kind: str, lang: str) -> str:
    try:
        return translator(lang)(kind_of(kind).words.title)
    except KeyError:
        return ""


def _values(entry: Entry, at: int, lang: str, given: str) -> dict[str, object]:
    """What the sentences may name. Every value has a word, so that none is ever missing."""
    _ = translator(lang)
    data, changes = told_in(entry), entry.changes

    def word(labels: Mapping[str, str], value: object, none: str) -> str:
        return _(labels.get(str(value or ""), none))

    def when(instant: int | None) -> str:
        return when_words(instant, at, lang) if instant else _(N_("later"))

    plan: PlanTold = data.get("plan") or {}
    kind, consultant = data.get("kind", ""), data.get("consultant")
    return {
        "who": name_of(f"consultant:{consultant}") if consultant else _somebody(given),
        "tier": word(vocabulary.TIERS, data.get("tier"), N_("no proposal")),
        "priority": word(vocabulary.PRIORITIES, data.get("priority"), N_("Routine")),
        "before": word(vocabulary.PRIORITIES, data.get("urgency_was"), N_("Routine")),
        "proposed": word(vocabulary.TIERS, changes.get("tier"), N_("no proposal")),
        "result": word(RESULTS, data.get("result"), N_("no result")),
        "planned": data.get("planned") or plan.get("planned") or 0,
        "goals": len(plan.get("goals") or ()),
        "minutes": (data.get("session") or {}).get("minutes", 0),
        "next": when(data.get("next")),
        "until": when(data.get("until")),
        "task": _title(kind, lang) or kind.replace("_", " "),
        "generation": changes.get("generation", 0),
        "total": data.get("total", 0),
        "about": letter_words(data.get("letter", ""), lang),
        "to": to_words(data.get("to", ""), lang),
        "asked": _somebody(data.get("asked") or given),
        "fields": questions_words(data.get("fields") or _changed(entry), lang),
        "paused": long_words(data.get("paused", 0), lang),
        "from": _somebody(data.get("from", "")),
        "finding": word(FINDINGS, data.get("finding"), N_("They did not fit.")),
        "status": _(_status(str(changes.get("status") or ""))),
        "place": data.get("place") or 1,
        "passed": _passed(data, lang),
        "way": word(WAYS, data.get("how"), N_("Not known how")),
        "voicemail": _voicemail(data.get("voicemail", ""), lang),
        "callback": when(data.get("callback")),
        "choice": word(CHOICES, data.get("choice"), N_("another way")),
    }


def _voicemail(language: str, lang: str) -> str:
    _ = translator(lang)
    spoken = _(vocabulary.LANGUAGES.get(language, language)) or _(N_("Not known how"))
    return _(N_("Language: %(language)s"), language=spoken)


CHOICES = {
    "interpreter": N_("with an interpreter"),
    "online": N_("by video with somebody from another part of California"),
}


def _passed(data: ReferralPayload, lang: str) -> str:
    """Who was passed over in line, each with the rules that were in the way."""
    named = [f"{one['reference']} ({', '.join(one['rules'])})" for one in data.get("passed") or ()]
    if further := data.get("further"):
        named.append(f"+ {further}")
    return ", ".join(named) or translator(lang)(N_("nobody"))


# Reading these is written down on the case page; the story only says that they changed.
AMENDS = (AMENDED, events.of_task("information", "answered"))


def _changed(entry: Entry) -> list[str]:
    return [n for n in QUESTIONS if n in {**_side(entry, "before"), **_side(entry, "after")}]


def _side(entry: Entry, side: Literal["before", "after"]) -> Values:
    """The changed answers of an amendment; older entries may mean other things by these words."""
    found = entry.payload.get(side) if entry.event in AMENDS else None
    return found if isinstance(found, dict) else {}


def before_after(entry: Entry, lang: str) -> str:
    """Each changed answer with its words before and after; contact data is masked."""
    _ = translator(lang)
    told = []
    for name in _changed(entry):
        question = QUESTIONS[name]
        label = _(question.for_staff)
        if question.reaches_somebody:
            told.append(f"{label}: •••")
            continue
        was, new = (
            words_of(question, _side(entry, side).get(name), lang) or "–"
            for side in ("before", "after")
        )
        told.append(f"{label}: {was} → {new}")
    return "\n".join(told)


def questions_words(names: Iterable[str], lang: str) -> str:
    """The questions of the request by their short names."""
    _ = translator(lang)
    return "; ".join(_(QUESTIONS[name].for_staff) if name in QUESTIONS else name for name in names)


def _status(status: str) -> str:
    return vocabulary.STATUSES[status].label if status in vocabulary.STATUSES else N_("closed")


def _somebody(who: str) -> str:
    """A consultant or member of staff by id."""
    return name_of_either(who) if who else "–"


RESULTS = {
    "eligible": N_("eligible"),
    "eligible_coordinate_local": N_("eligible, with a local program to choose"),
    "needs_info": N_("more information is needed"),
    "duplicate": N_("same as another open request"),
    "redirect": N_("another service fits better"),
    "not_eligible": N_("not eligible"),
}


def reason_words(reason: str, lang: str) -> str:
    """A recorded reason: its label when it is one of ours, else the words that were typed."""
    if not reason:
        return ""
    tables = (
        vocabulary.DECLINE_REASONS,
        vocabulary.OVERRIDE_REASONS,
        vocabulary.ELIGIBILITY_OVERRIDE_REASONS,
        vocabulary.WITHDRAW_REASONS,
        vocabulary.REOPEN_REASONS,
        vocabulary.HAND_ON_REASONS,
        vocabulary.REDACTION_REASONS,
        vocabulary.CLOSURE_REASONS,
        vocabulary.DISPOSITIONS,
        vocabulary.CALL_REASONS,
        *vocabulary.STATUS_REASONS.values(),
    )
    label = next((table[reason] for table in tables if reason in table), "")
    if not label and reason in vocabulary.STATUSES:
        label = vocabulary.STATUSES[reason].label
    return translator(lang)(label) if label else reason


def letter_words(letter: str, lang: str) -> str:
    """What a letter is about."""
    _ = translator(lang)
    if letter in LETTERS:
        return _(LETTERS[letter])
    kind = next((k for k in every_kind().values() if k.letter == letter), None)
    return _(kind.words.title) if kind else letter.replace("/", ": ").replace("_", " ")


def to_words(to: str, lang: str) -> str:
    """Whom a letter goes to, by name where there is one."""
    _ = translator(lang)
    if to in OUTSIDE:
        return _(OUTSIDE[to])
    return name_of(to) or (_(N_("the provider")) if to.startswith("provider") else to)
