"""The request's answers and the rules' conditions, as staff read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain import vocabulary
from chalicelib.referral.request import Request
from chalicelib.web.languages import N_, translator

LABELS: Final[dict[str, str]] = {
    "county": N_("County"),
    "setting": N_("Setting"),
    "requester_role": N_("Who asks"),
    "director_knows": N_("The director knows"),
    "site_name": N_("Name of the site"),
    "city": N_("City"),
    "zip": N_("ZIP code"),
    "license_number": N_("License number"),
    "age_bands": N_("Ages"),
    "children_enrolled": N_("Children enrolled"),
    "classroom": N_("Classroom"),
    "focus": N_("Support for"),
    "concerns": N_("Concerns"),
    "suspension_expulsion_status": N_("Sent home, or care at risk"),
    "behavior_serious": N_("Serious behavior"),
    "circumstances": N_("Circumstances"),
    "recent_event": N_("Recent event"),
    "safety_now": N_("Someone in danger now"),
    "support_wanted": N_("Support wanted"),
    "outside_scope": N_("Asks that we do not serve"),
    "prior_contacts": N_("Asked before, in 90 days"),
    "language": N_("Language of service"),
    "language_required": N_("Language is a must"),
    "modality": N_("How they meet"),
    "availability": N_("When they have time"),
    "funding": N_("Funding"),
    "same_consultant": N_("Same consultant as before"),
    "exclude_consultant": N_("Not this consultant"),
    "anything_else": N_("Anything else"),
    "declared_emergency": N_("Emergency declared in the county"),
    "contacts_in_90_days": N_("Contacts counted, in 90 days"),
    "local_program": N_("Local program covers the site"),
    "same_request": N_("Same request is open"),
    "contact_email": N_("Email address"),
}
# Shown elsewhere, or on demand only.
_APART: Final = frozenset({"contact_email", "declared_emergency", "contacts_in_90_days"})

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


def request_lines(request: Request, lang: str) -> list[tuple[str, str]]:
    """Label (msgid) and answer (in the reader's language) of all that was answered."""
    values = request.model_dump()
    found = [
        (label, value_words(name, values[name], lang))
        for name, label in LABELS.items()
        if name in values and name not in _APART
    ]
    return [(label, words_) for label, words_ in found if words_]


def value_words(name: str, value: Any, lang: str) -> str:
    """A stored answer in words; "" for none."""
    _ = translator(lang)
    if value is None or value in ((), [], ""):
        return ""
    if isinstance(value, bool):
        answer = "yes" if value else "no"
        return _(vocabulary.YES_NO[answer])
    if isinstance(value, list | tuple):
        return "; ".join(_(vocabulary.label(name, item)) for item in value)
    return _(vocabulary.label(name, value))


def decision_lines(decision: dict[str, Any], lang: str) -> list[Condition]:
    """Every condition of a stored decision or proposal, those that decided it first."""
    result = str(decision.get("result") or "")
    rule = str(decision.get("rule") or "")
    lines = []
    for one in decision.get("conditions", []):
        sources = [
            (LABELS.get(name, name.replace("_", " ")), value_words(name, value, lang))
            for name, value in dict(one.get("source") or {}).items()
        ]
        leads = str(one.get("leads_to") or "")
        lines.append(
            Condition(
                rule=str(one["rule"]),
                state=str(one["state"]),
                word=STATES.get(str(one["state"]), str(one["state"])),
                reason=str(one["reason"]),
                sources=[(label, value) for label, value in sources if value],
                decisive=bool(leads and leads == result) or one["rule"] == rule,
            )
        )
    return sorted(lines, key=lambda line: not line.decisive)
