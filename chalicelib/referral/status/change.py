"""The provider changes an answer of their own request, or staff do for them: one command, at any stage.

While the rules and the specialist still look at it, the request goes back so that they look again;
later the people who work on it get a letter that says only that something changed. Once it has ended, how
to reach them may still be changed: the survey and the follow-up are mailed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.directory import mail_choices
from chalicelib.mail.bad_addresses import mended
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.mail.texts import consent
from chalicelib.referral import information_request, questions
from chalicelib.referral.events import AMENDED, ReferralPayload
from chalicelib.referral.in_training.another_consultant import not_in_training
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.question import Question, SectionSlug, Situation
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.request_changes import Amendment, amend
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.safety_flag import DANGER, raised
from chalicelib.referral.status.acting import THEMSELVES, Acting
from chalicelib.web.forms import Cleaned, Form, Raw, Values, clean
from chalicelib.web.languages import translator
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Changes, Command, Contact, Entry, apply
from chalicelib.workflow.effects import Effect, SendLetter, letters
from chalicelib.workflow.pause import lifted
from chalicelib.workflow.side_tasks import void
from chalicelib.workflow.stage_change import move
from chalicelib.workflow.storage import store

EARLY: Final = ("eligibility", "tiers")


def form_of(slug: SectionSlug, request: Request, here: Situation | None = None) -> Form:
    """The questions of a section that the form would ask, today or in another situation. What was
    left open may stay open; what a change calls for is asked as the form asks it."""
    known = request.as_dict()
    today = Situation.of(known)
    fields = [one for one in questions.asked(here or today, section=slug) if one.changeable]
    return Form(
        *(
            [
                replace(one, required=False)
                if one.name not in known and one.asked_in(today)
                else one
                for one in fields
            ]
        )
    )


@dataclass(frozen=True)
class Posted:
    """A section as it came back: its form in the situation that its own answers make."""

    form: Form
    cleaned: Cleaned
    here: Situation


def read(slug: SectionSlug, request: Request, data: Raw, lang: str) -> Posted:
    """Read a section. An answer may change what else it asks, and how, so it is read until the
    answers and the questions belong to one situation."""
    here, then = None, request.situation
    while then != here:
        here = then
        form = form_of(slug, request, here)
        cleaned = clean(form, data, lang)
        then = Situation.of({**request.as_dict(), **cleaned.values})
    if not cleaned.switching:
        _ = translator(lang)
        wrong = questions.together(cleaned.values)
        cleaned.errors = {name: _(text) for name, text in wrong.items()} | cleaned.errors
    return Posted(form, cleaned, here)


def branch(slug: SectionSlug, request: Request, here: Situation) -> str:
    """A mark of what a page asks and of the answers that it would drop."""
    asks = form_of(slug, request, here).fields
    gone = questions.called_off(request.as_dict(), here)
    return " ".join([one.name for one in asks] + ["-" + one.name for one in gone])


def unanswered(request: Request) -> dict[SectionSlug, list[Question]]:
    """Questions of the form that wait for an answer that fits, by section."""
    known, found = request.as_dict(), dict[SectionSlug, list[Question]]()
    for one in questions.asked(request.situation):
        if one.required and one.changeable and not one.fits(known.get(one.name)):
            found.setdefault(one.section, []).append(one)
    return found


def seen(request: Request) -> str:
    """A mark of the answers that a page showed: a change that somebody else made shows in it."""
    told = json.dumps(request.as_dict(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def may_change(state: Referral, slug: SectionSlug) -> bool:
    """Whether a section of the request may be changed: all while it is open, then how to reach them."""
    return state.open or slug == "contact"


def change(reference: str, values: Values, command: str, acting: Acting = THEMSELVES) -> Referral:
    """Record the changed answers and return the state; without a change nothing is written.

    ``values`` are cleaned answers by name; ``command`` names this press. Raises Refused when
    an answer is no longer what the page showed, NotFound and TryAgain.
    """
    at = now()
    made: list[Amendment] = []
    sought: list[bool] = []

    def decide(state: Referral) -> Command | None:
        made.clear()
        if not all(may_change(state, QUESTIONS[name].section) for name in values):
            return None
        amended = amend(state, answers(reference), values, at)
        if not amended.names:
            return None
        made.append(amended)
        sought.append(state.contact.blocked)
        return _entry(state, amended, command, at, acting)

    state = store.change(reference, decide, press=command)
    task = state.task
    moved = bool(made) and "contact_email" in made[-1].names and not sought[-1]
    if moved and task is not None and task.role == "provider":
        # What is still asked of them is asked at the new address too.
        by = acting.actor if acting.for_caller else ""
        send_fresh(reference, task.number, own="new address", void_older=True, actor=by)
    return state


def _entry(state: Referral, amended: Amendment, command: str, at: int, acting: Acting) -> Command:
    changes = amended.changes | ReferralChanges(amended=True)
    also = list(amended.also)
    effects: list[Effect] = []
    if "contact_email" in amended.names and state.contact.blocked:
        contact = changes.get("contact") or state.contact
        found, effects, rows = _found(state, contact, at, acting.actor)
        changes, also = changes | found, also + rows
    if state.stage in EARLY and any(QUESTIONS[name].read_by_rules for name in amended.names):
        # What is asked of them next comes from the start; only what came back is sent again.
        again = [one for one in letters(effects) if one.task is None]
        moved, effects = move(state, "eligibility")
        effects = [*again, *effects]
        changes |= lifted(state, at) | _paused(state, at) | moved | {"status": "submitted"}
    effects += _letters(state, amended, acting)
    if "trainee_welcome" in amended.names:
        effects += not_in_training(state, amended.request)
    consents, texts = consent.given(
        state,
        changes.get("contact") or state.contact,
        changes.get("language") or state.language,
        f"status page {acting.actor}",
        at,
    )
    also, effects = [*also, *consents, *_choices(state, amended, at)], [*effects, *texts]
    data = amended.data | ReferralPayload(stage=state.stage) | acting.told
    if amended.danger:
        begun = raised(apply(state, changes), DANGER, "no", "provider", at)
        changes, data = changes | begun.changes, data | begun.payload
        effects, also = [*begun.effects, *effects], also + begun.same_transaction
    entry = Entry(
        event=AMENDED,
        at=at,
        actor=acting.actor,
        command=command,
        changes=changes,
        payload=data,
        effects=effects,
    )
    return entry, also


def _choices(state: Referral, amended: Amendment, at: int) -> list[Write]:
    """What they want of our letters moves with their address, unless the address was sought (``_found``)."""
    before, contact = state.contact, amended.changes.get("contact") or state.contact
    after = before.email if before.blocked else contact.email
    return mail_choices.moved(before.email, after, at, amended.changes.get("language") or "")


def _found(
    state: Referral, contact: Contact, at: int, actor: str
) -> tuple[Changes, list[Effect], list[Write]]:
    """Changes, effects and rows of an address that was sought: all goes on, nobody seeks anymore."""
    seen = state.model_copy(update={"main_task": state.task})
    changes, effects, also = mended(seen, "provider", contact.email, at)
    changes["contact"] = contact.model_copy(update={"bad": "", "fix": 0})
    if state.contact.fix in state.side_tasks:
        ended, rows = void(state, state.contact.fix, at, actor)
        changes, also = changes | ended, also + rows
    return changes, effects, also


def _paused(state: Referral, at: int) -> Changes:
    """Questions that were open with the provider end with the move: their time is paused time."""
    task = state.task
    if task is None or task.kind != information_request.NAME:
        return {}
    return {"paused": state.paused + max(0, at - task.opened)}


def _letters(state: Referral, amended: Amendment, acting: Acting) -> list[SendLetter]:
    """Who is told of a change: those who work on it, the address of before, and the provider for whom
    staff wrote it down, where letters reach them."""
    found = []
    if state.open and state.stage not in EARLY:
        told = [one for one in _told(state) if one != acting.actor]
        found += [SendLetter(letter="status/changed_told", to=one) for one in told]
    if "contact_email" in amended.data["before"] and not state.contact.blocked:
        found.append(SendLetter(letter="status/address_changed", to="provider_before"))
    if acting.for_caller and (amended.changes.get("contact") or state.contact).email:
        found.append(SendLetter(letter="status/changed_for_you", to="provider", always=True))
    return found


def _told(state: Referral) -> list[str]:
    """The specialist, and the consultant once they are matched: whoever was only asked is not told."""
    people = [recipient(state, "specialist")] if state.specialist else []
    if state.consultant and state.stage in ("delivery", "closure"):
        people.append(recipient(state, "consultant"))
    return people
