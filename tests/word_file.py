"""A Word file, opened to look at: its parts, its styles, its texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from tests.word import W

CHARACTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}noBreakHyphen": "-", f"{W}footnoteRef": "1"}


class Word:
    """A Word file, opened.

    Attributes:
        parts: member → root, of the parts that have text: the document, footnotes, headers and footers.
    """

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self._all = {
                n: etree.fromstring(archive.read(n)) for n in archive.namelist() if n.endswith((".xml", "rels"))
            }
        text = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
        self.parts: Mapping[str, etree._Element] = {n: root for n, root in self._all.items() if text.fullmatch(n)}
        self.body = self._all["word/document.xml"][0]
        self.styles = self._all["word/styles.xml"]
        self._named = {style.get(f"{W}styleId"): style for style in self.styles.iter(f"{W}style")}

    def part(self, name: str) -> etree._Element:
        """Return a part, an empty one if it is not there."""
        return self._all.get(name, etree.Element("none"))

    def style(self, paragraph: etree._Element) -> etree._Element | None:
        """Return a paragraph's style."""
        return self._named.get(value_of(paragraph, f"{W}pPr/{W}pStyle"))

    def iter(self, tag: str) -> Iterator[etree._Element]:
        """Yield the elements of a name in all parts with text."""
        for root in self.parts.values():
            yield from root.iter(tag)


def text_of(element: etree._Element, *, controls: bool = True) -> str:
    """Return the text below an element; breaks and tabs are blanks, a footnote's own number is 1.

    Args:
        element: any.
        controls: with what stands in controls; without, a sign stands for each.
    """
    pieces: list[str] = []

    def visit(node: etree._Element) -> None:
        for child in node:
            if child.tag == f"{W}t":
                pieces.append(child.text or "")
            elif child.tag in CHARACTERS:
                pieces.append(CHARACTERS[str(child.tag)])
            elif not controls and child.tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W}group") is None:
                pieces.append("☐")
            elif child.tag != f"{W}pPr":
                visit(child)

    visit(element)
    return "".join(pieces)


def value_of(element: etree._Element | None, path: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else found.get(f"{W}val", "")
