"""The entries about the sheet as a whole: labels and fields side by side."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor, white

from ozgdoc import document as d
from ozgdoc.identity import field_name
from ozgdoc.pdf.flow import Piece
from ozgdoc.pdf.marks import MM
from ozgdoc.pdf.pieces import Look
from ozgdoc.pdf.prose import Prose
from ozgdoc.pdf.tagging import Element, Sheet, TextField

_FIELD = 6.2 * MM  #: height of a field
_BETWEEN = 3 * MM  #: two fields


class FieldRow(Piece):
    """Entries side by side: label and hint above, the field below."""

    before = 2 * MM

    def __init__(self, look: Look, fields: Sequence[d.Field], parent: Element, width: float) -> None:
        self._look, self._fields, self._width = look, fields, width
        self._elements = [parent.add("P") for _ in fields]
        style = look.styles.small
        self._labels = [
            Prose(_label(look, field), element, look.styles, style, share - _BETWEEN, look.references)
            for field, element, share in zip(fields, self._elements, self._widths(), strict=True)
        ]

    def height(self, pitch: float) -> float:  # noqa: D102
        return max(label.height for label in self._labels) + 0.5 * MM + _FIELD

    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:  # noqa: D102
        widths = self._widths()
        for field, element, label, width in zip(self._fields, self._elements, self._labels, widths, strict=True):
            label.draw(sheet, left, top - self.height(pitch) + _FIELD + 0.5 * MM + label.height)
            self._draw(sheet, field, element, left, top - self.height(pitch), width - _BETWEEN)
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

    def _draw(self, sheet: Sheet, field: d.Field, element: Element, left: float, bottom: float, width: float) -> None:
        styles, colours = self._look.styles, self._look.colours
        with sheet.artifact() as canvas:
            canvas.setStrokeColor(HexColor(colours.muted))
            canvas.setFillColor(white)
            canvas.setLineWidth(0.5)
            canvas.roundRect(left, bottom, width, _FIELD, 0.6 * MM, stroke=1, fill=1)
        name = field_name(self._look.checklist, field.id)
        spoken = ", ".join(filter(None, (field.label, field.hint, self._look.words["required"] * field.required)))
        options = field.options if field.type == "choice" else None
        widget = TextField(name, spoken, field.value, styles.body.size, field.required, options)
        sheet.annotate(element.add("Form"), (left, bottom, left + width, bottom + _FIELD), widget)


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
