"""The roles of the Network's staff and what they are called, and the counties that somebody works for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from chalicelib.domain.places import N_, OUTSIDE

ADMIN: Final = "admin"
SUPERVISOR: Final = "supervisor"
COORDINATOR: Final = "coordinator"
SPECIALIST: Final = "specialist"

# From the one who sees most to the one who sees least: a token with several groups gets the first.
ROLES: Final = (ADMIN, SUPERVISOR, COORDINATOR, SPECIALIST)
ROLE_WORDS: Final = {
    ADMIN: N_("Administrator"),
    SUPERVISOR: N_("Supervisor"),
    COORDINATOR: N_("Coordinator"),
    SPECIALIST: N_("Network specialist"),
}


# Who reads what somebody wrote, as fields of forms name them: all staff, or only whoever leads; the
# consultant who has the case; the person whose case it is.
STAFF: Final = "staff"
CONSULTANT: Final = "consultant"
PROVIDER: Final = "provider"

ALL_COUNTIES: Final = "all"
# What lies in no county belongs to no colleague's part of the state: every one may look after it.
_NOWHERE: Final = ("", OUTSIDE)


class Scope(NamedTuple):
    """The counties whose cases a member of staff sees and works on; None is all of California."""

    counties: frozenset[str] | None

    @classmethod
    def of(cls, listed: Collection[str] | None) -> Scope:
        """As a row of the directory says it (``all``, or a list); a row that says nothing gives none."""
        everywhere = listed is not None and ALL_COUNTIES in (listed, *listed)
        return cls(None if everywhere else frozenset(listed or ()))

    def covers(self, *counties: str) -> bool:
        """Whether one of these counties is among them. What is in no county at all gives ``""``."""
        mine = self.counties
        return mine is None or any(one in mine or one in _NOWHERE for one in counties)

    def covers_person(self, counties: Collection[str]) -> bool:
        """The same for somebody who works in some counties, or has said none yet."""
        return self.covers(*(counties or ("",)))


EVERYWHERE: Final = Scope(None)
NO_COUNTY: Final = Scope(frozenset())
