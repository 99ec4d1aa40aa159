"""Staff open a closed referral again, with a reason (K6)."""

from __future__ import annotations

import hashlib
from typing import Any

from chalice.app import Response

from chalicelib.web.staff_auth import current_staff


def ask_reopen(reference: str) -> Response:
    """Ask why."""
    return _show(_state(reference))


def do_reopen(reference: str) -> Response:
    """Open it again; the page's nonce was looked at by the door."""
    from chalicelib.aws.now import now
    from chalicelib.referral.reopen import reopen
    from chalicelib.web.forms import clean
    from chalicelib.web.http_input import one
    from chalicelib.web.pages import current, form, redirect

    state = _state(reference)
    cleaned = clean(_form(), form(), current().lang)
    if not cleaned.ok:
        return _show(state, cleaned)
    nonce = f"{one(form(), '_nonce')}|{state.reference}|{state.version}"
    command = "o:" + hashlib.sha256(nonce.encode()).hexdigest()[:20]
    reopen(state.reference, str(cleaned.values["reason"]), current_staff().actor, command, now())
    return redirect(f"/console/referrals/{state.reference}")


def _state(reference: str) -> Any:
    """The referral behind a typed reference. Raises NotFound, for a mistyped one too (S22)."""
    from chalicelib.domain.errors import NotFound
    from chalicelib.domain.ids import normalize_reference
    from chalicelib.workflow import store

    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    return store.load(stored, consistent=True)


def _form() -> Any:
    from chalicelib.domain.vocabulary import REOPEN_REASONS
    from chalicelib.web.forms import Field, Form
    from chalicelib.web.languages import N_

    options = tuple(REOPEN_REASONS.items())
    return Form((Field("reason", "radios", N_("Why is it opened again?"), options=options),))


def _show(state: Any, cleaned: Any = None) -> Response:
    from chalicelib.aws.now import now
    from chalicelib.referral.reopen import may_reopen
    from chalicelib.web.forms import blank
    from chalicelib.web.pages import redirect
    from chalicelib.web.staff_auth import show

    if not may_reopen(state, now()) and cleaned is None:
        return redirect(f"/console/referrals/{state.reference}")
    cleaned = cleaned or blank(_form())
    return show("closure/reopen.html", cleaned.status, state=state, form=_form(), cleaned=cleaned)
