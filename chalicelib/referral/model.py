"""What a referral is: a case with a provider who asks, a tier, a consultant and sessions.

The state row must stay under 1 KB, because every command writes it (``docs/decisions.md``, "What a
command costs").
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.domain.calendar import days_later
from chalicelib.workflow.cases import Case, Changes


class Sessions(BaseModel):
    """Counts of an episode's sessions and the next one that is planned.

    ``every``: days between the sessions of a series, 0 for none. ``slot``: the day of the series that
    ``next`` stands in for, where it is another, or that has no time yet (``delivery/series.py``).
    ``last``: the ISO day, Pacific, of the session that was recorded last. ``join``: how often the
    address of online sessions was set (``sessions/join.py``). ``off``: days of the series after the next
    one that the provider cannot make (UTC seconds).
    """

    model_config = ConfigDict(extra="ignore", defer_build=True)
    planned: int = 0
    held: int = 0
    missed: int = 0
    next: int | None = None
    mode: str = ""
    minutes: int = 0
    every: int = 0
    slot: int | None = None
    last: str = ""
    join: int = 0
    off: list[int] = Field(default_factory=list)

    def days(self) -> dict[int, int]:
        """The sessions ahead by number (UTC seconds): the next one and, in a series, all that are
        still to be held. A session keeps its number for life."""
        base, number = self.slot or self.next, self.held + self.missed + 1
        found = {} if self.next is None else {number: self.next}
        if base is not None and self.every:
            left = range(1, self.planned - self.held)
            later = {number + n: days_later(base, self.every * n) for n in left}
            found |= {n: at for n, at in later.items() if at not in self.off}
        return found

    def without_days(self) -> Sessions:
        """The same counts, with nothing planned."""
        return self.model_copy(update={"next": None, "slot": None, "off": []})


# The status of a request that is not sent: ``intake/danger.py`` keeps one.
DRAFT = "draft"
# The task with which the provider is asked for facts that are missing.
INFORMATION = "information"


class ReferralChanges(Changes, total=False):
    """New values of a referral's own fields too."""

    tier: str | None
    setting: str | None
    modality: str | None
    specialist: str | None
    consultant: str | None
    declined: list[str] | None
    sessions: Sessions | None
    previous: str | None
    language_choice: str | None
    amended: bool | None
    incident: str | None


class Referral(Case):
    """The state of a referral, as its row holds it."""

    case_type: ClassVar[str] = "referral"
    stage: str = "eligibility"
    status: str = "submitted"
    tier: str = ""
    setting: str = ""
    modality: str = ""
    specialist: str = ""
    consultant: str = ""
    declined: list[str] = Field(default_factory=list)
    sessions: Sessions | None = None
    previous: str = ""  # the consultant of before: an earlier request, or before a step down
    # What the provider chose when nobody speaks their language: wait, interpreter or online.
    language_choice: str = ""
    amended: bool = False  # the provider changed an answer after sending
    incident: str = ""  # the declared emergency that it belongs to

    @property
    def open(self) -> bool:
        """Nothing runs before it is sent: a draft is kept as a case only while someone is in danger."""
        return super().open and self.status != DRAFT

    def in_role(self, role: str) -> str:
        """The consultant, once matched; for any staff role the specialist."""
        return self.consultant if role == "consultant" else self.specialist

    def works_on(self, who: str) -> bool:
        """Whether a consultant has it now; one who was only asked has not."""
        return super().works_on(who) and self.status != "match_proposed"

    @property
    def with_interpreter(self) -> bool:
        """Whether the provider chose to start with somebody who does not speak their language."""
        return self.language_choice == "interpreter"

    @property
    def in_service(self) -> bool:
        """Whether the plan is agreed and sessions are held, on hold or not."""
        return (self.pause.status if self.pause else self.status) == "in_service"

    @property
    def appointments(self) -> dict[int, int]:
        """The sessions that both sides have agreed on, by number (UTC seconds). On hold, nobody meets
        before the hold is over."""
        if not self.open or not self.consultant or not self.sessions or not self.in_service:
            return {}
        first = self.pause.until if self.pause else 0
        return {number: at for number, at in self.sessions.days().items() if at >= first}

    @property
    def appointment(self) -> int | None:
        """The next session."""
        return min(self.appointments.values(), default=None)

    @property
    def handed_on(self) -> bool:
        """Whether another consultant had it before."""
        return bool(self.previous)
