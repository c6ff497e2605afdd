"""Filling copies of a form by joining bytes: the form is compiled once, with marks where copies differ, and cut there.

What differs: the text fields' values and appearances, the copy's id in metadata and private data, the codes printed on
the pages, and what follows from these (digests, lengths, the cross-reference table, the file identifier). The objects
that hold them are moved to the end, so everything before them stays as it is, at its place.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, cast

from markupsafe import escape
from pypdf import PageObject, PdfReader
from pypdf.generic import IndirectObject

from ozgdoc.identity import APPLICATION, PageCode, page_codes
from ozgdoc.model import Identity
from ozgdoc.pdf.codes import fast_modules
from ozgdoc.pdf.fields import typed
from ozgdoc.pdf.fonts import Face, FieldFont
from ozgdoc.pdf.marks import code_modules, code_path
from ozgdoc.splice import Spliced

_PLAIN = re.compile(r"[A-Za-z0-9 .,:;/+_-]*")
_LENGTH = re.compile(rb"/Length \d+")
_ID = re.compile(rb"/ID \[ <([0-9a-f]{32})> <\1> \]")
_ZLIB = b"\x78\xda"  #: begins deflated data (RFC 1950)
_Codes = tuple[PageCode, PageCode]
_GAP = (
    rb"(?P<first>%s)|(?P<second>%s)"
    rb"|(?:1 0 0 1 (?P<left>[\d.]+) [\d.]+ Tm /F\S+ (?P<size>[\d.]+) Tf [\d.]+ TL \((?=\S+ \S+ \d\d  ))?(?P<code>%s)"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The content of one copy's page, as an object of the file, and the digests of it that the page carries."""

    content: bytes
    drawn: str
    packed: str


@dataclass(frozen=True, slots=True)
class _Copy:
    """What one copy says."""

    values: Mapping[str, str]
    instance: str
    pages: Sequence[_Page]


#: Makes an object of the file.
_Make = Callable[[_Copy], bytes]


