"""A letter once more, because staff pressed for it: a new link, or the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.mail.addressees import address, hears
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.mail.send_letter import names_another
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import Case, Command, Entry, apply, valid
from chalicelib.workflow.effects import SendLetter, letters
from chalicelib.workflow.events import LETTER_SENT_AGAIN
from chalicelib.workflow.storage import store

LINK: Final = "link"
LETTER: Final = "letter"
ENOUGH: Final = "enough"
OVER: Final = "over"
BEFORE: Final = "before"


def send_again(reference: str, v: int, number: int, actor: str, press: str) -> str:
    """Send the letter of effect ``number`` of entry ``v`` again; what became of it.

    ``link``: a new link left and the older ones are closed; ``letter``: the same letter left again;
    ``enough``: its address had its letters of this hour; ``over``: it has lost its reason; ``before``:
    ``press`` was heard before, however long ago. Raises NotFound, TryAgain.
    """
    state = store.load(reference, consistent=True)
    effect = store.effect(state, v, number)
    if not isinstance(effect, SendLetter):
        raise NotFound(reference)
    became = LETTER if effect.task is None else LINK
    if store.recorded(state, press):
        return became if state.command == press else BEFORE
    if not may_go_again(state, store.log(state), effect, v):
        return OVER
    if (n := effect.task) is not None:
        sent = send_fresh(reference, n, own=actor, void_older=True, actor=actor, press=press)
        return became if sent else ENOUGH
    to = str(address(state, effect.to)["email"]) or reference
    if not rate_limits.mail_to("again", to, now(), own=reference):
        return ENOUGH
    again = effect.repeated(v, always=True)

    def decide(fresh: Case) -> Command | None:
        entry = Entry(
            event=LETTER_SENT_AGAIN,
            at=now(),
            actor=actor,
            command=press,
            payload={"letter": effect.letter, "to": effect.to},
            effects=[again],
        )
        return entry, ()

    store.change(reference, decide, state, press)
    return LETTER


def may_go_again(state: Case, log: Sequence[Entry], effect: SendLetter, v: int) -> bool:
    """Whether staff may send a letter of entry ``v`` again: its link still leads somewhere, or what it
    tells is still so."""
    if effect.task is not None:
        return effect.task in (state.task.number if state.task else 0, *state.side_tasks)
    return not _outdated(state, log, effect, v)


def goes_to(
    state: Case, log: Sequence[Entry], effect: SendLetter, v: int, *, contact: bool = False
) -> tuple[str, str] | None:
    """Who would get a letter of entry ``v`` that is sent again, and where or how (msgids or plain); None when it
    may not be. ``contact``: whether the reader looks at who the applicant is."""
    found = hears(state, [effect.to]) if may_go_again(state, log, effect, v) else []
    if not found:
        return None
    who, where = found[0]
    if effect.channel:
        return who, N_("by text message")
    applicant = effect.to == applicant_of(state) and not state.contact.called
    return (state.contact.name, state.contact.email) if contact and applicant else (who, where)


def _outdated(state: Case, log: Sequence[Entry], effect: SendLetter, v: int) -> bool:
    """Whether the entry of a letter was taken back, something that it set has another value now, or the
    same was written anew since."""
    told = log[(v if effect.of is None else effect.of) - 1]
    if names_another(state, effect) or told not in valid(log):
        return True
    set_then = apply(type(state)(reference=state.reference), told.changes)
    tells = {"closed", "pause", *type_of(state).letters_tell} & set(told.changes)
    if any(_value(set_then, name) != _value(state, name) for name in tells):
        return True
    return any(
        (one.letter, one.to, one.of) == (effect.letter, effect.to, None)
        for entry in valid(log)[::-1]
        if entry.version > told.version
        for one in letters(entry.effects)
    )


def _value(state: Case, name: str) -> object:
    """What a letter tells of a field: of a pause since when and until when."""
    if name == "pause" and state.pause is not None:
        return state.pause.since, state.pause.until
    return getattr(state, name)
