"""What everybody in the directory shares: an id that says nothing of them, and an address of their own."""

from __future__ import annotations

import hashlib
from typing import Final

from chalicelib.directory import people
from chalicelib.domain.errors import Invalid
from chalicelib.web.forms import Answers, words
from chalicelib.web.languages import N_

TAKEN: Final = N_("Somebody else of the staff or the consultants has this address.")
MEANWHILE: Final = N_("Somebody else changed this meanwhile. Please look at it again.")


def new_id(kind: str, command: str) -> str:
    """The id of somebody new: ids stand in addresses and logs. The same command gives the same one."""
    return f"{kind}-{hashlib.sha256(command.encode()).hexdigest()[:10]}"


def is_taken(values: Answers, but: str) -> bool:
    """Whether somebody else than ``but`` has the email address."""
    email = words(values, "email").casefold()
    everybody = [*people.staff(), *people.consultants()]
    return any(str(r.get("email", "")).casefold() == email and r["id"] != but for r in everybody)


def need_free_address(values: Answers, but: str) -> None:
    """Raises Invalid where somebody else has the address: the sign-in would let neither in."""
    if is_taken(values, but):
        raise Invalid({"email": TAKEN})
