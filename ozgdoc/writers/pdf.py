"""Fillable PDF: PDF/UA-1 and PDF/A-2a in one file."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ozgdoc import document as d
from ozgdoc.errors import Problem, TemplateError
from ozgdoc.identity import layout_digest, page_codes
from ozgdoc.model import Identity
from ozgdoc.pdf.assembly import assemble
from ozgdoc.pdf.entries import entries
from ozgdoc.pdf.flow import Area, Flow, Part, Piece
from ozgdoc.pdf.fonts import field_font
from ozgdoc.pdf.furniture import MARGIN, Furniture
from ozgdoc.pdf.marks import MM
from ozgdoc.pdf.notes import NoteItem
from ozgdoc.pdf.pieces import BOX, Band, Block, Boxes, Look, Row
from ozgdoc.pdf.prose import Prose, References, Styles
from ozgdoc.pdf.tagging import Element, Sheet
from ozgdoc.theme import Theme

#: Least height of a row, rising; a sheet takes the greatest with which it fits on one page.
_PITCHES = [pitch * MM for pitch in (7.1, 7.3, 7.5, 7.7, 7.9, 8.1, 8.3, 8.5, 8.7, 8.9)]
_LONG_PITCH = 8.1 * MM  #: of a sheet that takes several pages anyway
_GAP = 7 * MM  #: between columns


def write(document: d.Document, theme: Theme) -> bytes:
    """Write a form as PDF.

    Raises:
        DataError: a letter can't be printed in the theme's fonts.
        TemplateError: it holds a block that a PDF form can't show.
    """
    styles = Styles.of(theme)
    checklist = document.form.identity.checklist if document.form else ""
    levels = any(isinstance(block, d.Checkpoint) and block.level for block in document.walk())
    fixed = document.form is not None and document.form.record is not None
    references = References(document.words["note_link"])
    look = Look(styles, theme.colours, document.words, checklist, levels, references, fixed)
    furniture = _furniture(document, look, theme)
    sheet = Sheet(theme.width, theme.height, styles.regular.name, document.language)
    head = Element("Document")  # takes the head's elements: they come first, whenever they are drawn
    parts = list(_Composer(look, furniture, sheet.root).parts(document.blocks))
    flow, pitch = _place(parts, furniture)
    identity = _identity(document, flow, pitch)
    pages = flow.page + 1
    foot = Element("P")
    for page in range(pages):
        if page:
            sheet.next_page()
        furniture.draw_head(sheet, None if page else head)
        for placed in flow.placed:
            if placed.page == page:
                placed.piece.draw(sheet, placed.left, placed.top, pitch)
        number = document.words["page"].format(page=page + 1, pages=pages)
        if fixed:  # a page may come away from the others
            number = f"{document.words['archive_word']}   {number}"
        elif identity:
            first, second = page_codes(identity, page + 1)
            furniture.draw_codes(sheet, first, second)
            number = f"{second.readable()}   {number}"
        furniture.draw_foot(sheet, None if page else foot, number)
    sheet.root.kids[:0] = head.kids
    if foot.kids:
        sheet.root.kids.append(foot)
    return assemble(sheet, document, identity, field_font(theme.fonts.regular))


def _furniture(document: d.Document, look: Look, theme: Theme) -> Furniture:
    """Take out of the document what stands on every page."""

    def first(kind: type, role: str | None = None) -> object:
        return next((b for b in document.blocks if isinstance(b, kind) and getattr(b, "role", None) == role), None)

    return Furniture(
        look,
        theme.width,
        theme.height,
        title=first(d.Heading),  # type: ignore[arg-type]
        draft=first(d.Paragraph, "draft"),  # type: ignore[arg-type]
        legend=first(d.Legend),  # type: ignore[arg-type]
        foot=first(d.Paragraph, "foot"),  # type: ignore[arg-type]
        coded=document.form is not None and not look.fixed,
    )


def _place(parts: Sequence[Part], furniture: Furniture) -> tuple[Flow, float]:
    """Place everything; rows are as high as one page allows, or of a fixed height on several."""
    area = Area(MARGIN, furniture.top, furniture.bottom, furniture.foot_bottom)

    def flow(pitch: float) -> Flow:
        result = Flow(area, pitch)
        for part in parts:
            result.add(part)
        return result

    if flow(_PITCHES[0]).page:
        return flow(_LONG_PITCH), _LONG_PITCH
    greatest = bisect(_PITCHES, 0, lo=1, key=lambda pitch: flow(pitch).page) - 1
    return flow(_PITCHES[greatest]), _PITCHES[greatest]


def _identity(document: d.Document, flow: Flow, pitch: float) -> Identity | None:
    """Complete the identity by where the boxes stand."""
    if not document.form:
        return None
    places = [
        (placed.page, ".".join(name), x, y, BOX, BOX)
        for placed in flow.placed
        if isinstance(placed.piece, Row)
        for name, x, y in placed.piece.boxes(placed.left, placed.top, pitch)
    ]
    return replace(document.form.identity, layout=layout_digest(places))


class _Composer:
    """Turns blocks into pieces and hangs their elements into the structure tree."""

    def __init__(self, look: Look, furniture: Furniture, root: Element) -> None:
        self._look = look
        self._furniture = furniture
        self._root = root
        self._states_said = False
        self._width = furniture.width - 2 * MARGIN

    def parts(self, blocks: Sequence[d.Block]) -> Iterator[Part]:
        for block in blocks:
            match block:
                case d.Heading(level=1) | d.Legend() | d.Paragraph(role="draft" | "foot"):
                    pass  # furniture
                case d.Fields(fields=fields):
                    sect = self._root.add("Sect")
                    yield Part(tuple(entries(self._look, fields, sect, self._width)), self._width, before=2.5 * MM)
                case d.Columns(count=count, blocks=inner):
                    yield self._columns(count, inner)
                case d.Section():
                    yield self._columns(1, (block,))
                case d.Notes(notes=notes):
                    yield self._notes(notes)
                case d.Heading() | d.Paragraph():
                    yield Part((self._block(block),), self._width, before=3 * MM)
                case _:
                    raise _not_drawn(block)

    def _block(self, block: d.Heading | d.Paragraph) -> Block:
        styles, colours = self._look.styles, self._look.colours
        heading = isinstance(block, d.Heading)
        kind = f"H{block.level}" if isinstance(block, d.Heading) else "P"
        looks = {
            "lead": replace(styles.body, size=styles.body.size * 1.15),
            "warning": replace(styles.body, face=styles.bold, colour=colours.unclear),
            "small": styles.small,
        }
        style = styles.section if isinstance(block, d.Heading) else looks.get(block.role, styles.body)
        prose = Prose(block.content, self._root.add(kind), styles, style, self._width, self._look.references)
        return Block(prose, 2 * MM, keep=heading)

    def _columns(self, count: int, blocks: Sequence[d.Block]) -> Part:
        points = [block for block in d.walk(tuple(blocks)) if isinstance(block, d.Checkpoint)]
        captions = [box.caption for box in points[0].boxes if not box.only] if points else []
        boxes = Boxes.of(captions, self._look.styles, self._width)
        while count > 1 and boxes.width > 0.45 * (self._width / count):
            count -= 1
        part = Part((), self._width, count, _GAP, before=4 * MM)
        pieces = [piece for block in blocks for piece in self._section(block, self._root, part.column, boxes)]
        return replace(part, pieces=tuple(pieces))

    def _section(self, block: d.Block, parent: Element, width: float, boxes: Boxes) -> Iterator[Piece]:
        if not isinstance(block, d.Section):
            raise _not_drawn(block)
        sect = parent.add("Sect")
        heading = sect.add(f"H{block.heading.level}")
        rows_follow = bool(block.blocks) and isinstance(block.blocks[0], d.Checkpoint)
        states = None
        if rows_follow and boxes.captions and not self._states_said:  # the other sections' captions are repetitions
            states, self._states_said = _list(sect), True
        band = Band(self._look, block.heading, heading, width, boxes if rows_follow else None, states)
        yield band
        entries: Element | None = None
        for child in block.blocks:
            if isinstance(child, d.Checkpoint):
                entries = entries or _list(sect)
                yield from self._rows(child, entries, band, boxes, 0)
            else:
                yield from self._section(child, sect, width, boxes)

    def _rows(self, point: d.Checkpoint, entries: Element, band: Band, boxes: Boxes, depth: int) -> Iterator[Row]:
        row = Row(self._look, point, entries.add("LI"), band, boxes, depth)
        yield row
        if point.checkpoints:
            inner = _list(row.body)
            for child in point.checkpoints:
                yield from self._rows(child, inner, band, boxes, depth + 1)

    def _notes(self, notes: Sequence[d.Note]) -> Part:
        sect = self._root.add("Sect")
        part = Part((), self._furniture.foot_width, 2, _GAP, foot=True, before=3 * MM)
        return replace(part, pieces=tuple(NoteItem(self._look, note, sect, part.column) for note in notes))


def _list(parent: Element) -> Element:
    entries = parent.add("L")
    entries.attributes = (("List", "ListNumbering", "None"),)
    return entries


def _not_drawn(block: d.Block) -> TemplateError:
    name = type(block).__name__.lower()
    problem = Problem("not-drawn", "template", 0, f"a <{name}> can't stand here in a PDF form", "Use HTML for it.")
    return TemplateError(problem)
