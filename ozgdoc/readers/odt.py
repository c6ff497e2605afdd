"""Word forms that LibreOffice has saved as OpenDocument text (ODF 1.3, part 3).

LibreOffice 7.4 keeps the custom properties, and so the form's identity, but neither the names of its controls nor its
definition. Controls are known by their place, if there are exactly those that the checklist has, and each by the text
beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import APPLICATION
from ozgdoc.model import Checklist, Identity, Notice
from ozgdoc.ooxml.controls import CHECKED, PLACEHOLDER, UNCHECKED
from ozgdoc.readers.filled import Box, Filled, clean_text
from ozgdoc.readers.places import labels, says
from ozgdoc.zips import Zip

CHANNEL = "odt"
MAX_CONTROLS = 20_000
MAX_MEMBERS, MAX_UNPACKED = 2_000, 100_000_000
_MAX_SPACES = 1_000

_NS = {
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}


def _name(short: str) -> str:
    prefix, _, local = short.partition(":")
    return f"{{{_NS[prefix]}}}{local}"


_CONTROL, _INPUT, _NOTE = _name("loext:content-control"), _name("text:text-input"), _name("text:note")
_ROW, _CELL, _HEAD = _name("table:table-row"), _name("table:table-cell"), _name("table:table-header-rows")
_PARAGRAPHS = {_name("text:p"), _name("text:h")}
#: What a text holds without showing it there: notes, and what was deleted while changes were tracked (5.5).
_HIDDEN = {_NOTE, _name("text:tracked-changes"), _name("text:bibliography-mark")}


@dataclass(frozen=True, slots=True)
class _Control:
    """A control as it was found.

    Attributes:
        ticked: of a box; None if its sign contradicts it.
        text: of anything else.
        beside: the text of its table row, or of its cell and the one above.
    """

    box: bool
    ticked: bool | None
    text: str
    beside: str


def read(data: bytes) -> list[Filled]:
    """Return what stands in a Word form that was saved as OpenDocument text: one copy.

    Raises:
        UnreadableError: it is damaged, encrypted or too large.
        UnknownFormError: it is no form of ours.
    """
    package = Zip(data, members=MAX_MEMBERS, unpacked=MAX_UNPACKED)
    if (
        b"encryption-data" in package.read("META-INF/manifest.xml")
        if "META-INF/manifest.xml" in package.members
        else b""
    ):
        raise UnreadableError("it is protected by a password. Save it without one and send it again.")
    identity = _identity(_parse(package, "meta.xml"))
    if identity is None:
        raise UnknownFormError("it is an OpenDocument text, but no form of ours. Send the form that you were given.")
    controls = list(_controls(_parse(package, "content.xml")))
    copy = Filled(CHANNEL, identity, None, {}, (), ())
    return [replace(copy, resolve=lambda checklist: _resolved(copy, controls, checklist))]


def _parse(package: Zip, member: str) -> etree._Element:
    if member not in package.members:
        raise _damaged(f"its part {member} is missing")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(package.read(member), parser)
    except etree.XMLSyntaxError:
        raise _damaged(f"its part {member} is no sound XML") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs say Any
        raise _damaged(f"its part {member} declares a document type")
    return root


def _identity(meta: etree._Element) -> Identity | None:
    found = {
        entry.get(_name("meta:name"), ""): clean_text("".join(str(text) for text in entry.itertext())).strip()
        for entry in meta.iter(_name("meta:user-defined"))
    }

    def said(key: str) -> str:
        return found.get(f"{APPLICATION}.{key}", "")

    if not said("Checklist") or not said("Content"):
        return None
    return Identity(said("Checklist"), said("Version"), said("Content"), {}, said("Instance") or None, said("Layout"))


# ----------------------------------------------------------------------------------------------------------- controls


def _controls(root: etree._Element) -> Iterator[_Control]:
    """Yield the controls that hold no other, in the order of the document."""
    beside: dict[etree._Element, str] = {}
    for number, element in enumerate(root.iter(_CONTROL, _INPUT)):
        if number == MAX_CONTROLS:
            raise UnreadableError(f"it has more than {MAX_CONTROLS} controls; that is no form. Send the form itself.")
        if any(around.tag in _HIDDEN for around in element.iterancestors()):
            continue
        text = _text(element)
        # LibreOffice makes an input of the first line end of each group, and groups are controls of their own.
        if next(element.iterdescendants(_CONTROL, _INPUT), None) is not None or text == "\r":
            continue
        box = element.get(_name("loext:checkbox")) == "true"
        place = _place(element, box)
        if place not in beside:
            beside[place] = _text(place) if box else _above(place) + _text(place)
        entered = "" if element.get(_name("loext:showing-place-holder")) == "true" else text
        ticked = _ticked(element, text) if box else None
        yield _Control(box, ticked, clean_text(entered).strip(PLACEHOLDER[0]), beside[place])


def _place(element: etree._Element, box: bool) -> etree._Element:
    """Return what a control stands in: a box in a row, anything else in a cell; outside of tables in a paragraph."""
    for around in element.iterancestors(_ROW if box else _CELL):
        return around
    return next((around for around in element.iterancestors() if around.tag in _PARAGRAPHS), element)


def _above(cell: etree._Element) -> str:
    """Return the text of the cell above one, where labels may stand."""
    row = cell.getparent()
    if row is None or cell.tag != _CELL:
        return ""
    before = next(row.itersiblings(_ROW, _HEAD, preceding=True), None)
    rows = before.findall(_ROW) if before is not None and before.tag == _HEAD else [before]
    heads = [] if not rows or rows[-1] is None else rows[-1].findall(_CELL)
    place = row.findall(_CELL).index(cell)
    return _text(heads[place]) + "\n" if place < len(heads) else ""


def _ticked(element: etree._Element, shown: str) -> bool | None:
    """Return whether a box is ticked; None if its sign was typed over and says something else."""
    checked = element.get(_name("loext:checked")) == "true"
    on = element.get(_name("loext:checked-state")) or CHECKED
    off = element.get(_name("loext:unchecked-state")) or UNCHECKED
    # Programs that set the state from outside leave the old sign beside the new one.
    return checked if set(shown.strip()) <= ({on, off} if checked else {off}) else None


def _text(root: etree._Element) -> str:
    """Return the text that is shown; paragraphs are lines."""
    pieces: list[str] = []

    def visit(element: etree._Element) -> None:
        if element.tag in _PARAGRAPHS and pieces:
            pieces.append("\n")
        pieces.append(element.text or "")
        for child in element:
            if child.tag == _name("text:s"):
                count = child.get(_name("text:c"), "1")
                pieces.append(" " * min(int(count), _MAX_SPACES) if count.isdecimal() and len(count) < 9 else " ")
            elif child.tag in (_name("text:tab"), _name("text:line-break")):
                pieces.append("\t" if child.tag == _name("text:tab") else "\n")
            elif isinstance(child.tag, str) and child.tag not in _HIDDEN:
                visit(child)
            pieces.append(child.tail or "")

    visit(root)
    return "".join(pieces)


# ------------------------------------------------------------------------------------------------------------- values


def _resolved(copy: Filled, controls: Sequence[_Control], checklist: Checklist) -> Filled:
    """Return the copy with its boxes and fields: each control is the one that has its place in the form.

    Raises:
        UnreadableError: there are more or fewer boxes than the form has.
    """
    notices: list[Notice] = []
    wanted = dict(labels(checklist))
    boxes = [tag for tag in wanted if tag.startswith("checkpoints.")]
    found = [control for control in controls if control.box]
    if len(found) != len(boxes):
        message = f"it has {len(found)} boxes and the form {len(boxes)}, and LibreOffice has lost their names"
        raise UnreadableError(f"{message}. Save the form as .docx and send that.")
    ticked = []
    for control, tag in zip(found, boxes, strict=True):
        point, _, state = tag.partition(".")[2].partition(".")
        sure = says(control.beside, wanted[tag])
        if not sure:
            notices.append(Notice("value-conflict", "another text stands beside the box; a person has to look", tag))
        elif control.ticked is None:
            message = "the box's sign was typed over and says something else than the box itself"
            notices.append(Notice("value-conflict", message, tag))
        ticked.append(Box(point, state or None, control.ticked if sure else None))
    fields = _fields([control for control in controls if not control.box], checklist, notices)
    notices.append(Notice("matched-by-place", "LibreOffice has lost the names; the boxes were known by their places"))
    return replace(copy, boxes=tuple(ticked), fields=fields, notices=tuple(notices), resolve=None)


def _fields(found: Sequence[_Control], checklist: Checklist, notices: list[Notice]) -> dict[str, str]:
    """Return what was entered, each text in the field beside whose label it stands."""
    fields: dict[str, str] = {}
    same = len(found) == len(checklist.fields)
    for place, field in enumerate(checklist.fields):
        near = [found[place]] if same else []
        near = [control for control in near if says(control.beside, field.label)]
        if near:
            fields[field.id] = near[0].text
        else:
            notices.append(Notice("field-missing", "the field is not where it was; its text was not read", field.id))
    return fields


def _damaged(why: str) -> UnreadableError:
    return UnreadableError(f"the OpenDocument file is damaged: {why}. Save it again, or ask for a new copy.")
