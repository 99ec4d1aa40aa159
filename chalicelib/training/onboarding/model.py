"""What an onboarding is: the case of somebody who is to become a consultant, from the agreement to their row
in the directory."""

from __future__ import annotations

from typing import ClassVar, Final, cast

from chalicelib.workflow.cases import Case, Changes, Entry, Payload

CANDIDATE: Final = "candidate"
NAME: Final = "onboarding"
AGREEMENT, FACTS, APPROVAL = "onboarding_agreement", "onboarding_facts", "onboarding_approval"
# The training that led to it goes on.
STOPPED: Final = "onboarding_not_yet"
UNREACHABLE: Final = "candidate_unreachable"
ONBOARDED, DECLINED, SILENT, REFUSED = (
    "onboarding_done", "onboarding_declined", "onboarding_no_answer", "onboarding_refused",
)  # fmt: skip


class OnboardingChanges(Changes, total=False):
    """New values of its own fields too."""

    trainee: str | None
    address: str | None
    signed: int | None
    consultant: str | None


class OnboardingPayload(Payload, total=False):
    """What an entry tells: which text was signed, by whom; a question; the row that came of it, and how
    many offers it had been made before."""

    text: str
    signed_name: str
    question: str
    consultant: str
    offers: int


class Onboarding(Case):
    """The state. ``trainee``: the case of the training, "" for who was trained elsewhere. ``address``: the row
    by which it is the only one of its address. ``signed``: since when the agreement is. ``consultant``: the
    id of the row that came of it."""

    case_type: ClassVar[str] = NAME
    stage: str = NAME
    status: str = AGREEMENT
    trainee: str = ""
    address: str = ""
    signed: int = 0
    consultant: str = ""


def told_in(entry: Entry) -> OnboardingPayload:
    """What an entry tells."""
    return cast("OnboardingPayload", entry.payload)
