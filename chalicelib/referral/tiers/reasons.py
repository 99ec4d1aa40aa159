"""What each tier rule says in plain words (msgids), and which answers it reads."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.decisions import State
from chalicelib.domain.places import N_

TEXTS: Final[dict[tuple[str, State], str]] = {
    ("T0", "met"): N_("Someone may be in danger. Safety comes first."),
    ("T0", "not_met"): N_("No one is in danger now."),
    ("T0", "unknown"): N_("We do not know yet if everyone is safe now."),
    ("T1", "met"): N_("There was a disaster or a frightening event not long ago."),
    ("T1", "not_met"): N_("There was no disaster or frightening event not long ago."),
    ("T1", "unknown"): N_("We do not know yet about a disaster or frightening event."),
    ("T2", "met"): N_("There is a risk that care will end, or someone was sent home."),
    ("T2", "not_met"): N_("No one was sent home, and care is not about to end."),
    ("T2", "unknown"): N_("We do not know yet if care could end."),
    ("T3", "met"): N_("The behavior is serious, someone was hurt, or adults do not feel safe."),
    ("T3", "not_met"): N_("No one was hurt, and adults feel safe."),
    ("T3", "unknown"): N_("We do not know yet how serious the behavior is."),
    ("T4", "met"): N_("Behavior is hard, and there is more to carry, such as foster care."),
    ("T4", "not_met"): N_("Behavior does not come together with foster care, trauma or a plan."),
    ("T4", "unknown"): N_("We do not know yet what else is going on."),
    ("T5", "met"): N_("They asked for help two or more times, and the concern is still there."),
    ("T5", "not_met"): N_("They have not asked for help two times in the last 90 days."),
    ("T5", "unknown"): N_("We do not know yet if they asked for help before."),
    ("T6", "met"): N_("They want someone to observe, or help with their program's policies."),
    ("T6", "not_met"): N_("They did not ask for someone to observe or for help with policies."),
    ("T6", "unknown"): N_("We do not know yet what kind of support they want."),
    ("T7", "met"): N_("They give care in a home and would like to meet others or feel stress."),
    ("T7", "not_met"): N_("They did not ask to meet other home-based providers."),
    ("T7", "unknown"): N_("We do not know yet if they want to meet other home-based providers."),
    ("T8", "met"): N_("Their team feels stress or wants a place to talk and reflect."),
    ("T8", "not_met"): N_("Their team did not ask for a place to talk and reflect."),
    ("T8", "unknown"): N_("We do not know yet if their team wants a place to talk and reflect."),
    ("T9", "met"): N_("They have one question, or do not want to give their name."),
    ("T9", "not_met"): N_("They did not ask for just one answer or to stay without a name."),
    ("T9", "unknown"): N_("We do not know yet if one answer is enough."),
    ("T10", "met"): N_("Their answers do not point to one kind of support. A call will help."),
    ("T10", "not_met"): N_("Their answers point to one kind of support."),
}
"""(rule, state) -> the sentence."""

SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "T0": ("safety_now",),
    "T1": ("recent_event", "county", "declared_emergency"),
    "T2": ("suspension_expulsion_status", "concerns"),
    "T3": ("behavior_serious",),
    "T4": ("concerns", "circumstances"),
    "T5": ("prior_contacts", "contacts_in_90_days"),
    "T6": ("support_wanted",),
    "T7": ("setting", "concerns", "support_wanted"),
    "T8": ("setting", "concerns", "support_wanted"),
    "T9": ("support_wanted",),
    "T10": (),
}
"""Rule -> the answers and facts that it was read from."""
