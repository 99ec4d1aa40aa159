"""What completes the program: each requirement with what somebody has of it, and in a plain sentence what is
missing. The rule is written down in docs/counting.md; it reads no clock and no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.web.languages import N_, translator

SESSIONS, SMALL_GROUPS = "sessions", "small_groups"
COURSEWORK, PRACTICUM, FACILITATOR = "coursework", "practicum", "facilitator"
# What a requirement is called, and its first sentence.
NAMES: Final = {
    SESSIONS: N_("Monthly sessions"),
    SMALL_GROUPS: N_("Meetings of the small group"),
    COURSEWORK: N_("Coursework"),
    PRACTICUM: N_("Practicum"),
    FACILITATOR: N_("Meetings with the facilitator"),
}
HAVE: Final = {
    SESSIONS: N_("Monthly sessions: %(have)s of %(need)s."),
    SMALL_GROUPS: N_("Meetings of the small group: %(have)s of %(need)s."),
    COURSEWORK: N_("Coursework: %(have)s of %(need)s."),
    PRACTICUM: N_("Practicum: %(have)s of %(need)s hours."),
    FACILITATOR: N_("Meetings with the facilitator: %(have)s of %(need)s."),
}
MET: Final = N_("Met.")
# What is said of one, and of several.
MAKE_UPS: Final = (N_("One make-up is missing."), N_("%(n)s make-ups are missing."))
UNSAID: Final = (
    N_("For one, nobody has said yet who came."),
    N_("For %(n)s, nobody has said yet who came."),
)
AHEAD: Final = (N_("One is still to come."), N_("%(n)s are still to come."))
MISSING: Final = (N_("One is missing."), N_("%(n)s are missing."))
LOOKED_AT: Final = (
    N_("One was sent in, and waits for somebody to look at it."),
    N_("%(n)s were sent in, and wait for somebody to look at them."),
)
HOURS_MISSING: Final = N_("Hours that are missing: %(n)s.")
HOURS_WAIT: Final = N_("Hours that wait for the provider to confirm them: %(n)s.")


@dataclass(frozen=True, slots=True)
class Part:
    """A requirement: how much of it somebody has and needs (of the practicum, in minutes). Of what is
    missing: ``make_ups`` took place without them, of ``unsaid`` nobody has recorded who came, ``ahead`` are
    to come. ``waits``: was sent in, or logged, and nobody has confirmed it."""

    name: str
    have: int
    need: int
    make_ups: int = 0
    unsaid: int = 0
    ahead: int = 0
    waits: int = 0

    @property
    def met(self) -> bool:
        """Whether they have what they need."""
        return self.have >= self.need


def needed(required: int, held: int, canceled: int) -> int:
    """How many of a cohort's meetings complete the program, where ``held`` take place: one that was canceled and
    not made up by another is nobody's absence."""
    return required if held >= required else max(held, required - canceled)


def met(parts: Sequence[Part]) -> bool:
    """Whether all that is required is there; nobody completes a program that requires nothing."""
    return bool(parts) and all(one.met for one in parts)


def hours(minutes: int) -> str:
    """Minutes as hours are written: "9.5"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def sentence(part: Part, lang: str) -> str:
    """Where a requirement stands: "Monthly sessions: 7 of 9. One make-up is missing."."""
    _ = translator(lang)
    in_hours = part.name == PRACTICUM
    have, need = (hours(one) if in_hours else one for one in (part.have, part.need))
    said = [_(HAVE[part.name], have=have, need=need)]
    if part.met:
        said.append(_(MET))
    elif in_hours:
        said.append(_(HOURS_MISSING, n=hours(part.need - part.have)))
    else:
        explained = part.make_ups + part.unsaid + part.ahead + part.waits
        several = (
            (MAKE_UPS, part.make_ups),
            (UNSAID, part.unsaid),
            (AHEAD, part.ahead),
            (LOOKED_AT, part.waits),
            (MISSING, part.need - part.have - explained),
        )
        said += [_(one if n == 1 else many, n=n) for (one, many), n in several if n > 0]
    if in_hours and part.waits:
        said.append(_(HOURS_WAIT, n=hours(part.waits)))
    return " ".join(said)
