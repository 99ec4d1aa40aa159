"""May the Network serve this request? Rules E1 to E9, all looked at; the worst result wins.

Pure: facts that the request does not hold are arguments, thresholds are dated data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Final

from chalicelib.domain.decisions import Condition, DecisionRow, State, Value, in_force, named, plain
from chalicelib.domain.json_values import Json
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.vocabulary import COUNTIES, NO_CHILD_UNDER_SIX, OUTSIDE
from chalicelib.referral.eligibility import reasons
from chalicelib.referral.eligibility.alternatives import alternatives_for
from chalicelib.referral.eligibility.ruleset import RULES, RuleSet
from chalicelib.referral.request import Request

RESULTS: Final = (
    "eligible",
    "eligible_coordinate_local",
    "needs_info",
    "duplicate",
    "redirect",
    "not_eligible",
)
"""From best to worst; the worst of all rules is the decision."""

NEEDS_CONFIRMATION: Final = frozenset({"duplicate", "redirect", "not_eligible"})
"""Results that count only after a person has confirmed them."""

LEADS_TO: Final = {
    ("E1", "outside"): "not_eligible",
    ("E2", "nobody"): "not_eligible",
    ("E3", "parent"): "redirect",
    ("E3", "director"): "needs_info",
    ("E6", "outside"): "redirect",
    ("E7", "local"): "eligible_coordinate_local",
    ("E8", "same"): "duplicate",
    ("E9", "missing"): "needs_info",
}
"""(rule, case) -> the result it gives; every other case changes nothing."""

# The answers that a decision reads and stores. No one is named or located more closely than a
# county; of email address and phone number only "given" is kept.
_READ: Final = (
    "county",
    "setting",
    "requester_role",
    "director_knows",
    "age_bands",
    "license_number",
    "outside_scope",
    "modality",
    "concerns",
    "support_wanted",
    "focus",
    "contact_email",
    "contact_phone",
)


@frozen
class Facts:
    """What the request itself does not hold; None = not looked up.

    ``local_program``: an open local program covers the site. ``same_request``: another request
    for the same site and classroom is open.
    """

    local_program: bool | None = None
    same_request: bool | None = None


@frozen
class Decision:
    """What the rules say, why, and from what: stored whole, shown to staff and providers.

    ``flags``: virtual_only, universal_now, license_format. ``missing``: the fields to ask for.
    ``alternatives``: ids of ``alternatives.ALTERNATIVES``, never empty.
    """

    result: str
    conditions: tuple[Condition, ...]
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    alternatives: tuple[str, ...]
    rule_version: str
    inputs: dict[str, Value]

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person must confirm before the provider hears it."""
        return self.result in NEEDS_CONFIRMATION

    @property
    def reasons(self) -> tuple[str, ...]:
        """The msgids that explain the result: of the rules that led to it."""
        return tuple(c.reason for c in self.conditions if c.leads_to == self.result)

    def as_dict(self) -> Json:
        """JSON serialisable, without floats."""
        return {**asdict(self), "reasons": self.reasons}


def decide(request: Request, facts: Facts, today: date) -> Decision:
    """Decide with the rules in force on the Pacific date ``today``."""
    return _decide(_inputs(request, facts), in_force(RULES, today))


def decide_again(stored: DecisionRow, version: str | None = None) -> Decision:
    """Decide a stored decision (``as_dict``) again from its inputs, by its own rules or by those
    of ``version``: the same answer years later, and the preview of a change."""
    return _decide(dict(stored["inputs"]), named(RULES, version or stored["rule_version"]))


def _inputs(request: Request, facts: Facts) -> dict[str, Value]:
    found = {name: plain(getattr(request, name)) for name in _READ}
    for secret in ("contact_email", "contact_phone", "license_number"):
        found[secret] = "given" if found[secret] else None
    number = request.license_number or ""
    if number and not (len(number) == 9 and number.isascii() and number.isdigit()):
        found["license_number"] = "odd"
    return {**found, **asdict(facts)}


