"""Footnotes on paper, and their ways back."""

from __future__ import annotations

from collections.abc import Iterator

from ozgdoc import document as d
from ozgdoc.pdf.marks import MM
from ozgdoc.pdf.pieces import Block, Look
from ozgdoc.pdf.prose import BackLink, Prose
from ozgdoc.pdf.tagging import Element, LinkArea, Sheet


class NoteItem(Block):
    """A footnote. Its mark leads back to the place that refers to it; if several do, letters at its end do so."""

    def __init__(self, look: Look, note: d.Note, parent: Element, width: float) -> None:
        style = look.styles.small
        element = parent.add("Note", id=f"note-{note.id}")
        self._note, self._look = note, look
        self._mark = element.add("Lbl")
        self._places = look.references.of(note.id)
        indent = max(look.styles.bold.width(note.mark, style.size * 0.72) + 0.8 * MM, 2.2 * MM)
        content = (*note.content, *self._ways_back())
        prose = Prose(content, element.add("P"), look.styles, style, width - indent, look.references)
        super().__init__(prose, 0, indent=indent)

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        if self._first == 0:
            self._draw_mark(sheet, left, top)
        super().draw(sheet, left, top, pitch)

    def _draw_mark(self, sheet: Sheet, left: float, top: float) -> None:
        style = self._look.styles.raised(self._prose.style)
        y = top - self._prose.style.size * 1.05
        sheet.places[f"note-{self._note.id}"] = (sheet.page, left, top + 2 * MM)
        if len(self._places) != 1:
            sheet.text(self._mark, left, y, self._note.mark, style)
            return
        label = self._look.words["back_link"].format(mark=self._note.mark)
        link = self._mark.add("Link", alternate=label)
        end = sheet.text(link, left, y, self._note.mark, style)
        area = (left, top - self._prose.leading, end, top)
        sheet.annotate(link, area, LinkArea(label, place=self._places[0]))

    def _ways_back(self) -> Iterator[d.Inline | BackLink]:
        if len(self._places) < 2:
            return
        label = self._look.words["back_link_several"]
        for number, place in enumerate(self._places):
            letter = _letters(number)
            yield d.Text(" ")
            yield BackLink(letter, label.format(place=letter, mark=self._note.mark), place)


def _letters(number: int) -> str:
    """Return the letters for 0, 1, 2 and so on: a to z, then aa, ab."""
    head = _letters(number // 26 - 1) if number >= 26 else ""
    return head + chr(ord("a") + number % 26)
