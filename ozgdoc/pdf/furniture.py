"""What stands on every page of a form: title, draft mark, legend, code and dots, foot.

On the first page it is content; on the others it is repeated for the eye only.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import HexColor

from ozgdoc import document as d
from ozgdoc.identity import PageCode
from ozgdoc.pdf.lines import Style, break_lines, Span
from ozgdoc.pdf.marks import CODE_SIZE, DOT, MM, QUIET, draw_code, draw_dot, draw_level
from ozgdoc.pdf.pieces import Look
from ozgdoc.pdf.tagging import Element, Sheet

MARGIN = 12 * MM  #: of the page on all sides; printers crop what stands nearer to the edge than 10 mm
_AFTER_CODE = 4.5 * MM
_LEGEND_MARK = 2.5 * MM


@dataclass(frozen=True, slots=True)
class Furniture:
    """The repeated parts of a form's pages.

    Attributes:
        width, height: of the page, in points.
    """

    look: Look
    width: float
    height: float
    title: d.Heading | None
    draft: d.Paragraph | None
    legend: d.Legend | None
    foot: d.Paragraph | None
    coded: bool

    # ---------------------------------------------------------------------------------------------------- measures

    @property
    def top(self) -> float:
        """Where the body begins."""
        return self.height - MARGIN - max(CODE_SIZE if self.coded else 0, self._head_height()) - 3 * MM

    @property
    def bottom(self) -> float:
        """Where the body ends: above the code in the corner."""
        return MARGIN + (CODE_SIZE + QUIET if self.coded else 4 * MM)

    @property
    def foot_bottom(self) -> float:
        """Where notes end, which stand beside the code: above the foot line."""
        return MARGIN + (len(self._foot_lines()) * self.look.styles.small.size * 1.28) + 2.2 * MM

    @property
    def foot_width(self) -> float:
        """Width of what may stand beside the code at the foot."""
        return self.width - 2 * MARGIN - (CODE_SIZE + _AFTER_CODE if self.coded else 0)

    def _left(self) -> float:
        return MARGIN + (CODE_SIZE + _AFTER_CODE if self.coded else 0)

    def _right(self) -> float:
        return self.width - MARGIN - (DOT + _AFTER_CODE if self.coded else 0)

    def _title_style(self) -> Style:
        """Return the largest style in which the title fits beside the code, within limits."""
        style = self.look.styles.title
        text = d.plain(self.title.content) if self.title else ""
        room = self._right() - self._left()
        size = style.size
        while size > 0.6 * style.size and style.face.width(text, size) > room:
            size -= 0.5
        return Style(style.face, size, style.colour)

    def _title_lines(self) -> list[str]:
        text = d.plain(self.title.content) if self.title else ""
        lines = break_lines([Span(text, self._title_style(), 0)], self._right() - self._left())
        return ["".join(fragment.text for fragment in line) for line in lines]

    def _legend_width(self) -> float:
        style = self.look.styles.small
        if not self.legend:
            return 0
        labels = [style.face.width(level.label, style.size) for level in self.legend.levels]
        return sum(width + _LEGEND_MARK + 6 * MM for width in labels) + self._sample_width()

    def _sample_width(self) -> float:
        if not (self.legend and self.legend.draft):
            return 0
        style = self.look.styles.small
        words = f"{self.look.words['draft_sample']}  {self.legend.draft}"
        return style.face.width(words, style.size) + 5 * MM

    def _draft_width(self) -> float:
        style = self.look.styles.caption
        return style.face.width(d.plain(self.draft.content), style.size) + 8 * MM if self.draft else 0

    def _legend_beside_title(self) -> bool:
        lines = self._title_lines()
        style = self._title_style()
        used = style.face.width(lines[0], style.size) + self._draft_width() + self._legend_width()
        return len(lines) == 1 and used + 6 * MM < self._right() - self._left()

    def _head_height(self) -> float:
        style = self._title_style()
        height = style.size * 1.2 * len(self._title_lines()) + 3.4 * MM
        return height + (4.5 * MM if self.legend and not self._legend_beside_title() else 0)

    def _foot_lines(self) -> list[str]:
        if not self.foot:
            return []
        spans = [Span(d.plain(self.foot.content), self.look.styles.small, 0)]
        lines = break_lines(spans, self.foot_width - DOT - 45 * MM)
        return ["".join(fragment.text for fragment in line) for line in lines]

    # ----------------------------------------------------------------------------------------------------- drawing

    def draw_head(self, sheet: Sheet, root: Element | None) -> None:
        """Draw title, draft mark and legend; as content of ``root``, or as artifacts without."""
        style = self._title_style()
        x = self._left()
        y = self.height - MARGIN - style.size * 0.86
        title = root.add("H1") if root else None
        for number, line in enumerate(self._title_lines()):
            end = sheet.text(title, x, y - number * style.size * 1.2, line, style)
        bottom = y - (len(self._title_lines()) - 1) * style.size * 1.2
        if self.draft:
            self._draw_draft(sheet, root, end + 3.5 * MM, bottom, style.size)
        if self.legend:
            beside = self._legend_beside_title()
            left = self._right() - self._legend_width() if beside else x
            self._draw_legend(sheet, root, self.legend, left, bottom if beside else bottom - 6 * MM)

    def _draw_draft(self, sheet: Sheet, root: Element | None, x: float, y: float, size: float) -> None:
        assert self.draft  # noqa: S101
        style = self.look.styles.caption
        text = d.plain(self.draft.content)
        width, height = style.face.width(text, style.size) + 4 * MM, style.size * 1.75
        bottom = y + size * 0.36 - height / 2
        with sheet.artifact("Layout" if root else "Pagination") as canvas:
            canvas.setStrokeColor(HexColor(self.look.colours.unclear))
            canvas.setLineWidth(0.8)
            canvas.roundRect(x, bottom, width, height, height / 2, stroke=1, fill=0)
        coloured = Style(style.face, style.size, self.look.colours.unclear)
        sheet.text(root.add("P") if root else None, x + 2 * MM, bottom + height / 2 - style.size * 0.36, text, coloured)

    def _draw_legend(self, sheet: Sheet, root: Element | None, legend: d.Legend, x: float, y: float) -> None:
        styles = self.look.styles
        style = Style(styles.regular, styles.small.size, self.look.colours.text)
        entries = root.add("L") if root else None
        for level in legend.levels:
            x += 6 * MM
            with sheet.artifact("Layout" if root else "Pagination") as canvas:  # the words beside it say what it means
                draw_level(canvas, level.shape, level.colour, x + _LEGEND_MARK / 2, y + style.size * 0.36, _LEGEND_MARK)
            body = entries.add("LI").add("LBody") if entries else None
            x = sheet.text(body, x + _LEGEND_MARK + 1.4 * MM, y, level.label, style) - 1.4 * MM
        if legend.draft:
            body = entries.add("LI").add("LBody") if entries else None
            sample = Style(styles.italic, style.size, style.colour)
            x = sheet.text(body, x + 7 * MM, y, f"{self.look.words['draft_sample']}  ", sample)
            sheet.text(body, x, y, legend.draft, style)

    def draw_foot(self, sheet: Sheet, element: Element | None, number: str) -> None:
        """Draw the foot line and, at its right, the page's number."""
        style = self.look.styles.small
        left = MARGIN + (DOT + 3 * MM if self.coded else 0)
        lines = self._foot_lines()
        for position, line in enumerate(lines):
            y = MARGIN + 0.7 * MM + (len(lines) - 1 - position) * style.size * 1.28
            sheet.text(element, left, y, line, style)
        right = MARGIN + self.foot_width
        sheet.text(None, right - style.face.width(number, style.size), MARGIN + 0.7 * MM, number, style)

    def draw_codes(self, sheet: Sheet, first: PageCode, second: PageCode) -> None:
        """Draw what makes the page known again: two codes, two dots, and the code's text."""
        right_code = self.width - MARGIN - CODE_SIZE
        with sheet.artifact("Pagination") as canvas:
            draw_code(canvas, str(first), MARGIN, self.height - MARGIN - CODE_SIZE)
            draw_code(canvas, str(second), right_code, MARGIN)
            draw_dot(canvas, self.width - MARGIN - DOT / 2, self.height - MARGIN - DOT / 2)
            draw_dot(canvas, MARGIN + DOT / 2, MARGIN + DOT / 2)
        style = Style(self.look.styles.regular, 6, self.look.colours.muted)
        sheet.text(None, self._left(), self.height - MARGIN - CODE_SIZE + 0.2 * MM, first.readable(), style)
