"""Plain PDF files, read without a library: the few objects that are asked for, and nothing else.

A returned form holds some six hundred objects, of which a reader needs a hundred, and most of these are the same to the
byte in every copy that one program has saved. So an object is found by its offset and looked up by its bytes; only
bytes that were not seen before are parsed.

Only what is beyond doubt is read: classic cross-reference tables (ISO 32000-1, 7.5.4), whole and where they should be,
no encryption, no object streams, and objects in their plain spelling. For everything else `NotPlainError` is raised,
and a full parser has to look.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

MAX_OBJECT = 65_536  #: bytes of an object, streams apart
_MAX_KEPT = 2_048  #: bytes of an object that is remembered once it is parsed
_MAX_DEPTH = 16  #: arrays and dictionaries in each other
_MAX_SECTIONS = 50  #: updates of a file
_MAX_SUBSECTIONS = 1_000
_ENTRY = 20  #: bytes of an entry of a cross-reference table


class NotPlainError(Exception):
    """The file may be sound, but is not written in the plainest way."""


class Ref(NamedTuple):
    """A reference to an indirect object."""

    number: int
    generation: int


class Name(str):
    """A name, without its slash."""

    __slots__ = ()


#: Strings are bytes; a dictionary's keys are names without their slash. Nothing of it may be changed: it is shared.
Value: TypeAlias = "bool | int | float | bytes | Name | Ref | list[Value] | dict[str, Value] | None"

_TOKEN = re.compile(
    rb"""[\0\t\n\f\r ]*+(?:
      /(?P<name>[!"$&'*-.0-;=?-Z\\^-z|~]++)
    | (?P<number>\d{1,10})[ ](?P<generation>\d{1,5})[ ]R(?![^\0\t\n\f\r ()<>\[\]/%])
    | (?P<real>[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15}))(?![^\0\t\n\f\r ()<>\[\]/%])
    | \((?P<string>(?:[^()\\]++|\\.)*+)\)
    | <(?P<hex>[0-9A-Fa-f]*+)>
    | (?P<sign><<|>>|\[|\])
    | (?P<word>true|false|null)(?![^\0\t\n\f\r ()<>\[\]/%])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WHITE = b"\0\t\n\f\r "
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))|\r\n?", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORDS: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}
_TAIL = re.compile(rb"startxref[\r\n ]+(\d{1,10})[\r\n ]+%%EOF[\r\n ]*\Z")
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,10})[ ]?(?:\r\n|\n|\r)")
_XREF = re.compile(rb"xref[ ]?(?:\r\n|\n|\r)")
_ENTRIES = re.compile(rb"(?:\d{10} \d{5} [nf](?: \n| \r|\r\n))*+")
_TRAILER = re.compile(rb"[\r\n ]*trailer[\r\n ]*")
_COMMENTS = re.compile(rb"(?:[\r\n ]*%[^\r\n>]*)*+[\r\n ]*")


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
        self._tables: list[tuple[int, int, int]] = []  # first object, number of objects, offset of the first entry
        self._known: dict[Ref, Value] = {}
        trailers: list[dict[str, Value]] = []
        offset: Value = int(tail[1])
        seen: set[int] = set()
        while offset is not None:
            if not isinstance(offset, int) or offset in seen or len(seen) == _MAX_SECTIONS:
                raise NotPlainError
            seen.add(offset)
            trailers.append(self._section(offset))
            offset = trailers[-1].get("Prev")
        self.trailer = trailers[0]

    def _section(self, offset: int) -> dict[str, Value]:
        """Note the subsections of a cross-reference section, and return its trailer."""
        data = self.data
        start = _XREF.match(data, offset)
        if start is None:
            raise NotPlainError
        position = start.end()
        while head := _SUBSECTION.match(data, position):
            first, count = int(head[1]), int(head[2])
            self._tables.append((first, first + count, head.end() - _ENTRY * first))
            position = head.end() + _ENTRY * count
            entries = _ENTRIES.fullmatch(data, head.end(), position)
            if entries is None or entries.end() != position or len(self._tables) > _MAX_SUBSECTIONS:
                raise NotPlainError
        found = _TRAILER.match(data, position)
        last = data.find(b"startxref", position, position + MAX_OBJECT)
        end = data.rfind(b">>", position, max(0, last)) + 2
        if found is None or not _COMMENTS.fullmatch(data, end, max(0, last)):
            raise NotPlainError
        trailer = parse(data[found.end() : end])
        if not isinstance(trailer, dict) or not {"Encrypt", "XRefStm"}.isdisjoint(trailer):
            raise NotPlainError
        return trailer

    def get(self, value: Value) -> Value:
        """Return what a value refers to; itself if it is no reference."""
        if type(value) is not Ref:
            return value
        if value not in self._known:
            start = self._start(value)
            end = self.data.find(b"endobj", start, start + MAX_OBJECT)
            if end < 0:
                raise NotPlainError
            raw = self.data[start:end]
            found = parse_kept(raw) if end - start <= _MAX_KEPT else parse(raw)
            if type(found) is Ref:
                raise NotPlainError
            self._known[value] = found
        return self._known[value]

    def dictionary(self, value: Value) -> dict[str, Value]:
        """Return the dictionary that a value is or refers to."""
        found = self.get(value)
        if type(found) is not dict:
            raise NotPlainError
        return found

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
        if type(value) is not Ref:
            raise NotPlainError
        data, start = self.data, self._start(value)
        end = data.find(b"stream", start, start + MAX_OBJECT)
        found = parse(data[start:end]) if end >= 0 else None
        if type(found) is not dict:
            raise NotPlainError
        length = self.get(found.get("Length"))
        end += len(b"stream\r\n") if data.startswith(b"\r\n", end + 6) else len(b"stream\n")
        if type(length) is not int or data[end - 1] != 10 or not _ends(data, end + length):
            raise NotPlainError
        return found, data[end : end + length]

    def _start(self, ref: Ref) -> int:
        """Return where an object begins, behind its number."""
        number, generation = ref
        data = self.data
        for first, behind, offset in self._tables:
            if first <= number < behind:
                entry = offset + _ENTRY * number
                head = b"%d %d obj" % (number, generation)
                start = int(data[entry : entry + 10])
                if data[entry + 10 : entry + 18] == b" %05d n" % generation and data.startswith(head, start):
                    return start + len(head)
                break
        raise NotPlainError