def _decide(inputs: dict[str, Value], rules: RuleSet) -> Decision:
    request = Request.from_answers(inputs)
    local, same = inputs.get("local_program"), inputs.get("same_request")
    missing = _missing(request, rules)
    states: dict[str, tuple[str, State]] = {
        "E1": _california(request),
        "E2": _children(request, rules),
        "E3": _asks_for_program(request, rules),
        "E4": _setting(request, rules),
        "E5": _virtual(request, rules),
        "E6": _scope(request, rules),
        "E7": _fact(local if isinstance(local, bool) else None, "local"),
        "E8": _fact(same if isinstance(same, bool) else None, "same"),
        "E9": ("missing", "not_met") if missing else ("complete", "met"),
    }
    conditions = tuple(
        Condition(
            rule,
            state,
            reasons.TEXTS[rule, case],
            {name: inputs.get(name) for name in reasons.SOURCES[rule]},
            LEADS_TO.get((rule, case), ""),
        )
        for rule, (case, state) in states.items()
    )
    result = max((c.leads_to or "eligible" for c in conditions), key=RESULTS.index)
    cases = {rule: case for rule, (case, _) in states.items()}
    return Decision(
        result,
        conditions,
        _flags(request, rules, cases),
        missing,
        alternatives_for(cases, request.outside_scope),
        rules.version,
        inputs,
    )


def _california(request: Request) -> tuple[str, State]:
    if request.county == OUTSIDE:
        return "outside", "not_met"
    return ("inside", "met") if request.county in COUNTIES else ("unknown", "unknown")


def _children(request: Request, rules: RuleSet) -> tuple[str, State]:
    if rules.age_bands.intersection(request.age_bands):
        return "some", "met"
    if NO_CHILD_UNDER_SIX in request.age_bands:
        return "nobody", "not_met"
    return "unknown", "unknown"


def _asks_for_program(request: Request, rules: RuleSet) -> tuple[str, State]:
    role, knows = request.requester_role, request.director_knows
    if role == "parent":
        return "parent", "not_met"
    if role in rules.speaks_for_program:
        return "runs_it", "met"
    if role == "network_or_rr_staff" and knows != "no":
        return "agency", "met"
    if role in rules.staff or role == "network_or_rr_staff":
        if knows == "yes":
            return "with_director", "met"
        if request.setting in rules.virtual_only or request.modality in ("virtual", "phone"):
            return "online", "met"
        if knows in ("no", "unsure"):
            return "director", "not_met"
        return "unknown", "unknown"
    return "unknown", "unknown"


def _setting(request: Request, rules: RuleSet) -> tuple[str, State]:
    return ("served", "met") if request.setting in rules.settings else ("unknown", "unknown")


def _virtual(request: Request, rules: RuleSet) -> tuple[str, State]:
    if request.setting not in rules.settings:
        return "unknown", "unknown"
    if request.setting in rules.virtual_only and request.modality in ("onsite", "hybrid"):
        return "virtual_only", "not_met"
    return "fits", "met"


def _scope(request: Request, rules: RuleSet) -> tuple[str, State]:
    if rules.outside_scope.intersection(request.outside_scope):
        return "outside", "not_met"
    return ("inside", "met") if request.outside_scope else ("unknown", "unknown")


def _fact(found: bool | None, name: str) -> tuple[str, State]:
    if found is None:
        return "unknown", "unknown"
    return (name, "not_met") if found else ("none", "met")


def _missing(request: Request, rules: RuleSet) -> tuple[str, ...]:
    """The fields to ask the provider for; an answer that nobody knows counts as missing."""
    given = {
        "county": _california(request)[1] != "unknown",
        "age_bands": _children(request, rules)[1] != "unknown",
        "requester_role": request.requester_role in rules.staff | rules.speaks_for_program
        or request.requester_role in ("network_or_rr_staff", "parent"),
        "setting": request.setting in rules.settings,
        "need": bool(request.concerns or request.support_wanted or request.focus),
        "contact": bool(request.contact_email or request.contact_phone),
    }
    asked = {"need": "concerns", "contact": "contact_email"}
    missing = [asked.get(name, name) for name in rules.required if not given[name]]
    if given["requester_role"] and _asks_for_program(request, rules)[0] in ("unknown", "director"):
        missing += ["director_knows", "modality"]  # to tell the director, or to meet online
    return tuple(missing)


def _flags(request: Request, rules: RuleSet, cases: Mapping[str, str]) -> tuple[str, ...]:
    flags = {
        "virtual_only": request.setting in rules.virtual_only,
        # Staff without the director, and people who ask for what we do not do, still get the
        # universal supports at once.
        "universal_now": cases["E3"] in ("director", "online", "unknown")
        or cases["E6"] == "outside",
        "license_format": request.license_number == "odd",
    }
    return tuple(name for name, on in flags.items() if on)
