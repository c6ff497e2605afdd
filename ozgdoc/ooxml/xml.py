"""Building WordprocessingML: names, elements and runs (ISO/IEC 29500-1, 17; [MS-DOCX] for ``w14``)."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "cp": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "ds": "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
    "xml": "http://www.w3.org/XML/1998/namespace",
}

#: Points to twentieths of a point, Word's unit of length (17.18.105).
TWIPS = 20

#: What XML 1.0 can't carry, not even escaped (production 2, Char).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def name(prefixed: str) -> str:
    """Return lxml's spelling of a name such as ``w:p``."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def element(tag: str, *children: etree._Element, **attributes: str | int) -> etree._Element:
    """Return a new element.

    Args:
        tag: a prefixed name such as ``w:tab``.
        children: in order.
        attributes: names in the namespace of the tag, such as ``val="1"``.
    """
    prefix, _, _ = tag.partition(":")
    made = etree.Element(name(tag), nsmap={prefix: NAMESPACES[prefix]})
    for key, value in attributes.items():
        made.set(name(f"{prefix}:{key}"), printable(str(value)))
    made.extend(children)
    return made


def printable(text: str) -> str:
    """Return a text that XML can carry: characters that it can't become U+FFFD, so that nobody misses them unseen."""
    return _FORBIDDEN.sub("\ufffd", text)


def run(text: str, *properties: etree._Element) -> etree._Element:
    """Return a ``w:r``; line ends in the text become ``w:br``, tabs ``w:tab``.

    Args:
        text: any text.
        properties: children of ``w:rPr`` in the order of the schema (17.3.2.28).
    """
    made = element("w:r")
    if properties:
        made.append(element("w:rPr", *properties))
    for piece in re.split("([\n\t])", text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece in ("\n", "\t"):
            made.append(element("w:br" if piece == "\n" else "w:tab"))
        elif piece:
            made.append(text_element(piece))
    return made


def text_element(text: str) -> etree._Element:
    """Return a ``w:t`` that keeps its spaces."""
    made = element("w:t")
    made.text = printable(text)
    made.set(name("xml:space"), "preserve")
    return made


def field(code: str, shown: str, *properties: etree._Element) -> list[etree._Element]:
    """Return the runs of a field such as ``PAGE``, with the result that is shown until it is updated (17.16.18)."""

    def part(child: etree._Element) -> etree._Element:
        made = element("w:r")
        if properties:
            made.append(element("w:rPr", *(etree.fromstring(etree.tostring(item)) for item in properties)))
        made.append(child)
        return made

    instruction = element("w:instrText")
    instruction.text = f" {code} "
    return [
        part(element("w:fldChar", fldCharType="begin")),
        part(instruction),
        part(element("w:fldChar", fldCharType="separate")),
        part(text_element(shown)),
        part(element("w:fldChar", fldCharType="end")),
    ]


def paragraph(style: str, *content: etree._Element, properties: tuple[etree._Element, ...] = ()) -> etree._Element:
    """Return a ``w:p``.

    Args:
        style: id of a paragraph style.
        content: runs, controls, hyperlinks.
        properties: children of ``w:pPr`` after ``w:pStyle``, in the order of the schema (17.3.1.26).
    """
    return element("w:p", element("w:pPr", element("w:pStyle", val=style), *properties), *content)
