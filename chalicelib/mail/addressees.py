"""Who a letter goes to, and whether letters arrive there."""

from __future__ import annotations

from typing import Any

from chalicelib.directory import people
from chalicelib.workflow.cases import Referral, Task

Item = dict[str, Any]
PROVIDER = "provider"
PROVIDER_BEFORE = "provider_before"


def address(state: Referral, to: str, told: Item | None = None) -> Item:
    """Name, email and letters' language behind ``provider``, ``consultant:id`` or ``staff:id``.

    ``bad`` says that letters to this very address came back (L3). ``provider_before`` is the
    address that the provider had before the entry whose data is ``told`` (B3).
    """
    if to == PROVIDER_BEFORE:
        before = str(((told or {}).get("before") or {}).get("contact_email") or "")
        return {"name": "", "email": before, "language": state.language, "bad": False}
    if to == PROVIDER:
        contact = state.contact
        return {
            "name": contact.name,
            "email": contact.email,
            "language": state.language,
            "bad": contact.blocked,
        }
    row = person(to)
    return {
        "name": row.get("name", ""),
        "email": row.get("email", ""),
        "language": row.get("letters_language", "en"),
        "bad": blocked(row),
    }


def person(to: str) -> Item:
    """The row of a consultant or a member of staff; empty when unknown."""
    role, _, who = to.partition(":")
    return people.consultant(who) if role == "consultant" else people.staff_member(who)


def blocked(row: Item) -> bool:
    """Whether the address in a person's row is known not to work."""
    return bool(row.get("email_bad")) and row.get("email_bad") == row.get("email")


def holder(state: Referral, task: Task) -> str:
    """Who a task waits for, as letters name them; empty for the system."""
    if task.role == "system":
        return ""
    if task.role == PROVIDER:
        return PROVIDER
    if task.role == "consultant":
        return f"consultant:{task.assignee or state.consultant}"
    return f"staff:{task.assignee or state.specialist}"
