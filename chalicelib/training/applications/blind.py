"""An application as its reviewers read it: without what tells whose it is.

Name, email, phone number, counties and links are not shown. Where somebody wrote one of them into their own words, it
is taken out there, too.
"""

from __future__ import annotations

import re
from typing import Final

from chalicelib.training.application_rows import Said
from chalicelib.workflow.cases import Contact

GONE: Final = "[…]"
ADDRESS: Final = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|\(?\+?\d[\d ().-]{7,}\d", re.I)
# Shorter parts of a name are words of their own too often.
SHORTEST: Final = 3


def blinded(text: str, who: Contact) -> str:
    """A text without the addresses in it, and without the name of ``who``."""
    text = ADDRESS.sub(GONE, text)
    parts = {one for one in re.findall(r"[^\W\d_]+", who.name) if len(one) >= SHORTEST}
    if not parts:
        return text
    names = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
    return re.sub(rf"\b(?:{names})\b", GONE, text, flags=re.I)


def of(said: Said, who: Contact) -> Said:
    """What a reviewer reads."""
    return said.model_copy(
        update={
            "motivation": blinded(said.motivation, who),
            "experience": blinded(said.experience, who),
            "time": blinded(said.time, who),
            "counties": [],
            "links": "",
        }
    )
