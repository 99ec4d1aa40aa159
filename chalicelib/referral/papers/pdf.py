"""A document as a PDF that a screen reader reads as its page: tagged, in its language, with its own letters.

The file is plain ASCII but for one comment that is UTF-8, so it passes API Gateway as text. A letter that
the typeface lacks is written without its marks where it has any, else as a question mark, and the last
line says so.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pydyf

from chalicelib.referral.papers import tags
from chalicelib.referral.papers.document import Document
from chalicelib.referral.papers.tags import Tag
from chalicelib.referral.papers.typeface import face, written
from chalicelib.web.languages import HELPLINE, N_, translator

WIDE, HIGH, MARGIN = 612, 792, 60  # US Letter, in points
LACKING: Final = N_(
    "This file cannot show some letters. You can read and print all of them on your status page."
)
LACKING_NAME: Final = N_(
    "This file cannot show some letters. Please call the helpline: we will help you."
)
FOOT: Final = N_("California IECMHC Network · Helpline %(phone)s · %(reference)s · %(n)s / %(all)s")
REGULAR, BOLD = "regular", "bold"
_FONTS: Final = {REGULAR: "R", BOLD: "B"}


@dataclass(frozen=True)
class _Style:
    face: str
    size: int
    before: int  # space above its first line


_TITLE = _Style(BOLD, 20, 0)
_PERSON = _Style(BOLD, 26, 10)
_HEADING = _Style(BOLD, 13, 16)
_NAME = _Style(BOLD, 10, 8)
_TEXT = _Style(REGULAR, 11, 2)
_LEAD = _Style(REGULAR, 11, 8)
_SMALL = _Style(REGULAR, 9, 16)
_Paragraph = tuple[Tag, str, _Style]


@dataclass(frozen=True)
class _Line:
    tag: Tag
    text: str
    style: _Style
    first: bool  # of its paragraph

    @property
    def height(self) -> float:
        return self.style.size * 1.35 + (self.style.before if self.first else 0)


def pdf(document: Document) -> str:
    """The whole file."""
    root = Tag("Document")
    paragraphs = list(_paragraphs(document, root))
    if any(written(text)[1] for _, text, _ in paragraphs):
        lacking = LACKING_NAME if document.name else LACKING
        paragraphs.append((root.add("P"), translator(document.lang)(lacking), _SMALL))
    lines = [
        line for tag, text, style in paragraphs for line in _wrapped(tag, written(text)[0], style)
    ]
    pages = list(_pages(lines))
    feet = [_foot(document, number, len(pages)) for number in range(1, len(pages) + 1)]
    made = pydyf.PDF()
    tags.describe(made, f"{document.title} {document.reference}", document.lang)
    fonts = _fonts(made, lines, feet)
    drawn = [_add(made, n, page, feet[n], fonts) for n, page in enumerate(pages)]
    tags.put(made, root, drawn)
    file = io.BytesIO()
    made.write(file)
    return file.getvalue().decode("utf-8")


def _paragraphs(document: Document, root: Tag) -> Iterator[_Paragraph]:
    yield root.add("H1"), document.title, _TITLE
    yield root.add("P"), document.lead, _LEAD
    if document.name:
        yield root.add("P"), document.name, _PERSON
    if document.then:
        yield root.add("P"), document.then, _LEAD
    for part in document.parts:
        yield root.add("H2"), part.heading, _HEADING
        for sentence in part.sentences:
            yield root.add("P"), sentence, _LEAD
        listed = root.add("L") if part.rows else root
        for name, words in part.rows:
            row = listed.add("LI")
            yield row.add("Lbl"), name, _NAME
            yield row.add("LBody"), words, _TEXT


def _wrapped(tag: Tag, text: str, style: _Style) -> Iterator[_Line]:
    """The lines of a paragraph; a word that is longer than a line goes on in the next."""
    first = True
    for lines in text.split("\n"):
        line = ""
        for word in lines.split(" "):
            longer = f"{line} {word}" if line else word
            if _fits(longer, style):
                line = longer
                continue
            if line:
                yield _Line(tag, line, style, first)
                first = False
            *whole, line = _broken(word, style)
            for piece in whole:
                yield _Line(tag, piece, style, first)
                first = False
        yield _Line(tag, line, style, first)
        first = False


def _fits(text: str, style: _Style) -> bool:
    return face(style.face).width(text, style.size) <= WIDE - 2 * MARGIN


def _broken(word: str, style: _Style) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and not _fits(pieces[-1] + letter, style):
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _pages(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines by page; a heading or a name is never the last line of one."""
    page: list[_Line] = []
    left = float(HIGH - 2 * MARGIN)
    for number, line in enumerate(lines):
        following = lines[number + 1].height if number + 1 < len(lines) else 0
        needs = line.height + (following if line.style.face == BOLD else 0)
        if page and needs > left:
            yield page
            page, left = [], float(HIGH - 2 * MARGIN)
        page.append(line)
        left -= line.height
    yield page


