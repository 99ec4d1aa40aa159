"""How groups are told to people."""

from __future__ import annotations

from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.services.communities.groups import Group
from chalicelib.web.languages import N_, language_name, languages

FULL: Final = N_("Full now: you would wait in line.")


def group_words(group: Group) -> str:
    """A group's name, as staff entered it, and its language by its own name, as "Tuesdays (Español)"."""
    known = group.language in languages()
    language = language_name(group.language) if known else vocabulary.LANGUAGES[group.language]
    return f"{group.name} ({language})"
