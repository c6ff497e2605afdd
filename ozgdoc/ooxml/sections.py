"""Sections of a Word document (ISO/IEC 29500-1, 17.6): page, text columns and footer."""

from __future__ import annotations

import copy

from lxml import etree

from ozgdoc.ooxml.xml import element, name, paragraph

#: What stands after w:cols in w:sectPr (17.6.17).
_AFTER_COLUMNS = (
    *("formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi", "rtlGutter", "docGrid"),
    *("printerSettings", "sectPrChange"),
)
_GAP = 567  #: between text columns, in twips: 1 cm


def text_size(section: etree._Element) -> tuple[int, int]:
    """Return width and height of the text area of a ``w:sectPr``, in twips; where it is silent, A4, margins of 2 cm."""

    def length(tag: str, attribute: str, otherwise: int) -> int:
        found = section.find(name(tag))
        value = None if found is None else found.get(name(attribute))
        return int(value) if value else otherwise

    width = length("w:pgSz", "w:w", 11906) - sum(
        length("w:pgMar", side, otherwise) for side, otherwise in (("w:left", 1134), ("w:right", 1134), ("w:gutter", 0))
    )
    height = length("w:pgSz", "w:h", 16838) - abs(length("w:pgMar", "w:top", 1134))
    return width, height - abs(length("w:pgMar", "w:bottom", 1134))


def column_width(width: int, count: int) -> int:
    """Return the width of each of so many text columns, in twips."""
    return (width - _GAP * (count - 1)) // count


def section(page: etree._Element, columns: int, *, continuous: bool) -> etree._Element:
    """Return a ``w:sectPr`` like another one, with so many text columns.

    Args:
        page: the section whose page, margins, header and footer it has.
        columns: how many.
        continuous: it goes on where the one before it ended, on the same page.
    """
    made = copy.deepcopy(page)
    for tag in ("w:type", "w:cols"):
        for old in made.findall(name(tag)):
            made.remove(old)
    if continuous:
        made.insert(_place(made, ("pgSz", "pgMar", *_AFTER_COLUMNS)), element("w:type", val="continuous"))
    # Word and LibreOffice make them equally wide.
    made.insert(_place(made, _AFTER_COLUMNS), element("w:cols", num=columns, space=_GAP))
    return made


def section_end(properties: etree._Element) -> etree._Element:
    """Return the paragraph of no height that ends a section."""
    return paragraph("Hair", properties=(properties,))


def _place(parent: etree._Element, following: tuple[str, ...]) -> int:
    names = {name(f"w:{tag}") for tag in following}
    return next((position for position, child in enumerate(parent) if child.tag in names), len(parent))