def _foot(document: Document, number: int, count: int) -> str:
    told = translator(document.lang)(
        FOOT, phone=HELPLINE, reference=document.reference, n=number, all=count
    )
    return written(told)[0]


# -- letters -----------------------------------------------------------------------------------------
def _fonts(made: pydyf.PDF, lines: Sequence[_Line], feet: Sequence[str]) -> pydyf.Dictionary:
    used: dict[str, set[str]] = {REGULAR: set("".join(feet)), BOLD: set()}
    for line in lines:
        used[line.style.face] |= set(line.text)
    fonts = pydyf.Dictionary()
    for name, letters in used.items():
        if letters:
            fonts[_FONTS[name]] = _font(made, name, letters)
    return fonts


def _font(made: pydyf.PDF, name: str, letters: set[str]) -> bytes:
    theirs = face(name)
    numbered = sorted((*theirs.glyphs[letter], letter) for letter in letters)
    called = f"/IECMHC+{theirs.name}"
    program = theirs.program(letters)
    described = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor", "FontName": called, "Flags": 32,
            "FontBBox": pydyf.Array(theirs.box), "ItalicAngle": 0, "Ascent": theirs.ascent,
            "Descent": theirs.descent, "CapHeight": theirs.capital, "StemV": theirs.stem,
            "FontFile2": _stream(made, program, {"Length1": len(program)}),
        }
    )  # fmt: skip
    made.add_object(described)
    system = {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}
    widths = [part for number, width, _ in numbered for part in (number, f"[{width}]")]
    drawn = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": called,
            "CIDSystemInfo": pydyf.Dictionary(system), "FontDescriptor": described.reference,
            "W": pydyf.Array(widths), "CIDToGIDMap": "/Identity",
        }
    )  # fmt: skip
    made.add_object(drawn)
    font = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": called, "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([drawn.reference]),
            "ToUnicode": _stream(made, _readable(numbered), {}),
        }
    )  # fmt: skip
    made.add_object(font)
    return bytes(font.reference)


def _readable(numbered: Sequence[tuple[int, int, str]]) -> bytes:
    """What each glyph says, for whoever reads, searches or copies."""
    said = [f"<{number:04x}> <{ord(letter):04x}>" for number, _, letter in numbered]
    blocks = [said[start : start + 100] for start in range(0, len(said), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
        "1 begincodespacerange", "<0000> <ffff>", "endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ]  # fmt: skip
    return "\n".join(lines).encode("ascii")


def _stream(made: pydyf.PDF, data: bytes, told: dict[str, object]) -> bytes:
    """Bytes in ASCII."""
    packed = base64.a85encode(zlib.compress(data, 9), wrapcol=100) + b"~>"
    filters = pydyf.Array(["/ASCII85Decode", "/FlateDecode"])
    stream = pydyf.Stream([packed], {**told, "Filter": filters})
    made.add_object(stream)
    return bytes(stream.reference)


# -- pages -------------------------------------------------------------------------------------------
def _add(
    made: pydyf.PDF, number: int, page: Sequence[_Line], foot: str, fonts: pydyf.Dictionary
) -> pydyf.Dictionary:
    drawn = pydyf.Stream()
    down = float(HIGH - MARGIN)
    for mark, line in enumerate(page):
        down -= line.height
        line.tag.marked.append((number, mark))
        kind = pydyf.Dictionary({"MCID": mark})
        _show(drawn, line.tag.name, kind, line.text, line.style, down)
    ours = pydyf.Dictionary({"Type": "/Pagination", "Subtype": "/Footer"})
    _show(drawn, "Artifact", ours, foot, _SMALL, MARGIN / 2)
    made.add_object(drawn)
    shown = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": made.pages.reference,
            "MediaBox": pydyf.Array([0, 0, WIDE, HIGH]),
            "Contents": drawn.reference,
            "Resources": pydyf.Dictionary({"Font": fonts}),
        }
    )
    made.add_page(shown)
    return shown


def _show(
    drawn: pydyf.Stream, tag: str, told: pydyf.Dictionary, text: str, style: _Style, down: float
) -> None:
    drawn.begin_marked_content(tag, told.data)
    drawn.begin_text()
    drawn.set_font_size(_FONTS[style.face], style.size)
    drawn.set_text_matrix(1, 0, 0, 1, MARGIN, round(down, 2))
    drawn.show_text(f"<{face(style.face).shown(text)}>".encode("ascii"))
    drawn.end_text()
    drawn.end_marked_content()
