"""How well colours stand out from each other, and how well they must: WCAG 2.2, 1.4.3 and 1.4.11 on level AA."""

from __future__ import annotations

from typing import NamedTuple

TEXT = 4.5  #: least contrast of a text (1.4.3); what counts as large is not told apart
GRAPHIC = 3.0  #: least contrast of a graphic that carries meaning, and of a control's border (1.4.11)
PAPER = "#ffffff"  #: what every sheet is printed on
WARNING = "#fdf3e4"  #: behind warnings in HTML


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, from 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def shown(ratio: float) -> str:
    """Return a ratio for a message, such as ``4.49:1``; cut, so that what fails never looks as if it were enough."""
    return f"{int(ratio * 100) / 100:.2f}:1"


class Pair(NamedTuple):
    """Two colours that meet on a sheet.

    Attributes:
        colour: name of the theme's colour in front.
        ground: name of the theme's colour behind it, or a colour that no theme changes.
        least: the contrast that is asked.
        use: what is drawn so, in the plural.
    """

    colour: str
    ground: str
    least: float
    use: str


#: Every pair of a theme's colours that someone must be able to tell apart, in any format. Rules between rows carry no
#: meaning. ``open`` is pale on purpose: a bar has a border, its parts have gaps between them and patterns of their own.
PAIRS = (
    Pair("text", PAPER, TEXT, "running texts"),
    Pair("text", "band", TEXT, "heads of tables"),
    Pair("text", WARNING, TEXT, "warnings"),
    Pair("muted", PAPER, TEXT, "hints and notes"),
    Pair("muted", "band", TEXT, "notes that were jumped to"),
    Pair("accent", PAPER, TEXT, "headings, links and note marks"),
    Pair("accent", "band", TEXT, "headings of sections"),
    Pair("unclear", PAPER, TEXT, "draft marks and warnings"),
    Pair("done", PAPER, GRAPHIC, "bars of charts"),
    Pair("exempt", PAPER, GRAPHIC, "bars of charts"),
)
