"""A document as a Word file (ISO/IEC 29500-1, transitional).

A form is laid out so that it reads in one line from top to bottom: headings, and one table per section. Text columns
are Word's own. Everything but the content controls is locked. The styles and the page are the reference document's.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docx.document import Document as WordDocument
from lxml import etree

from ozgdoc.document import (
    Block,
    Box,
    Chart,
    Checkpoint,
    Column,
    Columns,
    Document,
    Field,
    Fields,
    Heading,
    Legend,
    Level,
    Notes,
    PageBreak,
    Paragraph,
    Section,
    Table,
    Text,
    plain,
)
from ozgdoc.identity import box_name, control_tag, field_name
from ozgdoc.model import Shape
from ozgdoc.ooxml import controls, parts
from ozgdoc.ooxml.layout import ROW, apart, box_widths, breaks, column_starts, crowded, start_column
from ozgdoc.ooxml.reference import open_reference
from ozgdoc.ooxml.sections import column_width, section, section_end, text_size
from ozgdoc.ooxml.tables import row, table
from ozgdoc.ooxml.text import Composer, slanted, spoken, word_language
from ozgdoc.ooxml.xml import TWIPS, element, field, name, paragraph, printable, run
from ozgdoc.theme import Theme

_GLYPHS: dict[Shape, str] = {
    "disc": "●",
    "ring": "○",
    "target": "◉",
    "square": "■",
    "diamond": "◆",
    "triangle": "▲",
}
_ROLES = {"": "Normal", "lead": "Lead", "draft": "DraftMark", "warning": "Warning", "small": "Small", "foot": "Small"}
_INDENT = 1.55  #: of a checkpoint's text beside its level's mark, in sizes of the text
_WIDE = 160  #: added to the blank between entries of the legend, in twips
_FIELDS_A_ROW = 5  #: at most
_FIELD = 12  #: width of an entry at least, in sizes of the text
_BELOW_FIELDS = 120  #: in twips
_FIELD_GAP = 240  #: the margin on the right of each field, in twips; the last one's lies beside the page's text


def write(document: Document, theme: Theme) -> bytes:
    """Return a document as a .docx; the same input gives the same bytes.

    Args:
        document: a form or a report.
        theme: its ``templates`` folder may hold a reference document, ``word/reference.docx``.

    Raises:
        FileNotFoundError: there is no reference document.
    """
    word = open_reference(theme)
    sheet = _Sheet(document, theme, word)
    sheet.compose()
    _describe(word, document)
    if sheet.text.footnotes:
        parts.add_footnotes(word.part, sheet.text.footnotes)
    if document.form:
        parts.add_properties(word.part, parts.properties(document.form.identity))
        parts.add_definition(word.part, document.form.definition)
    parts.drop_litter(word.part.package)
    return parts.pack(word.part.package)


def _describe(word: WordDocument, document: Document) -> None:
    """Set title and language; a template's author and dates say nothing about this file."""
    properties = word.core_properties
    for entry in list(properties._element):
        properties._element.remove(entry)
    properties.title = printable(document.title)[:255]
    properties.subject = printable(document.subject)[:255]
    properties.language = document.language
    language = word_language(document.language)
    for entry in word.styles.element.iter(name("w:lang")):
        entry.set(name("w:val"), language)
    for entry in word.settings.element.iter(name("w:themeFontLang")):
        entry.set(name("w:val"), language)


@dataclass(slots=True)
class _Flow:
    """Blocks that share a number of text columns."""

    columns: int
    blocks: list[etree._Element]


