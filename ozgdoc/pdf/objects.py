"""Short spellings for pypdf's objects."""

from __future__ import annotations

from collections.abc import Iterable

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    PdfObject,
    TextStringObject,
)

Text = TextStringObject


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
    plain = DecodedStreamObject()
    plain.set_data(data)
    plain.update(dictionary(**entries))
    return writer._add_object(plain.flate_encode() if compress else plain)
