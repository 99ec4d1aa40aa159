"""What the provider changed since: shown to the consultant with the details of their task (B3)."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.referral.questions import MASTER
from chalicelib.web.forms import words_of
from chalicelib.workflow import store
from chalicelib.workflow.cases import Referral
from chalicelib.workflow.tasks import Kind

# Meant for the specialist alone, as in the details of a task.
NOT_SHOWN = frozenset({"exclude_consultant", "license_number", "prior_contacts"})


@dataclass(frozen=True)
class Change:
    """One changed answer: when, its label (a msgid), and its words before and after."""

    at: int
    label: str
    before: str
    after: str


def changes(state: Referral, kind: Kind, lang: str) -> list[Change]:
    """Every change of the request, newest first. Empty for whoever has not accepted yet (I7)."""
    if kind.role != "consultant" or kind.name == "offer":
        return []
    if not state.amended:
        return []  # the log is read only where there is something to tell
    found: list[Change] = []
    for entry in reversed(store.log(state)):
        if entry.event not in ("amended", "information_answered"):
            continue
        before, after = entry.payload.get("before") or {}, entry.payload.get("after") or {}
        for name in sorted({*before, *after} - NOT_SHOWN):
            if name in MASTER:
                told = [words_of(MASTER[name], side.get(name), lang) for side in (before, after)]
                found.append(Change(entry.at, MASTER[name].listed, *told))
    return found
