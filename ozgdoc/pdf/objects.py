"""Short spellings for pypdf's objects."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache, lru_cache

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    IndirectObject,
    NameObject,
    PdfObject,
    TextStringObject,
)

Text = TextStringObject


@cache
def name(value: str) -> NameObject:
    """Return a name object; the slash is added."""
    return NameObject("/" + value)


def dictionary(**entries: PdfObject) -> DictionaryObject:
    """Return a dictionary; the keys are given without the slash."""
    return DictionaryObject({name(key): value for key, value in entries.items()})


def array(items: Iterable[PdfObject]) -> ArrayObject:
    """Return an array."""
    return ArrayObject(items)


def numbers(*values: float) -> ArrayObject:
    """Return an array of numbers, to a thousandth."""
    return ArrayObject(FloatObject(round(value, 3)) for value in values)


def stream(writer: PdfWriter, data: bytes, *, compress: bool = True, **entries: PdfObject) -> IndirectObject:
    """Add a stream to the file and return its reference."""
    made = EncodedStreamObject() if compress else DecodedStreamObject()
    made._data = _deflated(data) if compress else data
    made.update(dictionary(**entries))
    if compress:
        made[name("Filter")] = name("FlateDecode")
    return writer._add_object(made)


@lru_cache(maxsize=16)
def _deflated(data: bytes) -> bytes:
    """Return data compressed; fonts and profiles are the same in every file."""
    return zlib.compress(data, 9)
