"""Text messages on the page of somebody's choices: yes or no, to the number that their case has.

The link at a letter's foot is good for long, so it gives nobody another number: that needs the person's own page.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.settings import settings
from chalicelib.directory import mail_choices
from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.domain.vocabulary import TEXTS_AGREED
from chalicelib.mail.choices import links
from chalicelib.mail.texts import consent
from chalicelib.web.forms import Field, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import store

YES, NO = "yes", "no"
ASKED: Final[Field] = radios(
    "texts",
    N_("Should we text you, too?"),
    (YES, N_("Yes, text me when something waits for my answer"), TEXTS_AGREED),
    (NO, N_("No, email is enough")),
)
# Digits of a number that are shown, so that its owner knows which one it is.
_SHOWN: Final = 4


def of(link: str) -> Case | None:
    """The case about which its person may choose texts here; None where no text can be sent."""
    reference = links.case_of(link) if settings().sends_texts else ""
    try:
        state = store.load(reference, consistent=True) if reference else None
    except NotFound:
        return None
    return state if state is not None and _theirs(state, links.reader_of(link)) else None


def _theirs(state: Case, reader: str) -> bool:
    contact = state.contact
    mine = bool(contact.email) and mail_choices.mark_of(contact.email) == reader
    return mine and bool(addresses.text_number(contact.phone)) and (state.open or contact.texted)


def ending(state: Case) -> str:
    """The last digits of the number to which texts go."""
    return addresses.text_number(state.contact.phone)[-_SHOWN:]


def keep(state: Case, values: Values, link: str, command: str) -> None:
    """Keep what they chose of texts, if the case is still theirs to choose for. Raises TryAgain."""
    reader, wants = links.reader_of(link), values["texts"] == YES
    lang = words(values, "language")
    consent.choose(state, wants, lang, command, lambda now: _theirs(now, reader))
