"""A document as a PDF: text in the two fonts that every reader of PDF brings along, and nothing else.

The file is plain ASCII but for one comment that is UTF-8, so it passes API Gateway as text. The fonts
have the letters of Western Europe. A letter that they lack is written without its marks where it has
any, else as a question mark, and the last line says that the status page shows all of them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pydyf

from chalicelib.referral.papers.document import Document
from chalicelib.web.languages import HELPLINE, N_, translator

WIDE, HIGH, MARGIN = 612, 792, 60  # US Letter, in points
LACKING: Final = N_(
    "This file cannot show some letters. You can read and print all of them on your status page."
)
FOOT: Final = N_("California IECMHC Network · Helpline %(phone)s · %(reference)s · %(n)s / %(all)s")

# Widths of Helvetica in thousandths of its size; a letter with a mark is as wide as without.
_WIDTHS: Final = (
    (191, "'"),
    (222, "ijl‘’‚"),
    (260, "|¦"),
    (278, " !,./:;I[\\]ftíìîï·"),
    (333, "()-`r“”„‹›¡´¨¯¸¹²³ˆ˜"),
    (334, "{}"),
    (355, '"'),
    (350, "•"),
    (370, "ªº"),
    (400, "°"),
    (469, "^"),
    (500, "Jckšsvxyzž"),
    (537, "¶"),
    (556, "#$0123456789?L_abdeghnopqu«»–€£§ƒ†‡µðþ¢¤¥"),
    (584, "+<=>~×÷±¬"),
    (611, "FTZßø¿"),
    (667, "&ABEKPSVXYÞ"),
    (722, "CDHNRUwÐ"),
    (737, "©®"),
    (778, "GOQØ"),
    (833, "Mm"),
    (834, "¼½¾"),
    (889, "%æ"),
    (944, "Wœ"),
    (1000, "—…™‰ÆŒ"),
    (1015, "@"),
)
_WIDTH: Final = {letter: width for width, letters in _WIDTHS for letter in letters}
_BOLDER: Final = 1.12  # how much wider a bold line is at most


@dataclass(frozen=True)
class _Style:
    font: str
    size: int
    before: int  # space above its first line


_TITLE = _Style("B", 20, 0)
_HEADING = _Style("B", 13, 16)
_NAME = _Style("B", 10, 8)
_TEXT = _Style("R", 11, 2)
_LEAD = _Style("R", 11, 8)
_SMALL = _Style("R", 9, 16)


@dataclass(frozen=True)
class _Line:
    text: str
    style: _Style
    first: bool  # of its paragraph

    @property
    def height(self) -> float:
        return self.style.size * 1.35 + (self.style.before if self.first else 0)


def pdf(document: Document) -> str:
    """The whole file."""
    paragraphs = list(_paragraphs(document))
    if any(_written(text)[1] for text, _style in paragraphs):
        paragraphs.append((translator(document.lang)(LACKING), _SMALL))
    lines = [line for text, style in paragraphs for line in _wrapped(_written(text)[0], style)]
    pages = list(_pages(lines))
    made = pydyf.PDF()
    made.catalog["Lang"] = pydyf.String(document.lang)
    made.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    made.info["Title"] = pydyf.String(f"{document.title} {document.reference}")
    fonts = _fonts(made)
    for number, page in enumerate(pages, start=1):
        _add(made, page, _foot(document, number, len(pages)), fonts)
    written = io.BytesIO()
    made.write(written)
    return written.getvalue().decode("utf-8")


def _paragraphs(document: Document) -> Iterator[tuple[str, _Style]]:
    yield document.title, _TITLE
    yield document.lead, _LEAD
    for part in document.parts:
        yield part.heading, _HEADING
        for sentence in part.sentences:
            yield sentence, _LEAD
        for name, words in part.rows:
            yield name, _NAME
            yield words, _TEXT


def _written(text: str) -> tuple[str, bool]:
    """The text in letters that the fonts have, and whether any was lost."""
    kept, lost = [], False
    for letter in text:
        if letter == "\t" or unicodedata.category(letter) == "Zs":
            kept.append(" ")
            continue
        if letter == "\n" or _has(letter):
            kept.append(letter)
            continue
        if unicodedata.category(letter) in ("Cf", "Mn"):
            continue  # nothing to see: a direction mark, or a mark of the letter before
        lost = True
        bare = unicodedata.normalize("NFKD", letter)
        plain = "".join(one for one in bare if not unicodedata.combining(one))
        kept.append(plain if plain and all(map(_has, plain)) else "?")
    return "".join(kept), lost


def _has(letter: str) -> bool:
    try:
        return letter.isprintable() and bool(letter.encode("cp1252"))
    except UnicodeEncodeError:
        return False


def _width(text: str, style: _Style) -> float:
    bolder = _BOLDER if style.font == "B" else 1
    return sum(map(_letter, text)) * style.size / 1000 * bolder


def _letter(letter: str) -> int:
    return _WIDTH.get(letter) or _WIDTH.get(unicodedata.normalize("NFD", letter)[0], 1015)


def _wrapped(text: str, style: _Style) -> Iterator[_Line]:
    """The lines of a paragraph; a word that is longer than a line goes on in the next."""
    first = True
    for written in text.split("\n"):
        line = ""
        for word in written.split(" "):
            longer = f"{line} {word}" if line else word
            if _width(longer, style) <= WIDE - 2 * MARGIN:
                line = longer
                continue
            if line:
                yield _Line(line, style, first)
                first = False
            *whole, line = _broken(word, style)
            for piece in whole:
                yield _Line(piece, style, first)
                first = False
        yield _Line(line, style, first)
        first = False


def _broken(word: str, style: _Style) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and _width(pieces[-1] + letter, style) > WIDE - 2 * MARGIN:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _pages(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines by page; a heading or a name is never the last line of one."""
    page: list[_Line] = []
    left = float(HIGH - 2 * MARGIN)
    for number, line in enumerate(lines):
        following = lines[number + 1].height if number + 1 < len(lines) else 0
        needs = line.height + (following if line.style.font == "B" else 0)
        if page and needs > left:
            yield page
            page, left = [], float(HIGH - 2 * MARGIN)
        page.append(line)
        left -= line.height
    yield page


