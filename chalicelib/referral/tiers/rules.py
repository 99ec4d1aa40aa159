"""Which tier of support, how soon? Rules T0 to T10, all looked at; the first match proposes.

A proposal with its reasons; a specialist decides. Pure: facts that the request does not hold are
arguments, lists are dated data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from chalicelib.domain.decisions import Condition, DecisionRow, State, Value, in_force, named, plain
from chalicelib.domain.json_values import Json
from chalicelib.domain.vocabulary import COUNTIES, PRIORITIES, SETTINGS
from chalicelib.referral.request import Request
from chalicelib.referral.tiers.reasons import SOURCES, TEXTS
from chalicelib.referral.tiers.ruleset import RULES, RuleSet

TRIAGE_CALL: Final = "T10"
TOP: Final = 3

# The answers that a proposal reads and stores: nobody is named in them, and nothing of race,
# immigration or income is in them.
_READ: Final = (
    "county",
    "setting",
    "concerns",
    "suspension_expulsion_status",
    "behavior_serious",
    "circumstances",
    "recent_event",
    "safety_now",
    "support_wanted",
    "prior_contacts",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the request itself does not hold; None = not looked up.

    ``declared_emergency``: the county is in one today. ``contacts_in_90_days``: universal and
    targeted contacts of this site that the Network counted.
    """

    declared_emergency: bool | None = None
    contacts_in_90_days: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose and why: stored whole, shown to the specialist.

    ``tier`` is None when a triage call has to find out. ``reasons`` are up to three msgids,
    the deciding one first. ``flags``: safety_protocol, declared_emergency, step_up,
    information_session, universal_now, triage_call, conflict.
    """

    tier: str | None
    priority: str
    rule: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    conditions: tuple[Condition, ...]
    rule_version: str
    inputs: dict[str, Value]

    def as_dict(self) -> Json:
        """JSON serialisable, without floats."""
        return asdict(self)


def propose(request: Request, facts: Facts | None = None, *, today: date) -> Proposal:
    """Propose with the rules in force on the Pacific date ``today``."""
    inputs: dict[str, Value] = {name: plain(getattr(request, name)) for name in _READ}
    return _propose({**inputs, **asdict(facts or Facts())}, in_force(RULES, today))


def propose_again(stored: DecisionRow, version: str | None = None) -> Proposal:
    """Propose again from a stored proposal's inputs (``as_dict``), by its own rules or by those
    of ``version``: the same answer years later, and the preview of a change."""
    return _propose(dict(stored["inputs"]), named(RULES, version or stored["rule_version"]))


def _propose(inputs: dict[str, Value], rules: RuleSet) -> Proposal:
    states = _states(Request.from_answers(inputs), inputs, rules)
    met = [rule for rule, state in states.items() if state == "met" and rule != "T0"]
    conflict = next(
        (pair for pair in rules.conflicts if met[:1] == [pair[0]] and pair[1] in met), ()
    )
    rule = TRIAGE_CALL if conflict or not met else met[0]
    states[TRIAGE_CALL] = "met" if rule == TRIAGE_CALL else "not_met"
    tier, proposed = rules.proposes.get(rule, (None, "routine"))
    priority = _priority(proposed, rule, states["T0"], inputs, rules)
    because = [name for name in ("T0", rule, *met) if states[name] == "met"]
    flags = {
        "safety_protocol": states["T0"] == "met",
        "declared_emergency": inputs.get("declared_emergency") is True,
        "step_up": rule == "T5",
        "information_session": rule == "T7",
        "universal_now": tier != "universal",
        "triage_call": rule == TRIAGE_CALL,
        "conflict": bool(conflict),
    }
    return Proposal(
        tier,
        priority,
        rule,
        tuple(TEXTS[name, "met"] for name in dict.fromkeys(because))[:TOP],
        _raised(flags),
        tuple(_condition(name, state, inputs, rules) for name, state in states.items()),
        rules.version,
        inputs,
    )


def _priority(
    proposed: str, rule: str, safety: State, inputs: dict[str, Value], rules: RuleSet
) -> str:
    """How soon: a disaster is at once, and a safety concern is never less than its floor."""
    declared = inputs.get("declared_emergency") is True
    if rule == "T1" and (declared or inputs.get("recent_event") in rules.disasters):
        proposed = "stat"
    return _more_pressing(proposed, rules.safety_floor) if safety == "met" else proposed


def _raised(flags: dict[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, on in flags.items() if on)


def _condition(name: str, state: State, inputs: dict[str, Value], rules: RuleSet) -> Condition:
    facts = {field: inputs.get(field) for field in SOURCES[name]}
    tier = rules.proposes.get(name, ("",))[0] or ""
    return Condition(name, state, TEXTS[name, state], facts, tier if state == "met" else "")


def _more_pressing(one: str, other: str) -> str:
    order = list(PRIORITIES)
    return max(one, other, key=order.index)


def _any(given: Collection[str], wanted: Collection[str]) -> State:
    """Met if one of the wanted was chosen; unknown if nothing was answered."""
    if not set(wanted).isdisjoint(given):
        return "met"
    return "not_met" if given else "unknown"


def _or(*states: State) -> State:
    if "met" in states:
        return "met"
    return "unknown" if "unknown" in states else "not_met"


def _and(*states: State) -> State:
    if "not_met" in states:
        return "not_met"
    return "unknown" if "unknown" in states else "met"


def _yes(value: object) -> State:
    return "unknown" if value is None else "met" if value is True else "not_met"


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _states(request: Request, inputs: Mapping[str, Value], rules: RuleSet) -> dict[str, State]:
    wants, concerns = request.support_wanted, request.concerns
    # Here silence is not a "no": who says nothing may still carry it.
    told = tuple(c for c in request.circumstances if c != "prefer_not_to_say")
    home = _any(_one(request.setting if request.setting in SETTINGS else None), rules.home_based)
    elsewhere: State = "unknown" if home == "unknown" else "not_met" if home == "met" else "met"
    stress = _or(_any(concerns, rules.stress), _any(wants, rules.peers))
    declared = _yes(inputs.get("declared_emergency")) if request.county in COUNTIES else "unknown"
    event = _any(_one(request.recent_event), {"disaster", "traumatic_event"})
    return {
        "T0": _any(_one(request.safety_now), {"yes"}),
        # An emergency that nobody looked up leaves the provider's own answer standing.
        "T1": event if declared == "unknown" else _or(event, declared),
        "T2": "met"
        if "suspension_expulsion_risk" in concerns
        else _any(_one(request.suspension_expulsion_status), rules.exclusions),
        "T3": _any(request.behavior_serious, rules.serious),
        "T4": _and(_any(concerns, {"challenging_behavior"}), _any(told, rules.circumstances)),
        "T5": _contacts(request.prior_contacts, inputs.get("contacts_in_90_days"), rules),
        "T6": _any(wants, rules.observation),
        "T7": _and(home, stress),
        "T8": _and(elsewhere, stress),
        "T9": _any(wants, rules.brief),
    }


def _contacts(told: int | None, counted: Value, rules: RuleSet) -> State:
    known = [int(n) for n in (told, counted) if n is not None and not isinstance(n, list | bool)]
    if not known:
        return "unknown"
    return "met" if max(known) >= rules.contacts else "not_met"
