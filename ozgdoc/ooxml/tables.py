"""Tables of WordprocessingML (ISO/IEC 29500-1, 17.4): fixed widths, a marked header row, a name and a description."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from ozgdoc.ooxml.xml import element


def table(
    style: str,
    widths: Sequence[int],
    rows: Sequence[etree._Element],
    caption: str,
    description: str = "",
    *,
    header: bool = True,
) -> etree._Element:
    """Return a ``w:tbl``.

    Args:
        style: id of a table style.
        widths: of the columns, in twips.
        rows: see `row`.
        caption: its name, which screen readers say.
        description: what it holds, in words.
        header: the first row and the first column are headers.
    """
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val=style),
        element("w:tblW", w=sum(widths), type="dxa"),
        element("w:tblLayout", type="fixed"),
        element(
            "w:tblLook", val="04A0" if header else "0400", firstRow=int(header), lastRow=0,
            firstColumn=int(header), lastColumn=0, noHBand=0, noVBand=1,
        ),
        element("w:tblCaption", val=caption),
    )  # fmt: skip
    if description:
        properties.append(element("w:tblDescription", val=description))
    grid = element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths))
    return element("w:tbl", properties, grid, *rows)


def row(widths: Sequence[int], cells: Sequence[Sequence[etree._Element]], *, header: bool = False, height: int = 0,
        align: str = "center") -> etree._Element:  # fmt: skip
    """Return a ``w:tr`` that does not break across pages.

    Args:
        widths: of the cells, in twips.
        cells: the blocks of each cell; at least one each, the last a paragraph.
        header: it is repeated on every page that the table reaches.
        height: the least, in twips.
        align: ``top``, ``center`` or ``bottom``.
    """
    properties = element("w:trPr", element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if header:
        properties.append(element("w:tblHeader"))
    made = element("w:tr", properties)
    for width, blocks in zip(widths, cells, strict=True):
        about = element("w:tcPr", element("w:tcW", w=width, type="dxa"), element("w:vAlign", val=align))
        made.append(element("w:tc", about, *blocks))
    return made
