"""Types say what a thing is: what a command may change is named, and few values are of any type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.services.communities.model import Seat, SeatChanges, SeatPayload
from chalicelib.services.emergency.call_up_case import CalledUp, CallUpChanges
from chalicelib.services.emergency.deployments.model import DeploymentPayload
from chalicelib.services.helpline.events import ContactPayload
from chalicelib.training.onboarding.model import (
    Onboarding,
    OnboardingChanges,
    OnboardingPayload,
)
from chalicelib.training.practicum.model import Practicum, PracticumChanges, PracticumPayload
from chalicelib.training.renewal.model import Renewal, RenewalChanges, RenewalPayload
from chalicelib.training.trainees.model import Trainee, TraineeChanges, TraineePayload
from chalicelib.workflow.cases import Case, Changes, Payload, folded

HOUSE = Path(__file__).resolve().parents[3] / "chalicelib"
SOURCES = {path.relative_to(HOUSE): path.read_text() for path in sorted(HOUSE.rglob("*.py"))}
ALIAS = re.compile(r"^\w+ *(?:: TypeAlias)?= dict\[str, Any\]", re.M)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Case, Changes),
        (Referral, ReferralChanges),
        (Seat, SeatChanges),
        (CalledUp, CallUpChanges),
        (Trainee, TraineeChanges),
        (Onboarding, OnboardingChanges),
        (Practicum, PracticumChanges),
        (Renewal, RenewalChanges),
    ],
)
def test_a_command_may_change_every_field_that_the_log_explains_and_no_other(
    model: type[Case], changes: type
) -> None:
    assert set(changes.__annotations__) | set(Changes.__annotations__) == folded(model)


def test_what_is_read_of_an_entry_is_something_that_one_may_tell() -> None:
    told = set(ReferralPayload.__annotations__) | set(Payload.__annotations__)
    told |= {"for", "from"} | set(SeatPayload.__annotations__)
    told |= set(RenewalPayload.__annotations__)
    told |= set(OnboardingPayload.__annotations__)
    told |= set(DeploymentPayload.__annotations__) | set(ContactPayload.__annotations__)
    told |= set(TraineePayload.__annotations__) | set(PracticumPayload.__annotations__)
    reads = re.compile(r"""(?:\.payload|told_in\(\w+\)|\bdata)(?:\.get\(|\[)["'](\w+)["']""")
    for path, text in SOURCES.items():
        reader = re.search(r"\bdata(, \w+)? = told_in\(", text)
        found = {m[1] for m in reads.finditer(text) if reader or not m[0].startswith("data")}
        assert found <= told, (path, found - told)


def test_what_a_row_json_or_a_template_holds_is_declared_once() -> None:
    found = [str(path) for path, text in SOURCES.items() for _ in ALIAS.findall(text)]
    assert sorted(found) == [
        "aws/attribute_values.py",
        "domain/json_values.py",
        "web/render.py",
    ]


def test_few_values_are_of_any_type() -> None:
    found = {str(path): len(re.findall(r"\bAny\b", text)) for path, text in SOURCES.items()}
    assert sum(found.values()) <= 45, sorted(found.items(), key=lambda one: -one[1])[:20]
