"""Inlines as runs, with links, and with notes at the foot of the page where they are referred to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.parts.document import DocumentPart
from lxml import etree

from ozgdoc.document import Break, Inline, Link, Note, NoteReference, Strong, Text
from ozgdoc.ooxml.parts import footnote, footnote_reference
from ozgdoc.ooxml.xml import element, name, paragraph, printable, run

#: Word's language names have a region.
_REGIONS = {"de": "de-DE", "en": "en-GB", "fr": "fr-FR"}


def word_language(tag: str) -> str:
    """Return Word's name of a language, such as ``de-DE`` for the BCP 47 tag ``de``."""
    return _REGIONS.get(tag, tag)


def spoken(language: str | None) -> tuple[etree._Element, ...]:
    """Return the properties of text in a language (BCP 47); none where it is the document's."""
    return (element("w:lang", val=word_language(language)),) if language else ()


def slanted() -> tuple[etree._Element, etree._Element]:
    """Return the properties of text still being edited."""
    return element("w:i"), element("w:iCs")


class Composer:
    """Turns inlines into runs and gathers the footnotes that they refer to.

    Args:
        part: of the document.
        notes: what references lead to.
        note_link: what is told of a mark that leads to a note, with ``{mark}`` in it.

    Attributes:
        footnotes: ``w:footnote`` elements in the order in which the text refers to them.
    """

    def __init__(self, part: DocumentPart, notes: Iterable[Note], note_link: str) -> None:
        self.footnotes: list[etree._Element] = []
        self._part = part
        self._notes: Mapping[str, Note] = {note.id: note for note in notes}
        self._note_link = note_link
        self._anchors: dict[str, str] = {}

    def runs(self, content: Iterable[Inline], *, strong: bool = False, draft: bool = False) -> list[etree._Element]:
        """Return runs, hyperlinks and note references."""

        def properties(language: str | None = None) -> list[etree._Element]:
            return [
                *((element("w:b"), element("w:bCs")) if strong else ()),
                *(slanted() if draft else ()),
                *spoken(language),
            ]

        made: list[etree._Element] = []
        before: Inline | None = None
        for node in content:
            if isinstance(node, NoteReference) and isinstance(before, NoteReference):
                made.append(run(",", element("w:rStyle", val="FootnoteReference")))  # or 1 and 2 would be read as 12
            before = node
            match node:
                case Text(text=text, language=language):
                    made.append(run(text, *properties(language)))
                case Strong(content=inner):
                    made += self.runs(inner, strong=True, draft=draft)
                case NoteReference():
                    made += self._reference(node)
                case Link(address=address, content=inner):
                    runs = self.runs(inner, strong=strong, draft=draft)
                    made += self._link(address, runs) if address else runs
                case Break():
                    made.append(run("\n"))
        return made

    def orphans(self) -> Iterator[etree._Element]:
        """Return the notes that nothing refers to, as paragraphs."""
        for key, note in self._notes.items():
            if key not in self._anchors:
                yield paragraph("Small", run(f"{note.mark}\u00a0"), *self.runs(note.content))

    def _reference(self, node: NoteReference) -> list[etree._Element]:
        """Return the mark: a footnote's own where it is referred to first, later a link to there."""
        raised = element("w:rStyle", val="FootnoteReference")
        note = self._notes.get(node.note)
        if note is None:
            return [run(node.mark, raised)]
        if anchor := self._anchors.get(node.note):
            # A number alone says little about where a link leads.
            told = {"tooltip": self._note_link.format(mark=node.mark)} if self._note_link else {}
            return [element("w:hyperlink", run(node.mark, raised), anchor=anchor, **told)]
        number = len(self._anchors) + 1
        self._anchors[node.note] = anchor = f"note{number}"
        mark = None if node.mark == str(number) else node.mark
        self.footnotes.append(footnote(number, mark, self.runs(note.content)))
        return [
            element("w:bookmarkStart", id=number, name=anchor),
            footnote_reference(number, mark),
            element("w:bookmarkEnd", id=number),
        ]

    def _link(self, address: str, runs: list[etree._Element]) -> list[etree._Element]:
        for one in itertools.chain.from_iterable(made.iter(name("w:r")) for made in runs):
            properties = one.find(name("w:rPr"))
            if properties is None:
                properties = element("w:rPr")
                one.insert(0, properties)
            properties.insert(0, element("w:rStyle", val="Hyperlink"))
        link = element("w:hyperlink", *runs)
        link.set(name("r:id"), self._part.relate_to(printable(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return [link]
