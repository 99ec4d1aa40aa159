"""A letter's short line (its block ``text``) as one text message: who writes, the reference, what to do, the link.

What phones write of letters beyond the old alphabet of text messages (GSM 7-bit) costs more than half of
what fits, so a Spanish text leaves without the accents that the alphabet lacks.
"""

from __future__ import annotations

from typing import Final

from chalicelib.mail.letters import source
from chalicelib.web.languages import translator
from chalicelib.web.render import block, has_block

BLOCK: Final = "text"
_ALPHABET: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes the place of two.
_TWICE: Final = frozenset("^{}\\[~]|€")
_PLAIN: Final = str.maketrans("áíóúÁÍÓÚ“”„‘’–—·\u00a0", 'aiouAIOU"""\'\'--- ')
# What one message holds, and each of several that are put together: in the alphabet, and beyond it.
_SIZES: Final = {True: (160, 153), False: (70, 67)}


def plain(text: str) -> str:
    """A text in the alphabet of text messages, as far as a reader of it would not mind."""
    return " ".join(text.split()).translate(_PLAIN)


def segments(text: str) -> int:
    """How many messages a text is sent, and paid, as."""
    simple = all(char in _ALPHABET or char in _TWICE for char in text)
    units = (
        sum(1 + (char in _TWICE) for char in text) if simple else len(text.encode("utf-16-be")) // 2
    )
    one, each = _SIZES[simple]
    return 1 if units <= one else -(-units // each)


def has_line(letter: str) -> bool:
    """Whether the letter ``room/kind`` can be a text message."""
    return has_block(source(letter), BLOCK)


def compose(letter: str, lang: str, *, reference: str, link: str | None, **ctx: object) -> str:
    """The text message of the letter ``room/kind``. Raises ValueError where it has none, and
    jinja2.UndefinedError when a fact is missing."""
    facts = {"reference": reference, "link": link, "spoken": False, **ctx}
    line = block(source(letter), BLOCK, lang, **facts)
    if line is None or not line.strip():
        raise ValueError(f"the letter {letter} is no text message")
    if not link:
        return plain(line)
    begins = translator(lang)("IECMHC Network %(reference)s:", reference=reference)
    return plain(f"{begins} {line} {link}")
