"""The roles of the Network's staff, and what they are called."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_

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
