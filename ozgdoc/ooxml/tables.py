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
    description: str,
    *,
    row_heads: bool = True,
) -> etree._Element:
    """Return a ``w:tbl``.

    Args:
        style: id of a table style.
        widths: of the columns, in twips.
        rows: see `row`; the first is a header.
        caption: its name, which screen readers say.
        description: what it holds, in words.
        row_heads: the first column holds the headers of the rows.
    """
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val=style),
        element("w:tblW", w=sum(widths), type="dxa"),
        element("w:tblLayout", type="fixed"),
        element(
            "w:tblLook", val="04A0" if row_heads else "0420", firstRow=1, lastRow=0,
            firstColumn=int(row_heads), lastColumn=0, noHBand=0, noVBand=1,
        ),
        element("w:tblCaption", val=caption),
        element("w:tblDescription", val=description),
    )  # fmt: skip
    grid = element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths))
    return element("w:tbl", properties, grid, *rows)


def row(widths: Sequence[int], cells: Sequence[Sequence[etree._Element]], *, header: bool = False, height: int = 0,
        align: str = "center", below: int = 0, breaks: bool = False) -> etree._Element:  # fmt: skip
    """Return a ``w:tr``.

    Args:
        widths: of the cells, in twips.
        cells: the blocks of each cell; at least one each, the last a paragraph.
        header: it is repeated on every page that the table reaches.
        height: the least, in twips.
        align: ``top``, ``center`` or ``bottom``.
        below: room under what stands in the cells, in twips; the table style's if 0.
        breaks: it may go on on the next page.
    """
    properties = element("w:trPr", *([] if breaks else [element("w:cantSplit")]))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if header:
        properties.append(element("w:tblHeader"))
    made = element("w:tr", properties)
    for width, blocks in zip(widths, cells, strict=True):
        about = element("w:tcPr", element("w:tcW", w=width, type="dxa"))
        if below:
            about.append(element("w:tcMar", element("w:bottom", w=below, type="dxa")))
        about.append(element("w:vAlign", val=align))
        made.append(element("w:tc", about, *blocks))
    return made
