"""What a screen reader hears of a file: its parts as headings, paragraphs and lists, in the order in which
they are read (PDF/UA, ISO 14289-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

import pydyf

# Of the standard; this file adds none.
_UA: Final = "http://www.aiim.org/pdfua/ns/id/"


@dataclass
class Tag:
    """An element of the structure. ``marked``: the pieces of pages that it holds, as (page, number on it)."""

    name: str
    children: list[Tag] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)

    def add(self, name: str) -> Tag:
        """A new last child."""
        made = Tag(name)
        self.children.append(made)
        return made


def put(made: pydyf.PDF, root: Tag, pages: list[pydyf.Dictionary]) -> None:
    """Give the file its structure; ``pages`` in their order."""
    tree = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    made.add_object(tree)
    owners: list[dict[int, bytes]] = [{} for _ in pages]
    tree["K"] = _element(made, root, tree.reference, pages, owners)
    numbers: list[object] = []
    for page, theirs in enumerate(owners):
        listed = pydyf.Array([theirs[number] for number in sorted(theirs)])
        made.add_object(listed)
        numbers += [page, listed.reference]
        pages[page]["StructParents"] = page
        pages[page]["Tabs"] = "/S"
    parents = pydyf.Dictionary({"Nums": pydyf.Array(numbers)})
    made.add_object(parents)
    tree["ParentTree"] = parents.reference
    tree["ParentTreeNextKey"] = len(pages)
    made.catalog["StructTreeRoot"] = tree.reference
    made.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _element(
    made: pydyf.PDF,
    tag: Tag,
    parent: bytes,
    pages: list[pydyf.Dictionary],
    owners: list[dict[int, bytes]],
) -> bytes:
    element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{tag.name}", "P": parent})
    made.add_object(element)
    held: list[object] = []
    for page, number in tag.marked:
        owners[page][number] = element.reference
        held.append(pydyf.Dictionary({"Type": "/MCR", "Pg": pages[page].reference, "MCID": number}))
    held += [_element(made, one, element.reference, pages, owners) for one in tag.children]
    element["K"] = pydyf.Array(held)
    return bytes(element.reference)


def describe(made: pydyf.PDF, title: str, lang: str) -> None:
    """Title, language, and that the file keeps to the standard."""
    made.catalog["Lang"] = pydyf.String(lang)
    made.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    made.info["Title"] = pydyf.String(title)
    lines = _metadata(title, lang)
    told = pydyf.Stream(
        ["\n".join(lines).encode("ascii", "xmlcharrefreplace")],
        {"Type": "/Metadata", "Subtype": "/XML"},
    )
    made.add_object(told)
    made.catalog["Metadata"] = told.reference


def _metadata(title: str, lang: str) -> Iterable[str]:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
        f' xmlns:pdfuaid="{_UA}">',
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:language><rdf:Bag><rdf:li>{escape(lang)}</rdf:li></rdf:Bag></dc:language>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "</rdf:Description></rdf:RDF></x:xmpmeta>",
        '<?xpacket end="r"?>',
    )
