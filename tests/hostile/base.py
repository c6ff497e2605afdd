"""The files that hostile ones are made from, and what is true about them."""

from __future__ import annotations

import atexit
import functools
import io
import json
import re
import socket
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from ozgdoc import api
from ozgdoc.model import Checklist, Submission
from tests.sheets import OZG, ozg

#: Where hostile files lead to. Whoever followed them would be seen.
LISTENER = socket.create_server(("127.0.0.1", 0))
LISTENER.setblocking(False)
atexit.register(LISTENER.close)
REMOTE = f"http://127.0.0.1:{LISTENER.getsockname()[1]}/"

KNOWN: dict[str, Checklist] = {OZG: ozg()}
TICKED = tuple(point.id for point in ozg().walk())[::3]
TRUTH = {point.id: "done" if point.id in TICKED else "open" for point in ozg().walk()}
TEXTS = {field.id: f"Text {number}" for number, field in enumerate(ozg().fields)}


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file.

    Attributes:
        family, name: what it is.
        says: part of what its error must say, or None if it may be read.
        read: it must be read: nothing about it keeps anybody from understanding it.
        texts: what its text fields must say, as far as they are named here.
        truth: it tells the base file's answers; false for files that are something else altogether.
    """

    family: str
    name: str
    data: bytes
    says: str | None = None
    read: bool = False
    texts: tuple[tuple[str, str], ...] = ()
    truth: bool = True


Recipe = Callable[[], Iterator[Case]]


@functools.cache
def base_pdf() -> bytes:
    """A filled PDF as our own writer makes it."""
    return api.render(ozg(), "pdf", submission=Submission("x", fields=TEXTS, answers=TRUTH))


@functools.cache
def light_pdf() -> bytes:
    """The filled PDF without fonts and colour profile: what is looked into for values, at a fifth of the size."""
    pdf = opened(base_pdf())
    del pdf.Root["/OutputIntents"]
    for one in pdf.objects:
        for key in ("/FontFile2", "/ToUnicode"):
            if isinstance(one, Dictionary) and key in one:
                del one[key]
    return saved(pdf)


@functools.cache
def base_docx() -> bytes:
    """A filled Word form."""
    return api.render(ozg(), "docx", submission=Submission("x", fields=TEXTS, answers=TRUTH))


@functools.cache
def form_data() -> dict[str, bytes]:
    """The filled form as data alone: FDF, XFDF and JSON; and in a zip file."""
    states = {point: "Yes" if answer == "done" else "Off" for point, answer in TRUTH.items()}
    values = {f"{OZG}.checkpoints.{point}": state for point, state in states.items()}
    fdf = "".join(f"<</T({name})/V /{state}>>\n" for name, state in values.items())
    xfdf = "".join(f'<field name="{name}"><value>{state}</value></field>\n' for name, state in values.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("returned/a.pdf", light_pdf())
        archive.writestr("returned/b.docx", base_docx())
    record = {"checklist": OZG, "version": ozg().version, "fields": TEXTS, "answers": TRUTH}
    return {
        "fdf": f"%FDF-1.2\n1 0 obj\n<</FDF<</Fields[{fdf}]>>>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n".encode(),
        "xfdf": f'<?xml version="1.0"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>{xfdf}</fields></xfdf>'.encode(),
        "json": json.dumps(record).encode(),
        "zip": packed.getvalue(),
    }


@functools.cache
def packed_pdf() -> bytes:
    """The filled PDF with object streams and a cross-reference stream."""
    return saved(opened(base_pdf()), object_stream_mode=pikepdf.ObjectStreamMode.generate)


@functools.cache
def appended_pdf() -> bytes:
    """A blank PDF that was filled by an incremental save, as viewers do: old values stay in the file."""
    blank = api.render(ozg(), "pdf")
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        changed = {}
        for widget in widgets(pdf):
            if str(widget.get("/T")) in TICKED:
                widget.V = widget.AS = Name.Yes
                changed[widget.objgen[0]] = b"%d 0 obj\n%s\nendobj\n" % (
                    widget.objgen[0],
                    widget.unparse(resolved=True),
                )
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
    return appended(blank, changed, root, size)


def appended(pdf: bytes, objects: dict[int, bytes], root: int, size: int) -> bytes:
    """Return a file with new versions of some objects behind its end (ISO 32000-1, 7.5.6)."""
    before = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    out, table = bytearray(pdf), b""
    for number, text in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += text
    start = len(out)
    out += b"xref\n" + table + b"trailer\n<</Size %d /Root %d 0 R /Prev %s>>\n" % (size, root, before)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


# ---------------------------------------------------------------------------------------------------------- pikepdf


def opened(data: bytes | None = None) -> Pdf:
    return pikepdf.open(io.BytesIO(light_pdf() if data is None else data))


def saved(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    if "encryption" not in options:
        options = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none, **options}
    with warnings.catch_warnings(action="ignore", category=pikepdf.exceptions.PageCopyWarning):  # it is meant
        pdf.save(out, fix_metadata_version=False, **options)  # type: ignore[arg-type]
    pdf.close()
    return out.getvalue()


def changed(change: Callable[[Pdf], object], **options: object) -> bytes:
    """Return the light PDF after a change."""
    pdf = opened()
    change(pdf)
    return saved(pdf, **options)


def widgets(pdf: Pdf) -> Iterator[Dictionary]:
    for page in pdf.pages:
        yield from (one for one in page.obj.get("/Annots", Array()) if isinstance(one, Dictionary) and "/T" in one)


def widget(pdf: Pdf, name: str) -> Dictionary:
    """Return the widget whose own name this is."""
    return next(one for one in widgets(pdf) if str(one.T) == name)


def private(pdf: Pdf) -> Iterator[Dictionary]:
    """Yield what each page carries about the form."""
    for page in pdf.pages:
        yield page.obj.PieceInfo.ozgdoc.Private


def wrong_values(pdf: Pdf) -> dict[str, Object | int | bool | None]:
    """Return one value of each kind that a PDF has, and some that are out of all proportion."""
    loop = pdf.make_indirect(Dictionary())
    loop.Kids = Array([loop])
    return {
        "null": None,
        "integer": 7,
        "minus": -(2**63),
        "real": Object.parse(b"1" + b"0" * 400 + b".5"),
        "string": pikepdf.String("\x00\x1b[31m=1+1"),
        "name": Name("/Nonsense#20and#00more".replace("#00", "")),
        "array": Array([1, Name.Yes, Array()]),
        "dictionary": Dictionary(Yes=Name.Off),
        "stream": pdf.make_stream(b"\x80\xff\x00"),
        "loop": loop,
        "deep": Object.parse(b"[" * 400 + b"]" * 400),
    }
