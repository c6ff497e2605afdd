"""The straight way: a plain file with one whole copy in which nothing contradicts anything.

Most returned files are such. Whatever is out of the ordinary in one, however harmless, is left to the full reader: a
value in another spelling, a page that was changed, a mark, a second copy. So both give the same for every file that is
read here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from ozgdoc.identity import APPLICATION
from ozgdoc.model import Identity
from ozgdoc.pdf.drawn import BoxName, Rect
from ozgdoc.pdf.plain import PlainFile, inflated
from ozgdoc.pdf.syntax import Name, NotPlainError, Ref, Value
from ozgdoc.pdf.values import decode, is_guessed
from ozgdoc.readers.filled import Box, Filled, clean_text
from ozgdoc.readers.pdf.copies import identity_of, place_of
from ozgdoc.readers.pdf.paper import IN_PLACE, rectangles, sorted_places

CHANNEL = "pdf-form"

_MAX_PAGES = 50
_MAX_FIELDS = 5_000
_PRINTED = 4  #: annotation flag: it is printed, and nothing else, such as hidden
_CARRIED = ("definition", "places")  #: streams among the texts that say what a page is
_MAX_NAME = 1_000  #: bytes
_MAX_DEPTH = 8  #: fields above each other

_Dictionary = dict[str, Value]
_TICKED = {Name("Yes"): True, Name("Off"): False}


def read_straight(data: bytes) -> Filled | None:
    """Return the copy in a file; None if there is anything that the full reader has to look at."""
    try:
        return _Copy(PlainFile(data)).filled()
    except NotPlainError:
        return None


class _Copy:
    def __init__(self, file: PlainFile) -> None:
        self._file = file
        self._seen: set[Value] = set()
        self._above: dict[Ref, tuple[tuple[str, ...], Value]] = {}  # name and value of fields with others below
        self._boxes: dict[tuple[str, str | None], bool] = {}
        self._texts: dict[str, str] = {}
        self._places: dict[BoxName, Rect] = {}

    def filled(self) -> Filled:
        file = self._file
        root = file.dictionary(file.trailer.get("Root"))
        form = file.dictionary(root.get("AcroForm"))
        if "XFA" in form:
            raise NotPlainError
        pages = list(self._pages(root.get("Pages"), 0))
        identity, definition = self._identity(pages)
        for page in pages:
            for reference in file.array(page.get("Annots")):
                self._annotation(reference)
        self._nothing_else(file.array(form.get("Fields")))
        if not self._boxes:
            raise NotPlainError
        boxes = tuple(Box(*name, value) for name, value in self._boxes.items())
        return Filled(CHANNEL, identity, definition, self._texts, boxes, (), pages=tuple(range(len(pages))))

    def _pages(self, reference: Value, depth: int) -> Iterator[_Dictionary]:
        self._see(reference)
        node = self._file.dictionary(reference)
        if node.get("Type") == "Page" and depth and "Kids" not in node:
            yield node
            return
        if node.get("Type") != "Pages" or depth > _MAX_DEPTH or len(self._seen) > _MAX_PAGES:
            raise NotPlainError
        for kid in self._file.array(node.get("Kids")):
            yield from self._pages(kid, depth + 1)

    def _see(self, reference: Value) -> None:
        """Take note of an object that may be there only once."""
        if type(reference) is not Ref or reference in self._seen:
            raise NotPlainError
        self._seen.add(reference)

    # ---------------------------------------------------------------------------------------------------- identity

    def _identity(self, pages: list[_Dictionary]) -> tuple[Identity, bytes]:
        """Return what the pages say that they are, all of them the same and none of them changed."""
        file = self._file
        found: list[tuple[Identity, Value]] = []
        numbers: list[Value] = []
        for page in pages:
            info = file.dictionary(file.dictionary(page.get("PieceInfo")).get(APPLICATION))
            private = file.dictionary(info.get("Private"))
            texts = {key: decode(value) for key, value in private.items() if type(value) is bytes}
            if any(type(value) is Ref and key not in _CARRIED for key, value in private.items()):
                raise NotPlainError
            identity = identity_of(texts)
            if identity is None or "record" in private or not self._is_unchanged(page, texts):
                raise NotPlainError
            if "places" in private:
                self._places |= _boxes_at(_content(*file.stream(private["places"])))
            found.append((identity, private.get("definition")))
            numbers.append(private.get("page"))
        if not found or any(one != found[0] for one in found) or numbers != list(range(1, len(pages) + 1)):
            raise NotPlainError
        identity, carried = found[0]
        return identity, _content(*self._file.stream(carried))

    def _is_unchanged(self, page: _Dictionary, said: dict[str, str]) -> bool:
        """Return whether a page draws what it drew when the form was made; most programs leave it as it is packed."""
        entries, packed = self._file.stream(page.get("Contents"))
        return hashlib.sha256(packed).hexdigest() == said.get("packed") or (
            hashlib.sha256(_content(entries, packed)).hexdigest() == said.get("drawn")
        )

    # ------------------------------------------------------------------------------------------------------ fields

    def _annotation(self, reference: Value) -> None:
        self._see(reference)
        if len(self._seen) > _MAX_FIELDS:
            raise NotPlainError
        widget = self._file.dictionary(reference)
        kind = widget.get("Subtype")
        if kind == "Link" and "AP" not in widget:
            return
        if kind != "Widget" or "Kids" in widget or widget.get("F") != _PRINTED or "OC" in widget:
            raise NotPlainError
        name, value = self._named(widget, 0)
        match place_of(name):
            case ("checkpoints", point, state):
                ticked = _TICKED.get(value) if type(value) is Name else None
                if ticked is None or value != widget.get("AS") or (point, state) in self._boxes:
                    raise NotPlainError
                normal = self._file.dictionary(self._file.dictionary(widget.get("AP")).get("N"))
                if "Yes" not in normal or not _meets(self._places.get((point, state)), widget.get("Rect")):
                    raise NotPlainError
                self._boxes[point, state] = ticked
            case ("fields", field, _):
                if field in self._texts:
                    raise NotPlainError
                self._texts[field] = _text(value)
            case _:
                raise NotPlainError

    def _named(self, field: _Dictionary, depth: int) -> tuple[tuple[str, ...], Value]:
        """Return the parts of a field's name, and its value or the one that it inherits."""
        part, parent, value = field.get("T"), field.get("Parent"), field.get("V")
        if depth > _MAX_DEPTH or not (part is None or type(part) is bytes):
            raise NotPlainError
        own = _parts(part) if type(part) is bytes else ()
        if type(value) is Ref:
            raise NotPlainError
        if parent is None:
            return own, value
        if type(parent) is not Ref:
            raise NotPlainError
        if parent not in self._above:
            self._above[parent] = self._named(self._file.dictionary(parent), depth + 1)
        above, inherited = self._above[parent]
        return above + own, inherited if value is None else value

    def _nothing_else(self, fields: list[Value]) -> None:
        """Make sure that the form has no fields but those on the pages."""
        queue = list(fields)
        while queue:
            reference = queue.pop()
            if type(reference) is Ref and reference in self._seen:
                continue
            self._see(reference)
            kids = self._file.array(self._file.dictionary(reference).get("Kids"))
            if not kids or len(self._seen) > _MAX_FIELDS:
                raise NotPlainError
            queue += kids


