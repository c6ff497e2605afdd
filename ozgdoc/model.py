"""The nouns of ozgdoc: a checklist, what came back on it, and what that means.

Everything here is frozen and free of I/O. Identifiers are lower-case ``[a-z0-9-]`` and stable; texts are in Unicode
NFC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

#: A footnote mark stands in a text as in pandoc's Markdown: ``LeiKa-Zuordnung[^leika]``.
MARK = re.compile(r"\[\^([a-z0-9-]+)\]")

#: Answers that are no state of the checklist.
OPEN = "open"  #: no box of the checkpoint is ticked
UNCLEAR = "unclear"  #: the evidence contradicts itself, or a person has to look

Shape = Literal["disc", "ring", "target", "square", "diamond", "triangle"]
FieldType = Literal["text", "date", "choice"]
Meaning = Literal["done", "open", "exempt"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or several languages.

    Attributes:
        variants: ``(language, text)`` pairs, BCP 47 tags, never empty; the checklist's own language stands first.
    """

    variants: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.variants:
            raise ValueError("a text needs at least one language")

    def variant(self, language: str) -> tuple[str, str]:
        """Return ``(language, text)`` in the wanted language, else in the checklist's own."""
        return next((pair for pair in self.variants if pair[0] == language), self.variants[0])

    def get(self, language: str) -> str:
        """Return the text in the wanted language, else in the checklist's own."""
        return self.variant(language)[1]

    def marks(self) -> tuple[str, ...]:
        """Return the footnote ids that this text refers to, in order, each once."""
        return tuple(dict.fromkeys(name for _, text in self.variants for name in MARK.findall(text)))


