"""What the values of form fields mean, whichever way a program has written them (ISO 32000-1, 7.9 and 12.7)."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

MAX_BYTES = 2_000_000  #: of a stream's content; more is cut off
_MAX_STRING = 40_000

#: What programs write for an unticked box, besides /Off.
_OFF = {"off", "no", "false", "0", ""}
#: What programs write for a ticked box if they don't look at its appearances.
_ON = {"yes", "on", "true", "1"}
#: A language tag inside UTF-16 text (ISO 32000-1, 7.9.2.2).
_LANGUAGE = re.compile("\x1b[A-Za-z]{2}(?:[A-Za-z]{2})?\x1b")

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
    if text in states and text != "Off":
        return True
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
    """Return a stream's decoded content; nothing if it is none, or can't be decoded."""
    if not isinstance(stream, Stream):
        return b""
    try:
        return stream.read_bytes()[: MAX_BYTES + 1]
    except pikepdf.PdfError:
        return b""


def _name_text(value: Name) -> str:
    try:
        return str(value)[1:]
    except UnicodeDecodeError:  # names are bytes; ours are ASCII, so these mean nothing to us
        return value.unparse()[1:].decode("latin-1")


def decode(data: bytes) -> str:
    """Decode a text string: by its byte order mark, else UTF-8, else PDFDocEncoding (ISO 32000-1, 7.9.2.2)."""
    data = data[:_MAX_STRING]
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
