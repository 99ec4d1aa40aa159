"""An answer that was told to staff: who told it and how stand beside it, and its owner is told (F10)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.mail.addressees import address
from chalicelib.mail.outbox import asked_by
from chalicelib.web.forms import Cleaned, Field, Form, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import store
from chalicelib.workflow.cases import Referral, Task
from chalicelib.workflow.on_behalf import HOW, may_record, told
from chalicelib.workflow.store import Refused
from chalicelib.workflow.tasks import Kind, answer, kind_of, recipient

WHO = Field(
    "told_by",
    "text",
    N_("Who told you this?"),
    hint=N_("The name of the person that you talked with."),
    missing=N_("Type the name of the person who told you."),
    max_length=100,
)
HOW_TOLD = Field("told_how", "radios", N_("How did they tell you?"), options=tuple(HOW.items()))
# What a page of staff may not show without a note that it was looked at.
PERSONAL = frozenset({"contact", "request"})
OVER = N_("This was answered meanwhile, or is not asked any more. Nothing was recorded.")


def show_form(reference: str, n: str) -> Response:
    """The form, for whoever may record this answer; otherwise back to the request."""
    view, task = _found(reference, n)
    if task is None:
        return redirect(f"/console/referrals/{view.reference}")
    kind = kind_of(task.kind)
    return _page(view, kind, task, blank(_form(kind, view), kind.known(view)))


def record(reference: str, n: str) -> Response:
    """Record the answer in the name of its owner; the first valid answer wins, whoever gave it."""
    view, task = _found(reference, n)
    if task is None:
        return redirect(f"/console/referrals/{view.reference}")
    kind = kind_of(task.kind)
    cleaned = clean(_form(kind, view), form(), current().lang)
    if not cleaned.ok:
        return _page(view, kind, task, cleaned)
    values = dict(cleaned.values)
    by, how = str(values.pop("told_by")), str(values.pop("told_how"))
    typed = json.dumps([one(form(), "_nonce"), values, by], sort_keys=True, default=str)
    command = "b:" + hashlib.sha256(typed.encode()).hexdigest()[:12]
    said = told(recipient(view, task.role, task.assignee), kind.name, by, how)
    try:
        answer(
            view.reference, task.number, values, current_staff().actor, command, now(), told=said
        )
    except Invalid as error:
        _ = translator(current().lang)
        cleaned.errors |= {name: _(text) for name, text in error.errors.items()}
        return _page(view, kind, task, cleaned)
    except Refused:
        return _page(view, kind, task, cleaned, kind.refused or OVER)
    except AlreadyDone:
        return _page(view, kind, task, cleaned, OVER)
    return redirect(f"/console/referrals/{view.reference}")


def _found(reference: str, n: str) -> tuple[Referral, Task | None]:
    """The referral as the task sees it, and the task if this member of staff may record it."""
    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    state = store.load(stored)
    number = int(n) if n.isascii() and n.isdigit() and len(n) < 5 else 0
    view = asked_by(state, number) if number else None
    task = view.task if view is not None else None
    return view or state, task if may_record(
        current_staff().role, view or state, task, now()
    ) else None


def _form(kind: Kind, view: Referral) -> Form:
    return Form((*kind.form(view).fields, WHO, HOW_TOLD))


def _page(view: Referral, kind: Kind, task: Task, cleaned: Cleaned, notice: str = "") -> Response:
    details: dict[str, Any] = kind.details(view)
    if PERSONAL & set(details):
        details = {}
    owner = address(view, recipient(view, task.role, task.assignee)).get("name", "")
    return show(
        "tasks/behalf.html",
        422 if notice else cleaned.status,
        state=view,
        kind=kind,
        task=task,
        facts=kind.facts(view),
        owner="" if task.role == "provider" else owner,
        form=_form(kind, view),
        cleaned=cleaned,
        notice=notice,
        details=details,
        details_template=kind.template if details else "",
    )
