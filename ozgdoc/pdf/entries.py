"""The entries about the sheet as a whole: labels and fields side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.colors import HexColor, white

from ozgdoc import document as d
from ozgdoc.identity import field_name
from ozgdoc.pdf.flow import Piece
from ozgdoc.pdf.marks import MM
from ozgdoc.pdf.pieces import Block, Look
from ozgdoc.pdf.prose import Prose
from ozgdoc.pdf.tagging import Element, Sheet, TextField

_FIELD = 6.2 * MM  #: height of a field
_BETWEEN = 3 * MM  #: two fields
_PAD = 1 * MM  #: between a text that can't be changed and its frame
_MOST_LINES = 5  #: of a text that can't be changed, within a frame


class FieldRow(Piece):
    """Entries side by side: label and hint above, the field below. In an archive copy its text stands in a frame."""

    before = 2 * MM

    def __init__(self, look: Look, fields: Sequence[d.Field], parent: Element, width: float) -> None:
        self._look, self._fields, self._width = look, fields, width
        self._elements = [parent.add("P") for _ in fields]
        style = look.styles.small
        self._labels = [
            Prose(_label(look, field), element, look.styles, style, share - _BETWEEN, look.references)
            for field, element, share in zip(fields, self._elements, self._widths(), strict=True)
        ]
        self._texts = [
            _entered(look, field, element, share - _BETWEEN - 2 * _PAD) if look.fixed else None
            for field, element, share in zip(fields, self._elements, self._widths(), strict=True)
        ]

    @property
    def _frame(self) -> float:
        """Height of the frames."""
        return max([_FIELD, *(text.height + 2 * _PAD for text in self._texts if text)])

    def height(self, pitch: float) -> float:  # noqa: D102
        return max(label.height for label in self._labels) + 0.5 * MM + self._frame

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        bottom = top - self.height(pitch)
        for number, (field, label, width) in enumerate(zip(self._fields, self._labels, self._widths(), strict=True)):
            label.draw(sheet, left, bottom + self._frame + 0.5 * MM + label.height)
            self._draw_frame(sheet, left, bottom, width - _BETWEEN)
            if text := self._texts[number]:
                text.draw(sheet, left + _PAD, bottom + self._frame - max(_PAD, (_FIELD - text.leading) / 2))
            else:
                self._annotate(sheet, field, self._elements[number], left, bottom, width - _BETWEEN)
            left += width

    def _widths(self) -> list[float]:
        """Share the width by what is typed there; a field whose label needs more than its share gets that."""
        width = self._width + _BETWEEN
        shares = {field.id: _SHARES[field.type] for field in self._fields}
        widths: dict[str, float] = {}
        for field in sorted(self._fields, key=lambda f: shares[f.id] / field_width(self._look, f, self._width)):
            left = [shares[other] for other in shares if other not in widths]
            share = (width - sum(widths.values())) * shares[field.id] / sum(left)
            widths[field.id] = max(share, field_width(self._look, field, self._width))
        return [widths[field.id] for field in self._fields]

    def _draw_frame(self, sheet: Sheet, left: float, bottom: float, width: float) -> None:
        with sheet.artifact() as canvas:
            canvas.setStrokeColor(HexColor(self._look.colours.muted))
            canvas.setFillColor(white)
            canvas.setLineWidth(0.5)
            canvas.roundRect(left, bottom, width, self._frame, 0.6 * MM, stroke=1, fill=1)

    def _annotate(
        self, sheet: Sheet, field: d.Field, element: Element, left: float, bottom: float, width: float
    ) -> None:
        name = field_name(self._look.checklist, field.id)
        options = field.options if field.type == "choice" else None
        size = self._look.styles.body.size
        widget = TextField(name, _spoken(self._look, field), field.value, size, field.required, options)
        sheet.annotate(element.add("Form"), (left, bottom, left + width, bottom + _FIELD), widget)


def entries(look: Look, fields: Sequence[d.Field], parent: Element, width: float) -> Iterator[Piece]:
    """Yield the pieces of some entries: as many side by side as there is room for.

    In an archive copy an entry whose text is long stands alone, and may be divided between pages.
    """
    row: list[d.Field] = []
    used = 0.0
    for field in fields:
        needed = field_width(look, field, width)
        long = look.fixed and _is_long(look, field, width)
        if row and (long or used + needed > width + 3 * MM):
            yield FieldRow(look, row, parent, width)
            row, used = [], 0.0
        if long:
            element = parent.add("P")
            yield Block(
                Prose(_label(look, field), element, look.styles, look.styles.small, width, look.references),
                2 * MM,
                keep=True,
            )
            yield Block(_entered(look, field, element, width), 0.5 * MM)
        else:
            row.append(field)
            used += needed
    if row:
        yield FieldRow(look, row, parent, width)


def _is_long(look: Look, field: d.Field, width: float) -> bool:
    """Return whether a text is too long for the frame that its entry would get at least."""
    return len(_entered(look, field, Element("P"), field_width(look, field, width) - 6 * MM).lines) > _MOST_LINES


def _entered(look: Look, field: d.Field, parent: Element, width: float) -> Prose:
    """Return what was entered, as content of an element that says what it was (ISO 32000-1, table 348)."""
    element = parent.add("Form", id=".".join(field_name(look.checklist, field.id)), field=_spoken(look, field))
    element.attributes = (("PrintField", "Role", "tv"),)
    element.actual = field.value or look.words["not_given"]
    lines = look.styles.regular.printable(field.value or "–").split("\n")
    content = [node for line in lines for node in (d.Break(), d.Text(line))][1:]
    return Prose(content, element, look.styles, look.styles.body, width, look.references)


def _spoken(look: Look, field: d.Field) -> str:
    """Return what a screen reader says for a field."""
    return ", ".join(filter(None, (field.label, field.hint, look.words["required"] * field.required)))


#: How entries share the width of a row.
_SHARES = {"text": 3.0, "choice": 2.0, "date": 1.0}


def _label(look: Look, field: d.Field) -> tuple[d.Inline, ...]:
    """Return a field's label and hint as they are shown."""
    label = d.Strong((d.Text(_name(look, field)),))
    return (label, d.Text(f"  {field.hint}")) if field.hint else (label,)


def _name(look: Look, field: d.Field) -> str:
    """Return a field's label; that it is required is said in words, an asterisk would have to be explained."""
    return f"{field.label} ({look.words['required']})" if field.required else field.label


def field_width(look: Look, field: d.Field, width: float) -> float:
    """Return the least width that a field needs, its distance to the next one included.

    That is its label on one line, unless this would take more than half of the page's ``width``.
    """
    small = look.styles.small
    label = look.styles.bold.width(_name(look, field), small.size)
    hint = small.face.width(f"  {field.hint}" if field.hint else "", small.size)
    return min(max(label + hint + 1 * MM, 25 * MM) + _BETWEEN, width / 2)
