"""Someone is in danger: the on-call lead is paged when that answer is saved, long before the form is sent.

The case that the draft has its reference for is kept from then on, as one that is not sent: no run, no
letter to the provider, and of the answers only place, kind of care and how to reach whoever asks. Never
sent, it is forgotten with its draft (``unsent_danger.py``).
"""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.aws.writes import create
from chalicelib.referral import safety_flag
from chalicelib.referral.aim import TODAY
from chalicelib.referral.events import AMENDED, SAFETY_FLAGGED, ReferralPayload
from chalicelib.referral.intake import unsent_danger
from chalicelib.referral.intake.create_referral import contact_of, known
from chalicelib.referral.intake.draft_cookie import keep, secret, unsent
from chalicelib.referral.model import DRAFT, Referral, ReferralChanges
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.request_changes import amend
from chalicelib.referral.rows.request_drafts import Draft, key_of
from chalicelib.referral.rows.request_rows import answers, findable
from chalicelib.web.forms import Answers, Cleaned, Form, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.kinds import kind_of, letter_of
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import keys, store

ADDRESS: Final = "/request/danger"
KEPT: Final = ("county", "setting", "contact_name", "contact_email", "contact_phone")
PHONE: Final = Form(
    replace(
        QUESTIONS["contact_phone"],
        label=N_("At which number can we call you now?"),
        hint=N_("With its area code. You do not have to finish the form first."),
        required=True,
    )
)


def said(values: Answers) -> bool:
    """Whether the answers say that someone is in danger now."""
    return values.get("safety_now") == "yes"


def tell(draft: Draft, typed: Answers) -> None:
    """Page the on-call lead with what is known; once, unless it is said anew after that was settled.

    Raises TryAgain when the table is busy: the answer is not saved then either.
    """
    at, lang, anew = now(), current().lang, not said(draft.answers)
    press = f"danger:{token_hex(8)}"  # told anew is another command, also in the same second
    asked = Request.from_answers({**draft.answers, **typed})
    told = known(asked, lang) | ReferralChanges(status=DRAFT, stage="request", submitted=at)

    def flagged(state: Referral) -> Command:
        begun = safety_flag.raised(state, safety_flag.DANGER, "no", "provider", at)
        entry = Entry(
            event=SAFETY_FLAGGED,
            at=at,
            actor="provider",
            command=press,
            changes=told | begun.changes,
            payload=ReferralPayload(protocol=safety_flag.DANGER, completed="no", task=begun.number)
            | begun.payload,
            effects=begun.effects,
        )
        return entry, begun.same_transaction

    def again(state: Referral) -> Command | None:
        return flagged(state) if anew and state.status == DRAFT and not state.side_tasks else None

    first = Referral(reference=draft.reference, county=asked.county or "")
    entry, rows = flagged(first)
    kept = {name: value for name, value in asked.as_dict().items() if name in KEPT}
    found_by = findable(draft.reference, Request.from_answers(kept), contact_of(asked), at)
    row = create(keys.request(draft.reference), {"at": at, "answers": kept, **found_by})
    try:
        until = unsent_danger.watch(draft.reference, key_of(secret()), draft.expires_at)
        store.create(first, entry, [row, until, *rows])
    except (store.Conflict, store.Refused):
        store.change(draft.reference, again)


def _reach(draft: Draft, phone: Answers) -> None:
    """Tell whoever is on it how to reach them. The same number twice changes nothing."""
    at = now()

    def decide(state: Referral) -> Command | None:
        amended = amend(state, answers(state.reference), phone, at)
        if not amended.names:
            return None
        entry = Entry(
            event=AMENDED,
            at=at,
            actor="provider",
            command=f"reach:{state.version}",
            changes=amended.changes,
            payload=amended.data,
            effects=[
                letter_of(kind_of(task.kind), state, task.number, task.assignee)
                for task in open_rows(state)
            ],
        )
        return entry, amended.also

    store.change(draft.reference, decide)


def show() -> Response:
    """Whom to call when someone is in danger now, and how we can reach them; the request waits."""
    return _show(unsent())


def take() -> Response:
    """A phone number, for the lead who was paged without one."""
    draft = unsent()
    if draft is None or not said(draft.answers):
        return redirect(ADDRESS)
    cleaned = clean(PHONE, form(), current().lang)
    if not cleaned.ok or one(form(), "_nonce") != draft.nonce:
        return _show(draft, cleaned)
    tell(draft, cleaned.values)
    _reach(draft, cleaned.values)
    return redirect(ADDRESS, keep(draft, cleaned.values, ""))


def _show(draft: Draft | None, cleaned: Cleaned | None = None) -> Response:
    told = draft is not None and said(draft.answers)
    lang = current().lang
    return render(
        "intake/danger.html",
        cleaned.status if cleaned else 200,
        form=PHONE,
        cleaned=cleaned or blank(PHONE),
        nonce=draft.nonce if draft else "",
        aim=translator(lang)(TODAY, date=date_words(now(), lang)) if told else "",
        phone=draft.answers.get("contact_phone") if draft else "",
    )
