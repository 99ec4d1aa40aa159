"""The mailed code that opens a status page: six digits, ten minutes, five tries.

Known and unknown references take the same path: the same counters, the same row, the same words,
and an answer that comes no sooner than ``FLOOR_SECONDS``.
"""

from __future__ import annotations

import secrets
import time

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.mail.send_now import send_now
from chalicelib.referral.model import Referral
from chalicelib.web import code_rows
from chalicelib.workflow.storage import store

GOOD_FOR, TRIES, HOUR = 600, 5, 3600
CODES_AN_HOUR = 3  # per reference, and per address: an unauthenticated trigger
# Agencies and centers share one address, so a source may ask more often: who guesses references of
# 40 bits at this pace finds nothing, and each of them is limited by itself.
CODES_PER_SOURCE, TRIES_PER_SOURCE = 30, 100
FLOOR_SECONDS = 0.6


def send_code(reference: str, source: str) -> None:
    """Mail a fresh code to the address on file. Nobody learns whether there was one.

    ``reference`` in its stored form; ``source`` is the caller's network address. Raises TryAgain.
    """
    started = time.monotonic()
    try:
        _send(reference, source, now())
    finally:
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))


def _send(reference: str, source: str, at: int) -> None:
    try:
        state = store.load(reference, Referral)
    except NotFound:
        state = None
    address = state.contact.email.casefold() if state else f"unknown {reference}"
    allowed = [
        rate_limits.allow("code-source", source, CODES_PER_SOURCE, HOUR, at),
        rate_limits.allow("code-reference", reference, CODES_AN_HOUR, HOUR, at),
        rate_limits.mail_to(address, at),
    ]
    if not all(allowed):
        return
    code = f"{secrets.randbelow(10**6):06d}"
    code_rows.keep(reference, code, at + GOOD_FOR)
    if state is not None:
        send_now("status/code", state.contact.email, state.language, reference=reference, code=code)


def right(reference: str, code: str, source: str) -> bool:
    """True when this is the newest code of the reference, in time; it is spent then.

    Raises TryAgain.
    """
    at = now()
    if not rate_limits.allow("code-tries", source, TRIES_PER_SOURCE, HOUR, at):
        return False
    return code_rows.spend(reference, code, TRIES, at)
