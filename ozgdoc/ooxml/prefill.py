"""Filling copies of a Word form by joining bytes: the package is compiled once and cut where copies differ.

Those places are the content controls of the text fields and the copy's id among the custom properties. Parts that hold
them are moved to the end of the zip file; all others stay as they are packed, at their place.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from markupsafe import escape

from ozgdoc.ooxml.xml import printable
from ozgdoc.splice import Spliced

_START, _END = b"<w:sdt>", b"</w:sdt>"
_TAG = re.compile(rb'<w:tag w:val="[^"]*"/>')
#: Line ends and tabs stand between texts (17.3.3.1, 17.3.3.32).
_BREAKS = {
    sign: f'</w:t><w:{kind}/><w:t xml:space="preserve">' for sign, kind in (("\r\n", "br"), ("\n", "br"), ("\t", "tab"))
}

#: Makes what stands in a gap out of values and id.
_Make = Callable[[Mapping[str, str], str], bytes]


class WordTemplate:
    """A compiled form, cut where copies differ.

    Args:
        compiled: the form as `ozgdoc.writers.docx` writes it, with the marks as instance id and values.
        blank: the same without values.
        instance: the mark that stands for the id; letters and digits only, and nowhere else in the form.
        values: field id → the mark that stands for its value; likewise.
    """

    def __init__(self, compiled: bytes, blank: bytes, instance: str, values: Mapping[str, str]) -> None:
        self._fields = frozenset(values)
        marked, empty = _parts(compiled), _parts(blank)
        self._parts: list[tuple[Spliced, Sequence[_Make]]] = []
        heads, moved, directory = [], [], []
        position = 0
        with zipfile.ZipFile(io.BytesIO(compiled)) as archive:
            ends = [*(info.header_offset for info in archive.infolist()[1:]), archive.start_dir]
            entry = archive.start_dir
            for info, end in zip(archive.infolist(), ends, strict=True):
                after = entry + 46 + len(info.filename.encode()) + len(info.extra) + len(info.comment)
                local, listed = compiled[info.header_offset : end], compiled[entry:after]
                entry = after
                name = info.filename
                cut = _cut(marked[name], empty[name], instance, values)
                if cut:
                    self._parts.append((Spliced(cut[0]), cut[1]))
                    moved.append((local[: len(local) - info.compress_size], listed))
                else:
                    heads.append(local)
                    directory.append(listed[:42] + struct.pack("<L", position) + listed[46:])
                    position += len(local)
            tail = compiled[entry:]
        self._constant, self._directory, self._moved = b"".join(heads), b"".join(directory), moved
        self._end = tail[:12], tail[20:]

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
        out, directory, position = [self._constant], [self._directory], len(self._constant)
        for (spliced, gaps), (local, listed) in zip(self._parts, self._moved, strict=True):
            plain, packed = spliced.fill([make(values, instance) for make in gaps])
            sums = struct.pack("<LLL", zlib.crc32(plain), len(packed), len(plain))
            out += local[:14], sums, local[26:], packed
            directory += listed[:16], sums, listed[28:42], struct.pack("<L", position), listed[46:]
            position += len(local) + len(packed)
        listing = b"".join(directory)
        return b"".join((*out, listing, self._end[0], struct.pack("<LL", len(listing), position), self._end[1]))


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _cut(
    marked: bytes, blank: bytes, instance: str, marks: Mapping[str, str]
) -> tuple[list[bytes], list[_Make]] | None:
    """Return a part cut at its gaps, and what makes these; None if it has none."""
    gaps: list[tuple[int, int, _Make]] = []
    place = marked.find(instance.encode())
    if place >= 0:
        gaps.append((place, place + len(instance), lambda _, instance: _escaped(instance)))
    for field, mark in marks.items():
        place = marked.find(mark.encode())
        if place < 0:
            continue
        start, end = marked.rindex(_START, 0, place), marked.index(_END, place) + len(_END)
        tag = _TAG.search(marked, start, end)
        if tag is None:
            raise ValueError(f"the control of {field} has no tag")
        there = blank.index(tag[0])
        empty = blank[blank.rindex(_START, 0, there) : blank.index(_END, there) + len(_END)]
        gaps.append((start, end, _control(field, mark, marked[start:end].decode(), empty)))
    if not gaps:
        return None
    gaps.sort(key=lambda gap: gap[0])
    edges = [0, *(edge for start, end, _ in gaps for edge in (start, end)), len(marked)]
    return [marked[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)], [make for _, _, make in gaps]


def _control(field: str, mark: str, control: str, empty: bytes) -> _Make:
    """Return what makes a field's content control."""
    offered = re.search(f"<w:listItem [^>]*{mark}[^>]*/>", control)
    before, after = control.rsplit(mark, 1)

    def make(values: Mapping[str, str], _: str) -> bytes:
        value = printable(values.get(field, ""))
        if not value:
            return empty
        said = str(escape(value))
        if offered:  # the value is the first of what is offered, and is not offered again
            item = offered[0].replace(mark, said)
            head, others = before.split(offered[0])
            return f"{head}{item}{others.replace(item, '')}{said}{after}".encode()
        if not value.isprintable():
            for sign, between in _BREAKS.items():
                said = said.replace(sign, between)
        return f"{before}{said}{after}".encode()

    return make


def _escaped(text: str) -> bytes:
    return str(escape(printable(text))).encode()