@dataclass(frozen=True, slots=True)
class Level:
    """How much a checkpoint matters, told by colour and shape.

    Attributes:
        colour: ``#rrggbb``.
        required: reports name the open checkpoints of a required level first.
    """

    id: str
    label: Text
    colour: str
    shape: Shape
    required: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One of the answers a checkpoint can have; each has a box of its own.

    Attributes:
        counts_as: what the answer means in a sum; ``exempt`` takes the checkpoint out of the denominator.
    """

    id: str
    label: Text
    counts_as: Meaning


@dataclass(frozen=True, slots=True)
class Field:
    """An entry about the sheet as a whole, such as the project's name. Values are always text.

    Attributes:
        pattern: regular expression (Python's ``re``, matched against the whole value), or None.
        options: what a choice offers; a value is the option's text in the checklist's own language.
    """

    id: str
    label: Text
    type: FieldType = "text"
    pattern: str | None = None
    required: bool = False
    options: tuple[Text, ...] = ()
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line to tick. It may hold checkpoints of its own, once.

    Attributes:
        level: id of a Level, or None.
        draft: still being edited ("noch in Bearbeitung").
        help: longer guidance, CommonMark inline.
    """

    id: str
    text: Text
    level: str | None = None
    draft: bool = False
    help: Text | None = None
    checkpoints: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of checkpoints. It may hold sections of its own, once."""

    id: str
    title: Text
    checkpoints: tuple[Checkpoint, ...] = ()
    sections: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Checkpoint]:
        """Yield every checkpoint below this section in reading order."""
        for checkpoint in self.checkpoints:
            yield checkpoint
            yield from checkpoint.checkpoints
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note that texts refer to by ``[^id]``."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist as its data file says it.

    Attributes:
        version: free text, such as ``1.0``.
        language: BCP 47 tag of the sheet's own language.
        draft: the sheet as a whole is still being edited.
        levels_confirmed: False if the levels are a proposal; the sheet then says so.
        footnotes: in the order of the data file; see `numbering` for the order on the sheet.
    """

    id: str
    version: str
    title: Text
    language: str
    sections: tuple[Section, ...]
    states: tuple[State, ...]
    levels: tuple[Level, ...] = ()
    fields: tuple[Field, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    draft: bool = False
    levels_confirmed: bool = True

    def walk(self) -> Iterator[Checkpoint]:
        """Yield every checkpoint in reading order."""
        for section in self.sections:
            yield from section.walk()

    def level(self, name: str | None) -> Level | None:
        """Return the level with this id, or None."""
        return next((level for level in self.levels if level.id == name), None)

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the title is given in, the sheet's own first."""
        return tuple(language for language, _ in self.title.variants)

    def numbering(self) -> dict[str, int]:
        """Number the footnotes from 1 in the order in which the sheet first uses them."""
        numbers: dict[str, int] = {}

        def use(text: Text | None) -> None:
            for name in text.marks() if text else ():
                numbers.setdefault(name, len(numbers) + 1)

        def visit(section: Section) -> None:
            use(section.title)
            for checkpoint in section.checkpoints:
                for point in (checkpoint, *checkpoint.checkpoints):
                    use(point.text)
                    use(point.help)
            for child in section.sections:
                visit(child)

        for section in self.sections:
            visit(section)
        return numbers


@dataclass(frozen=True, slots=True)
class Identity:
    """What a form carries about itself, so that it is known again when it comes back.

    Attributes:
        content: SHA-256 (hex) of everything the checklist says.
        checkpoints: checkpoint id → SHA-256 (hex) of what that checkpoint says.
        instance: id of the copy if it was issued to somebody, else None.
        layout: SHA-256 (hex) of where the boxes stand on paper; empty until a writer has placed them.
    """

    checklist: str
    version: str
    content: str
    checkpoints: Mapping[str, str]
    instance: str | None = None
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning about a returned file.

    Attributes:
        code: stable name of the kind, such as ``value-conflict``.
        where: field, page or part that it concerns; may be empty.
    """

    code: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    r"""What came back: one filled copy of one checklist, or one file that could not be read.

    Attributes:
        source: the file as the user named it; a member of a container is ``outer/inner``.
        channel: how it was read: ``pdf-form``, ``docx``, …; None with an error.
        fields: field id → text as it was typed (NFC, ``\n`` for line ends).
        answers: every checkpoint id → a state id, ``open`` or ``unclear``.
        error: why it could not be read, or None. ``error_code`` is ``unreadable`` or ``unknown-form`` then.
        definition: what it answers, if that is a checklist that the copy carried itself and nobody has registered.
    """

    source: str
    channel: str | None = None
    checklist: str | None = None
    version: str | None = None
    instance: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    error: str | None = None
    error_code: Literal["unreadable", "unknown-form"] | None = None
    definition: Checklist | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many checkpoints are in which state. Every checkpoint is counted exactly once."""

    done: int = 0
    open: int = 0
    unclear: int = 0
    exempt: int = 0

    @property
    def total(self) -> int:
        """All checkpoints."""
        return self.done + self.open + self.unclear + self.exempt

    @property
    def expected(self) -> int:
        """The denominator of every rate: all checkpoints but the exempt ones."""
        return self.total - self.exempt

    @property
    def percent(self) -> int | None:
        """Done in per cent of the expected, rounded down so that 100 means all; None if nothing is expected."""
        return self.done * 100 // self.expected if self.expected else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.done + other.done, self.open + other.open, self.unclear + other.unclear, self.exempt + other.exempt
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A tally with the name of what was counted: a section or a level."""

    id: str
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Point:
    """One checkpoint with its answer.

    Attributes:
        text: plain text in the report's language, without footnote marks; a nested one names its parent first.
        section: id of the top section that it is counted in.
        level: id of its level, or None.
        answer: a state id, ``open`` or ``unclear``.
        meaning: what the answer counts as.
    """

    id: str
    text: str
    section: str
    level: str | None
    required: bool
    answer: str
    meaning: Literal["done", "open", "unclear", "exempt"]


@dataclass(frozen=True, slots=True)
class Status:
    """What one submission means.

    Attributes:
        fields: ``(field id, label, value)`` in the order of the sheet, empty values included.
        sections, levels: tallies in the order of the sheet; subsections are counted within their section. Checkpoints
            without a level are counted last, under the id ``""``, unless the checklist has no levels at all.
        version: of the checklist that was assessed against; the submission's own is the one that was filled in.
        language: of labels and texts, BCP 47.
        states: ``(state id, label)``, the answers' words.
    """

    submission: Submission
    title: str
    fields: tuple[tuple[str, str, str], ...]
    total: Tally
    sections: tuple[Group, ...]
    levels: tuple[Group, ...]
    points: tuple[Point, ...]
    levels_confirmed: bool = True
    version: str = ""
    language: str = "de"
    states: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """One checkpoint over several submissions: the tally counts submissions, not checkpoints."""

    id: str
    text: str
    section: str
    level: str | None
    required: bool
    tally: Tally


@dataclass(frozen=True, slots=True)
class Summary:
    """What all submissions of one checklist in one version add up to.

    Attributes:
        total, sections, levels: sums of the statuses' own, over submissions × checkpoints.
        points: every checkpoint, in the order of the sheet.
    """

    checklist: str
    version: str
    title: str
    statuses: tuple[Status, ...]
    total: Tally
    sections: tuple[Group, ...]
    levels: tuple[Group, ...]
    points: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What several submissions mean together, and which files gave none. `ozgdoc.status.combine` makes it.

    Attributes:
        failed: submissions with an error; they are named in every report.
        summaries: one per checklist, version and set of points, in the order in which they first come.
    """

    statuses: tuple[Status, ...]
    failed: tuple[Submission, ...] = ()
    summaries: tuple[Summary, ...] = ()
