"""Filled PDF forms, as viewers and programs leave them.

A value is taken from the field (/V, inherited) and from the widget (/AS against the widget's own appearances): where
both are there they must agree. Nothing in the file is executed, resolved outside of it, or trusted to be of its kind.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import APPLICATION, NAMESPACE
from ozgdoc.model import Identity, Notice
from ozgdoc.readers.filled import MAX_TEXT, Box, Filled, clean_text, from_record

CHANNEL = "pdf-form"
ARCHIVE_CHANNEL = "pdf-archive"

_MAX_FIELDS = 50_000
_MAX_DEPTH = 32
_MAX_DEFINITION = 2_000_000

#: What programs write for an unticked box, besides /Off.
_OFF = {"off", "no", "false", "0", ""}
#: What programs write for a ticked box if they don't look at its appearances.
_ON = {"yes", "on", "true", "1"}
#: A language tag inside UTF-16 text (ISO 32000-1, 7.9.2.2).
_LANGUAGE = re.compile("\x1b[^\x1b]{0,12}\x1b")


def read(data: bytes) -> list[Filled]:
    """Read a filled PDF.

    Args:
        data: the file; the caller bounds its size.

    Raises:
        UnreadableError: it is damaged, or needs a password.
        UnknownFormError: it is a sound PDF, but carries no form of ours.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise UnreadableError("it is protected by a password. Save it without one and send it again.") from None
    except pikepdf.PdfError as error:
        reason = str(error).partition("\n")[0].rpartition(": ")[2][:120]  # without the name of our own stream
        raise UnreadableError(f"it is no sound PDF ({reason}). Ask for the file again.") from None
    with pdf:
        return [_read(pdf)]


def _read(pdf: Pdf) -> Filled:
    identity, definition, record = _identity(pdf)
    if identity and record is not None:
        return _archive_copy(pdf, from_record(record, identity, definition, ARCHIVE_CHANNEL))
    found = _Found()
    for widget in _widgets(pdf):
        found.take(widget)
    if identity is None:
        if found.boxes or found.texts:
            raise UnknownFormError("it has form fields, but doesn't say which checklist it belongs to.")
        raise UnknownFormError("it is a PDF without a form of ours. Send the form that you were given.")
    boxes, fields = found.settle()
    return Filled(CHANNEL, identity, definition, fields, boxes, tuple(found.notices))


# ----------------------------------------------------------------------------------------------------------- identity


def _identity(pdf: Pdf) -> tuple[Identity | None, bytes | None, bytes | None]:
    """Return what the form carries: the private data of its pages, else the XMP packet.

    Returns:
        identity, definition, and the record of an archive copy.
    """
    for page in pdf.pages:
        private = _path(page.obj, "/PieceInfo", f"/{APPLICATION}", "/Private")
        if isinstance(private, Dictionary) and (identity := _from_texts(_texts(private))):
            return identity, _carried(private.get("/definition")), _carried(private.get("/record"))
    packet = pdf.Root.get("/Metadata")
    if isinstance(packet, Stream):
        return _from_texts(_from_packet(_bytes(packet))), None, None
    return None, None, None


def _from_texts(texts: dict[str, str]) -> Identity | None:
    if not texts.get("checklist"):
        return None
    return Identity(
        checklist=texts["checklist"],
        version=texts.get("version", ""),
        content=texts.get("content", ""),
        checkpoints={},
        instance=texts.get("instance") or None,
        layout=texts.get("layout", ""),
    )


def _texts(private: Dictionary) -> dict[str, str]:
    return {str(key)[1:]: _decode(bytes(value)) for key, value in private.items() if isinstance(value, String)}


