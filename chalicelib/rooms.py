"""The table of contents of what the engine loads by itself: where each wing keeps it.

Only names stand here ("module:name"); a module is imported when it is first needed
(``workflow/registry.py``). To add a room with tasks, add its module to ``TASKS``.
"""

from __future__ import annotations

from typing import Final

# Types of case, by the name that their rows keep; a row without a name is of the first.
CASE_TYPES: Final[dict[str, str]] = {"referral": "chalicelib.referral.case_type:REFERRAL"}

# The state machines of each wing.
MACHINES: Final[tuple[str, ...]] = ("chalicelib.referral.machines:MACHINES",)

# Modules that register kinds of task.
TASKS: Final[tuple[str, ...]] = (
    "chalicelib.referral.eligibility.tasks",
    "chalicelib.referral.tiers.tasks",
    "chalicelib.referral.matching.tasks",
    "chalicelib.referral.delivery.tasks",
    "chalicelib.referral.closure.tasks",
    "chalicelib.referral.safety.tasks",
    "chalicelib.workflow.repair_tasks",
    "chalicelib.mail.tasks",
)

# What the scheduler wakes besides cases and side tasks: prefix of a sort key -> (pk, sk, now). It sets
# or removes its row's own ``wake_at``.
WAKES: Final[dict[str, str]] = {
    "KEPT#": "chalicelib.tasks.drafts:look",
    "DRAFT": "chalicelib.referral.intake.resume_link:remind",
    "MAIL#": "chalicelib.mail.queue:look",
    "RECONCILE": "chalicelib.workflow.reconcile:wished",
}

# What looks once a minute: (now).
EACH_MINUTE: Final[tuple[str, ...]] = (
    "chalicelib.referral.matching.waitlist:promote",
    "chalicelib.mail.queue:each_minute",
)

# What sends a letter: (state, entry, number of the effect, the effect).
SEND_LETTER: Final = "chalicelib.mail.send_letter:send_letter"

# What a task changes besides, when it opens for somebody whom letters do not reach:
# (state, changes of the command, now) -> further changes.
UNREACHABLE: Final = "chalicelib.mail.bad_addresses:pause_for_address"
