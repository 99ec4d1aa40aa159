"""The life of a cohort, from the rubric to a graduate who accepts a referral.

It needs both paces: months that pass in minutes, and people who have hours to answer. So its stack is started again
at another pace between its parts. What waits does so until an instant in its row, so nothing that was asked
before is shortened by it: the homes of the practicum and the trainees' own pages last through the months.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from infra.case import Case
from infra.training_program.applying import applied, entered, offered
from infra.training_program.graduating import completed, offered_a_referral, onboarded
from infra.training_program.learning import learned, scheduled
from infra.training_program.practicum import practiced, required
from infra.training_program.program import Program

# One day in two minutes, and one in 1.2 seconds: the nine months of a cohort are five minutes and a half.
IN_HOURS, IN_MONTHS = 600, 72_000
Act = Callable[[Program], None]
PARTS: Final[Sequence[tuple[int, Sequence[Act]]]] = (
    (IN_HOURS, (entered, applied, offered, required, practiced)),
    (IN_MONTHS, (scheduled, learned)),
    (IN_HOURS, (completed, onboarded, offered_a_referral)),
)


def training_program(case: Case, at_pace: Callable[[int], None]) -> None:
    """19: ten apply for six seats, five graduate, three become consultants, one gets and accepts a referral.

    ``at_pace`` starts the stack again at a time scale.
    """
    program, seconds = Program(case), dict[str, float]()
    for number, (scale, acts) in enumerate(PARTS):
        if number:
            at_pace(scale)
            program.signed_in()
        for act in acts:
            began = time.monotonic()
            act(program)
            seconds[act.__name__] = time.monotonic() - began
    case.say("seconds: " + ", ".join(f"{name} {took:.0f}" for name, took in seconds.items()))
