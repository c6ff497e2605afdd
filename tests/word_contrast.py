"""How text in a Word file looks by its styles and by direct formatting: its size and its contrast (WCAG 2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ozgdoc.ooxml.xml import name
from tests.word import W

BLACK, WHITE = "000000", "FFFFFF"


def luminance(colour: str) -> float:
    """Return the relative luminance of ``rrggbb``, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours ``rrggbb``, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


class Look:
    """The styles of a document, asked what a run looks like."""

    def __init__(self, styles: etree._Element) -> None:
        self._styles = {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")}
        self._default = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def value(self, run: etree._Element, tag: str, attribute: str = "w:val") -> str | None:
        """Return what a run's formatting says about something, such as ``w:sz``; the nearest that does wins."""
        for properties in self._run_properties(run):
            found = properties.find(name(tag))
            if found is not None:
                return found.get(name(attribute), "")
        return None

    def large(self, run: etree._Element) -> bool:
        """Return whether text is large as WCAG means it: 18 points, or 14 and bold."""
        points = int(self.value(run, "w:sz") or "20") / 2
        return points >= 18 or (points >= 14 and self.value(run, "w:b") not in (None, "0", "false"))

    def contrast(self, run: etree._Element) -> float:
        """Return the contrast of a run's text against what is behind it."""
        behind = self._behind(run)
        colour = self.value(run, "w:color")
        if colour in (None, "", "auto"):
            colour = WHITE if luminance(behind) < 0.18 else BLACK  # Word chooses by the shading
        assert colour is not None
        return ratio(colour, behind)

    def _behind(self, run: etree._Element) -> str:
        for properties in (*self._run_properties(run), *self._around(run)):
            found = properties.find(f"{W}shd")
            if found is not None and (fill := found.get(f"{W}fill", "auto")) != "auto":
                return fill
        return WHITE

    def _run_properties(self, run: etree._Element) -> Iterator[etree._Element]:
        """Yield ``w:rPr``, the nearest first: direct, character style, paragraph style, defaults."""
        direct = run.find(f"{W}rPr")
        if direct is not None:
            yield direct
            yield from self._chain(direct.find(f"{W}rStyle"), "rPr")
        paragraph = next(run.iterancestors(f"{W}p"), None)
        if paragraph is not None:
            yield from self._chain(paragraph.find(f"{W}pPr/{W}pStyle"), "rPr")
        if self._default is not None:
            yield self._default

    def _around(self, run: etree._Element) -> Iterator[etree._Element]:
        """Yield what may shade a run from behind: its paragraph, its cell, its table."""
        for around in run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl"):
            kind = str(around.tag).removeprefix(W)
            properties = around.find(f"{W}{kind}Pr")
            if properties is not None:
                yield properties
                style = properties.find(f"{W}{kind}Style")
                yield from self._chain(style, f"{kind}Pr")
                yield from self._chain(style, "tcPr") if kind == "tbl" else ()

    def _chain(self, used: etree._Element | None, part: str) -> Iterator[etree._Element]:
        """Yield a part of a style and of those that it is based on."""
        while used is not None and (style := self._styles.get(used.get(f"{W}val", ""))) is not None:
            found = style.find(f"{W}{part}")
            if found is not None:
                yield found
            used = style.find(f"{W}basedOn")
