"""The reference document: whatever Word calls a style, and the page, come from a .docx that can be replaced.

A reference document of one's own is the house style and stays as it is; only styles that it lacks are taken over from
the built-in one. The built-in one follows the theme: page, typeface, size and colours.
"""

from __future__ import annotations

import copy
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.parser import OxmlElement
from lxml import etree

from ozgdoc import resources
from ozgdoc.errors import DataError, Problem
from ozgdoc.ooxml.xml import NAMESPACES, TWIPS, name
from ozgdoc.theme import Theme

PLACE = "word/reference.docx"

#: Style id → which of the theme's colours its text has; all others have the colour of ``Normal``.
_TEXT = {
    "Normal": "text",
    "Heading1": "accent",
    "Heading2": "accent",
    "Heading3": "accent",
    "Heading4": "muted",
    "Lead": "muted",
    "DraftMark": "muted",
    "Warning": "unclear",
    "Small": "muted",
    "Legend": "muted",
    "TableHead": "muted",
    "CheckpointHelp": "muted",
    "FieldLabel": "muted",
    "FieldHint": "muted",
    "FootnoteText": "muted",
    "FootnoteReference": "accent",
    "Footer": "muted",
    "Hyperlink": "accent",
    "PlaceholderText": "muted",
}
#: Style id → the theme's colour of its shading.
_SHADING = {"Heading2": "band"}
#: Style id → the theme's colour of its lines.
_LINES = {
    "Heading2": "band",
    "Warning": "unclear",
    "FieldValue": "muted",
    "Checklist": "rule",
    "Report": "rule",
}
#: What is scaled with the size of the text.
_LENGTHS = (
    *(("w:sz", "w:val"), ("w:szCs", "w:val"), ("w:spacing", "w:line"), ("w:tab", "w:pos")),
    *(("w:ind", side) for side in ("w:left", "w:right", "w:hanging")),
)
#: Prefixes that the body needs at its root; those after a colon in mc:Ignorable must be declared there.
_ROOT = ("w", "w14", "r", "mc")


def open_reference(theme: Theme) -> WordDocument:
    """Return the reference document, empty, with every style that the writer uses.

    Raises:
        FileNotFoundError: neither the theme's folder nor the built-in one holds it.
        DataError: it is no Word document.
    """
    built_in = resources.find(PLACE)
    path = resources.find(PLACE, theme.templates)
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, etree.XMLSyntaxError, KeyError, ValueError):
        raise DataError(
            [Problem("reference-document", str(path), 0, "this is no Word document", "Save it in Word as .docx.")]
        ) from None
    if path == built_in:
        dress(document, theme)
    else:
        _complete(document, built_in, theme)
    document.part._element = _rooted(document.part.element)  # type: ignore[assignment]
    word: WordDocument = document.part.document
    return word


def dress(document: WordDocument, theme: Theme) -> None:
    """Give a document the page, the typeface, the size and the colours of a theme."""
    page = document.sections[-1]._sectPr.get_or_add_pgSz()
    page.set(name("w:w"), str(round(theme.width * TWIPS)))
    page.set(name("w:h"), str(round(theme.height * TWIPS)))
    page.set(name("w:orient"), "landscape" if theme.width > theme.height else "portrait")
    styles = document.styles.element
    for fonts in styles.iter(name("w:rFonts")):
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(name(f"w:{script}"), theme.family)
    _scale(styles, theme.size)
    for style in styles.findall(name("w:style")):
        _colour(style, theme)


def _scale(styles: etree._Element, size: float) -> None:
    normal = styles.find("w:style[@w:styleId='Normal']/w:rPr/w:sz", NAMESPACES)
    factor = 2 * size / float(normal.get(name("w:val"), "")) if normal is not None else 1.0
    for tag, attribute in _LENGTHS:
        for item in styles.iter(name(tag)):
            value = item.get(name(attribute))
            # Proportional line spacing follows the size by itself.
            if value and (tag != "w:spacing" or item.get(name("w:lineRule")) in ("exact", "atLeast")):
                item.set(name(attribute), str(round(int(value) * factor)))


def _colour(style: etree._Element, theme: Theme) -> None:
    key = style.get(name("w:styleId"), "")
    if key in _TEXT:
        properties = style.find(name("w:rPr"))
        for colour in properties.iter(name("w:color")) if properties is not None else ():
            colour.set(name("w:val"), _hex(theme, _TEXT[key]))
    if key in _SHADING:
        for shading in style.iter(name("w:shd")):
            shading.set(name("w:fill"), _hex(theme, _SHADING[key]))
    if key in _LINES:
        for line in style.iter():
            if line.get(name("w:val")) == "single":
                line.set(name("w:color"), _hex(theme, _LINES[key]))


def _hex(theme: Theme, role: str) -> str:
    return str(getattr(theme.colours, role)).lstrip("#").upper()


def _complete(document: WordDocument, built_in: Path, theme: Theme) -> None:
    """Take over the styles that a house style does not have."""
    source = docx.Document(str(built_in))
    dress(source, theme)
    styles = document.styles.element
    known = {style.get(name("w:styleId")) for style in styles.findall(name("w:style"))}
    for style in source.styles.element.findall(name("w:style")):
        if style.get(name("w:styleId")) not in known:
            styles.append(copy.deepcopy(style))


def _rooted(root: etree._Element) -> etree._Element:
    """Return an empty body under a root that declares all prefixes; lxml can't add one to an element that exists."""
    declared = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    made = OxmlElement("w:document", nsdecls={**declared, **{prefix: NAMESPACES[prefix] for prefix in _ROOT}})
    ignorable = root.get(name("mc:Ignorable"), "").split()
    made.set(name("mc:Ignorable"), " ".join(dict.fromkeys([*ignorable, "w14"])))
    page = root.find(f"{name('w:body')}/{name('w:sectPr')}")
    body = OxmlElement("w:body")
    body.append(OxmlElement("w:sectPr") if page is None else copy.deepcopy(page))
    made.append(body)
    return made
