"""How a provider is called: what is written to them after a try, and how trying ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.calls.calling import Calling
from chalicelib.calls.rule import Attempt
from chalicelib.calls.words import CLOSURE, UNRESPONSIVE, CallPayload, Try
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.languages import N_
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending


def tries(state: Referral) -> list[Attempt]:
    """The tries since the provider last answered."""
    return episode(store.log(state)).attempts


def letters(state: Referral, one: Try) -> Sequence[SendLetter]:
    """An email of ours after theirs would say the same; who has no email is not written to."""
    writes = state.open and bool(state.contact.email) and one.way != "email"
    return [SendLetter(letter="delivery/tried", to="provider")] if writes else []


def closed(state: Referral, told: CallPayload, now: int) -> Outcome:
    """The request ends by its own name; the provider reads how to come back."""
    letter = SendLetter(letter="delivery/unreachable", to="provider", always=True)
    changes, effects, also = ending(
        state, status=UNRESPONSIVE, closure=CLOSURE, at=now, mails=[letter]
    )
    return Outcome(UNRESPONSIVE, changes, told, effects, also, reason=CLOSURE)


def in_danger(state: Referral) -> bool:
    """Whether the request says that someone is in danger: then nobody closes it alone."""
    return answers(state.reference).safety_now == "yes"


PROVIDER: Final = Calling(
    tries=tries,
    ends=closed,
    closes=N_("We cannot reach them: close the request and tell the provider"),
    letters=letters,
    not_alone=in_danger,
)
