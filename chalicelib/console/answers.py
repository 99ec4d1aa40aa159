"""The request's answers and the rules' conditions, as staff read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.domain.decisions import DecisionRow
from chalicelib.referral.eligibility.reasons import for_staff
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.web.forms import words_of
from chalicelib.web.languages import N_, translator
from chalicelib.web.text_input import Answer

FACTS: Final[dict[str, str]] = {
    "declared_emergency": N_("Emergency declared in the county"),
    "contacts_in_90_days": N_("Contacts counted, in 90 days"),
    "local_program": N_("Local program covers the site"),
    "same_request": N_("Same request is open"),
}
"""What the rules know from elsewhere than the request."""

STATES: Final = {"met": N_("met"), "not_met": N_("not met"), "unknown": N_("unknown")}


@dataclass(frozen=True)
class Condition:
    """One rule as it was looked at: ``state`` is met, not_met or unknown."""

    rule: str
    state: str
    word: str
    reason: str
    sources: list[tuple[str, str]]
    decisive: bool


_SITE: Final = ("site_name", "city", "county", "setting")
_NEED: Final = ("concerns", "age_bands", "language", "language_required")
_WHEN: Final = ("availability",)
SOON: Final = N_("How soon")
"""What the page of a case begins with: where it is, what it is about and for whom, how soon, and when."""


def about(request: Request, priority: str, lang: str) -> list[tuple[str, str]]:
    """Label (msgid) and words of what a consultation is about, for whoever calls about it."""
    known, soon = request.as_dict(), translator(lang)(vocabulary.PRIORITIES.get(priority, priority))

    def told(names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(label_of(name), value_words(name, known.get(name), lang)) for name in names]

    rows = [*told(_SITE), *told(_NEED), (SOON, soon), *told(_WHEN)]
    return [(label, words) for label, words in rows if words]


def request_lines(request: Request, lang: str) -> list[tuple[str, str]]:
    """Label (msgid) and answer (in the reader's language) of all that was answered."""
    return [line for _, lines in request.sections(lang) for line in lines]


def label_of(name: str) -> str:
    """The msgid that names an answer or another fact; the name itself of what nobody knows."""
    if name in QUESTIONS:
        return QUESTIONS[name].for_staff
    return FACTS.get(name, name.replace("_", " "))


def value_words(name: str, value: Answer, lang: str) -> str:
    """A stored answer or fact in words; "" for none."""
    if isinstance(value, bool):
        return translator(lang)(vocabulary.YES_NO["yes" if value else "no"])
    if name in QUESTIONS:
        return words_of(QUESTIONS[name], value, lang)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def decision_lines(decision: DecisionRow, lang: str) -> list[Condition]:
    """Every condition of a stored decision or proposal, those that decided it first."""
    result, rule = decision.get("result", ""), decision.get("rule", "")
    lines = []
    for one in decision.get("conditions", []):
        sources = [
            (label_of(name), value_words(name, value, lang))
            for name, value in one.get("source", {}).items()
        ]
        lines.append(
            Condition(
                rule=one["rule"],
                state=one["state"],
                word=STATES.get(one["state"], one["state"]),
                reason=for_staff(one["reason"]),
                sources=[(label, value) for label, value in sources if value],
                decisive=bool(result and one.get("leads_to") == result) or one["rule"] == rule,
            )
        )
    return sorted(lines, key=lambda line: not line.decisive)
