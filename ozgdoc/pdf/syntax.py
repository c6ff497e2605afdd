"""Values as a PDF file spells them (ISO 32000-1, 7.3), in their plain spelling only.

What is spelt in another way, or wrong, is refused: comments, parentheses in strings that need no backslash, signs of
names in hexadecimal, keys given twice. Who needs these asks a full parser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

_MAX_KEPT_NESTS = 100  #: arrays and dictionaries in one object that is remembered
_MAX_DEPTH = 16  #: arrays and dictionaries in each other


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
    | (?P<number>(?!0)\d{1,10})[ ](?P<generation>\d{1,5})[ ]R(?![^\0\t\n\f\r ()<>\[\]/%])
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


@lru_cache(maxsize=2_048)
def parse_kept(raw: bytes) -> Value:
    """Return the value that some bytes are, and remember it.

    Raises:
        NotPlainError: as `parse` does, and for what is nested so much that many of them would fill the memory.
    """
    if raw.count(b"[") + raw.count(b"<<") > _MAX_KEPT_NESTS:
        raise NotPlainError
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
