"""Plain PDF files, read without a library: the few objects that are asked for, and nothing else.

A returned form holds some six hundred objects, of which a reader needs a hundred, and most of these are the same to the
byte in every copy that one program has saved. So an object is found by its place and looked up by its bytes; only
bytes that were not seen before are parsed.

Only what is beyond doubt is read: cross-reference tables and streams (ISO 32000-1, 7.5.4 and 7.5.8) that are whole and
where they should be, no encryption, no object in two generations, and objects in their plain spelling. For everything
else `NotPlainError` is raised, and a full parser has to look.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from itertools import accumulate

from ozgdoc.pdf.syntax import NotPlainError, Ref, Value, parse, parse_kept

_MAX_OBJECT = 65_536  #: bytes of an object, streams apart
_MAX_KEPT = 2_048  #: bytes of an object that is remembered once it is parsed
_MAX_SECTIONS = 50  #: updates of a file
_MAX_PARTS = 1_000  #: of all cross-reference tables
_MAX_LATER = 200  #: objects in a later generation
_MAX_PARSED = 4_000_000  #: bytes of all objects that are asked for
_MAX_UNPACKED = 20_000_000  #: bytes of all object streams of a file
MAX_STREAM = 2_000_000  #: bytes of an unpacked stream
_ENTRY = 20  #: bytes of an entry of a cross-reference table

_TAIL = re.compile(rb"startxref[\r\n ]+(\d{1,10})[\r\n ]+%%EOF[\r\n ]*\Z")
_XREF = re.compile(rb"xref[ ]?(?:\r\n|\n|\r)")
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,10})[ ]?(?:\r\n|\n|\r)")
_ENTRIES = re.compile(rb"(?:\d{10} \d{5} [nf](?: \n| \r|\r\n))*+")
_TRAILER = re.compile(rb"[\r\n ]*trailer[\r\n ]*")
_COMMENTS = re.compile(rb"(?:[\r\n ]*%[^\r\n>]*)*+[\r\n ]*")
_LINE_ENDS = (b"\n", b"\r", b" ")
_HEAD = re.compile(rb"(\d{1,10}) (\d{1,5}) obj")


@dataclass(frozen=True, slots=True)
class _Table:
    """Some rows of a cross-reference table: where objects begin.

    Attributes:
        rows: the file, or the rows alone.
        start: where the row of the object 0 would be in them.
    """

    first: int
    behind: int
    rows: bytes
    start: int

    def place(self, number: int, generation: int) -> int | None:
        """Return the offset of an object; None if it is not in use."""
        row = self.start + _ENTRY * number
        in_use = self.rows[row + 10 : row + 18] == b" %05d n" % generation
        return int(self.rows[row : row + 10]) if in_use else None


@dataclass(frozen=True, slots=True)
class _Stream:
    """The same of a cross-reference stream: rows of three numbers that are so many bytes wide."""

    first: int
    behind: int
    rows: bytes
    start: int
    widths: tuple[int, int, int]

    def place(self, number: int, generation: int) -> int | tuple[int, int] | None:
        """Return the offset of an object, or the number of its object stream and its place in that."""
        one, two, three = self.widths
        row = self.start + sum(self.widths) * number
        kind = int.from_bytes(self.rows[row : row + one]) if one else 1
        second = int.from_bytes(self.rows[row + one : row + one + two])
        third = int.from_bytes(self.rows[row + one + two : row + one + two + three])
        if kind == 1 and third == generation:
            return second
        return (second, third) if kind == 2 and generation == 0 else None

    def packed_in(self) -> set[int]:
        """Return the numbers of all object streams."""
        places = [self.place(number, 0) for number in range(self.first, self.behind)]
        return {place[0] for place in places if isinstance(place, tuple)}


class PlainFile:
    """The objects of one file.

    Attributes:
        trailer: the newest one.
    """

    def __init__(self, data: bytes) -> None:
        """Find the cross-reference tables.

        Raises:
            NotPlainError: the file is not plain.
        """
        self.data = data
        tail = _TAIL.search(data, max(0, len(data) - 64))
        if tail is None or not data.startswith(b"%PDF-"):
            raise NotPlainError
        self._tables: list[_Table | _Stream] = []  # the newest first
        self._known: dict[Ref, Value] = {}
        self._later: list[int] = []  # objects whose generation is not 0
        self._left = _MAX_PARSED
        self._room = _MAX_UNPACKED
        self._packed: dict[int, list[tuple[int, bytes]]] = {}
        trailers: list[dict[str, Value]] = []
        offset: Value = int(tail[1])
        seen: set[int] = set()
        while offset is not None:
            if type(offset) is not int or offset in seen or len(seen) == _MAX_SECTIONS:
                raise NotPlainError
            seen.add(offset)
            trailers.append(self._table(offset) if data.startswith(b"xref", offset) else self._stream(offset))
            offset = trailers[-1].get("Prev")
            if not {"Encrypt", "XRefStm"}.isdisjoint(trailers[-1]) or type(trailers[-1].get("Size")) is not int:
                raise NotPlainError
        if any(sum(table.first <= one < table.behind for table in self._tables) > 1 for one in self._later):
            raise NotPlainError
        self.trailer = trailers[0]

    # ----------------------------------------------------------------------------------------- cross-reference tables

    def _table(self, offset: int) -> dict[str, Value]:
        """Note the parts of a cross-reference table, and return its trailer."""
        data = self.data
        start = _XREF.match(data, offset)
        if start is None:
            raise NotPlainError
        position, parts = start.end(), len(self._tables)
        while head := _SUBSECTION.match(data, position):
            first, count = int(head[1]), int(head[2])
            self._add(_Table(first, first + count, data, head.end() - _ENTRY * first), parts)
            position = head.end() + _ENTRY * count
            entries = _ENTRIES.fullmatch(data, head.end(), position)
            if entries is None or entries.end() != position:
                raise NotPlainError
            if data.count(b" 00000 n", head.end(), position) + data.count(b" f", head.end(), position) != count:
                rows = (data[row + 11 : row + 18] for row in range(head.end(), position, _ENTRY))
                self._later += [first + at for at, row in enumerate(rows) if row.endswith(b"n") and row != b"00000 n"]
                if len(self._later) > _MAX_LATER:
                    raise NotPlainError
        found = _TRAILER.match(data, position)
        last = data.find(b"startxref", position, position + _MAX_OBJECT)
        end = data.rfind(b">>", position, max(0, last)) + 2
        if found is None or not _COMMENTS.fullmatch(data, end, max(0, last)):
            raise NotPlainError
        return _dictionary(parse(data[found.end() : end]))

    def _stream(self, offset: int) -> dict[str, Value]:
        """Note the parts of a cross-reference stream, and return its dictionary, which is a trailer."""
        head = _HEAD.match(self.data, offset)
        if head is None:
            raise NotPlainError
        trailer, packed = self._stream_at(head.end())
        if trailer.get("Type") != "XRef":
            raise NotPlainError
        index = trailer.get("Index")
        counts = _counts([0, trailer.get("Size")] if index is None else index, 10**9)
        widths = _counts(trailer.get("W"), 8)
        if len(widths) != 3 or len(counts) % 2 or len(counts) > _MAX_PARTS:
            raise NotPlainError
        one, two, three = widths
        width = one + two + three
        if one != 1 or three < 1:
            raise NotPlainError
        rows = _unpredicted(inflated(trailer, packed), trailer.get("DecodeParms"), width)
        kinds, generations = rows[::width], rows[one + two :: width]
        if any(kind == 1 and generation for kind, generation in zip(kinds, generations, strict=True)):
            raise NotPlainError
        position, parts = 0, len(self._tables)
        for first, count in zip(counts[::2], counts[1::2], strict=True):
            self._add(_Stream(first, first + count, rows, position - width * first, (one, two, three)), parts)
            position += width * count
        if position != len(rows):
            raise NotPlainError
        return trailer

    def _add(self, table: _Table | _Stream, before: int) -> None:
        """Add a part of the table whose parts begin at a place in the list; no two of them may name one object."""
        if any(one.first < table.behind and table.first < one.behind for one in self._tables[before:]):
            raise NotPlainError
        self._tables.append(table)
        if len(self._tables) > _MAX_PARTS:
            raise NotPlainError

    # --------------------------------------------------------------------------------------------------------- objects

    def get(self, value: Value) -> Value:
        """Return what a value refers to; itself if it is no reference."""
        if type(value) is not Ref:
            return value
        if value not in self._known:
            raw = self._raw(value)
            self._left -= len(raw)
            if self._left < 0:
                raise NotPlainError
            found = parse_kept(raw) if len(raw) <= _MAX_KEPT else parse(raw)
            if type(found) is Ref:
                raise NotPlainError
            self._known[value] = found
        return self._known[value]

    def dictionary(self, value: Value) -> dict[str, Value]:
        """Return the dictionary that a value is or refers to."""
        return _dictionary(self.get(value))

    def array(self, value: Value) -> list[Value]:
        """Return the array that a value is or refers to; an empty one for nothing."""
        found = self.get(value)
        if found is None:
            return []
        if type(found) is not list:
            raise NotPlainError
        return found

    def stream(self, value: Value) -> tuple[dict[str, Value], bytes]:
        """Return the dictionary and the raw content of the stream that a value refers to."""
        place = self._place(value) if type(value) is Ref else None
        if type(place) is not int:
            raise NotPlainError
        return self._stream_at(place)

    def mentions(self, text: bytes) -> bool:
        """Return whether any of the objects that are packed in object streams has this in it."""
        numbers = {number for table in self._tables if isinstance(table, _Stream) for number in table.packed_in()}
        return any(text in raw for number in numbers for _, raw in self._objects(number))

    def _stream_at(self, start: int) -> tuple[dict[str, Value], bytes]:
        data = self.data
        end = data.find(b"stream", start, start + _MAX_OBJECT)
        if end < 0:
            raise NotPlainError
        found = _dictionary(parse(data[start:end]))
        length = self.get(found.get("Length"))
        end += len(b"stream\r\n") if data.startswith(b"\r\n", end + 6) else len(b"stream\n")
        if type(length) is not int or length < 0 or data[end - 1 : end] != b"\n" or not _ends(data, end + length):
            raise NotPlainError
        return found, data[end : end + length]

    def _raw(self, ref: Ref) -> bytes:
        """Return the bytes of an object that is no stream."""
        place = self._place(ref)
        if isinstance(place, int):
            end = self.data.find(b"endobj", place, place + _MAX_OBJECT)
            if end < 0 or self.data[end + 6 : end + 7] not in _LINE_ENDS:
                raise NotPlainError
            return self.data[place:end]
        number, position = place
        objects = self._objects(number)
        if position >= len(objects) or objects[position][0] != ref.number:
            raise NotPlainError
        return objects[position][1]

    def _place(self, ref: Ref) -> int | tuple[int, int]:
        """Return where an object begins, behind its number, or in which object stream it is, and where in that."""
        number, generation = ref
        for table in self._tables:
            if table.first <= number < table.behind:
                place = table.place(number, generation)
                if isinstance(place, int):
                    head = b"%d %d obj" % (number, generation)
                    if self.data.startswith(head, place):
                        return place + len(head)
                elif place is not None:
                    return place
                break
        raise NotPlainError

    def _objects(self, number: int) -> list[tuple[int, bytes]]:
        """Return number and bytes of each object in an object stream (7.5.7)."""
        if number not in self._packed:
            self._packed[number] = self._unpack(number)
        return self._packed[number]

    def _unpack(self, number: int) -> list[tuple[int, bytes]]:
        entries, packed = self.stream(Ref(number, 0))
        count, first = entries.get("N"), entries.get("First")
        if entries.get("Type") != "ObjStm" or type(count) is not int or type(first) is not int:
            raise NotPlainError
        content = inflated(entries, packed)
        self._room -= len(content)
        texts = content[: max(0, first)].split()
        if self._room < 0 or len(texts) != 2 * count or not all(text.isdigit() and len(text) < 10 for text in texts):
            raise NotPlainError
        numbers = [int(text) for text in texts]
        starts = [first + start for start in numbers[1::2]]
        ends = [*starts[1:], len(content)]
        if any(not start < end <= len(content) for start, end in zip(starts, ends, strict=True)):
            raise NotPlainError
        return [(one, content[start:end]) for one, start, end in zip(numbers[::2], starts, ends, strict=True)]


def inflated(entries: dict[str, Value], packed: bytes) -> bytes:
    """Return the content of a stream, packed in the usual way or not at all; its predictor is left as it is."""
    if "F" in entries or len(packed) > MAX_STREAM:
        raise NotPlainError
    match entries.get("Filter"):
        case None:
            return packed
        case "FlateDecode" | ["FlateDecode"]:
            pass
        case _:
            raise NotPlainError
    try:
        content = zlib.decompressobj().decompress(packed, MAX_STREAM + 1)
    except zlib.error:
        raise NotPlainError from None
    if len(content) > MAX_STREAM:
        raise NotPlainError
    return content


def _unpredicted(rows: bytes, parameters: Value, width: int) -> bytes:
    """Return the rows of a cross-reference stream; in most, each stands there as the difference to the one above."""
    if parameters is None:
        return rows
    if parameters != {"Columns": width, "Predictor": 12} or len(rows) % (width + 1):
        raise NotPlainError
    if rows[:: width + 1].strip(b"\2"):
        raise NotPlainError
    plain = bytearray(len(rows) // (width + 1) * width)
    for column in range(width):
        plain[column::width] = bytes(value & 255 for value in accumulate(rows[column + 1 :: width + 1]))
    return bytes(plain)


def _dictionary(value: Value) -> dict[str, Value]:
    if type(value) is not dict:
        raise NotPlainError
    return value


def _counts(value: Value, most: int) -> list[int]:
    """Return some numbers, none of them negative or too large."""
    if type(value) is not list:
        raise NotPlainError
    counts = [item for item in value if type(item) is int and 0 <= item <= most]
    if len(counts) != len(value):
        raise NotPlainError
    return counts


def _ends(data: bytes, position: int) -> bool:
    return data[position : position + 11].lstrip(b"\r\n").startswith(b"endstream")
