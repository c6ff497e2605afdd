"""What stands on every page of a form: title, draft mark, legend, code and dots, foot.

On the first page it is content; on the others it is repeated for the eye only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reportlab.lib.colors import HexColor

from ozgdoc import document as d
from ozgdoc.identity import PageCode
from ozgdoc.pdf.lines import Span, Style, break_lines
from ozgdoc.pdf.marks import CODE_SIZE, DOT, MM, QUIET, draw_code, draw_dot, draw_level
from ozgdoc.pdf.pieces import Look
from ozgdoc.pdf.prose import LEADING
from ozgdoc.pdf.tagging import Element, Sheet

MARGIN = 12 * MM  #: of the page on all sides; printers crop what stands nearer to the edge than 10 mm
_AFTER_CODE = 4.5 * MM
_LEGEND_MARK = 2.5 * MM
_BETWEEN = 6 * MM  #: two entries of the legend


@dataclass(frozen=True)
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
        return self._head_bottom() - 3 * MM

    @property
    def bottom(self) -> float:
        """Where the body ends: above the code in the corner and the foot line."""
        return max(MARGIN + (CODE_SIZE + QUIET if self.coded else 4 * MM), self.foot_bottom)

    @property
    def foot_bottom(self) -> float:
        """Where notes end, which stand beside the code: above the foot line."""
        return MARGIN + (len(self._foot_lines) * self.look.styles.small.size * LEADING) + 2.2 * MM

    @property
    def foot_width(self) -> float:
        """Width of what may stand beside the code at the foot."""
        return self.width - 2 * MARGIN - (CODE_SIZE + _AFTER_CODE if self.coded else 0)

    def _left(self) -> float:
        return MARGIN + (CODE_SIZE + _AFTER_CODE if self.coded else 0)

    def _right(self) -> float:
        return self.width - MARGIN - (DOT + _AFTER_CODE if self.coded else 0)

    @cached_property
    def _title_style(self) -> Style:
        """Return the largest style in which the title fits beside the code, within limits."""
        style = self.look.styles.title
        text = d.plain(self.title.content) if self.title else ""
        room = self._right() - self._left() - self._draft_width()
        size = style.size
        while size > 0.6 * style.size and style.face.width(text, size) > room:
            size -= 0.5
        return Style(style.face, size, style.colour)

    @cached_property
    def _title_lines(self) -> list[str]:
        text = d.plain(self.title.content) if self.title else ""
        room = self._right() - self._left() - self._draft_width()
        lines = break_lines([Span(text, self._title_style, 0)], room)
        return ["".join(fragment.text for fragment in line) for line in lines]

    @cached_property
    def _legend_style(self) -> Style:
        """Return the style of the legend: so small that the longest label fits on a line."""
        style = self.look.styles.small
        labels = [level.label for level in self.legend.levels] if self.legend else []
        room = self._right() - self._left() - _LEGEND_MARK - 1.4 * MM
        widest = max((style.face.width(label, style.size) for label in labels), default=0)
        return Style(style.face, style.size * min(1, room / max(widest, 1)), self.look.colours.text)

    @cached_property
    def _legend_entries(self) -> list[tuple[d.Level | None, float]]:
        """Return what the legend explains, with the width of each; None is the sample of the draft style."""
        if not self.legend:
            return []
        style = self._legend_style
        entries: list[tuple[d.Level | None, float]] = [
            (level, _LEGEND_MARK + 1.4 * MM + style.face.width(level.label, style.size)) for level in self.legend.levels
        ]
        if self.legend.draft:
            words = f"{self.look.words['draft_sample']}  {self.legend.draft}"
            entries.append((None, self.look.styles.bold.width(words, style.size)))
        return entries

    @cached_property
    def _legend_lines(self) -> list[list[tuple[d.Level | None, float]]]:
        lines: list[list[tuple[d.Level | None, float]]] = [[]]
        room = self._right() - self._left()
        for entry in self._legend_entries:
            if lines[-1] and self._line_width([*lines[-1], entry]) > room:
                lines.append([])
            lines[-1].append(entry)
        return lines

    def _line_width(self, entries: list[tuple[d.Level | None, float]]) -> float:
        return sum(width for _, width in entries) + _BETWEEN * (len(entries) - 1)

    def _draft_width(self) -> float:
        style = self.look.styles.caption
        return style.face.width(d.plain(self.draft.content), style.size) + 8 * MM if self.draft else 0

    @cached_property
    def _legend_beside_title(self) -> bool:
        lines, style = self._title_lines, self._title_style
        used = style.face.width(lines[0], style.size) + self._draft_width()
        used += self._line_width(self._legend_entries)
        return len(lines) == 1 and used + 8 * MM < self._right() - self._left()

    def _title_baseline(self) -> float:
        """Return y of the last line of the title."""
        style = self._title_style
        return self.height - MARGIN - style.size * (0.86 + 1.2 * (len(self._title_lines) - 1))

    def _code_baseline(self) -> float:
        """Return y of the code's text: at the foot of the code, or below a title of several lines."""
        return min(self.height - MARGIN - CODE_SIZE + 0.2 * MM, self._title_baseline() - 4 * MM)

    def _legend_leading(self) -> float:
        return self.look.styles.small.size * 1.75

    def _legend_baseline(self) -> float:
        """Return y of the legend's first line."""
        if self._legend_beside_title:
            return self._title_baseline()
        return (self._code_baseline() if self.coded else self._title_baseline()) - self._legend_leading()

    def _head_bottom(self) -> float:
        lowest = [self._title_baseline(), self.height - MARGIN - CODE_SIZE if self.coded else self.height - MARGIN]
        if self.coded:
            lowest.append(self._code_baseline())
        if self.legend:
            lowest.append(self._legend_baseline() - (len(self._legend_lines) - 1) * self._legend_leading())
        return min(lowest)

    @cached_property
    def _foot_lines(self) -> list[str]:
        if not self.foot:
            return []
        style = self.look.styles.small
        number = self.look.words["page"].format(page=999, pages=999) + "   WWWWWW 0000000 99" * self.coded
        room = self.foot_width - DOT - 3 * MM - max(42 * MM, style.face.width(number, style.size) + 3 * MM)
        lines = break_lines([Span(d.plain(self.foot.content), style, 0)], room)
        return ["".join(fragment.text for fragment in line) for line in lines]

    # ----------------------------------------------------------------------------------------------------- drawing

    def draw_head(self, sheet: Sheet, root: Element | None) -> None:
        """Draw title, draft mark and legend; as content of ``root``, or as artifacts without."""
        style = self._title_style
        lines, last = self._title_lines, self._title_baseline()
        title = root.add("H1") if root and self.title else None
        end = self._left()
        for number, line in enumerate(lines):
            y = last + (len(lines) - 1 - number) * style.size * 1.2
            end = sheet.text(title, self._left(), y, line, style)
        if self.draft:
            self._draw_draft(sheet, root, self.draft, end + 3.5 * MM, last)
        if self.legend:
            self._draw_legend(sheet, root, self.legend)

    def _draw_draft(self, sheet: Sheet, root: Element | None, draft: d.Paragraph, x: float, y: float) -> None:
        style = self.look.styles.caption
        text = d.plain(draft.content)
        width, height = style.face.width(text, style.size) + 4 * MM, style.size * 1.75
        bottom = y + self._title_style.size * 0.36 - height / 2
        with sheet.artifact("Layout" if root else "Pagination") as canvas:
            canvas.setStrokeColor(HexColor(self.look.colours.unclear))
            canvas.setLineWidth(0.8)
            canvas.roundRect(x, bottom, width, height, height / 2, stroke=1, fill=0)
        coloured = Style(style.face, style.size, self.look.colours.unclear)
        sheet.text(root.add("P") if root else None, x + 2 * MM, bottom + height / 2 - style.size * 0.36, text, coloured)

    def _draw_legend(self, sheet: Sheet, root: Element | None, legend: d.Legend) -> None:
        styles = self.look.styles
        style = self._legend_style
        entries = root.add("L") if root else None
        y = self._legend_baseline()
        for line in [self._legend_entries] if self._legend_beside_title else self._legend_lines:
            x = self._right() - self._line_width(line) if self._legend_beside_title else self._left()
            for level, width in line:
                item = entries.add("LI") if entries else None
                spoken = self.look.words["level" if level else "checkpoint"]
                label = item.add("Lbl", actual=f"{spoken}:") if item else None
                body = item.add("LBody") if item else None
                if level:
                    with sheet.content(label) if label else sheet.artifact("Pagination") as canvas:
                        middle = y + style.size * 0.36
                        draw_level(canvas, level.shape, level.colour, x + _LEGEND_MARK / 2, middle, _LEGEND_MARK)
                    sheet.text(body, x + _LEGEND_MARK + 1.4 * MM, y, level.label, style)
                else:
                    sample = Style(styles.italic, style.size, style.colour)
                    end = sheet.text(label, x, y, f"{self.look.words['draft_sample']}  ", sample)
                    sheet.text(body, end, y, legend.draft or "", style)
                x += width + _BETWEEN
            y -= self._legend_leading()

    def draw_foot(self, sheet: Sheet, element: Element | None, number: str) -> None:
        """Draw the foot line and, at its right, the page's number."""
        style = self.look.styles.small
        left = MARGIN + (DOT + 3 * MM if self.coded else 0)
        lines = self._foot_lines
        for position, line in enumerate(lines):
            y = MARGIN + 0.7 * MM + (len(lines) - 1 - position) * style.size * LEADING
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
        sheet.text(None, self._left(), self._code_baseline(), first.readable(), style)
        sheet.places[f"code-{sheet.page}"] = (sheet.page, self._left(), self._code_baseline())
