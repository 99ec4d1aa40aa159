"""The letters of a file: a typeface that it brings along, so that every reader draws and speaks the same.

The two faces (Roboto, Apache License 2.0) have the letters of Europe and of Vietnamese. A file carries the
outlines of those letters alone that it shows.
"""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "fonts"
# What a reader of PDF needs of a font whose glyphs are named by number.
_TABLES: Final = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")


@dataclass(frozen=True)
class Face:
    """``glyphs``: letter -> its number, and its width in thousandths of the size, as all measures here."""

    name: str
    glyphs: dict[str, tuple[int, int]]
    box: tuple[int, ...]
    ascent: int
    descent: int
    capital: int
    stem: int
    tables: dict[str, bytes]

    def width(self, text: str, size: int) -> float:
        """How wide a text is in points."""
        return sum(self.glyphs[letter][1] for letter in text) * size / 1000

    def shown(self, text: str) -> str:
        """The numbers of a text's glyphs, as a file's page has them."""
        return "".join(f"{self.glyphs[letter][0]:04x}" for letter in text)

    def program(self, letters: Collection[str]) -> bytes:
        """The font with the outlines of these letters alone; their numbers stay."""
        kept = {0, *(self.glyphs[letter][0] for letter in letters)}
        starts = struct.unpack(f">{len(self.tables['loca']) // 2}H", self.tables["loca"])
        outlines, places = b"", [0]
        for number in range(len(starts) - 1):
            if number in kept:
                outlines += self.tables["glyf"][2 * starts[number] : 2 * starts[number + 1]]
            places.append(len(outlines) // 2)
        loca = struct.pack(f">{len(places)}H", *places)
        return _font({**self.tables, "glyf": outlines, "loca": loca})


@cache
def face(name: str) -> Face:
    """The face of that name: "regular" or "bold"."""
    told = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    glyphs = {
        letter: (int(number), int(width)) for letter, (number, width) in told.pop("glyphs").items()
    }
    tables = _tables((_FOLDER / f"{name}.ttf").read_bytes())
    return Face(glyphs=glyphs, tables=tables, **told)


def written(text: str) -> tuple[str, bool]:
    """The text in letters that the faces have, and whether any was lost: one that they lack is written without
    its marks where it has any, else as a question mark."""
    kept, lost = [], False
    for letter in unicodedata.normalize("NFC", text):
        if letter == "\t" or unicodedata.category(letter) == "Zs":
            kept.append(" ")
        elif letter == "\n" or letter in face("regular").glyphs:
            kept.append(letter)
        elif unicodedata.category(letter) not in (
            "Cf",
            "Mn",
        ):  # nothing to see: a mark of direction
            lost = True
            bare = unicodedata.normalize("NFKD", letter)
            plain = "".join(one for one in bare if not unicodedata.combining(one))
            has = plain and all(one in face("regular").glyphs for one in plain)
            kept.append(plain if has else "?")
    return "".join(kept), lost


def _tables(file: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack(">H", file[4:6])
    found = {}
    for number in range(count):
        tag, _sum, start, size = struct.unpack(">4sIII", file[12 + 16 * number : 28 + 16 * number])
        found[tag.decode()] = file[start : start + size]
    return {name: found[name] for name in _TABLES}


def _font(tables: dict[str, bytes]) -> bytes:
    place = 12 + 16 * len(tables)
    head = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    body = b""
    for tag in sorted(tables):
        padded = tables[tag] + b"\0" * (-len(tables[tag]) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag.encode(), total, place + len(body), len(tables[tag]))
        body += padded
    return head + body
