"""A second opinion on damaged PDFs: what pypdf, which shares no code with qpdf, reads from the fields.

Who repairs a file guesses which of its objects count. Where two programs guess differently, nobody knows.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from ozgdoc.model import Notice
from ozgdoc.readers.filled import Box, Filled

MAX_FIELDS = 5_000  #: pypdf takes a second for some 10,000
_MAX_DEPTH = 32

#: What pypdf 7.1 raises on damaged files, found with the files of tests/hostile.
RAISED = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def second_opinion(data: bytes) -> dict[str, str]:
    """Return what pypdf reads: the end of each field's name, such as ``checkpoints.mvp`` → its value as text.

    A box's value is the name of its state, without the slash. What pypdf stumbles over is missing, and so is a field
    that says different things at once.

    Returns:
        nothing if pypdf can't open the file at all.
    """
    with _Complaints():
        return _opinion(data)


def _opinion(data: bytes) -> dict[str, str]:
    try:
        pages = list(PdfReader(io.BytesIO(data)).pages)
    except RAISED:
        return {}
    found: dict[str, set[str]] = {}
    for page in pages:
        for widget in _widgets(page):
            try:
                name, value = _name(widget), _value(widget)
            except RAISED:
                continue
            if name:
                found.setdefault(name, set()).update(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def rebuilt(data: bytes) -> bytes | None:
    """Return a file that qpdf can't open as pypdf writes it anew.

    Returns:
        None if pypdf can't open it either, or found two halves of different objects put together.
    """
    out = io.BytesIO()
    with _Complaints() as complaints:
        try:
            writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
            writer.write(out)
        except RAISED:
            return None
    return None if any("Multiple definitions" in text for text in complaints.texts) else out.getvalue()


class _Complaints(logging.Handler):
    """Keeps what pypdf logs, so that it does not go to stderr."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def __enter__(self) -> _Complaints:
        logger = logging.getLogger("pypdf")
        self._propagated, logger.propagate = logger.propagate, False
        logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logger = logging.getLogger("pypdf")
        logger.removeHandler(self)
        logger.propagate = self._propagated


def _widgets(page: DictionaryObject) -> Iterator[DictionaryObject]:
    try:
        annotations = page.get("/Annots", ArrayObject()).get_object()
    except RAISED:
        return
    for item in list(annotations)[:MAX_FIELDS] if isinstance(annotations, ArrayObject) else ():
        try:
            widget = item.get_object()
        except RAISED:
            continue
        if isinstance(widget, DictionaryObject):
            yield widget


def _name(widget: DictionaryObject) -> str:
    """Return the end of a field's name that is ours, or an empty text."""
    parts: list[str] = []
    node: PdfObject | None = widget
    for _ in range(_MAX_DEPTH):
        if not isinstance(node, DictionaryObject):
            break
        if isinstance(part := node.get("/T"), str):
            parts[:0] = part.split(".")
        parent = node.get("/Parent")
        node = parent.get_object() if parent is not None else None
    for kind in ("checkpoints", "fields"):
        if kind in parts:
            return ".".join(parts[len(parts) - 1 - parts[::-1].index(kind) :])
    return ""


def _value(widget: DictionaryObject) -> set[str]:
    """Return what a field says: its value and, if it is a button, what it shows."""
    value = widget.get("/V")
    values = [value.get_object() if value is not None else None]
    if widget.get("/FT") == "/Btn":
        values.append(widget.get("/AS"))
    return {str(one).removeprefix("/") for one in values if isinstance(one, str)}


def held_against(copy: Filled, opinion: Mapping[str, str]) -> Filled:
    """Return a copy in which boxes are unclear on which the second opinion is another one.

    A box that pypdf does not find is left as it is.
    """
    boxes, notices = [], list(copy.notices)
    for box in copy.boxes:
        name = ".".join(filter(None, ("checkpoints", box.checkpoint, box.state)))
        said = opinion.get(name)
        if box.value is None or said is None or (said.lower() not in _OFF) is box.value:
            boxes.append(box)
            continue
        message = "the file is damaged, and two programs read this box differently; a person has to look"
        notices.append(Notice("second-opinion", message, name.partition(".")[2]))
        boxes.append(Box(box.checkpoint, box.state, None))
    return replace(copy, boxes=tuple(boxes), notices=tuple(notices))


_OFF = ("off", "no", "false", "0", "")
