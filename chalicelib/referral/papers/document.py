"""A document as data, in its reader's language: a page and a PDF draw the same."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A part under a heading: sentences, and rows of a name and what stands beside it."""

    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Document:
    """A paper of one request, or of one person. ``lead`` says when it came to be, ``parts`` what it says;
    ``name`` stands large between the lead and ``then``, where the paper is about somebody."""

    title: str
    reference: str
    lang: str
    lead: str
    parts: tuple[Part, ...]
    name: str = ""
    then: str = ""
