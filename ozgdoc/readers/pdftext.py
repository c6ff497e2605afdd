"""Text strings and box values as PDF and FDF have them (ISO 32000-1, 7.9.2.2 and 12.7.4.2.3)."""

from __future__ import annotations

import re
import zlib

from pikepdf import Array, Name, Object, Stream, String

from ozgdoc.readers.filled import MAX_TEXT

#: What programs write for an unticked box, besides /Off, and for a ticked one.
_OFF = {"off", "no", "false", "0", ""}
_ON = {"yes", "on", "true", "1"}
#: A language tag inside UTF-16 text (7.9.2.2).
_LANGUAGE = re.compile("\x1b[^\x1b]{0,12}\x1b")


def meaning(text: str) -> bool | None:
    """Return whether the value of a box means that it is ticked; None if it means neither."""
    text = text.lower()
    if text in _OFF:
        return False
    return True if text in _ON else None


def text_of(value: Object | None) -> str:
    """Return a field's value as text, whichever way a program has put it; a stream is read by who bounds it."""
    if isinstance(value, String):
        return decode(bytes(value))
    if isinstance(value, Name):
        return name_of(value)
    if isinstance(value, Array):
        return ", ".join(text_of(item) for item in list(value)[:100] if not isinstance(item, Array))
    return "" if value is None or isinstance(value, Object) else str(value)


def name_of(value: Name) -> str:
    """Return a name without its slash."""
    try:
        return str(value)[1:]
    except UnicodeDecodeError:  # names are bytes; ours are ASCII, so these mean nothing to us
        return value.unparse()[1:].decode("latin-1")


def decode(data: bytes) -> str:
    """Decode a text string: by its byte order mark, else UTF-8, else PDFDocEncoding."""
    data = data[: 4 * MAX_TEXT]
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        order = "be" if data[:2] == b"\xfe\xff" else "le"
        body = data[2:] if len(data) % 2 == 0 else data[2:-1]
        return _LANGUAGE.sub("", body.decode(f"utf-16-{order}", "surrogatepass"))
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("pdfdoc", "replace")


def packed(stream: Stream, limit: int) -> bytes | None:
    """Return at most ``limit`` + 1 bytes of a stream; None if it is packed otherwise than forms and mail programs do.

    qpdf unpacks whole streams: a small file could fill the memory.
    """
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = [text_of(one) for one in filters] if isinstance(filters, Array) else [text_of(filters)] if filters else []
    if not names:
        return raw[: limit + 1]
    if names != ["FlateDecode"] or stream.get("/DecodeParms") is not None:
        return None
    try:
        return zlib.decompressobj().decompress(raw, limit + 1)
    except zlib.error:
        return None