class PdfTemplate:
    """A compiled form, cut where copies differ.

    Args:
        compiled: the form as `ozgdoc.writers.pdf` writes it, with the marks as instance id and values.
        instance: the mark that stands for the id; letters and digits only, and nowhere else in the form.
        values: field id → the mark that stands for its value; likewise.
        font: what typed text is set in.
    """

    def __init__(self, compiled: bytes, instance: str, values: Mapping[str, str], font: FieldFont) -> None:
        reader = PdfReader(io.BytesIO(compiled))
        self._font, self._fields = font, frozenset(values)
        self._pages: list[_Content] = []
        objects = _objects(compiled)
        metadata = cast("Any", reader.trailer["/Root"]).raw_get("/Metadata").idnum
        made: dict[int, _Make] = {metadata: _metadata(objects[metadata], instance)}
        for page in reader.pages:
            made |= self._page(page, objects, instance)
            for widget in cast("Any", page.get("/Annots", ())):
                if widget.get_object().get("/FT") in ("/Tx", "/Ch"):
                    made |= self._text_field(widget, objects, values)
        self._make = [made[number] for number in sorted(made)]
        self._lay_out(compiled, objects, set(made))

    def fill(self, values: Mapping[str, str], instance: str) -> bytes:
        """Return a copy.

        Args:
            values: field id → text; fields without one stay empty.
            instance: id of the copy.

        Raises:
            KeyError: there is no such field.
        """
        if unknown := set(values) - self._fields:
            raise KeyError(min(unknown))
        identity = replace(self._identity, instance=instance)
        copy = _Copy(values, instance, [page.fill(identity) for page in self._pages])
        parts, rows = [self._constant], [self._rows[0]]
        position = len(self._constant)
        for make, following in zip(self._make, self._rows[1:], strict=True):
            body = make(copy)
            parts.append(body)
            rows += b"%010d 00000 n \n" % position, following
            position += len(body)
        said = repr((self._stamp, instance, sorted(values.items())))
        stamp = hashlib.sha256(said.encode()).hexdigest()[:32].encode()
        return b"".join((*parts, *rows, self._trailer % (stamp, stamp, position)))

    def _page(self, page: PageObject, objects: Mapping[int, bytes], instance: str) -> dict[int, _Make]:
        private = cast("Any", page["/PieceInfo"])[f"/{APPLICATION}"]["/Private"]
        said = {key: str(private[f"/{key}"]) for key in ("checklist", "version", "content", "layout")}
        self._identity = Identity(**said, checkpoints={}, instance=instance)
        number, contents = len(self._pages), page.raw_get("/Contents").idnum
        self._pages.append(_Content(objects[contents], number + 1, self._identity, self._font))
        own = cast("IndirectObject", page.indirect_reference).idnum
        digests = [f"({private[key]})" for key in ("/drawn", "/packed") if key in private]
        parts = _cut(objects[own], f"({instance})", *digests)

        def dictionary(copy: _Copy) -> bytes:
            made = copy.pages[number]
            values = [_string(copy.instance), f"({made.drawn})".encode(), f"({made.packed})".encode()]
            return b"".join(part + value for part, value in zip(parts, (*values[: len(digests) + 1], b""), strict=True))

        return {contents: lambda copy: copy.pages[number].content, own: dictionary}

    def _text_field(
        self, reference: IndirectObject, objects: Mapping[int, bytes], marks: Mapping[str, str]
    ) -> dict[int, _Make]:
        widget = cast("Any", reference.get_object())
        field, size, font = str(widget["/T"]), float(widget["/DA"].split()[1]), self._font
        appearance, height = widget["/AP"].raw_get("/N").idnum, float(widget["/AP"]["/N"]["/BBox"][3])
        before, after = _cut(objects[reference.idnum], f"({marks[field]})")
        head, tail = _cut(objects[appearance], typed(font, marks[field], size, height))

        def draw(copy: _Copy) -> bytes:
            content = typed(font, copy.values.get(field, ""), size, height).encode()
            return _LENGTH.sub(b"/Length %d" % len(content), head, count=1) + content + tail

        return {reference.idnum: lambda copy: before + _string(copy.values.get(field, "")) + after, appearance: draw}

    def _lay_out(self, compiled: bytes, objects: Mapping[int, bytes], moved: set[int]) -> None:
        """Put the constant objects first, and cut the cross-reference table where the others' places stand."""
        parts = [compiled[: compiled.index(b"1 0 obj")]]
        position = len(parts[0])
        self._rows = [b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)]
        for number, body in objects.items():
            if number in moved:
                self._rows.append(b"")
            else:
                self._rows[-1] += b"%010d 00000 n \n" % position
                parts.append(body)
                position += len(body)
        self._constant = b"".join(parts)
        trailer = compiled[compiled.rindex(b"trailer\n") : compiled.rindex(b"startxref")]
        before, self._stamp, after = _ID.split(trailer)
        self._trailer = before + b"/ID [ <%s> <%s> ]" + after + b"startxref\n%d\n%%%%EOF\n"