def _ends(data: bytes, position: int) -> bool:
    return data[position : position + 11].lstrip(b"\r\n").startswith(b"endstream")


@lru_cache(maxsize=2_048)
def parse_kept(raw: bytes) -> Value:
    """Return the value that some bytes are, and remember it."""
    return parse(raw)


def parse(raw: bytes) -> Value:
    """Return the one value that some bytes are.

    Raises:
        NotPlainError: they are something else, or spelt in an unusual way.
    """
    value, position = _value(raw, 0, 0)
    if raw[position:].strip(_WHITE):
        raise NotPlainError
    return value


def _value(raw: bytes, position: int, depth: int) -> tuple[Value, int]:
    found = _TOKEN.match(raw, position)
    if found is None or depth > _MAX_DEPTH:
        raise NotPlainError
    kind, position = found.lastgroup, found.end()
    match kind:
        case "name":
            return Name(found["name"].decode("ascii")), position
        case "generation":
            return Ref(int(found["number"]), int(found["generation"])), position
        case "real":
            text = found["real"]
            return (float(text) if b"." in text else int(text)), position
        case "string":
            text = found["string"]
            return (_ESCAPE.sub(_unescape, text) if b"\\" in text or b"\r" in text else text), position
        case "hex":
            digits = found["hex"]
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), position
        case "word":
            return _WORDS[found["word"]], position
    if found["sign"] == b"<<":
        return _dictionary(raw, position, depth + 1)
    if found["sign"] == b"[":
        return _array(raw, position, depth + 1)
    raise NotPlainError


def _dictionary(raw: bytes, position: int, depth: int) -> tuple[dict[str, Value], int]:
    entries: dict[str, Value] = {}
    while key := _TOKEN.match(raw, position):
        if key["sign"] == b">>":
            return entries, key.end()
        name = key["name"]
        if name is None or (text := name.decode("ascii")) in entries:
            break
        entries[text], position = _value(raw, key.end(), depth)
    raise NotPlainError


def _array(raw: bytes, position: int, depth: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    while (token := _TOKEN.match(raw, position)) and token["sign"] != b"]":
        item, position = _value(raw, position, depth)
        items.append(item)
    if token is None:
        raise NotPlainError
    return items, token.end()


def _unescape(found: re.Match[bytes]) -> bytes:
    octal, line_end, letter = found.groups()
    if octal:
        return bytes([int(octal, 8) & 255])
    if letter:
        return _ESCAPED.get(letter, letter)
    return b"" if line_end else b"\n"
