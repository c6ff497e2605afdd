"""The neutral document in which forms and reports of every format meet.

Templates say what stands on a sheet, writers decide how their format shows it. The vocabulary is semantic (a
checkpoint, not a rectangle) and closed: whoever adds a node adds it to every writer. Nodes are frozen; sequences are
tuples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ozgdoc.model import FieldType, Identity, Shape

ParagraphRole = Literal["", "lead", "draft", "warning", "small", "foot"]


# ------------------------------------------------------------------------------------------------------------ inlines


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. ``language`` is set where it differs from the document's."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Strong:
    """Text of strong importance."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A raised mark that leads to a note. ``note`` is the note's id, ``mark`` what is shown."""

    note: str
    mark: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an address outside of the document."""

    target: str
    content: tuple[Inline, ...]

    @property
    def address(self) -> str | None:
        """Where the link may lead: http, https or mailto; None if it has to stay text."""
        scheme = self.target.partition(":")[0].lower()
        return self.target if ":" in self.target and scheme in ("http", "https", "mailto") else None


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that is meant."""


Inline = Text | Strong | NoteReference | Link | Break


# ------------------------------------------------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` is 1 for the document's title, then 2, 3, 4 without gaps."""

    level: int
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. Its role says what it is for.

    ``lead`` an opening line; ``draft`` the mark of a sheet still being edited; ``warning`` something to look at;
    ``small`` an aside; ``foot`` belongs at the foot of each page.
    """

    content: tuple[Inline, ...]
    role: ParagraphRole = ""


@dataclass(frozen=True, slots=True)
class Level:
    """How much a checkpoint matters. Writers show colour and shape, and say the label.

    ``language`` is that of the label where it differs from the document's.
    """

    id: str
    label: str
    colour: str
    shape: Shape
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """What the levels' marks mean; ``draft`` is the wording for single checkpoints still being edited, or None."""

    levels: tuple[Level, ...]
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One entry to fill in.

    Attributes:
        id: the checklist's field id; see `ozgdoc.identity` for the names that formats derive from it.
        hint: how to fill it in, shown small, or None.
        options: what a choice offers.
        language: of the label, where it differs from the document's.
        hint_language: likewise of the hint.
    """

    id: str
    label: str
    type: FieldType = "text"
    value: str = ""
    hint: str | None = None
    required: bool = False
    options: tuple[str, ...] = ()
    language: str | None = None
    hint_language: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """The entries about the sheet as a whole."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick.

    Attributes:
        checkpoint: id of the checkpoint it belongs to.
        state: id of the state it stands for.
        caption: the state's label.
        label: what a screen reader says: section, text, level and, with several states, the state.
        checked: ticked or not; None if nobody can say, which only an archive copy shows.
        only: the checkpoint has this one box; the caption then need not be shown.
        language: of the caption, where it differs from the document's.
    """

    checkpoint: str
    state: str
    caption: str
    label: str
    checked: bool | None = False
    only: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line to tick, with its boxes; ``checkpoints`` are nested once."""

    id: str
    content: tuple[Inline, ...]
    boxes: tuple[Box, ...]
    level: Level | None = None
    draft: bool = False
    help: tuple[Inline, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading of its own."""

    id: str
    heading: Heading
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks that flow through ``count`` columns where there is room for them; reading order is document order."""

    count: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote. ``id`` is what references name."""

    id: str
    mark: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """All footnotes, in the order of their marks."""

    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. Numbers are set with ``align="right"``."""

    label: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; the first column holds row headers. Every row has one cell per column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: so many of a kind. ``kind`` selects colour and pattern."""

    kind: Literal["done", "open", "unclear", "exempt"]
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``value`` is its direct label, such as ``12 von 29``."""

    label: str
    value: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked horizontal bars. ``summary`` says in words what the picture shows."""

    title: str
    summary: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a new page, where the format has pages."""


Block = Heading | Paragraph | Legend | Fields | Section | Columns | Checkpoint | Notes | Table | Chart | PageBreak


# ----------------------------------------------------------------------------------------------------------- document


@dataclass(frozen=True, slots=True)
class Record:
    """What makes a form an archive copy: filled in, and not to be changed any more.

    Attributes:
        original: SHA-256 (hex) of the file that it was read from.
        read: when, as ISO 8601.
        values: the raw values (see `ozgdoc.readers.filled`), carried inside the copy, so that it reads back exactly.
    """

    original: str
    read: str
    values: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What makes a document a form that can be read back.

    Attributes:
        identity: who this form is.
        definition: the checklist itself as canonical JSON (see `ozgdoc.wire`), carried inside the form.
        record: set if this is an archive copy.
    """

    identity: Identity
    definition: bytes
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A form or a report, ready to be written in any format.

    Attributes:
        language: BCP 47 tag.
        words: the few words that only a writer can place, such as ``page`` or ``continued``; see data/labels.
        form: set if this is a form, None for a report.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    subject: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None

    def walk(self) -> Iterator[Block]:
        """Yield every block, depth first, in reading order."""
        return walk(self.blocks)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield some blocks and every block inside them, depth first, in reading order."""
    for block in blocks:
        yield block
        match block:
            case Section(blocks=children) | Columns(blocks=children):
                yield from walk(children)
            case Checkpoint(checkpoints=points):
                yield from walk(points)
            case _:
                pass


def plain(content: tuple[Inline, ...]) -> str:
    """Return the words of some inlines without marks and emphasis."""
    words = []
    for node in content:
        match node:
            case Text(text=text):
                words.append(text)
            case Strong(content=inner) | Link(content=inner):
                words.append(plain(inner))
            case Break():
                words.append(" ")
            case NoteReference():
                pass
    return "".join(words)