class _Content:
    """A page's content, cut at its codes: two pictures, and the code's text below the first and at the foot.

    Args:
        body: the object in the compiled form.
        number: of the page, from 1.
        identity: that the compiled form has.
        font: whose face codes are written in.
    """

    def __init__(self, body: bytes, number: int, identity: Identity, font: FieldFont) -> None:
        head, rest = body.split(b"stream\n", 1)
        packed, tail = rest.rsplit(b"\nendstream", 1)
        self._head, self._tail = head + b"stream\n", b"\nendstream" + tail
        self._number, self._face = number, font.face
        text = zlib.decompress(packed)
        gaps = list(self._gaps(text, page_codes(identity, number)))
        if len(gaps) != 5:
            raise ValueError(f"page {number} does not show its codes once")
        edges = [0, *(edge for start, end, _ in gaps for edge in (start, end)), len(text)]
        self._spliced = Spliced([text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)])
        self._drawn = [make for _, _, make in gaps]
        # Nothing before the first code differs: it is summed up once.
        first, first_packed = self._spliced.parts[0], self._spliced.packed[0]
        self._skip = len(first), len(first_packed)
        self._adler = zlib.adler32(first)
        self._digests = hashlib.sha256(first), hashlib.sha256(_ZLIB + first_packed)

    def fill(self, identity: Identity) -> _Page:
        """Return the content of one copy's page."""
        codes = page_codes(identity, self._number)
        plain, packed = self._spliced.fill([make(codes) for make in self._drawn])
        rest = memoryview(plain)[self._skip[0] :]
        check = zlib.adler32(rest, self._adler).to_bytes(4, "big")
        drawn, whole = (digest.copy() for digest in self._digests)
        drawn.update(rest)
        whole.update(memoryview(packed)[self._skip[1] :])
        whole.update(check)
        length = len(_ZLIB) + len(packed) + len(check)
        head = _LENGTH.sub(b"/Length %d" % length, self._head, count=1)
        return _Page(b"".join((head, _ZLIB, packed, check, self._tail)), drawn.hexdigest(), whole.hexdigest())

    def _gaps(self, text: bytes, codes: _Codes) -> Iterator[tuple[int, int, Callable[[_Codes], bytes]]]:
        """Yield where codes stand in the content, and what draws them."""
        first, second = (code_path(code_modules(str(code))) for code in codes)
        readable = codes[0].readable()
        for match in re.finditer(_GAP % tuple(re.escape(part.encode()) for part in (first, second, readable)), text):
            if match["first"]:
                yield *match.span(), lambda codes: code_path(fast_modules(str(codes[0]))).encode()
            elif match["second"]:
                yield *match.span(), lambda codes: code_path(fast_modules(str(codes[1]))).encode()
            else:
                if match["left"]:  # the text at the foot ends at the margin, so it begins where its width says
                    size = float(match["size"])
                    yield *match.span("left"), self._place(float(match["left"]) + self._width(readable) * size, size)
                yield *match.span("code"), lambda codes: codes[0].readable().encode()

    def _place(self, right: float, size: float) -> Callable[[_Codes], bytes]:
        return lambda codes: f"{right - self._width(codes[0].readable()) * size:.4f}".encode()

    def _width(self, text: str) -> float:
        """Return the width of a code's text in a size of one point."""
        return sum(_letter_width(self._face, letter) for letter in text)


@cache
def _letter_width(face: Face, letter: str) -> float:
    return face.width(letter, 1)


def _metadata(body: bytes, instance: str) -> _Make:
    before, after = _cut(body, instance)
    length = int(_LENGTH.findall(before)[0].split()[1]) - len(instance)

    def make(copy: _Copy) -> bytes:
        said = str(escape(copy.instance)).encode()
        return _LENGTH.sub(b"/Length %d" % (length + len(said)), before, count=1) + said + after

    return make


def _objects(file: bytes) -> dict[int, bytes]:
    """Return the bytes of every object by its number, from 1, as pypdf writes them: in order, with a plain table."""
    start = file.rindex(b"xref\n0 ", 0, file.rindex(b"trailer\n"))
    rows = file[start : file.rindex(b"trailer\n")].splitlines()[3:]
    places = [*(int(row.split()[0]) for row in rows), start]
    return {number: file[place:end] for number, (place, end) in enumerate(pairwise(places), 1)}


def _cut(body: bytes, *marks: str) -> list[bytes]:
    """Cut an object at marks that follow each other."""
    parts = []
    for mark in marks:
        before, found, body = body.partition(mark.encode())
        if not found or mark.encode() in body:
            raise ValueError(f"{mark} does not stand once in the object")
        parts.append(before)
    return [*parts, body]


def _string(text: str) -> bytes:
    """Return a text string (ISO 32000-1, 7.9.2.2)."""
    if _PLAIN.fullmatch(text):
        return f"({text})".encode()
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