def _from_packet(packet: bytes) -> dict[str, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(packet.strip(), parser) if packet.strip() else None
    if root is None:
        return {}
    own = f"{{{NAMESPACE}}}"
    texts = {str(e.tag)[len(own) :]: e.text or "" for e in root.iter() if str(e.tag).startswith(own)}
    for element in root.iter():  # some programs write simple properties as attributes
        texts |= {str(k)[len(own) :]: str(v) for k, v in element.attrib.items() if str(k).startswith(own)}
    return texts


def _carried(stream: Object | None) -> bytes | None:
    return _bytes(stream) if isinstance(stream, Stream) else None


def _bytes(stream: Stream) -> bytes:
    try:
        return stream.read_bytes()[: _MAX_DEFINITION + 1]
    except pikepdf.PdfError:
        return b""


def _archive_copy(pdf: Pdf, copy: Filled) -> Filled:
    """Return the values that an archive copy carries, each against what its structure says that it shows."""
    shown = _print_fields(pdf)
    notices = list(copy.notices)
    boxes = []
    for box in copy.boxes:
        name = ".".join(filter(None, ("checkpoints", box.checkpoint, box.state)))
        said = shown.get(name, box.value)
        if said is not box.value:
            message = f"the archive copy shows {_WORDS.get(said, said)}, and carries {_WORDS[box.value]}"
            notices.append(Notice("value-conflict", f"{message}; a person has to look", name))
        boxes.append(box if said is box.value else replace(box, value=None))
    for field_, text in copy.fields.items():
        if isinstance(said := shown.get(f"fields.{field_}"), str) and text and said != text:
            message = f'the archive copy shows "{said[:60]}", and carries "{text[:60]}"; the latter was taken'
            notices.append(Notice("value-conflict", message, field_))
    return replace(copy, boxes=tuple(boxes), notices=tuple(notices))


def _print_fields(pdf: Pdf) -> dict[str, bool | str | None]:
    """Return what the fields of an archive copy say in the structure tree, by name without the checklist's id."""
    found: dict[str, bool | str | None] = {}
    names = _path(pdf.Root, "/StructTreeRoot", "/IDTree", "/Names")
    for element in list(names)[1 : 2 * _MAX_FIELDS : 2] if isinstance(names, Array) else ():
        attributes, key = _path(element, "/A"), _path(element, "/ID")
        if not isinstance(attributes, Dictionary) or attributes.get("/O") != Name.PrintField:
            continue
        name = _text(key).partition(".")[2]
        if attributes.get("/Role") == Name.cb:
            found[name] = _STATES.get(str(attributes.get("/checked")))
        else:
            found[name] = clean_text(_text(_path(element, "/ActualText")))
    return found


#: The states of a check box that can't be changed any more (ISO 32000-1, table 348).
_STATES = {"/on": True, "/off": False}


def _path(start: Object, *keys: str) -> Object | None:
    value: Object | None = start
    for key in keys:
        if not isinstance(value, Dictionary):
            return None
        value = value.get(key)
    return value


# ------------------------------------------------------------------------------------------------------------- fields


def _widgets(pdf: Pdf) -> Iterator[Dictionary]:
    """Yield every field that has no fields below it, once: those of the form and those of the pages.

    Widgets can be missing from either after a program has merged or repaired a file.
    """
    seen: set[tuple[int, int]] = set()
    count = 0
    queue: list[tuple[Object, int]] = []
    roots = _path(pdf.Root, "/AcroForm")
    for source in (roots.get("/Fields") if isinstance(roots, Dictionary) else None, *_annotations(pdf)):
        if isinstance(source, Array):
            queue.extend((item, 0) for item in reversed(list(source)))
        while queue and count < _MAX_FIELDS:
            item, depth = queue.pop()
            if not isinstance(item, Dictionary) or depth > _MAX_DEPTH:
                continue
            if item.is_indirect:
                if item.objgen in seen:
                    continue
                seen.add(item.objgen)
            count += 1
            kids = item.get("/Kids")
            if isinstance(kids, Array) and len(kids):
                queue.extend((kid, depth + 1) for kid in reversed(list(kids)))
            elif item.get("/Subtype") in (Name.Widget, None):
                yield item


def _annotations(pdf: Pdf) -> Iterator[Object | None]:
    for page in pdf.pages:
        yield page.obj.get("/Annots")


def _inherited(widget: Dictionary, key: str) -> Object | None:
    """Return a field's value, its own or its nearest ancestor's (ISO 32000-1, 12.7.3.1)."""
    node: Object | None = widget
    for _ in range(_MAX_DEPTH):
        if not isinstance(node, Dictionary):
            break
        if (value := node.get(key)) is not None:
            return value
        node = node.get("/Parent")
    return None


def _name(widget: Dictionary) -> list[str]:
    """Return the parts of a field's name, outermost first; programs also write dots into a single part."""
    parts: list[str] = []
    node: Object | None = widget
    for _ in range(_MAX_DEPTH):
        if not isinstance(node, Dictionary):
            break
        if isinstance(part := node.get("/T"), String):
            parts[:0] = _decode(bytes(part)).split(".")
        node = node.get("/Parent")
    return parts


@dataclass
class _Found:
    """Every occurrence of every box and text, until all are known."""

    boxes: dict[tuple[str, str | None], list[bool | None]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def take(self, widget: Dictionary) -> None:
        parts = _name(widget)
        # Whatever a program put before our name, its end is ours.
        for place in range(len(parts) - 2, -1, -1):
            if parts[place] == "checkpoints" and len(parts) - place in (2, 3):
                checkpoint, state = parts[place + 1], parts[place + 2] if len(parts) - place == 3 else None
                self.boxes.setdefault((checkpoint, state), []).append(self._ticked(widget, ".".join(parts)))
                return
            if parts[place] == "fields" and len(parts) - place == 2:
                self.texts.setdefault(parts[-1], []).append(clean_text(_text(_inherited(widget, "/V"))))
                return

    def _ticked(self, widget: Dictionary, name: str) -> bool | None:
        """Return whether a box is ticked, or None if value and appearance say different things."""
        normal = _path(widget, "/AP", "/N")
        states = {str(key)[1:] for key in normal.keys()} if isinstance(normal, Dictionary) else set()  # noqa: SIM118
        evidence = {
            "its value": _meaning(_inherited(widget, "/V"), states),
            "what it shows": _meaning(widget.get("/AS"), states),
        }
        given = {source: meaning for source, meaning in evidence.items() if meaning is not None}
        meanings = set(given.values())
        if not meanings and states:
            return False  # a box without a value is off (ISO 32000-1, 12.7.4.2.3)
        if not meanings or any(str(key).startswith("/QPDFFake") for key in widget.keys()):  # noqa: SIM118
            self.notices.append(Notice("damaged-field", "the box is damaged; a person has to look", name))
            return None
        if meanings <= {True} or meanings <= {False}:
            return meanings.pop() is True
        said = " and ".join(f"{source} is {_WORDS[meaning]}" for source, meaning in given.items())
        self.notices.append(Notice("value-conflict", f"{said}; a person has to look", name))
        return None

    def settle(self) -> tuple[tuple[Box, ...], dict[str, str]]:
        boxes = []
        for (checkpoint, state), values in self.boxes.items():
            agreed = values[0] if len(set(values)) == 1 else None
            if len(set(values)) > 1:
                message = f"the box is there {len(values)} times, ticked and not ticked; a person has to look"
                self.notices.append(Notice("value-conflict", message, ".".join(filter(None, (checkpoint, state)))))
            boxes.append(Box(checkpoint, state, agreed))
        fields = {}
        for name, texts in self.texts.items():
            different = list(dict.fromkeys(texts))
            fields[name] = different[0]
            if len(different) > 1:
                shown = ", ".join(f'"{text[:60]}"' for text in different[:5])
                self.notices.append(Notice("value-conflict", f"the field is there several times: {shown}", name))
        return tuple(boxes), fields


_WORDS = {True: "ticked", False: "not ticked", None: "neither", "unknown": "neither on nor off"}


def _meaning(value: Object | None, states: set[str]) -> bool | str | None:
    """Return what a box's value or appearance state says, ``unknown`` if it is neither on nor off."""
    if value is None:
        return None
    if isinstance(value, bool):
        return value
    text = _text(value)
    if text in states - {"Off"}:
        return True
    if text.lower() in _OFF:
        return False
    return True if text.lower() in _ON else "unknown"


def _text(value: Object | None) -> str:
    """Return a field's text, whichever way a program has put it."""
    match value:
        case None:
            return ""
        case String():
            return _decode(bytes(value))
        case Name():
            return _name_text(value)
        case Stream():
            return _decode(_bytes(value))
        case Array():
            return ", ".join(_text(item) for item in list(value)[:100])
        case Dictionary():
            return ""
        case _:
            return str(value)


def _name_text(value: Name) -> str:
    try:
        return str(value)[1:]
    except UnicodeDecodeError:  # names are bytes; ours are ASCII, so these mean nothing to us
        return value.unparse()[1:].decode("latin-1")


def _decode(data: bytes) -> str:
    """Decode a text string: by its byte order mark, else UTF-8, else PDFDocEncoding (ISO 32000-1, 7.9.2.2)."""
    data = data[: 4 * MAX_TEXT]
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        order = "be" if data[:2] == b"\xfe\xff" else "le"
        body = data[2:] if len(data) % 2 == 0 else data[2:-1]
        return _LANGUAGE.sub("", body.decode(f"utf-16-{order}", "surrogatepass"))
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("pdfdoc", "replace")
