"""What the specialist wrote for the consultant, as an offer may show it: before anybody has accepted,
only words that name nobody and no place. All of it is shown after accepting.

It errs to the careful side: a note that may be personal waits, and the offer says that there is one.
"""

from __future__ import annotations

import re
from typing import Final

from chalicelib.domain import child_identity
from chalicelib.domain.child_names import names_somebody
from chalicelib.domain.child_words import fold
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.referral.request import PERSONAL, QUESTIONS, Request
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import Fact
from chalicelib.workflow.storage import store

LABEL: Final = N_("From the specialist")
WAITS: Final = N_("There is a note for you. You can read it after you accept.")
# A phone, a license, a house or a ZIP number; an address of the web or of mail.
_REACHES: Final = re.compile(r"\d{3}|(?:\d[\s().-]*){5}|@|https?:|www\.")
_SHORTEST: Final = 3


def facts(state: Referral, request: Request) -> list[Fact]:
    """The specialist's newest note, or that there is one; nothing where none was left."""
    notes = episode(store.log(state)).for_consultant
    if not notes:
        return []
    note = notes[-1].text
    return [(LABEL, [WAITS if personal(note, request) else note])]


def personal(note: str, request: Request) -> bool:
    """Whether a note may tell who or where somebody is."""
    if _REACHES.search(note) or child_identity.find(note) or names_somebody(note):
        return True
    folded = fold(note)
    return any(_said(name, fold(str(getattr(request, name) or "")), folded) for name in PERSONAL)


def _said(name: str, answer: str, note: str) -> bool:
    """Whether a note repeats an answer that names somebody; of a person's name, any part of it."""
    if QUESTIONS[name].kind == "textarea":
        return False
    parts = answer.split() if name == "contact_name" else [answer]
    return any(
        len(part) >= _SHORTEST and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", note)
        for part in parts
    )