class _Sheet:
    """One document on its way into one Word file."""

    def __init__(self, document: Document, theme: Theme, word: WordDocument) -> None:
        self.document = document
        self.theme = theme
        self.word = word
        self.body = word.part.element.body
        self.page = self.body.sectPr
        self.width, self.height = text_size(self.page)
        self.numbers = itertools.count(1)
        notes = [note for block in document.walk() if isinstance(block, Notes) for note in block.notes]
        self.text = Composer(word.part, notes, document.words.get("note_link", ""))
        own = document.words.get("language")
        #: The language of the program's own words, if it is another one than the document's.
        self.foreign = own if own != document.language.partition("-")[0] else None

    # ------------------------------------------------------------------------------------------------------- document

    def compose(self) -> None:
        """Fill the body and the footer."""
        flows = [_Flow(1, [])]
        for before, block in itertools.pairwise((None, *self.document.blocks)):
            match block:
                case None:
                    pass
                case Legend() if isinstance(before, Paragraph) and before.role == "draft":
                    # The mark of a draft and the legend share a line.
                    flows[-1].blocks[-1] = self.legend(block, before)
                case Columns(count=count, blocks=blocks):
                    if crowded(blocks, column_width(self.width, count), self.theme.size):
                        count = 1
                    flows += [_Flow(count, self.columns(count, blocks)), _Flow(1, [])]
                case Paragraph(role="foot"):
                    pass  # in the footer
                case _:
                    flows[-1].blocks += self.block(block, self.width)
        flows[-1].blocks += self.text.orphans()
        self.footer([block for block in self.document.blocks if isinstance(block, Paragraph) and block.role == "foot"])
        flows = [flow for flow in flows if flow.blocks] or [_Flow(1, [paragraph("Normal")])]
        self.body.remove(self.page)
        for position, flow in enumerate(flows):
            last = position == len(flows) - 1
            properties = section(self.page, flow.columns, continuous=position > 0)
            flow.blocks = list(apart(flow.blocks))
            if flow.blocks[-1].tag == name("w:tbl") and last:
                flow.blocks.append(paragraph("Hair"))  # a document can't end with a table
            # The paragraphs that end a section stay outside: a group does not reach over sections.
            if self.document.form:
                # LibreOffice 7.4 makes a field of a group's first paragraph and loses notes in it; this one is empty.
                flow.blocks = [controls.group(next(self.numbers), paragraph("Hair"), *flow.blocks)]
            self.body.extend(flow.blocks)
            self.body.append(properties if last else section_end(properties))

    def columns(self, count: int, blocks: Sequence[Block]) -> list[etree._Element]:
        """Set blocks in text columns, each of which starts with a block if they all fit on the page."""
        width = column_width(self.width, count)
        starts = column_starts(count, blocks, self.height, self.theme.size)
        made: list[etree._Element] = []
        for position, block in enumerate(blocks):
            composed = self.block(block, width)
            if position in starts:
                made.append(paragraph("Hair", element("w:r", element("w:br", type="column"))))
            if composed and (position in starts or not made):
                start_column(composed[0])
            made += composed
        return made

    def footer(self, foot: Sequence[Paragraph]) -> None:
        """Write the foot line and the page's number below whatever the reference document has there."""
        pattern = self.document.words.get("page", "")
        if not foot and not pattern:
            return
        footer = self.word.sections[-1].footer
        target = footer._element
        if footer.is_linked_to_previous:
            footer.is_linked_to_previous = False
            target = footer._element
        for empty in [p for p in target.findall(name("w:p")) if not len(p.findall(name("w:r")))]:
            target.remove(empty)
        tabs = element("w:tabs", element("w:tab", val="right", pos=self.width))
        line = [node for block in foot for node in self.text.runs(block.content)]
        for piece in (["\t"] if pattern else []) + re.split(r"(\{pages?\})", pattern):
            if piece in ("{page}", "{pages}"):
                line += field("PAGE" if piece == "{page}" else "NUMPAGES", "1")
            elif piece:
                line.append(run(piece))
        target.append(paragraph("Footer", *line, properties=(tabs,)))

    # --------------------------------------------------------------------------------------------------------- blocks

    def block(self, block: Block, width: int) -> list[etree._Element]:  # noqa: C901  (one case per node there is)
        """Return one block; ``width`` in twips is what it may take."""
        made: list[etree._Element] = []
        match block:
            case Heading(level=level, content=content):
                made = [paragraph(f"Heading{min(level, 4)}", *self.text.runs(content))]
            case Paragraph(content=content, role=role):
                made = [paragraph(_ROLES[role], *self.text.runs(content))]
            case Legend():
                made = [self.legend(block)]
            case Fields(fields=fields):
                made = list(self.fields(fields, width))
            case Section(heading=heading, blocks=blocks):
                made = [*self.block(heading, width), *self.blocks(blocks, width, plain(heading.content))]
            case Columns(blocks=blocks):
                made = list(self.blocks(blocks, width, self.document.title))
            case Checkpoint():
                made = [self.checkpoints([block], width, self.document.title)]
            case Table():
                made = self.table(block, width)
            case Chart():
                made = self.chart(block, width)
            case PageBreak():
                made = [paragraph("Hair", element("w:r", element("w:br", type="page")))]
            case Notes():
                pass  # at the foot of the page, where they are referred to
        return made

    def blocks(self, blocks: Sequence[Block], width: int, title: str) -> Iterator[etree._Element]:
        """Return blocks in order; checkpoints that follow each other share a table."""
        for together, run_of in itertools.groupby(blocks, key=lambda block: isinstance(block, Checkpoint)):
            if together:
                points = [block for block in run_of if isinstance(block, Checkpoint)]
                yield self.checkpoints(points, width, title)
            else:
                for block in run_of:
                    yield from self.block(block, width)

    def legend(self, legend: Legend, before: Paragraph | None = None) -> etree._Element:
        """Return the line that says what the marks mean, to the right of another paragraph's words if there is one."""
        entries: list[list[etree._Element]] = [
            [self.mark(level), run(f"\u00a0{_unbroken(level.label)}", *spoken(level.language))]
            for level in legend.levels
        ]
        if legend.draft:
            sample = self.document.words.get("draft_sample", "")
            entries.append([run(_unbroken(f"{sample} {legend.draft}".strip()), *slanted(), *spoken(self.foreign))])
        spaced = [node for entry in entries for node in (*entry, run(" ", element("w:spacing", val=_WIDE)))][:-1]
        if before is None:
            return paragraph("Legend", *spaced)
        tabs = element("w:tabs", element("w:tab", val="right", pos=self.width))
        said = self.text.runs(before.content, draft=True)
        return paragraph("Legend", *said, run("\t"), *spaced, properties=(tabs,))

    def mark(self, level: Level) -> etree._Element:
        """Return the sign of a level: a shape of its own in its colour."""
        return run(_GLYPHS[level.shape], element("w:color", val=level.colour.lstrip("#").upper()))

    def fields(self, fields: Sequence[Field], width: int) -> Iterator[etree._Element]:
        """Return tables of entries, labels as header above the controls, with as many entries in each as fit well."""
        fit = int(width / (_FIELD * self.theme.size * TWIPS))
        rows = -(-len(fields) // min(max(fit, 1), _FIELDS_A_ROW))
        count = -(-len(fields) // max(rows, 1))
        title = self.document.words.get("fields", self.document.title)
        for place, start in enumerate(range(0, len(fields), max(count, 1)), start=1):
            some = fields[start : start + count]
            widths = [(width + _FIELD_GAP) // count] * len(some)
            head = row(widths, [[self.field_label(entry)] for entry in some], header=True, align="bottom")
            entries = row(widths, [self.field(entry) for entry in some], align="top", below=_BELOW_FIELDS)
            named = title if rows == 1 else f"{title} ({place}/{rows})"
            described = ", ".join(entry.label for entry in some)
            yield table("Fields", widths, [head, entries], named, described, row_heads=False)

    def field_label(self, entry: Field) -> etree._Element:
        """Return what an entry is called, and whether it has to be filled in."""
        required = self.document.words.get("required", "") if entry.required else ""
        told = [run(f" ({required})", *spoken(self.foreign))] if required else []
        return paragraph("FieldLabel", run(entry.label, *spoken(entry.language)), *told)

    def field(self, entry: Field) -> list[etree._Element]:
        """Return one entry's control and hint as blocks of a cell."""
        tag = controls.fit(control_tag(field_name("", entry.id)))
        required = self.document.words.get("required", "") if entry.required else ""
        alias = controls.title(entry.id, entry.label, f" ({required})" if required else "")
        number = next(self.numbers)
        match entry.type:
            case "date":
                language = word_language(self.document.language)
                control = controls.date(number, tag, alias, entry.value, language)
            case "choice":
                control = controls.drop_down(number, tag, alias, entry.value, entry.options)
            case "text":
                control = controls.plain_text(number, tag, alias, entry.value)
        made = [paragraph("FieldValue", control)]
        return [*made, paragraph("FieldHint", run(entry.hint, *spoken(entry.hint_language)))] if entry.hint else made

    def checkpoints(self, points: Sequence[Checkpoint], width: int, title: str) -> etree._Element:
        """Return checkpoints as a table: text on the left, a column of boxes for each state on the right."""
        lines = [(point, depth) for top in points for point, depth in ((top, 0), *((p, 1) for p in top.checkpoints))]
        states = {box.state: box for point, _ in lines for box in point.boxes}
        boxes = box_widths([box.caption for box in states.values()], width, self.theme.size)
        widths = [width - sum(boxes), *boxes]
        word = self.document.words.get("checkpoint", "")
        heads = [[_head(word, *spoken(self.foreign))]]
        heads += [[_head(box.caption, *spoken(box.language), align="center")] for box in states.values()]
        marked = any(point.level for point, _ in lines)
        rows = [row(widths, heads, header=True)]
        height = round(ROW * self.theme.size * TWIPS)
        for point, depth in lines:
            own = {box.state: box for box in point.boxes}
            cells = [self.wording(point, depth, marked=marked)]
            cells += [[paragraph("CheckpointBox", *([self.box(own[s], point)] if s in own else []))] for s in states]
            rows.append(row(widths, cells, height=height, breaks=breaks(point)))
        described = ", ".join(filter(None, [word, *(box.caption for box in states.values())]))
        return table("Checklist", widths, rows, title, described)

    def wording(self, point: Checkpoint, depth: int, *, marked: bool) -> list[etree._Element]:
        """Return a checkpoint's level, text and help as blocks of a cell."""
        step = round(_INDENT * self.theme.size * TWIPS)
        left = step * (depth + marked)
        indent = (element("w:ind", left=left, hanging=step if point.level else 0),)
        content = [self.mark(point.level), run("\t")] if point.level else []
        content += self.text.runs(point.content, draft=point.draft)
        if point.draft and (draft := self.document.words.get("draft")):
            content.append(run(f" ({draft})", *slanted(), *spoken(self.foreign)))
        made = [paragraph("Checkpoint", *content, properties=indent)]
        if point.help:
            made.append(
                paragraph("CheckpointHelp", *self.text.runs(point.help), properties=(element("w:ind", left=left),))
            )
        return made

    def box(self, box: Box, point: Checkpoint) -> etree._Element:
        """Return the control of one box. Its title keeps level and state, however long the text is."""
        tag = controls.fit(control_tag(box_name("", box.checkpoint, box.state, box.only)))
        key = box.checkpoint if box.only else f"{box.checkpoint}.{box.state}"
        ends = _ends(box, point)
        return controls.check_box(next(self.numbers), tag, controls.title(key, box.label, *ends), bool(box.checked))

    def table(self, block: Table, width: int) -> list[etree._Element]:
        """Return a report's table with its caption; columns are as wide as their longest words ask for."""
        cells = [[column.label for column in block.columns], *([plain(cell) for cell in line] for line in block.rows)]
        needs = [min(max(len(line[place]) for line in cells), 48) + 3 for place in range(len(block.columns))]
        widths = [width * need // sum(needs) for need in needs]
        head = [[_head(column.label, align=column.align)] for column in block.columns]
        rows = [row(widths, head, header=True, align="bottom")]
        for line in block.rows:
            texts = [
                [paragraph("TableText", *self.text.runs(cell), properties=_aligned(column.align))]
                for column, cell in zip(block.columns, line, strict=True)
            ]
            rows.append(row(widths, texts, height=round(ROW * self.theme.size * TWIPS)))
        made = table("Report", widths, rows, block.caption, ", ".join(column.label for column in block.columns))
        return [paragraph("Caption", run(block.caption)), made]

    def chart(self, chart: Chart, width: int) -> list[etree._Element]:
        """Return a chart as its numbers, with the words that say what it shows."""
        kinds = {part.kind: part.label for bar in chart.bars for part in bar.parts}
        word = self.document.words.get
        numbers = (Column(label, "right") for label in (*kinds.values(), word("value", "")))
        columns = (Column(word("entry", "")), *numbers)
        rows = []
        for bar in chart.bars:
            counts = {part.kind: str(part.count) for part in bar.parts}
            cells = (bar.label, *(counts.get(kind, "0") for kind in kinds), bar.value)
            rows.append(tuple((Text(cell),) for cell in cells))
        return [*self.table(Table(chart.title, columns, tuple(rows)), width), paragraph("Small", run(chart.summary))]


def _head(text: str, *properties: etree._Element, align: str = "left") -> etree._Element:
    return paragraph("TableHead", run(text, *properties), properties=_aligned(align))


def _ends(box: Box, point: Checkpoint) -> tuple[str, ...]:
    """Return how a box's label may end: with level and state as the template has them, then ever shorter."""
    level = f" ({point.level.label})" if point.level else ""
    state = "" if box.only else f": {box.caption}"
    after = box.label.rpartition(level)[2] if level and level in box.label else state
    room = 8 if level and state else 18
    brief = f" ({_brief(point.level.label, room)})" if point.level else ""
    return level + after, level + state, brief + ("" if box.only else f": {_brief(box.caption, room)}")


def _brief(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _aligned(align: str) -> tuple[etree._Element, ...]:
    return () if align == "left" else (element("w:jc", val=align),)


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")