@lru_cache(maxsize=2_048)
def _parts(name: bytes) -> tuple[str, ...]:
    """Return what a field adds to its name."""
    if len(name) > _MAX_NAME:
        raise NotPlainError
    return tuple(decode(name).split("."))


def _text(value: Value) -> str:
    if value is None:
        return ""
    if type(value) is not bytes or is_guessed(value):
        raise NotPlainError
    text = clean_text(decode(value))
    if "\ufffd" in text:
        raise NotPlainError
    return text


def _content(entries: _Dictionary, packed: bytes) -> bytes:
    """Return a stream's content."""
    if "DecodeParms" in entries:
        raise NotPlainError
    usual = entries.get("Filter") == "FlateDecode" and "F" not in entries
    return _inflated(packed) if usual else inflated(entries, packed)


@lru_cache(maxsize=16)
def _boxes_at(places: bytes) -> dict[BoxName, Rect]:
    """Return where the boxes of a page were when it was made."""
    return sorted_places(rectangles(places))[0]


def _meets(place: Rect | None, rect: Value) -> bool:
    """Return whether a box is where it was; older forms don't say where that is."""
    if place is None:
        return True
    if type(rect) is not list or len(rect) != 4:
        return False
    return all(
        isinstance(now, int | float) and abs(now - then) < IN_PLACE for now, then in zip(rect, place, strict=True)
    )


@lru_cache(maxsize=16)
def _inflated(packed: bytes) -> bytes:
    """Return what is deflated; many copies carry the same."""
    return inflated({"Filter": Name("FlateDecode")}, packed)