def _foot(document: Document, number: int, count: int) -> str:
    return translator(document.lang)(
        FOOT, phone=HELPLINE, reference=document.reference, n=number, all=count
    )


def _fonts(made: pydyf.PDF) -> pydyf.Dictionary:
    fonts = pydyf.Dictionary()
    for short, name in (("R", "Helvetica"), ("B", "Helvetica-Bold")):
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type1",
                "BaseFont": f"/{name}",
                "Encoding": "/WinAnsiEncoding",
            }
        )
        made.add_object(font)
        fonts[short] = font.reference
    return fonts


def _add(made: pydyf.PDF, page: Sequence[_Line], foot: str, fonts: pydyf.Dictionary) -> None:
    drawn = pydyf.Stream()
    drawn.begin_text()
    down = float(HIGH - MARGIN)
    for line in page:
        down -= line.height
        _show(drawn, line.text, line.style, down)
    _show(drawn, _written(foot)[0], _SMALL, MARGIN / 2)
    drawn.end_text()
    made.add_object(drawn)
    made.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": made.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDE, HIGH]),
                "Contents": drawn.reference,
                "Resources": pydyf.Dictionary({"Font": fonts}),
            }
        )
    )


def _show(drawn: pydyf.Stream, text: str, style: _Style, down: float) -> None:
    drawn.set_font_size(style.font, style.size)
    drawn.set_text_matrix(1, 0, 0, 1, MARGIN, round(down, 2))
    drawn.show_text(b"(" + b"".join(map(_escaped, text.encode("cp1252"))) + b")")


def _escaped(byte: int) -> bytes:
    """A byte of a string in a PDF, as ASCII."""
    plain = 32 <= byte < 127 and byte not in b"\\()"
    return bytes([byte]) if plain else b"\\%03o" % byte
