"""A letter once more, because staff pressed for it: a new link, or the same words."""

from __future__ import annotations

from typing import Final

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.mail.addressees import address
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.mail.send_letter import names_another
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import LETTER_SENT_AGAIN
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store

LINK: Final = "link"
LETTER: Final = "letter"
ENOUGH: Final = "enough"
OVER: Final = "over"


def send_again(reference: str, v: int, number: int, actor: str, press: str) -> str:
    """Send the letter of effect ``number`` of entry ``v`` again; what became of it.

    ``link``: a new link left and the older ones are closed; ``letter``: the same letter left again;
    ``enough``: its address had its letters of this hour; ``over``: nobody is asked for this
    any more. ``press`` names the press, so that two of one are one. Raises NotFound, TryAgain.
    """
    state = store.load(reference, consistent=True)
    effect = store.effect(state, v, number)
    if not isinstance(effect, SendLetter):
        raise NotFound(reference)
    if (n := effect.task) is not None:
        if asked_by(state, n) is None:
            return OVER
        return LINK if send_fresh(reference, n, void_older=True, actor=actor) else ENOUGH
    if names_another(state, effect):
        return OVER
    command = f"again:{v}.{number}:{press}"
    if any(entry.command == command for entry in store.log(state)):
        return LETTER
    if not rate_limits.mail_to(str(address(state, effect.to)["email"]), now()):
        return ENOUGH
    again = effect.repeated(v, always=True)

    def decide(fresh: Case) -> Command | None:
        if fresh.command == command:
            return None
        entry = Entry(
            event=LETTER_SENT_AGAIN,
            at=now(),
            actor=actor,
            command=command,
            payload={"letter": effect.letter, "to": effect.to},
            effects=[again],
        )
        return entry, ()

    store.change(reference, decide)
    return LETTER
