"""What a form is made of on paper: heading bands, rows with boxes, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise

from reportlab.lib.colors import HexColor, black, white

from ozgdoc import document as d
from ozgdoc.identity import box_name
from ozgdoc.pdf.flow import Piece
from ozgdoc.pdf.lines import Span, Style, break_lines
from ozgdoc.pdf.marks import MM, draw_level, draw_tick
from ozgdoc.pdf.prose import Prose, References, Styles
from ozgdoc.pdf.tagging import CheckBox, Element, Sheet
from ozgdoc.theme import Colours

BOX = 4 * MM  #: a box to tick
BOX_LINE = 0.7
_ROOM = 1.6 * MM  #: between a box and the column's edge
_MARK = 2.7 * MM  #: diameter of a level's mark
_TEXT_INDENT = 6.2 * MM
_CHILD_INDENT = 5.5 * MM
_CAPTION_GAP = 2.5 * MM
#: A row of fewer lines stays whole.
_SPLIT_LINES = 6


@dataclass(frozen=True, slots=True)
class Look:
    """What all pieces share.

    Attributes:
        checklist: its id.
        levels: its checkpoints have levels.
        references: takes the place of every footnote mark, in reading order.
        fixed: boxes and fields are drawn as they were filled in and can't be changed: an archive copy.
    """

    styles: Styles
    colours: Colours
    words: Mapping[str, str]
    checklist: str
    levels: bool
    references: References
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where the boxes of every row of a checklist stand.

    Attributes:
        captions: the lines of each state's caption; empty if there is but one state.
        pitch: distance of two boxes' middles.
        inset: distance of the last box's middle from the right edge of the column.
    """

    captions: tuple[tuple[str, ...], ...] = ()
    pitch: float = 0
    inset: float = _ROOM + BOX / 2

    @classmethod
    def of(cls, captions: Sequence[str], styles: Styles, width: float) -> Boxes:
        """Leave so much room that neighbouring captions don't touch and none leaves the column.

        Args:
            captions: of the states; long ones are broken into lines.
            width: of the page's body; all boxes together take little more than half of it at most.
        """
        if not captions:
            return cls()
        style = styles.caption
        limit = min(24 * MM, 0.55 * width / len(captions) - _CAPTION_GAP)
        lines = [break_lines([Span(caption, style, 0)], limit) for caption in captions]
        widths = [max(sum(fragment.width for fragment in line) for line in caption) for caption in lines]
        room = [(one + other) / 2 + _CAPTION_GAP for one, other in pairwise(widths)]
        inset = max(_ROOM + BOX / 2, widths[-1] / 2 + 1 * MM)
        texts = tuple(tuple("".join(f.text for f in line) for line in caption) for caption in lines)
        return cls(texts, max([BOX + 3.2 * MM, *room]), inset)

    @property
    def count(self) -> int:
        """How many boxes a row has."""
        return max(1, len(self.captions))

    @property
    def width(self) -> float:
        """Width that no text may enter: from the room before the first box to the column's edge."""
        return self.inset + self.pitch * (self.count - 1) + BOX / 2 + 2 * MM

    def middle(self, right: float, number: int) -> float:
        """Return x of the middle of the n-th box, from the column's right edge."""
        return right - self.inset - (self.count - 1 - number) * self.pitch


