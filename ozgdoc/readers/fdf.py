"""Form data without the form: FDF (ISO 32000-1, 12.7.7) and XFDF (ISO 19444-1), as viewers and programs export it.

The names of the fields say which checklist is answered, nothing says in which version: the copy comes without digest
and with a notice. pdftk, PDFBox and iText all export unticked boxes too; a box that is not there is unknown, not open.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.model import Identity, Notice
from ozgdoc.pdf.values import MAX_BYTES, bounded_bytes, decode, text_value, word_meaning
from ozgdoc.readers.filled import Box, Filled, clean_text

_MAX_FIELDS = 50_000
_MAX_DEPTH = 32

_OBJECT = re.compile(rb"(?<![^\s>])(\d{1,7})\s+(\d{1,5})\s+obj\b")
_ROOT = re.compile(rb"/Root\s+(\d{1,7})\s+(\d{1,5})\s+R\b")
_XFDF = "{http://ns.adobe.com/xfdf/}"


def read(data: bytes) -> list[Filled]:
    """Return what stands in an FDF or XFDF file: one copy.

    Args:
        data: the file; the caller bounds its size.

    Raises:
        UnreadableError: it is damaged or encrypted.
        UnknownFormError: its fields are none of ours, or those of several checklists.
    """
    is_fdf = b"%FDF-" in data[:1024]
    found = _Found()
    for parts, value in _fdf(data) if is_fdf else _xfdf(data):
        found.take(parts, value)
    return [found.copy("fdf" if is_fdf else "xfdf")]


@dataclass
class _Found:
    """Every occurrence of every box and text, until all are known."""

    checklists: set[str] = field(default_factory=set)
    boxes: dict[tuple[str, str | None], list[str | None]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def take(self, parts: list[str], value: str | None) -> None:
        """Keep a field if its name ends like one of ours: ``….<checklist>.checkpoints.<id>[.<state>]``."""
        for place in range(len(parts) - 2, 0, -1):
            after = parts[place + 1 :]
            if parts[place] == "checkpoints" and len(after) <= 2:
                self.boxes.setdefault((after[0], after[1] if len(after) == 2 else None), []).append(value)
            elif parts[place] == "fields" and len(after) == 1:
                self.texts.setdefault(after[0], []).append(clean_text(value or ""))
            else:
                continue
            self.checklists.add(parts[place - 1])
            return

    def copy(self, channel: str) -> Filled:
        """Return the filled copy that all of them make."""
        if not self.checklists:
            raise UnknownFormError("it is form data, but not of a form of ours. Send the form that you were given.")
        if len(self.checklists) > 1:
            raise UnknownFormError("it is form data of several checklists at once. Send the forms themselves.")
        message = "the data doesn't say which version was filled in; it was read as the version at hand"
        notices = [Notice("no-version", message)]
        boxes = tuple(Box(*key, self._ticked(key, values, notices)) for key, values in self.boxes.items())
        for name, texts in self.texts.items():
            if len(different := list(dict.fromkeys(texts))) > 1:
                shown = ", ".join(f'"{text[:60]}"' for text in different[:5])
                notices.append(Notice("value-conflict", f"the field is there several times: {shown}", name))
        fields = {name: texts[0] for name, texts in self.texts.items()}
        return Filled(channel, Identity(self.checklists.pop(), "", "", {}), None, fields, boxes, tuple(notices))

    @staticmethod
    def _ticked(key: tuple[str, str | None], values: list[str | None], notices: list[Notice]) -> bool | None:
        where = ".".join(filter(None, key))
        if None in values:
            notices.append(Notice("box-missing", "the data names the box without a value; a person has to look", where))
            return None
        meanings = {word_meaning(value or "") for value in values}
        if meanings in ({True}, {False}):
            return True in meanings
        said = ", ".join(f'"{value}"'[:60] for value in dict.fromkeys(values))
        notices.append(Notice("value-conflict", f"the box's value is {said}; a person has to look", where))
        return None


# ---------------------------------------------------------------------------------------------------------------- FDF


def _fdf(data: bytes) -> Iterator[tuple[list[str], str | None]]:
    """Yield name and value of each field that has no fields below it."""
    with _open(data) as pdf:
        own = pdf.Root.get("/Own")
        top = own.get("/FDF") if isinstance(own, Dictionary) else None
        if not isinstance(top, Dictionary):
            raise _damaged()
        # Depth and count are bounded, so that a tree that bites its tail comes to an end.
        queue: list[tuple[Object | None, tuple[str, ...]]] = [(top.get("/Fields"), ())]
        count = 0
        while queue:
            kids, names = queue.pop()
            for item in reversed(list(kids)) if isinstance(kids, Array) else ():
                count += 1
                if count > _MAX_FIELDS or len(names) > _MAX_DEPTH:
                    raise UnreadableError("it has more fields than any form of ours. Ask for the file again.")
                if not isinstance(item, Dictionary):
                    continue
                own_names = (*names, text_value(item.get("/T")))
                if isinstance(item.get("/Kids"), Array):
                    queue.append((item.get("/Kids"), own_names))
                else:
                    yield ".".join(filter(None, own_names)).split("."), _value(item.get("/V"))


def _value(value: Object | None) -> str | None:
    if isinstance(value, Stream):
        return decode(bounded_bytes(value, MAX_BYTES) or b"")
    text = None if value is None or isinstance(value, Dictionary) else text_value(value)
    # No program writes an empty name: it is what is left of a damaged one, and means nothing.
    return None if isinstance(value, Name) and not text else text


def _open(data: bytes) -> Pdf:
    """Open an FDF with qpdf, which knows its syntax but wants a PDF: a catalog, pages and a table of objects.

    Raises:
        UnreadableError: it is damaged or encrypted.
    """
    start = data.find(b"%FDF-")
    data = b"%PDF-" + data[start + 5 :]
    places: dict[int, tuple[int, int]] = {}
    for match in _OBJECT.finditer(data):
        if int(match[1]) in places:  # of an update, or inside a text: which one counts would be a guess
            raise UnreadableError("it says the same thing twice. Export the data again, or send the form itself.")
        places[int(match[1])] = match.start(1), int(match[2])
    trailer = data[max(data.rfind(b"trailer"), 0) :]
    root = _ROOT.search(trailer)
    if root is None or not places or len(places) > 2 * _MAX_FIELDS:
        raise _damaged()
    if b"/Encrypt" in trailer:
        raise UnreadableError("it is protected by a password. Send the form itself.")
    number = max(places) + 1
    whole = bytearray(data + b"\n")
    for body in (
        b"<</Type/Catalog/Pages %d 0 R/Own %s %s R>>" % (number + 1, root[1], root[2]),
        b"<</Type/Pages/Kids[]/Count 0>>",
    ):
        last = max(places) + 1
        places[last] = len(whole), 0
        whole += b"%d 0 obj %s endobj\n" % (last, body)
    table = len(whole)
    whole += b"xref\n" + b"".join(b"%d 1\n%010d %05d n \n" % (name, *place) for name, place in sorted(places.items()))
    whole += b"trailer <</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (number, number + 2, table)
    try:
        return pikepdf.open(io.BytesIO(bytes(whole)))
    except pikepdf.PdfError:
        raise _damaged() from None


# --------------------------------------------------------------------------------------------------------------- XFDF


def _xfdf(data: bytes) -> Iterator[tuple[list[str], str | None]]:
    """Yield name and value of each field that has no fields below it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise _damaged() from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs say Any
        raise UnreadableError("it declares a document type, which no viewer does. Ask for the file again.")
    for number, element in enumerate(root.iter(f"{_XFDF}field")):
        if number == _MAX_FIELDS:
            raise UnreadableError("it has more fields than any form of ours. Ask for the file again.")
        if element.find(f"{_XFDF}field") is not None:
            continue
        around = [element, *element.iterancestors(f"{_XFDF}field")]
        values = ["".join(str(text) for text in value.itertext()) for value in element.findall(f"{_XFDF}value")]
        name = ".".join(one.get("name", "") for one in reversed(around))
        yield name.split("."), ", ".join(values) if values else None


def _damaged() -> UnreadableError:
    return UnreadableError("the form data is damaged. Export it again, or send the form itself.")
