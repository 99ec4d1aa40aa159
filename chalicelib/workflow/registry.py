"""What stands above the engine, by the names in ``chalicelib/rooms.py``: imported when first needed.

A lower storey imports no room: it asks here, and gets a function or an object.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalicelib import rooms

if TYPE_CHECKING:
    from chalicelib.workflow.cases import Entry, Referral
    from chalicelib.workflow.effects import SendLetter


def load(address: str) -> Any:
    """What "module:name" names."""
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)


def import_tasks() -> None:
    """Import every module that registers kinds of task."""
    for module in rooms.TASKS:
        import_module(module)


def send_letter() -> Callable[[Referral, Entry, int, SendLetter], None]:
    """What sends a letter."""
    found: Callable[[Referral, Entry, int, SendLetter], None] = load(rooms.SEND_LETTER)
    return found


def unreachable() -> Callable[[Referral, dict[str, Any], int], dict[str, Any]]:
    """What a task changes besides, when it opens for somebody whom letters do not reach."""
    found: Callable[[Referral, dict[str, Any], int], dict[str, Any]] = load(rooms.UNREACHABLE)
    return found
