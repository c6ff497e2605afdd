"""Drawing with tags: a ReportLab canvas that knows which structure element each mark on the page belongs to.

What a reader hears is the structure tree (ISO 32000-1, 14.7 and 14.8); everything else on a page is an artifact.
Annotations are only noted down here; `ozgdoc.pdf.assembly` makes them when the file is finished.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from ozgdoc.pdf.fonts import UNDRAWN
from ozgdoc.pdf.lines import Style

Rect = tuple[float, float, float, float]  #: left, bottom, right, top, in points from the page's bottom left corner


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A check box to be made. ``name`` are the parts of its field name, ``label`` is what a screen reader says."""

    name: tuple[str, ...]
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class TextField:
    """A text field to be made, or a drop-down list if it has options. ``size`` is that of the typed text."""

    name: tuple[str, ...]
    label: str
    value: str
    size: float
    required: bool = False
    options: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LinkArea:
    """A link to be made: to a place in the document by its name, or to an address."""

    label: str
    place: str | None = None
    address: str | None = None


@dataclass(eq=False, slots=True)
class Annotation:
    """Something on a page that can be clicked."""

    page: int
    rect: Rect
    kind: CheckBox | TextField | LinkArea


@dataclass(eq=False, slots=True)
class Element:
    """A structure element of a standard type.

    Attributes:
        kind: such as ``H1`` or ``LI`` (ISO 32000-1, 14.8.4).
        kids: in reading order: elements, marked content as ``(page, MCID)``, annotations.
        id: unique, or empty.
        language: BCP 47 tag where it differs from its parent's.
        actual: what the content means as text, where it is drawn otherwise.
        alternate: what is said in its place, where it is no text or its words alone don't tell enough.
        attributes: ``(owner, key, value)`` names, such as ``("List", "ListNumbering", "None")``.
        field: what a field that can't be changed any more is called (attribute Desc of owner PrintField).
    """

    kind: str
    kids: list[Element | tuple[int, int] | Annotation] = field(default_factory=list)
    id: str = ""
    language: str = ""
    actual: str = ""
    alternate: str = ""
    attributes: tuple[tuple[str, str, str], ...] = ()
    field: str = ""

    def add(self, kind: str, **rest: str) -> Element:
        """Append a child element and return it."""
        kid = Element(kind, **rest)  # type: ignore[arg-type]  # only the text attributes are given this way
        self.kids.append(kid)
        return kid


class Sheet:
    """The pages being drawn. Coordinates are points from the bottom left corner.

    Attributes:
        canvas: ReportLab's; whatever is drawn on it stands inside `content` or `artifact`.
        places: name → (page, left, top), for links.
    """

    def __init__(self, width: float, height: float, first_face: str, language: str) -> None:
        self._buffer = io.BytesIO()
        # The initial font keeps ReportLab from naming an unembedded Helvetica on every page.
        self.canvas = Canvas(
            self._buffer,
            pagesize=(width, height),
            initialFontName=first_face,
            lang=language,
            pdfVersion=(1, 7),
            invariant=1,
            pageCompression=1,
        )
        self.root = Element("Document")
        self.annotations: list[Annotation] = []
        self.places: dict[str, tuple[int, float, float]] = {}
        self.page = 0
        self._next_id = 0

    @contextmanager
    def content(self, element: Element) -> Iterator[Canvas]:
        """Draw content of an element."""
        self.canvas.addLiteral(f"/{element.kind} <</MCID {self._next_id}>> BDC")
        element.kids.append((self.page, self._next_id))
        self._next_id += 1
        yield self.canvas
        self.canvas.addLiteral("EMC")

    @contextmanager
    def artifact(self, kind: Literal["Layout", "Pagination"] = "Layout") -> Iterator[Canvas]:
        """Draw what is not content: lines, backgrounds, whatever repeats on each page."""
        self.canvas.addLiteral(f"/Artifact <</Type /{kind}>> BDC")
        yield self.canvas
        self.canvas.addLiteral("EMC")

    def text(self, element: Element | None, x: float, y: float, text: str, style: Style) -> float:
        """Draw a text with its baseline at y, as content of an element or as an artifact; return where it ends.

        Raises:
            DataError: the style's face lacks a letter.
        """
        style.face.require(text)
        text = text.translate(UNDRAWN)
        with self.content(element) if element else self.artifact("Pagination") as canvas:
            canvas.setFillColor(HexColor(style.colour))
            canvas.setFont(style.face.name, style.size)
            start = x
            for piece, glyphs in style.face.place(text):
                if len(glyphs) > 1:
                    # Drawn in parts, and maybe from other glyphs: for the ear and for copying it stays the text.
                    canvas.addLiteral(f"/Span <</ActualText <FEFF{piece.encode('utf-16-be').hex()}>>> BDC")
                for glyph in glyphs:
                    left, bottom = start + glyph.x * style.size, y + style.rise + glyph.y * style.size
                    canvas.drawString(left, bottom, glyph.text)
                if len(glyphs) > 1:
                    canvas.addLiteral("EMC")
                start += style.face.width(piece, style.size)
        return start

    def annotate(self, element: Element, rect: Rect, kind: CheckBox | TextField | LinkArea) -> None:
        """Note down an annotation as content of an element."""
        annotation = Annotation(self.page, rect, kind)
        element.kids.append(annotation)
        self.annotations.append(annotation)

    def next_page(self) -> None:
        """End this page and begin another."""
        self.canvas.showPage()
        self.page, self._next_id = self.page + 1, 0

    def finish(self) -> bytes:
        """End the last page and return the untagged file that ReportLab makes."""
        # By default ReportLab writes streams as ASCII text, which takes time and makes them a quarter longer.
        usual, rl_config.useA85 = rl_config.useA85, 0
        try:
            self.canvas.save()
        finally:
            rl_config.useA85 = usual
        return self._buffer.getvalue()
