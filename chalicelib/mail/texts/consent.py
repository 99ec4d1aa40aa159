"""Somebody asks for text messages: what the command that says so writes down, and the first text."""

from __future__ import annotations

from chalicelib.aws.writes import Write
from chalicelib.directory import text_choices
from chalicelib.domain import addresses
from chalicelib.domain.vocabulary import CONTACT_BY, TEXTS_AGREED
from chalicelib.mail.texts.ending import welcome
from chalicelib.web.languages import translator
from chalicelib.workflow.cases import Case, Contact
from chalicelib.workflow.effects import SendLetter


def given(
    state: Case, contact: Contact, language: str, how: str, at: int
) -> tuple[list[Write], list[SendLetter]]:
    """Rows and letters of a command after which ``contact`` is how to reach the person of a case: none where
    texts went to that number before. ``how``: on which page, and who typed it."""
    same = state.contact.texted and state.contact.phone == contact.phone
    number = addresses.text_number(contact.phone)
    if same or not contact.texted or not number:
        return [], []
    return agreed(number, state.reference, language, how, at), [welcome(state)]


def agreed(number: str, about: str, language: str, how: str, at: int) -> list[Write]:
    """The rows that somebody agreed to texts ``about`` a case, or as a consultant, in the words that a page
    showed."""
    _ = translator(language)
    words = ". ".join(map(_, (CONTACT_BY["text"], TEXTS_AGREED)))
    return text_choices.asked_for(number, about, language=language, how=how, words=words, at=at)
