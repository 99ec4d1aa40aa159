"""What the first page of a task's link may say of a referral: no names, concerns or contact details."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.referral.model import Referral
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import Fact


def county(state: Referral) -> list[Fact]:
    """Where the care is given."""
    return [(N_("County"), [vocabulary.label("county", state.county)])]


def county_and_setting(state: Referral) -> list[Fact]:
    """Where the care is given, and what kind of care it is."""
    return [*county(state), (N_("Setting"), [vocabulary.label("setting", state.setting)])]