class Block(Piece):
    """A heading or paragraph; one of several lines may be divided between them."""

    def __init__(self, prose: Prose, before: float, *, keep: bool = False, indent: float = 0) -> None:
        self._prose = prose
        self._first, self._last = 0, len(prose.lines)
        self._indent = indent
        self.before = before
        self.keep = keep

    def height(self, pitch: float) -> float:  # noqa: D102
        return self._prose.leading * (self._last - self._first)

    def split(self, room: float, pitch: float) -> tuple[Piece, Piece] | None:  # noqa: D102
        lines = int(room // self._prose.leading)
        if self.keep or not 0 < lines < self._last - self._first:
            return None
        upper, lower = copy(self), copy(self)
        upper._last = lower._first = self._first + lines
        return upper, lower

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        self._prose.draw(sheet, left + self._indent, top, self._first, self._last)


class Band(Piece):
    """A section's heading. Where several states are to be had, it names them above their boxes."""

    keep = True

    def __init__(
        self,
        look: Look,
        heading: d.Heading,
        element: Element,
        width: float,
        boxes: Boxes | None,
        states: Element | None = None,
    ) -> None:
        """Make a band.

        Args:
            element: the heading's.
            boxes: where they stand, if rows follow right below.
            states: the list that takes the captions of the boxes; without one they are for the eye only.
        """
        styles = look.styles
        self._states = states
        self._top_level = heading.level == 2
        self._look, self.width, self._boxes = look, width, boxes or Boxes()
        self._pad = 1.2 * MM if self._top_level else 0.5 * MM
        inner = width - 4 * MM - (self._boxes.width if self._boxes.captions else 0)
        style = styles.section if self._top_level else styles.subsection
        self._prose = Prose(heading.content, element, styles, style, inner, look.references)
        self._style = style
        self._again = _shortened(look.words["continued"].format(heading=d.plain(heading.content)), style, inner)
        self._captions = max((len(lines) for lines in self._boxes.captions), default=0) * styles.caption.size * 1.15
        self.starts = self._top_level
        self.before = (3.2 if self._top_level else 1.2) * MM

    def height(self, pitch: float) -> float:  # noqa: D102
        return max(self._prose.height, self._captions) + 2 * self._pad

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        height = self.height(pitch)
        self._draw_ground(sheet, left, top, height)
        self._draw_captions(sheet, left, top - height / 2, self._states)
        self._prose.draw(sheet, left + 2 * MM, top - (height - self._prose.height) / 2)

    def height_again(self) -> float:
        """Return the height of the heading as it is repeated: one line."""
        return max(self._prose.leading, self._captions) + 2 * self._pad

    def draw_again(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the heading as it is repeated: for the eye only, the structure has it once."""
        height = self.height_again()
        self._draw_ground(sheet, left, top, height)
        self._draw_captions(sheet, left, top - height / 2, None)
        face = self._style.face
        y = top - height / 2 - (face.ascent + face.descent) / 2 * self._style.size
        sheet.text(None, left + 2 * MM, y, self._again, self._style)

    def _draw_ground(self, sheet: Sheet, left: float, top: float, height: float) -> None:
        colours = self._look.colours
        with sheet.artifact() as canvas:
            if self._top_level:
                canvas.setFillColor(HexColor(colours.band))
                canvas.roundRect(left, top - height, self.width, height, 0.8 * MM, stroke=0, fill=1)
            else:
                canvas.setStrokeColor(HexColor(colours.rule))
                canvas.setLineWidth(0.8)
                canvas.line(left, top - height, left + self.width, top - height)

    def _draw_captions(self, sheet: Sheet, left: float, middle: float, states: Element | None) -> None:
        style = self._look.styles.caption
        leading = style.size * 1.15
        for number, lines in enumerate(self._boxes.captions):
            body = states.add("LI").add("LBody") if states else None
            x = self._boxes.middle(left + self.width, number)
            y = middle + leading * len(lines) / 2 - style.size * 0.85
            for line in lines:
                sheet.text(body, x - style.face.width(line.rstrip(), style.size) / 2, y, line, style)
                y -= leading


def _shortened(text: str, style: Style, width: float) -> str:
    """Return as much of a text as fits on one line."""
    if style.face.width(text, style.size) <= width:
        return text
    while text and style.face.width(f"{text}…", style.size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


class Again(Piece):
    """A section's heading where its rows go on in another column."""

    keep = True

    def __init__(self, band: Band) -> None:
        self._band = band

    def height(self, pitch: float) -> float:  # noqa: D102
        return self._band.height_again()

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        self._band.draw_again(sheet, left, top)


class Row(Piece):
    """A checkpoint: level, text, help, boxes. A long one is divided between lines; its boxes stay with the start."""

    def __init__(self, look: Look, point: d.Checkpoint, item: Element, band: Band, boxes: Boxes, depth: int) -> None:
        """Make a row.

        Args:
            item: its list item.
            band: the heading that it stands under.
            boxes: where its boxes stand.
            depth: 0, or 1 for a nested checkpoint.
        """
        styles = look.styles
        self.look, self.point, self.band, self.width, self.places = look, point, band, band.width, boxes
        self.indent = depth * _CHILD_INDENT
        label = item.add("Lbl", actual=f"{point.level.label}:") if point.level else None
        self.label = label
        body = item.add("LBody")
        self.text_left = self.indent + (_TEXT_INDENT if look.levels else 2 * MM)
        inner = self.width - self.text_left - boxes.width
        style = styles.draft if point.draft else styles.body
        content = point.content
        if point.draft:
            content = (*content, d.Text(f" ({look.words['draft']})"))
        self.prose = [Prose(content, body.add("Span"), styles, style, inner, look.references)]
        if point.help:
            self.prose.append(Prose(point.help, body.add("P"), styles, styles.help, inner, look.references))
        self.forms = [_form(look, body, box) for box in point.boxes]
        self.body = body
        self.first, self.last = 0, sum(len(prose.lines) for prose in self.prose)

    def continued(self) -> Piece:  # noqa: D102
        return Again(self.band)

    def _lines(self) -> list[tuple[Prose, int, int]]:
        """Return which lines of which text stand in this part of the row."""
        found, start = [], 0
        for prose in self.prose:
            first, last = max(self.first - start, 0), min(self.last - start, len(prose.lines))
            if first < last:
                found.append((prose, first, last))
            start += len(prose.lines)
        return found

    def _text_height(self) -> float:
        return sum(prose.leading * (last - first) for prose, first, last in self._lines())

    def height(self, pitch: float) -> float:  # noqa: D102
        return max(pitch, self._text_height() + 2.6 * MM)

    def split(self, room: float, pitch: float) -> tuple[Piece, Piece] | None:  # noqa: D102
        if self.last - self.first < _SPLIT_LINES:
            return None
        upper, lower = copy(self), copy(self)
        for cut in range(self.last - 2, self.first + 1, -1):
            upper.last = lower.first = cut
            if upper.height(pitch) <= room:
                return upper, lower
        return None

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        height = self.height(pitch)
        bottom, middle = top - height, top - height / 2
        lines = self._lines()
        text_top = middle + self._text_height() / 2
        start = left + self.indent
        with sheet.artifact() as canvas:
            canvas.setStrokeColor(HexColor(self.look.colours.rule))
            canvas.setLineWidth(0.4)
            canvas.line(start, bottom, left + self.width, bottom)
        if self.first == 0 and self.point.level and self.label:
            level = self.point.level
            y = text_top - lines[0][0].leading / 2
            with sheet.content(self.label) as canvas:
                draw_level(canvas, level.shape, level.colour, start + 2 * MM + _MARK / 2, y, _MARK)
        for prose, first, last in lines:
            prose.draw(sheet, left + self.text_left, text_top, first, last)
            text_top -= prose.leading * (last - first)
        if self.first == 0:
            for form, (name, x, y) in zip(self.forms, self.boxes(left, top, pitch), strict=True):
                self._box(sheet, form, name, x, y)

    def boxes(self, left: float, top: float, pitch: float) -> list[tuple[tuple[str, ...], float, float]]:
        """Return name, left and bottom of each box if the row's top left corner stands there."""
        if self.first:
            return []
        y = top - self.height(pitch) / 2 - BOX / 2
        return [
            (
                box_name(self.look.checklist, box.checkpoint, box.state, box.only),
                self.places.middle(left + self.width, number) - BOX / 2,
                y,
            )
            for number, box in enumerate(self.point.boxes)
        ]

    def _box(self, sheet: Sheet, form: Element, name: tuple[str, ...], x: float, y: float) -> None:
        box = self.point.boxes[self.forms.index(form)]
        with sheet.artifact() as canvas:  # on the page itself, for prints without annotations
            canvas.setStrokeColor(black)
            canvas.setFillColor(white)
            canvas.setLineWidth(BOX_LINE)
            canvas.rect(x, y, BOX, BOX, stroke=1, fill=1)
        if not self.look.fixed:
            sheet.annotate(form, (x, y, x + BOX, y + BOX), CheckBox(name, box.label, bool(box.checked)))
        elif box.checked is None:
            style = Style(self.look.styles.bold, 0.9 * BOX, self.look.colours.unclear)
            sheet.text(form, x + (BOX - style.face.width("?", style.size)) / 2, y + 0.17 * BOX, "?", style)
        else:
            with sheet.content(form) as canvas:
                if box.checked:
                    draw_tick(canvas, x, y, BOX)


#: How an archive copy says what is in a box: the state of a PrintField (ISO 32000-1, table 348), and the word for it.
_STATES = {True: ("on", "ticked"), False: ("off", "not_ticked"), None: ("neutral", "unclear")}


def _form(look: Look, parent: Element, box: d.Box) -> Element:
    """Add the element of a box; in an archive copy it says name and state itself."""
    element = parent.add("Form")
    if look.fixed:
        state, word = _STATES[box.checked]
        element.id = ".".join(box_name(look.checklist, box.checkpoint, box.state, box.only))
        element.attributes = (("PrintField", "Role", "cb"), ("PrintField", "checked", state))
        element.field = box.label
        element.alternate = f"{box.label}: {look.words[word]}"
    return element
