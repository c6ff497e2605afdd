"""Text with marks and links inside, broken into lines and drawn with its tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ozgdoc.document import Break, Inline, Link, NoteReference, Strong, Text, plain
from ozgdoc.pdf.fonts import Face, face
from ozgdoc.pdf.lines import Fragment, Line, Span, Style, break_lines
from ozgdoc.pdf.tagging import Element, LinkArea, Sheet
from ozgdoc.theme import Theme

#: Distance of baselines, as a multiple of the size.
LEADING = 1.28


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a sheet, all derived from the theme."""

    regular: Face
    bold: Face
    italic: Face
    body: Style
    draft: Style
    help: Style
    small: Style
    caption: Style
    title: Style
    section: Style
    subsection: Style
    accent: str

    @classmethod
    def of(cls, theme: Theme) -> Styles:
        """Derive the styles from a theme."""
        regular, bold, italic = (face(path) for path in (theme.fonts.regular, theme.fonts.bold, theme.fonts.italic))
        colours, size = theme.colours, theme.size
        return cls(
            regular,
            bold,
            italic,
            body=Style(regular, size, colours.text),
            draft=Style(italic, size, colours.text),
            help=Style(regular, size * 0.8, colours.muted),
            small=Style(regular, size * 0.76, colours.muted),
            caption=Style(bold, size * 0.74, colours.text),
            title=Style(bold, size * 2.2, colours.accent),
            section=Style(bold, size * 1.08, colours.accent),
            subsection=Style(bold, size, colours.accent),
            accent=colours.accent,
        )

    def strong(self, style: Style) -> Style:
        """Return a style in bold."""
        return replace(style, face=self.bold)

    def raised(self, style: Style) -> Style:
        """Return the style of a footnote mark beside text of a style."""
        return Style(self.bold, style.size * 0.72, self.accent, rise=style.size * 0.36)


class References:
    """The places that refer to notes, so that a note can lead back to each.

    Args:
        label: what a screen reader says for a mark, with ``{mark}``.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._places: dict[str, list[str]] = {}

    def add(self, note: str) -> str:
        """Return a new name for a place that refers to this note."""
        places = self._places.setdefault(note, [])
        places.append(f"reference-{note}-{len(places) + 1}")
        return places[-1]

    def of(self, note: str) -> tuple[str, ...]:
        """Return the names of all places so far that refer to this note."""
        return tuple(self._places.get(note, ()))


@dataclass(frozen=True, slots=True)
class BackLink:
    """A raised mark that leads from a note to a place that refers to it."""

    mark: str
    label: str
    place: str


class Prose:
    """Inlines set into lines of a width.

    Attributes:
        lines: as they will be drawn.
        leading: distance of baselines, in points.
    """

    def __init__(
        self,
        content: Sequence[Inline | BackLink],
        element: Element,
        styles: Styles,
        style: Style,
        width: float,
        references: References,
    ) -> None:
        """Break the text.

        Args:
            content: what to set.
            element: whose content it is.
            references: takes the places of its footnote marks.
        """
        self._element = element
        self._references = references
        self._places: dict[int, str] = {}
        self._owners: list[Inline | BackLink] = []
        self._made: dict[int, Element] = {}
        self.style = style
        self.leading = style.size * LEADING
        self.lines: tuple[Line, ...] = break_lines(self._spans(content, styles, style), width)

    @property
    def height(self) -> float:
        """Height of all lines, in points."""
        return self.leading * len(self.lines)

    def _spans(self, content: Sequence[Inline | BackLink], styles: Styles, style: Style) -> Iterator[Span | None]:
        for node in content:
            match node:
                case Text(text=text):
                    yield self._span(text, style, node)
                case Strong(content=inner):
                    yield from self._spans(inner, styles, styles.strong(style))
                case NoteReference(note=note, mark=mark):
                    # Two marks in a row would read as one number.
                    if self._owners and isinstance(self._owners[-1], NoteReference):
                        yield self._span(", ", styles.raised(style), Text(", "))
                    yield self._span(mark, styles.raised(style), node)
                    self._places[len(self._owners) - 1] = self._references.add(note)
                case BackLink(mark=mark):
                    yield self._span(mark, styles.raised(style), node)
                case Link(address=None, content=inner):
                    yield from self._spans(inner, styles, style)
                case Link(content=inner):
                    yield self._span(plain(inner), replace(style, colour=styles.accent), node)
                case Break():
                    yield self._span(" ", style, Text(" "))  # else the words on either side would be heard as one
                    yield None

    def _span(self, text: str, style: Style, owner: Inline | BackLink) -> Span:
        self._owners.append(owner)
        return Span(text, style, len(self._owners) - 1)

    def draw(self, sheet: Sheet, left: float, top: float, first: int = 0, last: int | None = None) -> None:
        """Draw some of the lines below ``top``."""
        face_height = (self.style.face.ascent - self.style.face.descent) * self.style.size
        baseline = top - (self.leading - face_height) / 2 - self.style.face.ascent * self.style.size
        for line in self.lines[first:last]:
            for fragment in line:
                self._fragment(sheet, fragment, left + fragment.x, baseline)
            baseline -= self.leading

    def _fragment(self, sheet: Sheet, fragment: Fragment, x: float, y: float) -> None:
        if not fragment.text:
            return
        owner = self._owners[fragment.owner]
        element = self._element_of(fragment.owner, owner)
        sheet.text(element, x, y, fragment.text, fragment.style)
        area = (x, y + fragment.style.face.descent * self.style.size, x + fragment.width, y + 0.95 * self.style.size)
        match owner:
            case NoteReference(note=note):
                sheet.places.setdefault(self._places[fragment.owner], (sheet.page, x, area[3]))
                sheet.annotate(element, area, LinkArea(element.alternate, place=f"note-{note}"))
            case BackLink(label=label, place=place):
                sheet.annotate(element, area, LinkArea(label, place=place))
            case Link(address=address):
                sheet.annotate(element, area, LinkArea(fragment.text.strip(), address=address))
            case _:
                pass

    def _element_of(self, number: int, owner: Inline | BackLink) -> Element:
        """Return the element that an inline's content belongs to; it is made where the inline is first drawn."""
        if number not in self._made:
            self._made[number] = self._new_element(owner)
        return self._made[number]

    def _new_element(self, owner: Inline | BackLink) -> Element:
        match owner:
            case NoteReference(mark=mark):
                return self._element.add("Reference").add("Link", alternate=self._references.label.format(mark=mark))
            case BackLink(label=label):
                return self._element.add("Link", alternate=label)
            case Link():
                return self._element.add("Link")
            case Text(language=language) if language:
                return self._element.add("Span", language=language)
            case _:
                return self._element
