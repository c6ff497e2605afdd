"""What the values of form fields mean, whichever way a program has written them (ISO 32000-1, 7.9 and 12.7)."""

from __future__ import annotations

import re
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

MAX_BYTES = 2_000_000  #: of a stream's content; more is cut off
_MAX_STRING = 40_000
_MAX_WHOLE = 100_000  #: bytes of a stream that is decoded whole, as its filters are no simple ones

#: What programs write for an unticked box, besides /Off.
_OFF = {"off", "no", "false", "0", ""}
#: What programs write for a ticked box if they don't look at its appearances.
_ON = {"yes", "on", "true", "1"}
#: A language tag inside UTF-16 text (ISO 32000-1, 7.9.2.2).
_LANGUAGE = re.compile("\x1b[A-Za-z]{2}(?:[A-Za-z]{2})?\x1b")

#: Byte order marks of UTF-16.
_MARKS = (b"\xfe\xff", b"\xff\xfe")

Meaning = bool | str | None


def box_meaning(value: Object | None, states: set[str]) -> Meaning:
    """Return what a check box's value or appearance state says.

    Args:
        value: of /V or /AS; None if there is none.
        states: names of the box's own appearances.

    Returns:
        ticked or not; None without a value; ``unknown`` if it is neither on nor off.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return value
    text = text_value(value)
    return True if text in states and text != "Off" else word_meaning(text)


def word_meaning(text: str) -> bool | str:
    """Return what a word says that a program gave a check box as its value; ``unknown`` if neither on nor off."""
    if text.lower() in _OFF:
        return False
    return True if text.lower() in _ON else "unknown"


def text_value(value: Object | None) -> str:
    """Return a field's text."""
    match value:
        case None:
            return ""
        case String():
            return decode(bytes(value))
        case Name():
            return _name_text(value)
        case Stream():
            return decode(stream_bytes(value))
        case Array():
            return ", ".join(text_value(item) for item in list(value)[:100] if not isinstance(item, Array))
        case Dictionary():
            return ""
        case _:
            return str(value)


def stream_bytes(stream: Object | None) -> bytes:
    """Return the beginning of a stream's decoded content; nothing if it is none, or can't be decoded safely."""
    if not isinstance(stream, Stream):
        return b""
    if (content := bounded_bytes(stream, MAX_BYTES)) is not None:
        return content
    # Other filters are decoded whole; a chain of them, or a long stream, could fill the memory.
    filters = stream.get("/Filter")
    try:
        if (isinstance(filters, Array) and len(filters) > 2) or len(stream.read_raw_bytes()) > _MAX_WHOLE:
            return b""
        return stream.read_bytes()[: MAX_BYTES + 1]
    except pikepdf.PdfError:
        return b""


def bounded_bytes(stream: Stream, limit: int) -> bytes | None:
    """Return at most ``limit`` + 1 bytes of a stream's content; None if it can't be decoded bit by bit.

    qpdf decodes whole streams, and a small file can hold one that fills the memory. Deflated ones, as files that are
    attached to a PDF are, need not be decoded whole.
    """
    try:
        raw = stream.read_raw_bytes()
    except pikepdf.PdfError:
        return None
    filters = stream.get("/Filter")
    names = [text_value(one) for one in list(filters)] if isinstance(filters, Array) else [text_value(filters)]
    if names in ([], [""]):
        return raw[: limit + 1]
    if names != ["FlateDecode"] or stream.get("/DecodeParms") is not None:
        return None
    try:
        return zlib.decompressobj().decompress(raw, limit + 1)
    except zlib.error:
        return None


def _name_text(value: Name) -> str:
    try:
        return str(value)[1:]
    except UnicodeDecodeError:  # names are bytes; ours are ASCII, so these mean nothing to us
        return value.unparse()[1:].decode("latin-1")


def decode(data: bytes) -> str:
    """Decode a text string: by its byte order mark, else UTF-8, else PDFDocEncoding (ISO 32000-1, 7.9.2.2)."""
    data = data[:_MAX_STRING]
    if data[:2] in _MARKS:
        order = "be" if data[:2] == b"\xfe\xff" else "le"
        body = data[2:] if len(data) % 2 == 0 else data[2:-1]
        return _LANGUAGE.sub("", body.decode(f"utf-16-{order}", "surrogatepass"))
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    return _utf8(data) or data.decode("pdfdoc", "replace")


def is_guessed(data: bytes) -> bool:
    """Tell whether a text could be UTF-8 without its mark as well as PDFDocEncoding; it is then taken as UTF-8."""
    return not data.isascii() and _utf8(data[:_MAX_STRING]) != ""


def _utf8(data: bytes) -> str:
    """Return a text that is UTF-8 without its mark, as some programs write it; nothing if it is none.

    The standard has PDFDocEncoding there, in which nobody writes two letters such as "Ã¼" for each "ü". Where UTF-8
    gives signs or controls, it was meant as the standard says.
    """
    if data.isascii():
        return data.decode("ascii")
    if data[:2] in _MARKS or data[:3] == b"\xef\xbb\xbf":
        return ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if all(letter.isascii() or letter.isalpha() for letter in text) else ""
