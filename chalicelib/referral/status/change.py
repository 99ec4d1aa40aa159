"""The provider changes an answer of their own request: one command, at any stage (B3, F53).

While the rules and the specialist still look at it, the request goes back so that they look again;
later the people who work on it get a letter that says only that something changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.domain.vocabulary import ASK_DIRECTOR_KNOWS, FAMILY_CHILD_CARE
from chalicelib.mail.addressees import PROVIDER
from chalicelib.mail.bad_addresses import mended
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral import information_request
from chalicelib.referral.amend import Amendment, amend
from chalicelib.referral.questions import question
from chalicelib.referral.request import Request
from chalicelib.referral.request_rows import answers
from chalicelib.web.forms import Field, Form
from chalicelib.web.languages import N_
from chalicelib.workflow import store
from chalicelib.workflow.cases import Contact, Entry, Referral
from chalicelib.workflow.pause import resume
from chalicelib.workflow.side_tasks import void
from chalicelib.workflow.stage_change import move
from chalicelib.workflow.tasks import recipient

Item = dict[str, Any]

PAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "care": (
        N_("The care"),
        ("county", "setting", "requester_role", "director_knows", "site_name", "city", "zip",
         "license_number"),
    ),
    "children": (
        N_("The children"), ("age_bands", "children_enrolled", "classroom", "funding"),
    ),
    "concerns": (
        N_("What is going on"),
        ("concerns", "suspension_expulsion_status", "behavior_serious", "circumstances",
         "recent_event", "safety_now"),
    ),
    "support": (
        N_("What you ask for"), ("focus", "support_wanted", "outside_scope", "prior_contacts"),
    ),
    "meet": (
        N_("Working together"),
        ("language", "language_required", "modality", "availability", "same_consultant",
         "exclude_consultant"),
    ),
    "contact": (
        N_("Reaching you"),
        ("contact_name", "contact_email", "contact_phone", "contact_by", "letters_language",
         "anything_else"),
    ),
}  # fmt: skip
"""Page -> its heading and its questions: those of the request form."""

# Who is reached how: the rules do not read it.
NOT_READ: Final = frozenset(PAGES["contact"][1])
EARLY: Final = ("eligibility", "tiers")
NO_PHONE: Final = N_("Type a phone number, or choose email below.")


def form_of(slug: str, request: Request) -> Form:
    """The page's questions as this kind of care sees them. What was left open may stay open."""
    known = request.as_dict()
    fields = [question(name, known) for name in PAGES[slug][1] if _applies(name, request)]
    return Form([_may_stay_open(one, known) for one in fields])


def _may_stay_open(one: Field, known: Item) -> Field:
    return one if one.name in known else replace(one, required=False)


def _applies(name: str, request: Request) -> bool:
    if request.setting == "ffn" and name in information_request.NOT_AT_HOME:
        return False
    if name == "director_knows":
        return request.requester_role in ASK_DIRECTOR_KNOWS
    if name == "license_number":
        return request.setting in ("center", *FAMILY_CHILD_CARE)
    if name == "classroom":
        return request.setting in ("center", "other_license_exempt")
    if name in ("same_consultant", "exclude_consultant"):
        return bool(request.prior_contacts)
    return True


def wrong(values: Item) -> dict[str, str]:
    """What is wrong with several answers together, msgids by field."""
    if values.get("contact_by") in ("phone", "text") and not values.get("contact_phone"):
        return {"contact_phone": NO_PHONE}
    return {}


def seen(request: Request) -> str:
    """A mark of the answers that a page showed: a change that somebody else made shows in it."""
    told = json.dumps(request.as_dict(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def done_before(state: Referral, command: str) -> bool:
    """Whether this very press was recorded (F11)."""
    return state.command == command or any(
        e.command == command for e in store.log(state, consistent=True)
    )


def change(reference: str, values: Item, command: str) -> Referral:
    """Record the changed answers and return the state; without a change nothing is written.

    ``values`` are cleaned answers by name; ``command`` names this press (F11). Raises Refused when
    an answer is no longer what the page showed, NotFound and TryAgain.
    """
    at = now()
    made: list[Amendment] = []
    sought: list[bool] = []

    def decide(state: Referral) -> tuple[Entry, Sequence[Write]] | None:
        made.clear()
        if not state.open or done_before(state, command):
            return None
        amended = amend(state, answers(reference), values, at)
        if not amended.names:
            return None
        made.append(amended)
        sought.append(state.contact.blocked)
        return _entry(state, amended, command, at)

    state = store.change(reference, decide)
    task = state.task
    moved = bool(made) and "contact_email" in made[-1].names and not sought[-1]
    if moved and task is not None and task.role == "provider":
        # What is still asked of them is asked at the new address too.
        send_fresh(reference, task.number, void_older=True)
    return state


def _entry(state: Referral, amended: Amendment, command: str, at: int) -> tuple[Entry, list[Write]]:
    changes, also = {**amended.changes, "amended": True}, list(amended.also)
    effects: list[Item] = []
    if "contact_email" in amended.names and state.contact.blocked:
        found, effects, rows = _found(state, changes["contact"], at)
        changes, also = changes | found, also + rows
    if state.stage in EARLY and set(amended.names) - NOT_READ:
        # What is asked of them next comes from the start; only what came back is sent again.
        again = [one for one in effects if "task" not in one]
        moved, effects = move(state, "eligibility")
        effects = [*again, *effects]
        held = {k: v for k, v in resume(state, at).items() if k in ("pause", "paused")}
        changes |= held | _paused(state, at) | moved | {"status": "submitted"}
    elif state.stage not in EARLY:
        effects += [_mail(one) for one in _told(state)]
    known = "contact_email" in amended.data["before"] and not state.contact.blocked
    if known and "contact_email" in amended.names:
        effects.append(_mail("provider_before", "status/address_changed"))
    entry = Entry(
        event="amended",
        at=at,
        actor="provider",
        command=command,
        changes=changes,
        payload={**amended.data, "stage": state.stage},
        effects=effects,
    )
    return entry, also


def _found(state: Referral, contact: Item, at: int) -> tuple[Item, list[Item], list[Write]]:
    """Changes, effects and rows of an address that was sought: all goes on, nobody seeks any more (L3)."""
    new = Contact.model_validate(contact)
    seen = state.model_copy(update={"main_task": state.task})
    changes, effects, also = mended(seen, PROVIDER, new.email, at)
    whole = new.model_copy(update={"bad": "", "fix": 0})
    changes["contact"] = whole.model_dump(exclude_defaults=True)
    if state.contact.fix in state.side_tasks:
        ended, rows = void(state, state.contact.fix, at, "provider")
        changes, also = changes | ended, also + rows
    return changes, effects, also


def _paused(state: Referral, at: int) -> Item:
    """Questions that were open with the provider end with the move: their time is paused time."""
    task = state.task
    if task is None or task.kind != information_request.NAME:
        return {}
    return {"paused": state.paused + max(0, at - task.opened)}


def _told(state: Referral) -> list[str]:
    """The specialist, and the consultant once they are matched: whoever was only asked is not told."""
    people = [recipient(state, "specialist")] if state.specialist else []
    if state.consultant and state.stage in ("delivery", "closure"):
        people.append(recipient(state, "consultant"))
    return people


def _mail(to: str, letter: str = "status/changed_told") -> Item:
    return {"do": "mail", "letter": letter, "to": to}
