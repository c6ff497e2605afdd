"""Fill a Word form the way Word does it: the state, the sign and the text of content controls, nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill(form: bytes, values: Mapping[str, bool | str]) -> bytes:
    """Return a filled copy of a form.

    Args:
        form: a .docx.
        values: tag of a control → ticked or not, or a text. A tag that is not there raises KeyError.
    """
    left = dict(values)

    def enter(root: etree._Element) -> None:
        for control in root.iter(f"{W}sdt"):
            tag = control.find(f"{W}sdtPr/{W}tag")
            if tag is not None and tag.get(f"{W}val") in left:
                _enter(control, left.pop(tag.get(f"{W}val", "")))

    filled = edit(form, "word/document.xml", enter)
    if left:
        raise KeyError(*left)
    return filled


def _enter(control: etree._Element, value: bool | str) -> None:
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    assert properties is not None
    assert content is not None
    if isinstance(value, bool):
        checked = properties.find(f"{W14}checkbox/{W14}checked")
        assert checked is not None
        checked.set(f"{W14}val", str(int(value)))
        value = "\u2611" if value else "\u2610"
    run = content.find(f"{W}r")
    assert run is not None
    for child in [*run]:
        if child.tag != f"{W}rPr" or properties.find(f"{W}showingPlcHdr") is not None:
            run.remove(child)
    for placeholder in properties.findall(f"{W}showingPlcHdr"):
        properties.remove(placeholder)
    for number, line in enumerate(value.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        for place, piece in enumerate(line.split("\t")):
            if place:
                etree.SubElement(run, f"{W}tab")
            text = etree.SubElement(run, f"{W}t")
            text.text = piece
            text.set(SPACE, "preserve")


def edit(form: bytes, member: str, change: Callable[[etree._Element], None]) -> bytes:
    """Return a copy of a package in which the XML of one member was changed."""

    def rewrite(data: bytes) -> bytes:
        root = etree.fromstring(data)
        change(root)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

    return replace(form, member, rewrite)


def replace(form: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a copy of a package in which the bytes of one member were changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if name == member else source.read(name))
    return made.getvalue()


def xml(form: bytes, member: str = "word/document.xml") -> etree._Element:
    """Return the root of a member."""
    with zipfile.ZipFile(io.BytesIO(form)) as source:
        return etree.fromstring(source.read(member))
