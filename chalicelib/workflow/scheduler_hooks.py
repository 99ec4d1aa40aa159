"""What else the clock wakes: rows that are no referral, and rooms that look once a minute.

Named, not imported: the clock must not know the rooms, and a room is loaded when its row is due.
A handler of ``ROWS`` takes (pk, sk, now) and sets or removes its row's own ``wake_at``; one of
``MINUTES`` takes (now).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final

# Prefix of a sort key -> where its handler is.
ROWS: Final[dict[str, str]] = {
    "KEPT#": "chalicelib.tasks.drafts:look",
    "DRAFT": "chalicelib.referral.intake.resume_link:remind",
    "MAIL#": "chalicelib.mail.queue:look",
    "RECONCILE": "chalicelib.workflow.reconcile:wished",
}
MINUTES: Final[tuple[str, ...]] = (
    "chalicelib.referral.matching.waitlist:promote",
    "chalicelib.mail.queue:each_minute",
)


def handler(address: str) -> Callable[..., Any]:
    """The function behind ``chalicelib.room.module:name``."""
    module, _, name = address.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def wakes(sk: str) -> Callable[[str, str, int], Any] | None:
    """Who is woken by a row with this sort key; None when nobody is."""
    address = next((a for prefix, a in ROWS.items() if sk.startswith(prefix)), "")
    return handler(address) if address else None


def each_minute() -> list[Callable[[int], Any]]:
    """Everything that looks once a minute."""
    return [handler(address) for address in MINUTES]
