"""Somebody asks for text messages: what the command that says so writes down, and the first text."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.directory import text_choices
from chalicelib.domain import addresses
from chalicelib.domain.vocabulary import CONTACT_BY, TEXTS_AGREED
from chalicelib.mail.texts.ending import CHOSEN, changed, welcome
from chalicelib.web.languages import translator
from chalicelib.workflow.cases import Case, Command, Contact
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store


def given(
    state: Case, contact: Contact, language: str, how: str, at: int
) -> tuple[list[Write], list[SendLetter]]:
    """Rows and letters of a command after which ``contact`` is how to reach the person of a case: none where
    texts went to that number before. ``how``: on which page, and who typed it."""
    before, number = (addresses.text_number(one.phone) for one in (state.contact, contact))
    left = text_choices.moved(before, state.reference) if before != number else []
    same = state.contact.texted and before == number
    if same or not contact.texted or not number:
        return left, []
    return [*left, *agreed(number, state.reference, language, how, at)], [welcome(state)]


def choose(
    state: Case, wants: bool, language: str, command: str, still: Callable[[Case], bool]
) -> None:
    """The person of a case chooses texts to the number that it has, or none; nothing where it is no more
    ``still`` theirs. Raises TryAgain."""

    def decide(state: Case) -> Command | None:
        if not still(state) or state.contact.texted == wants:
            return None
        contact = state.contact.model_copy(update={"by": "text" if wants else "email"})
        rows, effects = given(state, contact, language, "page of choices", now())
        entry, found = changed(state, contact, now(), CHOSEN, effects)
        return entry.model_copy(update={"command": command}), [*found, *rows]

    store.change(state.reference, decide, state, press=command)


def agreed(number: str, about: str, language: str, how: str, at: int) -> list[Write]:
    """The rows that somebody agreed to texts ``about`` a case, or as a consultant, in the words that a page
    showed."""
    _ = translator(language)
    words = ". ".join(map(_, (CONTACT_BY["text"], TEXTS_AGREED)))
    return text_choices.asked_for(number, about, language=language, how=how, words=words, at=at)
