"""Filled Word forms, whichever program filled them (ISO/IEC 29500-1, 17.5.2; check boxes [MS-DOCX] 2.5.4).

Read is what the document shows: `w14:checked` and the control's text, never values in a custom XML part, which
LibreOffice keeps but does not update. A control is known by its tag, else the path of its binding, else its alias or
that of the control around it (LibreOffice 7.4 drops tags and wraps boxes), else by its place among all controls, if the
label beside it agrees with the definition that the form carries.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import APPLICATION, WORD_NAMESPACE
from ozgdoc.model import Identity, Notice
from ozgdoc.ooxml.controls import CHECKED, LONGEST, LONGEST_KEY, PLACEHOLDER, UNCHECKED, fit
from ozgdoc.ooxml.package import Package, open_package, parse_part
from ozgdoc.ooxml.xml import NAMESPACES, name
from ozgdoc.readers.filled import Box, Filled, clean_text
from ozgdoc.readers.places import labels as labels_of
from ozgdoc.readers.places import says
from ozgdoc.source import parse_definition

CHANNEL = "docx"
MAX_CONTROLS = 20_000
_MAX_KEPT = 1_000_000  #: bytes of a part that is remembered from one copy to the next

_ID = r"[a-z0-9-]+(?:\.[a-z0-9-]+)?"
_SHORTENED = r"~[0-9a-f]{16}"
_TAG = re.compile(rf"(?:checkpoints|fields)\.{_ID}(?:{_SHORTENED})?")
_BINDING = re.compile(rf"@id\s*=\s*['\"]({_ID})['\"]")
_ALIAS = re.compile(rf"({_ID}(?:{_SHORTENED})?)(?:: |$)")
#: Characters of a ``w:r`` that have elements of their own (17.3.3).
_SIGNS = {name("w:br"): "\n", name("w:cr"): "\n", name("w:tab"): "\t", name("w:noBreakHyphen"): "\u2011"}
_TEXT, _SYMBOL, _PARAGRAPH, _CONTROL = name("w:t"), name("w:sym"), name("w:p"), name("w:sdt")
_PROPERTIES, _CONTENT, _VALUE = name("w:sdtPr"), name("w:sdtContent"), name("w:val")
_CHECK_BOX, _GROUP, _SHOWS_PLACEHOLDER = name("w14:checkbox"), name("w:group"), name("w:showingPlcHdr")
#: What stands in a document and is not shown: what was deleted, the second choice for old programs, properties.
_HIDDEN = {name("w:del"), name("w:moveFrom"), name("mc:Fallback"), name("w:instrText")}
_HIDDEN |= {_PROPERTIES, name("w:rPr"), name("w:pPr")}
_TRUE = ("1", "true", "on")


@dataclass(slots=True)
class _Control:
    """A content control that holds no other.

    Attributes:
        element: its ``w:sdt``.
        content: the ``w:sdtContent`` in it.
        box: its ``w14:checkbox``, or None if it holds text.
        tag: the tag that it has, or had when it was made; None as long as nobody knows.
        placeholder: it says that what it shows is a placeholder.
    """

    element: etree._Element
    content: etree._Element
    box: etree._Element | None
    tag: str | None
    placeholder: bool


def read(data: bytes) -> list[Filled]:
    """Return what stands in a filled Word form: one copy.

    Raises:
        UnreadableError: it is damaged, encrypted, too large or no Word document.
        UnknownFormError: it is a Word document, but no form of ours.
    """
    package = open_package(data)
    root = package.parse(package.main)
    identity, definition = _identity(package), _definition(package)
    if identity is None and definition is None:
        raise UnknownFormError("it is a Word document, but no form of ours. Send the form that you were given.")
    notices: list[Notice] = []
    controls = list(_controls(root))
    if any(control.tag is None or "~" in control.tag for control in controls):
        _resolve(controls, definition, notices)
    fields: dict[str, str] = {}
    boxes: dict[tuple[str, str | None], Box] = {}
    for control in controls:
        kind, _, rest = (control.tag or "").partition(".")
        if kind == "checkpoints" and control.box is not None:
            _keep_box(control, rest, boxes, notices)
        elif kind == "fields" and control.box is None:
            _keep_field(control, rest, fields, notices)
        else:
            label = clean_text(_row(control.element))[:60]
            notices.append(Notice("unknown-control", "a control that is none of the form's was left out", label))
    return [Filled(CHANNEL, identity, definition, fields, tuple(boxes.values()), tuple(notices))]


def _keep_box(control: _Control, rest: str, boxes: dict[tuple[str, str | None], Box], notices: list[Notice]) -> None:
    checkpoint, _, state = rest.partition(".")
    value = _ticked(control)
    if value is None:
        message = "the box's sign was typed over and says something else than the box itself"
        notices.append(Notice("value-conflict", message, rest))
    key = (checkpoint, state or None)
    if key in boxes and boxes[key].value != value:
        notices.append(Notice("value-conflict", "the box is there more than once, with different values", rest))
        value = None
    boxes[key] = Box(checkpoint, state or None, value)


def _keep_field(control: _Control, field: str, fields: dict[str, str], notices: list[Notice]) -> None:
    value = _entered(control)
    if fields.get(field, value) != value:
        message = "the field is there more than once, with different texts; the first was taken"
        notices.append(Notice("value-conflict", message, field))
    fields.setdefault(field, value)


# ----------------------------------------------------------------------------------------------------------- identity


def _identity(package: Package) -> Identity | None:
    """Return who the form says it is in its custom properties."""
    found: dict[str, str] = {}
    for part in package.relations:
        if part.kind == "custom-properties":
            for entry in package.parse(part.target).iter(name("cp:property")):
                found[entry.get("name", "")] = clean_text("".join(str(text) for text in entry.itertext())).strip()

    def said(key: str) -> str:
        return found.get(f"{APPLICATION}.{key}", "")

    if not said("Checklist"):
        return None
    return Identity(said("Checklist"), said("Version"), said("Content"), {}, said("Instance") or None, said("Layout"))


def _definition(package: Package) -> bytes | None:
    """Return the canonical JSON that the form carries in a custom XML part."""
    for part in package.relationships(package.main):
        if part.kind == "customXml":
            content = package.read(part.target)
            read_it = _definition_in if len(content) <= _MAX_KEPT else _definition_in.__wrapped__
            if (definition := read_it(content, part.target)) is not None:
                return definition
    return None


@lru_cache(maxsize=8)
def _definition_in(content: bytes, member: str) -> bytes | None:
    """Return the definition in a custom XML part, if it is in there. All copies of a form carry the same."""
    root = parse_part(content, member)
    return (root.text or "").encode() if root.tag == f"{{{WORD_NAMESPACE}}}definition" else None


# ----------------------------------------------------------------------------------------------------------- controls


def _controls(root: etree._Element) -> Iterator[_Control]:
    """Yield the controls that hold no other, in the order of the document."""
    for number, element in enumerate(root.iter(_CONTROL)):
        if number == MAX_CONTROLS:
            raise UnreadableError(f"it has more than {MAX_CONTROLS} controls; that is no form. Send the form itself.")
        parts = _children(element)
        content, properties = parts.get(_CONTENT), parts.get(_PROPERTIES)
        if content is None or properties is None or next(content.iter(_CONTROL), None) is not None:
            continue
        said = _children(properties)
        box = said.get(_CHECK_BOX)
        if box is not None or _GROUP not in said:
            tag = _tag(element, said, box is not None)
            yield _Control(element, content, box, tag, _is_true(said.get(_SHOWS_PLACEHOLDER)))


def _children(element: etree._Element) -> dict[str, etree._Element]:
    """Return the children of an element by name: of those with the same name, the first."""
    return {child.tag: child for child in element.iterchildren(reversed=True)}


def _tag(element: etree._Element, said: Mapping[str, etree._Element], box: bool) -> str | None:
    """Return the tag of a control, or what it must have been by the other traces of it.

    Args:
        element: the control.
        said: its properties by name.
        box: it is a box to tick.
    """
    prefix = "checkpoints" if box else "fields"
    around: etree._Element | None = element
    while around is not None:
        if around is not element:
            properties = around.find(_PROPERTIES) if around.tag == _CONTROL else None
            said = {} if properties is None else _children(properties)
        tag = _value(said, "w:tag", "w:val")
        if _TAG.fullmatch(tag):
            return tag
        if found := _BINDING.search(_value(said, "w:dataBinding", "w:xpath")):
            return f"{prefix}.{found[1]}"
        if found := _ALIAS.match(_value(said, "w:alias", "w:val")):
            return f"{prefix}.{found[1]}"
        around = around.getparent()
    return None


def _value(said: Mapping[str, etree._Element], tag: str, attribute: str) -> str:
    found = said.get(name(tag))
    return "" if found is None else found.get(name(attribute), "")


def _resolve(controls: Sequence[_Control], definition: bytes | None, notices: list[Notice]) -> None:
    """Name controls by the definition: those with a shortened tag, and by place those that have lost all names."""
    try:
        labels = dict(labels_of(parse_definition(definition))) if definition else {}
    except UnreadableError:
        labels = {}  # whoever needs the definition says what is wrong with it
    whole = {fit(tag): tag for tag in labels}
    # A shortened alias holds the id without the prefix of the tag.
    parts = [(tag, *tag.split(".", 1)) for tag in labels]
    whole |= {f"{kind}.{fit(key, longest)}": tag for tag, kind, key in parts for longest in (LONGEST, LONGEST_KEY)}
    for control in controls:
        if control.tag and "~" in control.tag:
            control.tag = whole.get(control.tag)
    if len(controls) != len(labels):
        return
    for control, (tag, label) in zip(controls, labels.items(), strict=True):
        same_kind = (control.box is not None) == tag.startswith("checkpoints.")
        if control.tag is None and same_kind and says(_row(control.element), label):
            control.tag = tag
            notices.append(Notice("matched-by-place", "the control lost its name and was known by its place", tag))


def _row(element: etree._Element) -> str:
    """Return the text beside a control: that of its table row if it is a box, else of its cell and the one above.

    Outside of a table it is that of its paragraph.
    """
    is_box = element.find(f"{_PROPERTIES}/{_CHECK_BOX}") is not None
    row, cell = next(element.iterancestors(name("w:tr")), None), next(element.iterancestors(name("w:tc")), None)
    if row is None or cell is None:
        return _label(next(element.iterancestors(_PARAGRAPH), element))
    if is_box:
        return _label(row)
    cells = row.findall(name("w:tc"))
    head = next(row.itersiblings(name("w:tr"), preceding=True), None)
    heads = [] if head is None else head.findall(name("w:tc"))
    above = dict(zip(cells, heads, strict=False)).get(cell)
    return _label(cell) if above is None else f"{_label(above)}\n{_label(cell)}"


def _label(root: etree._Element) -> str:
    """Return the text that is shown without the marks of notes."""
    whole = copy.deepcopy(root)
    marks = [link for link in whole.iter(name("w:hyperlink")) if link.get(name("w:anchor"))]
    styles = ((run, run.find("w:rPr/w:rStyle", NAMESPACES)) for run in whole.iter(name("w:r")))
    marks += [run for run, style in styles if style is not None and "Footnote" in style.get(_VALUE, "")]
    for mark in marks:
        for text in [*mark.iter(_TEXT)]:
            text.text = ""
    return _text(whole)


# ------------------------------------------------------------------------------------------------------------- values


def _ticked(control: _Control) -> bool | None:
    """Return whether a box is ticked; None if its sign was typed over in a program that does not know such boxes.

    A tick counts if the sign was left as it was: programs that set the state from outside do not always redraw it.
    """
    if control.box is None:
        return None
    said = _children(control.box)
    checked = _value(said, "w14:checked", "w14:val").lower() in _TRUE
    shown = _entered(control).strip()
    on, off = _sign(said, "w14:checkedState", CHECKED), _sign(said, "w14:uncheckedState", UNCHECKED)
    return checked if set(shown) <= ({on, off} if checked else {off}) else None


def _sign(said: Mapping[str, etree._Element], tag: str, otherwise: str) -> str:
    """Return the character that stands for a state (ST_LongHexNumber, 17.18.50)."""
    try:
        return chr(int(_value(said, tag, "w14:val"), 16))
    except (ValueError, OverflowError):
        return otherwise


def _entered(control: _Control) -> str:
    """Return the text in a control; its placeholder is none."""
    if control.placeholder:
        return ""
    # LibreOffice forgets that a placeholder is one, and then people type before or after it.
    return clean_text(_text(control.content)).strip(PLACEHOLDER[0])


def _is_true(switch: etree._Element | None) -> bool:
    """Return whether a property that is there or not is on (ST_OnOff, 22.9.2.7)."""
    return switch is not None and switch.get(_VALUE, "1").lower() in _TRUE


def _text(root: etree._Element) -> str:
    """Return the text that is shown; paragraphs are lines."""
    pieces: list[str] = []

    def visit(element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag == _TEXT:
                pieces.append(child.text or "")
            elif tag in _SIGNS:
                pieces.append(_SIGNS[tag])
            elif tag == _SYMBOL:
                pieces.append(_symbol(child))
            elif tag not in _HIDDEN:
                if tag == _PARAGRAPH and pieces:
                    pieces.append("\n")
                visit(child)

    visit(root)
    return "".join(pieces)


def _symbol(element: etree._Element) -> str:
    """Return the character of a ``w:sym``; those of symbol fonts lie in the private use area (17.3.3.30)."""
    try:
        return chr(int(element.get(name("w:char"), ""), 16))
    except (ValueError, OverflowError):
        return "\ufffd"
